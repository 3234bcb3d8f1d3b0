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
        (["--weights", "damage=1,damage=2"], "--weights has damage twice"),
        (["--switch", "x"], "--switch takes ids"),
        (["--switch", "1"], "no conditional effect of trait 1"),
        (["--min-health", "nan"], "must be a number from 0"),
        (["--infusions", "luck"], "There is no infusion of “luck”"),
        (["--relics", "Lucky"], "There is no relic “Lucky”"),
        (["--prefixes", ",".join(["Berserker's", "x" * 5000])], "There is no prefix"),
        (["--runes", ",".join(map(str, range(10_000)))], "There is no rune"),
        (["--min-health", "1e308"], "must be a number from 0"),
        (["--min-toughness", "-5"], "must be a number from 0"),
        (["--boons", "might=nan"], "might"),
        (["--boons", "might=-3"], "Might has 0 to 25 stacks"),
        (["--weights", "damage=inf", "--objective", "weighted"], "must be a number from 0"),
        (["--profile", "/none.json"], "can't be read"),
        (["--infusion-count", "x"], "invalid int value"),
    ],
)
def test_bad_option_is_one_clear_line(build: Path, arguments: list[str], words: str) -> None:
    with pytest.raises(CommandError) as raised:
        printed(str(build), *arguments)
    assert words in str(raised.value)
    assert raised.value.returncode in {1, 2}


def test_line_of_the_readme_works_with_a_build_that_has_no_profile(tmp_path: Path) -> None:
    file = tmp_path / "build.json"
    file.write_bytes(orjson.dumps(firebrand()))
    told = printed(str(file), "--objective", "damage", "--prefixes", "Berserker's,Assassin's,Dragon's")
    assert told.startswith(" 1. ")
    assert "estimated" in told


@pytest.mark.parametrize("held", [PROFILE, {"name": "x", "damage_profile": PROFILE}], ids=["itself", "in a build"])
def test_profile_of_a_file_is_what_gear_is_judged_by(build: Path, tmp_path: Path, held: dict[str, Any]) -> None:
    file, plain = tmp_path / "profile.json", tmp_path / "plain.json"
    file.write_bytes(orjson.dumps(held))
    plain.write_bytes(orjson.dumps(firebrand()))
    prefixes = ("--prefixes", "Berserker's,Viper's", "--json")
    told = orjson.loads(printed(str(plain), "--profile", str(file), *prefixes))
    assert told["results"] == orjson.loads(printed(str(build), *prefixes))["results"]
    assert told["profile"]["condition_coefficients"] == PROFILE["condition_coefficients"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", "is not JSON"),
        ("[]", "damage profile"),
        ('{"power_coefficient": NaN}', "is not JSON"),
        ('{"power_coefficient": 1, "power_coefficient": 2}', "the name “power_coefficient” twice"),
        ('{"power_coefficient": 1e308}', "power_coefficient"),
        ('{"power_coefficient": -1}', "power_coefficient"),
        ('{"condition_coefficients": {"luck": 1}}', "condition_coefficients"),
        ('{"luck": 1}', "luck"),
        ("{}", "holds nothing"),
    ],
)
def test_bad_profile_is_one_clear_line(build: Path, tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "profile.json"
    file.write_text(content)
    with pytest.raises(CommandError) as raised:
        printed(str(build), "--profile", str(file))
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


def test_relics_and_the_second_set_are_asked_for_by_options(build: Path) -> None:
    relics = ("--relics", "Relic of the Eagle,Relic of the Thief,Relic of Antitoxin")
    told = orjson.loads(printed(str(build), "--prefixes", "Berserker's", *relics, "--json"))
    assert told["results"][0]["upgrades"]["relic"] == packaged().find("relic", "Relic of the Eagle").id
    assert "Relic of the Eagle" in printed(str(build), "--prefixes", "Berserker's", *relics)
    kept = orjson.loads(printed(str(build), "--prefixes", "Berserker's", "--keep-second-set", "--json"))
    assert any(slot.startswith("weapon_2") for slot in told["results"][0]["gear"])
    assert not any(slot.startswith("weapon_2") for slot in kept["results"][0]["gear"])


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
