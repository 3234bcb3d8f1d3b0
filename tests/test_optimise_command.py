"""The command that finds a build's gear."""

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from builds.engine.optimise import GearChoices, optimize_build
from builds.spec import parse_build
from tests.specs import firebrand, packaged

ROOT = Path(__file__).resolve().parent.parent
PROFILE = {"power_coefficient": 3000, "condition_coefficients": {"burning": 4}}


@pytest.fixture
def build(tmp_path: Path) -> Path:
    file = tmp_path / "build.json"
    file.write_bytes(orjson.dumps(firebrand(damage_profile=PROFILE)))
    return file


def printed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("optimize_build", *arguments, stdout=out)
    return out.getvalue()


def test_json_is_the_answer_of_the_engine(build: Path) -> None:
    told = orjson.loads(
        printed(str(build), "--prefixes", "berserker,Dragon's", "--boons", "might=5", "--min-health", "100", "--json")
    )
    expected = optimize_build(
        parse_build(firebrand(damage_profile=PROFILE), packaged()).spec,
        packaged(),
        objective="damage",
        choices=GearChoices(prefixes=("Berserker's", "Dragon's")),
        boons={"might": 5},
        constraints={"min_health": 100},
    ).as_json()
    assert told.pop("seconds") > 0
    del expected["seconds"]
    assert told == orjson.loads(orjson.dumps(expected))
    assert told["status"] == "optimal"


def test_lines_name_the_best_gear_and_what_differs(build: Path) -> None:
    told = printed(
        str(build), "--prefixes", "Berserker's,Assassin's", "--runes", "Scholar,Thief", "--sigils", "Force+Air,Force",
        "--infusions", "power", "--infusion-count", "3",
    )  # fmt: skip
    assert told.startswith(" 1. ")
    assert "3 +5 power" in told
    assert "Superior Rune of the " in told
    assert "scored in full" in told
    assert "critical chance" in told


def test_impossible_constraint_is_an_answer(build: Path) -> None:
    told = printed(str(build), "--prefixes", "Berserker's", "--min-boon-duration", "1")
    assert told.startswith("No choice of this gear meets the constraints")


def test_weights_make_a_mix(build: Path) -> None:
    weights = ("--objective", "weighted", "--weights", "damage=1, healing=0.5")
    told = orjson.loads(printed(str(build), *weights, "--prefixes", "Berserker's,Harrier's", "--json"))
    assert told["objective"] == "weighted"
    assert told["present"] is None or told["present"]["objective"] == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--objective", "luck"], "There is no objective “luck”"),
        (["--prefixes", "Lucky"], "There is no prefix “Lucky”"),
        (["--runes", "Lucky"], "There is no rune “Lucky”"),
        (["--boons", "luck"], "There is no boon “luck”"),
        (["--mode", "arena"], "There is no game mode “arena”"),
        (["--weights", "damage"], "--weights takes name=number"),
        (["--switch", "x"], "--switch takes ids"),
        (["--switch", "1"], "no conditional effect of trait 1"),
        (["--min-health", "nan"], "must be a number from 0"),
        (["--infusions", "luck"], "There is no infusion of “luck”"),
        (["--infusion-count", "x"], "invalid int value"),
    ],
)
def test_bad_option_is_one_clear_line(build: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError) as raised:
        printed(str(build), *arguments)
    assert words in str(raised.value)
    assert raised.value.returncode in {1, 2}


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b'{"name": "x"}', b"\xff"])
def test_bad_build_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "build.json"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        printed(str(file))
    with pytest.raises(CommandError, match="can't be read"):
        printed(str(tmp_path / "none.json"))


def test_from_the_shell_an_error_is_one_line_and_status_2() -> None:
    done: Any = subprocess.run(
        [sys.executable, "manage.py", "optimize_build", "/none.json"], cwd=ROOT, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert len(done.stderr.splitlines()) == 1
