"""`manage.py recommend`: the object of the API, or lines to read."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import orjson
import pytest
from django.core.management import call_command
from django.db import connections

from builds.library.records import packaged_records
from builds.management.commands.recommend import Command
from builds.services.library import load_records
from tests.api import Api
from tests.factories import LibraryBuildFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("recommend", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def refusal(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """What stands on stderr after a call as from the shell that has to fail."""
    # The connection is the test's.
    monkeypatch.setattr(connections, "close_all", lambda: None)

    def refused(*arguments: str) -> str:
        with pytest.raises(SystemExit) as caught:
            Command().run_from_argv(["manage.py", "recommend", *arguments])
        out, err = capfd.readouterr()
        assert (caught.value.code, out, err.count("\n")) == (2, "", 1)
        return err

    return refused


def test_recommend_prints_what_the_api_answers() -> None:
    load_records(packaged_records())
    options = ("--profession", "Guardian", "--role", "stability_support", "--mode", "wvw")
    for more, fields in (
        ((), {}),
        (("--style", "zerg"), {"wvw_style": "zerg"}),
        (("--elite", "firebrand", "--context", "zerg sparkling"), {
            "elite_specialization": "firebrand", "context": "zerg sparkling",
        }),
    ):  # fmt: skip
        wish = {"profession": "Guardian", "role": "stability_support", "game_mode": "wvw", **fields}
        answer = orjson.loads(printed(*options, *more, "--json"))
        # By API a model may add to the answer, in a run of its own.
        told = Api().post("ai/recommend-build", wish).body
        assert answer == {key: value for key, value in told.items() if key != "run"}
        assert answer["build"]["profession"] == "Guardian"


def test_recommend_prints_lines_to_read() -> None:
    load_records(packaged_records())
    for profession in ("Guardian", "Ranger", "Revenant", "Elementalist"):
        answer = orjson.loads(printed("--profession", profession, "--mode", "wvw", "--json"))
        lines = printed("--profession", profession, "--mode", "wvw").splitlines()
        assert lines[0].startswith(f"{answer['build']['name']} ({profession}, ")
        assert lines[1] == answer["template_code"]
        for title in ("  Skills: ", "  Weapons: ", "  Gear: ", "  Rune: ", "  Sigils: ", "  Relic: "):
            assert any(line.startswith(title) for line in lines), title
        assert [line for line in lines if line.startswith("  - ")] == [
            f"  - {text}" for text in (*answer["reasons"], *answer["given_up"])
        ]
        assert lines[-1].startswith(f"From: {answer['source']['name']}, ")
        assert "None" not in " ".join(lines)
        companions = {"Ranger": "Pets", "Revenant": "Legends"}.get(profession)
        assert [line.split(":")[0].strip() for line in lines if line.startswith(("  Pets: ", "  Legends: "))] == (
            [companions] if companions else []
        )


def test_recommend_shows_a_build_that_says_little() -> None:
    LibraryBuildFactory(name="Bare", role=None)
    assert printed("--profession", "Guardian").splitlines()[0] == "Bare (Guardian, wvw)"


@pytest.mark.parametrize(
    ("arguments", "start"),
    [
        ((), "Say what to recommend, with at least one of --profession, --role, --mode, --style, --elite, --context."),
        (("--json",), "Say what to recommend, with at least one of "),
        (("--profession", " "), "Say what to recommend, with at least one of "),
        (("--profession", "Gardian"), "--profession: "),
        (("--role", "stab"), "--role: "),
        (("--mode", "wwv"), "--mode: "),
        (("--style", "big"), "--style: "),
        (("--elite", "Fireband"), "--elite: "),
        (("--elite", "Honor"), "--elite: "),
        (("--context", "qwertz"), "Say what to recommend"),
        (("--context", "x" * 501), "--context: "),
        (("--role", "stab", "--mode", "wwv", "--json"), "--role: "),
        (("--what", "x"), "Error: unrecognized arguments: --what x"),
        (("Guardian",), "Error: unrecognized arguments: Guardian"),
        (("--mode",), "Error: argument --mode: expected one argument"),
    ],
)
def test_recommend_refuses_in_one_line(arguments: tuple[str, ...], start: str, refusal: Callable[..., str]) -> None:
    LibraryBuildFactory()
    assert refusal(*arguments).startswith(start)


def test_recommend_without_a_library_says_how_to_fill_it(refusal: Callable[..., str]) -> None:
    assert "load_library" in refusal("--profession", "Guardian")


@pytest.mark.once
def test_recommend_without_a_database_is_one_line(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "manage.py", "recommend", "--role", "dps"],
        cwd=root,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/none.sqlite3", "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.endswith("`make setup` prepares it.\n")
