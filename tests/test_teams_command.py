"""The analyze_team command."""

import io
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from teams.coverage import coverage
from teams.score import score
from teams.spec import team_json
from tests.specs import packaged
from tests.teams import library_build, team

OURS = team([library_build("Boon Firebrand"), library_build("DPS Dragonhunter")], [], style="zerg")


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("analyze_team", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "team.json"
    path.write_bytes(orjson.dumps(team_json(OURS, packaged())))
    return path


def test_a_team_is_told_as_json(file: Path) -> None:
    told = orjson.loads(printed(str(file), "--json", "--no-mends"))
    expected = score(coverage(OURS, packaged()))
    assert (told["score"], told["grade"]) == (pytest.approx(expected.total, abs=1e-4), expected.grade)
    assert [part["name"] for part in told["parts"]] == [part.name for part in expected.parts]
    assert told["strengths"] == list(expected.strengths)
    assert told["weaknesses"] == list(expected.weaknesses)
    assert told["mends"] == []
    assert len(told["coverage"]["groups"]) == 2


def test_a_team_is_told_to_people_with_what_would_mend_it(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from teams.management.commands import analyze_team

    monkeypatch.setattr(analyze_team, "EVALUATIONS", 20)
    text = printed(str(file))
    assert text.startswith("Test: ")
    assert "Stability" in text
    assert "instead of" in text
    assert "Group 2, 0 players: no boons" in text


def test_standard_input_is_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    assert "Firebrand" in printed("-", "--no-mends")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"{", "is not JSON"),
        (b"[]", "team: This is not an object"),
        (b'{"name": "x", "groups": [{"slots": [{"build": {"name": "y"}}]}]}', "groups.0.slots.0.build.profession"),
        (b" " * 5_000_001, "larger than"),
    ],
)  # fmt: skip
def test_bad_input_is_one_line(content: bytes, words: str, tmp_path: Path) -> None:
    file = tmp_path / "team.json"
    file.write_bytes(content)
    refused((str(file),), words)


def test_a_file_that_is_not_there_is_one_line() -> None:
    refused(("/nowhere/team.json",), "can't be read")


def refused(arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(CommandError) as told:
        printed(*arguments)
    assert words in str(told.value)
    assert "\n" not in str(told.value)
    assert told.value.returncode == 2
