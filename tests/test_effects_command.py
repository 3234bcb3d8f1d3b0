"""The effects command."""

import io
import sys
from pathlib import Path

import orjson
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from builds.engine.effects import effects_with_panel, facts_of
from builds.spec import parse_build
from tests.specs import firebrand, packaged


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("effects", *arguments, stdout=out)
    return out.getvalue()


def test_a_skill_by_id_and_by_name() -> None:
    expected = facts_of(packaged().skills[9152], "wvw").as_json()
    assert orjson.loads(printed("--skill", "9152", "--mode", "wvw", "--json")) == expected
    assert orjson.loads(printed("--skill", "Hold the Line", "--mode", "wvw", "--json")) == expected
    assert "Protection 4 s, to allies" in printed("--skill", "9152", "--mode", "wvw")


def test_a_trait_and_traits_that_are_held() -> None:
    told = orjson.loads(printed("--trait", "1693", "--mode", "wvw", "--json"))
    assert (told["kind"], told["boons_corrupted"]) == ("trait", 2)
    held = orjson.loads(printed("--skill", "14408", "--with-traits", "1484", "--json"))
    assert [one["boon"] for one in held["boons"]] == ["Stability", "Resistance", "Resolution"]
    assert "unknown: Vigor (5 s, 3 s" in printed("--trait", "2015")


def test_a_build_from_a_file_and_from_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = orjson.dumps(firebrand())
    file = tmp_path / "build.json"
    file.write_bytes(content)
    expected = effects_with_panel(parse_build(firebrand(), packaged()).spec, packaged(), "wvw").as_json()
    assert orjson.loads(printed(str(file), "--mode", "wvw", "--json")) == expected
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert "Quickness: " in printed("-")


def test_combos_and_corruption() -> None:
    assert printed("--combo", "fire", "blast").strip() == "Might 3 stacks 20 s, area allies"
    assert orjson.loads(printed("--corruption", "Might", "--json"))["condition"] == "Weakness"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give one of"),
        (("--skill", "1", "--trait", "1"), "Give one of"),
        (("--skill", "999999999"), "no skill"),
        (("--trait", "Hold the Lime"), "no trait"),
        (("--skill", "9152", "--mode", "arena"), "--mode"),
        (("--skill", "9152", "--with-traits", "7,x"), "no trait"),
        (("--combo", "Sand", "Blast"), "no combo"),
        (("/nowhere/build.json",), "can't be read"),
    ],
)
def test_bad_input_is_one_line(arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError) as told:
        printed(*arguments)
    assert words in str(told.value)
    assert "\n" not in str(told.value)
    assert told.value.returncode == 2


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"name": "x", "profession": "Bard"}', b" " * 1_000_001])
def test_a_file_that_is_no_build_is_refused(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "build.json"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        printed(str(file))
