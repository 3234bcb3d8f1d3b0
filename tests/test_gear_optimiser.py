"""The optimum is what plain enumeration finds, and what the solved problems say.
`make test-deep ARGS=tests/test_gear_optimiser.py` compares it for 2,400 made-up problems, of which the tests else take
900, each made by its number and so the same in every run."""

import json
import os
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builds.engine import gear
from builds.engine.gear import GearProblem, names, parse_problem
from builds.engine.gear.arrays import gear_attributes, world_of
from builds.engine.gear.problem import Variant
from builds.engine.gear.reference import allowed, evaluate
from builds.gamedata import Catalogue
from tests.gear import enumerated_best, random_document, real_slots, tied_document
from tests.packaged import packaged

OWN = json.loads((Path(__file__).parent / "gear_problems.json").read_text(encoding="utf-8"))
SEEDS, TIED_SEEDS, BLOCK = (2_000, 400, 100) if "GW2_DEEP" in os.environ else (700, 200, 100)


def check(problem: GearProblem, wanted: list[float]) -> None:
    result = gear.optimize(problem)
    assert result.status == ("optimal" if wanted else "infeasible")
    assert [choice.objective for choice in result.results] == pytest.approx(wanted, rel=1e-9, abs=1e-9)
    assert len({worn(problem, choice) for choice in result.results}) == len(result.results)
    for choice in result.results:
        evaluation = evaluate(problem, variant_named(problem, choice.variant), choice.choice)
        assert allowed(problem, evaluation)
        assert choice.objective == evaluation.scores[problem.objective]


def worn(problem: GearProblem, choice: gear.Choice) -> tuple[Any, ...]:
    """The same for two results that only exchange what slots with the same options carry."""
    of_offer: dict[Any, list[str]] = {}
    for slot, prefix in zip(problem.slots, choice.prefixes, strict=True):
        offer = sorted((option.prefix, sorted(option.attributes.items())) for option in slot.options)
        of_offer.setdefault(str(offer), []).append(prefix)
    return choice.variant, str({offer: sorted(prefixes) for offer, prefixes in of_offer.items()})


def variant_named(problem: GearProblem, name: str) -> Variant:
    return next(variant for variant in problem.variants if variant.name == name)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return packaged()


@pytest.mark.parametrize("start", range(0, SEEDS, BLOCK))
def test_optimum_is_that_of_plain_enumeration(start: int) -> None:
    for seed in range(start, start + BLOCK):
        problem = parse_problem(random_document(seed))
        check(problem, enumerated_best(problem))


