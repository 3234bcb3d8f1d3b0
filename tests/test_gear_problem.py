"""What is wrong with a gear problem is told by the name of its field, and soon."""

import copy
import io
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from builds.engine.gear import parse_problem
from gw2optimizer.errors import InvalidInput

ROOT = Path(__file__).resolve().parent.parent

GOOD: dict[str, Any] = {
    "schema": "gear-problem/1",
    "profession": "Thief",
    "objective": "damage",
    "constraints": {"min_boon_duration": 0.1},
    "skill_attack_rate": 0.4,
    "target_moving": 0,
    "tweaks": [],
    "slots": [
        {
            "slot": "helm",
            "options": [
                {"prefix": "Berserker's", "attributes": {"power": 63, "precision": 45, "ferocity": 45}},
                {"prefix": "Diviner's", "attributes": {"power": 54, "precision": 30, "concentration": 151}},
            ],
        }
    ],
    "variants": [
        {
            "name": "default",
            "scenarios": [
                {
                    "weight": 1,
                    "base": {"power": 1000, "precision": 1000, "critical_damage": 1.5, "power_coefficient": 3000},
                    "multipliers": {"outgoing_strike_damage": 1.5},
                    "bonuses": [["power", 750]],
                    "conversions": [["power", [["precision", 0.03]]]],
                    "conversions_after_bonuses": [],
                }
            ],
        }
    ],
    "top": 1,
}
ABSENT = object()
SCENARIO = ("variants", 0, "scenarios", 0)


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    document: Any = copy.deepcopy(GOOD)
    place = document
    for step in path[:-1]:
        place = place[step]
    if value is ABSENT:
        del place[path[-1]]
    else:
        place[path[-1]] = value
    return document  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("schema",), "gear-problem/2", "schema"),
        (("schema",), ABSENT, "schema"),
        (("profession",), "Bard", "profession"),
        (("profession",), ["Thief"], "profession"),
        (("objective",), "glory", "objective"),
        (("objective",), {}, "objective"),
        (("constraint",), {}, "constraint"),
        (("constraints",), [], "constraints"),
        (("constraints", "min_luck"), 1, "constraints.min_luck"),
        (("constraints", "min_health"), -1, "constraints.min_health"),
        (("constraints", "min_health"), math.nan, "constraints.min_health"),
        (("constraints", "min_health"), 1e308, "constraints.min_health"),
        (("skill_attack_rate",), -0.4, "skill_attack_rate"),
        (("target_moving",), 1.5, "target_moving"),
        (("target_moving",), True, "target_moving"),
        (("tweaks",), ["inferno"], "tweaks"),
        (("slots",), [], "slots"),
        (("slots",), [GOOD["slots"][0]] * 10_000, "slots"),
        (("slots", 0, "options"), [], "slots[0].options"),
        (("slots", 0, "options", 1, "prefix"), "", "slots[0].options[1].prefix"),
        (("slots", 0, "options", 1, "attributes", "powr"), 1, "slots[0].options[1].attributes"),
        (("slots", 0, "options", 1, "attributes", "power"), -1, "slots[0].options[1].attributes.power"),
        (("slots", 0, "options", 1, "attributes", "power"), math.inf, "slots[0].options[1].attributes.power"),
        (("slots", 0, "options", 1, "attributes", "power"), "63", "slots[0].options[1].attributes.power"),
        (("variants",), ABSENT, "variants"),
        (("variants",), GOOD["variants"] * 30_000, "variants"),
        (("variants", 0, "scenarios"), [], "variants[0].scenarios"),
        ((*SCENARIO, "weight"), -1, "variants[0].scenarios[0].weight"),
        ((*SCENARIO, "base", "power"), math.nan, "variants[0].scenarios[0].base.power"),
        ((*SCENARIO, "base", "power"), -5, "variants[0].scenarios[0].base.power"),
        ((*SCENARIO, "base", "luck"), 5, "variants[0].scenarios[0].base"),
        ((*SCENARIO, "multipliers", "outgoing_luck"), 1, "variants[0].scenarios[0].multipliers"),
        (
            (*SCENARIO, "multipliers", "incoming_strike_damage"),
            0,
            "variants[0].scenarios[0].multipliers.incoming_strike_damage",
        ),
        ((*SCENARIO, "bonuses"), [["power"]], "variants[0].scenarios[0].bonuses[0]"),
        ((*SCENARIO, "bonuses"), [["power", 1e308]], "variants[0].scenarios[0].bonuses[0]"),
        ((*SCENARIO, "conversions"), [["power", [["luck", 1]]]], "variants[0].scenarios[0].conversions[0]"),
        ((*SCENARIO, "conversions"), [["power", [["power", -1]]]], "variants[0].scenarios[0].conversions[0].power"),
        ((*SCENARIO, "conversions"), {}, "variants[0].scenarios[0].conversions"),
        (("top",), 0, "top"),
        (("top",), 1.5, "top"),
        (("top",), 10**30, "top"),
    ],
)
def test_parse_problem_names_the_field_that_is_wrong(path: tuple[str | int, ...], value: Any, field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_problem(changed(path, value))
    assert list(raised.value.fields) == [field]
    assert raised.value.message.startswith(f"{field}: ")


@pytest.mark.parametrize("document", [None, [], "gear-problem/1", 5])
def test_parse_problem_refuses_what_is_no_object(document: Any) -> None:
    with pytest.raises(InvalidInput, match="problem: must be an object"):
        parse_problem(document)


def test_parse_problem_fills_in_what_may_be_left_out() -> None:
    document = {name: GOOD[name] for name in ("schema", "profession", "objective", "slots")}
    problem = parse_problem({**document, "profession": "thief", "variants": [{"scenarios": [{}]}]})
    assert problem.profession == "Thief"
    assert problem.top == 1
    assert problem.combinations == 2
    assert problem.variants[0].scenarios[0].weight == 1.0


def run(payload: Any, tmp_path: Path, *options: str) -> str:
    file = tmp_path / "problem.json"
    file.write_text(payload if isinstance(payload, str) else json.dumps(payload), encoding="utf-8")
    out = io.StringIO()
    call_command("optimize_gear", str(file), *options, stdout=out)
    return out.getvalue()


def test_optimize_gear_answers_in_the_form_of_the_contract(tmp_path: Path) -> None:
    answer = json.loads(run({**GOOD, "top": 2}, tmp_path, "--json"))
    assert list(answer) == ["schema", "status", "results", "combinations", "evaluated", "seconds"]
    assert answer["schema"] == "gear-result/1"
    assert answer["status"] == "optimal"
    assert answer["combinations"] == 2
    assert [result["prefixes"] for result in answer["results"]] == [["Diviner's"]]
    assert list(answer["results"][0]) == [
        "variant", "prefixes", "objective", "damage", "survivability", "healing", "attributes",
    ]  # fmt: skip
    assert answer["results"][0]["attributes"]["boon_duration"] == 151 / 1500


def test_optimize_gear_tells_people_the_best_ones(tmp_path: Path) -> None:
    text = run({**GOOD, "constraints": {}}, tmp_path, "--top", "5")
    assert re.match(r"optimal: \d+ of 2 scored, [\d.]+ ms\n1\. ", text)
    assert text.splitlines()[2::2] == ["   Berserker's", "   Diviner's"]


def test_optimize_gear_says_when_nothing_is_allowed(tmp_path: Path) -> None:
    answer = json.loads(run({**GOOD, "constraints": {"min_boon_duration": 2}}, tmp_path, "--json"))
    assert answer["status"] == "infeasible"
    assert answer["results"] == []


@pytest.mark.parametrize(
    ("payload", "told"),
    [
        ("{", "is not JSON"),
        ("[]", "problem: must be an object"),
        (
            '{"schema": "gear-problem/1", "profession": "Thief", "objective": "damage", "target_moving": NaN}',
            "target_moving: ",
        ),
        ({**GOOD, "slots": 5}, "slots: must be a list"),
        ('{"schema": "gear-problem/1", "slots": [{"slot": "helm", "slot": "coat"}]}', "the name “slot” twice"),
    ],
)
def test_optimize_gear_refuses_in_one_line(payload: Any, told: str, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=re.escape(told)) as raised:
        run(payload, tmp_path, "--json")
    assert raised.value.returncode == 2
    assert "\n" not in str(raised.value)


def test_optimize_gear_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="can't be read"):
        call_command("optimize_gear", str(tmp_path / "none.json"))


def test_code_of_other_sources_is_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from builds.engine.gear import kept

    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    kept.folder.cache_clear()
    try:
        mine = kept.folder()
        assert mine is not None
        assert mine.parent == tmp_path
        mine.mkdir()
        (tmp_path / "gear-0000").mkdir()
        (tmp_path / "other").mkdir()
        kept.remove_others()
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([mine.name, "other"])
    finally:
        kept.folder.cache_clear()


@pytest.mark.parametrize("compiled", [True, False])
def test_a_process_loads_compiled_code_when_it_starts_and_never_compiles_then(tmp_path: Path, compiled: bool) -> None:
    """In a process of its own: this one has loaded the code already."""
    code = (
        "import sys, pathlib; from builds.engine.gear import kept, warm_if_compiled\n"
        "folder = kept.folder(); folder.mkdir(parents=True)\n"
        f"{compiled} and (folder / 'warm').touch()\n"
        "import builds.engine.gear as gear; gear.warm = lambda: print('warm')\n"
        "warm_if_compiled(); print('numba' in sys.modules)"
    )
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=60
    )
    assert answer.stdout.split() == (["warm", "False"] if compiled else ["False"])