@pytest.mark.parametrize("start", range(0, TIED_SEEDS, BLOCK))
def test_optimum_among_ties_is_that_of_plain_enumeration(start: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builds.engine.gear.parts.LEAST_SPACE", 0)
    for seed in range(start, start + BLOCK):
        problem = parse_problem(tied_document(seed))
        check(problem, enumerated_best(problem))


@pytest.mark.parametrize("case", OWN, ids=lambda case: str(case["name"]))
def test_optimum_of_own_problems_is_the_recorded_one(case: dict[str, Any]) -> None:
    check(parse_problem(case["problem"]), case["expected"])


def test_optimum_of_shared_cases_is_the_published_one(shared_dir: Path) -> None:
    cases = json.loads((shared_dir / "cases" / "gear_problems.json").read_text(encoding="utf-8"))
    assert len(cases) == 53
    for case in cases:
        problem, expected = parse_problem(case["problem"]), case["expected"]
        result = gear.optimize(problem)
        assert result.status == "optimal"
        assert result.combinations == case["combinations"]
        best = result.results[0]
        assert best.objective == pytest.approx(expected[problem.objective], rel=1e-9), case["name"]
        if problem.objective == "damage":
            assert [choice.objective for choice in result.results] == pytest.approx(expected["top_5"], rel=1e-9)


def test_reference_gives_the_published_panel(shared_dir: Path) -> None:
    cases = json.loads((shared_dir / "cases" / "gear_problems.json").read_text(encoding="utf-8"))
    for case in cases:
        problem, expected = parse_problem(case["problem"]), case["expected"]
        choice = [
            next(i for i, option in enumerate(slot.options) if option.prefix == prefix)
            for slot, prefix in zip(problem.slots, expected["prefixes"], strict=True)
        ]
        evaluation = evaluate(problem, problem.variants[0], choice)
        found = {**evaluation.attributes, **evaluation.scores}
        # The published figure of the second critical damage has its multiplier in it.
        told = {k: v for k, v in expected["attributes"].items() if k in found and not k.startswith("alternative")}
        assert {name: found[name] for name in told} == pytest.approx(told, rel=1e-9), case["name"]


def test_compiled_evaluation_gives_the_bits_of_the_reference() -> None:
    from builds.engine.gear.optimiser import Search
    from builds.engine.gear.parts import divided, lay_out
    from builds.engine.gear.search import enter_around

    for seed in range(200):
        problem = parse_problem({**random_document(seed), "constraints": {}, "top": 1000})
        search = Search(problem)
        parts = lay_out(*divided(search.groups), search.relevant, len(problem.slots), search.wanted)
        for variant in range(len(search.classes)):
            start = np.zeros(len(problem.slots), dtype=np.uint8)
            enter_around(search.task(variant), parts.gear, search.pool, search.state, start)
        values = search.pool[0][: int(search.pool[3][0])]
        results = search.results()
        assert len(results) == len(values) > 0
        assert [choice.objective for choice in results] == list(values)


def test_world_keeps_every_number_of_a_problem() -> None:
    problem = parse_problem(random_document(5))
    world = world_of(problem)
    scenarios = [scenario for variant in problem.variants for scenario in variant.scenarios]
    assert world.weight.tolist() == [scenario.weight for scenario in scenarios]
    assert world.offsets[-1].tolist() == [
        sum(len(scenario.bonuses) for scenario in scenarios),
        sum(len(scenario.conversions) for scenario in scenarios),
        sum(len(scenario.conversions_after_bonuses) for scenario in scenarios),
    ]
    given = {name for slot in problem.slots for option in slot.options for name in option.attributes}
    assert {names.ATTRIBUTES[index] for index in gear_attributes(problem)} == given


@pytest.mark.parametrize("limit", [{}, {"min_boon_duration": 0.3}, {"max_toughness": 1000}, {"min_health": 20000}])
def test_all_problems_run_the_same_compiled_code(limit: dict[str, float], catalogue: Catalogue) -> None:
    """Another shape of arguments would be compiled while somebody waits."""
    from builds.engine.gear import bounds, dominated, halves, relax, search

    gear.warm()
    slots = real_slots(("Berserker's", "Diviner's", "Minstrel's", "Soldier's"), 14, catalogue)
    document = {**random_document(3), "slots": slots, "constraints": limit}
    for top in (1, 4):
        for objective in names.OBJECTIVES:
            gear.optimize(parse_problem({**document, "top": top, "objective": objective}))
    entries: tuple[Any, ...] = (
        search.run, search.climb, search.enter_around, bounds.tune, relax.compile_variant,
        halves.multisets, halves.multiset_sums, halves.plant, dominated.sift,
    )  # fmt: skip
    assert [len(entry.signatures) for entry in entries] == [1] * len(entries)


def test_infusions_are_searched_as_one_group(catalogue: Catalogue) -> None:
    document = json.loads(json.dumps(OWN[0]["problem"]))
    kinds = ("power", "precision", "condition_damage", "concentration")
    options = [{"prefix": kind, "attributes": {kind: 5}} for kind in kinds]
    document["slots"] = real_slots(("Berserker's", "Viper's"), 13, catalogue)
    document["slots"] += [{"slot": f"infusion {i}", "options": options} for i in range(18)]
    result = gear.optimize(parse_problem({**document, "constraints": {}, "top": 3}))
    assert result.status == "optimal"
    assert result.combinations == 2**13 * 4**18
    assert len({(tuple(choice.prefixes[:13]), tuple(sorted(choice.prefixes[13:]))) for choice in result.results}) == 3


def test_groups_too_large_to_lay_out_are_cut_and_still_answered() -> None:
    kinds = names.POINT_ATTRIBUTES[:9]
    options = [{"prefix": kind, "attributes": {kind: 5}} for kind in kinds]
    slots = [{"slot": f"infusion {i}", "options": options} for i in range(24)]
    variant = {"name": "v", "scenarios": [{"base": {"power": 1000, "power_coefficient": 1000, "critical_damage": 1.5}}]}
    document = {
        "schema": names.SCHEMA, "profession": "Thief", "objective": "damage", "slots": slots,
        "variants": [variant], "constraints": {"min_toughness": 10, "min_healing_power": 15}, "top": 2,
    }  # fmt: skip
    result = gear.optimize(parse_problem(document))
    assert result.status == "optimal"
    worn = [{kind: choice.prefixes.count(kind) for kind in kinds} for choice in result.results]
    assert worn[0] != worn[1]
    assert worn[0]["toughness"] == 2
    assert worn[0]["healing_power"] == 3


def test_progress_is_told_and_cancelling_leaves_the_best_so_far(catalogue: Catalogue) -> None:
    document = json.loads(json.dumps(OWN[0]["problem"]))
    document["slots"] = real_slots(("Berserker's", "Viper's", "Seraph", "Harrier's"), 14, catalogue)
    scenario = document["variants"][0]["scenarios"][0]
    document["variants"] = [{"name": str(w), "scenarios": [{**scenario, "weight": w}]} for w in (1, 0.9, 0.8)]
    problem = parse_problem({**document, "constraints": {}})
    told: list[gear.Progress] = []
    result = gear.optimize(problem, progress=told.append, cancelled=lambda: len(told) > 0)
    assert result.status == "cancelled"
    assert len(told) == 1
    assert result.results[0].objective == told[0].best
    whole = gear.optimize(problem, progress=told.append)
    assert whole.status == "optimal"
    assert whole.results[0].objective >= result.results[0].objective
    assert [step.done for step in told] == sorted(step.done for step in told)


def test_spaces_beyond_any_search_can_be_cancelled_with_an_answer() -> None:
    rng = random.Random(1)
    kinds = names.POINT_ATTRIBUTES[:9]
    slots = [
        {
            "slot": f"slot {place}",
            "options": [
                {"prefix": str(i), "attributes": {kind: rng.randint(0, 200) for kind in rng.sample(kinds, 3)}}
                for i in range(100)
            ],
        }
        for place in range(40)
    ]
    problem = parse_problem({**OWN[0]["problem"], "constraints": {}, "slots": slots})
    result = gear.optimize(problem, cancelled=lambda: True)
    assert result.status == "cancelled"
    assert result.combinations == 100**40
    assert allowed(problem, evaluate(problem, problem.variants[0], result.results[0].choice))
