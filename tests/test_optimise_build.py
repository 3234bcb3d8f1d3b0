"""The best gear of a whole build: its problem is its panel, the search holds to it, and the wish decides."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from builds.engine.attributes.names import POINTS
from builds.engine.gear import Progress, optimize, parse_problem
from builds.engine.gear.names import SCHEMA
from builds.engine.optimise import BuildOptimisation, GearChoices, optimize_build
from builds.engine.optimise.problem import Circumstances, body_of, dressed, piece_points, searched_slots
from builds.engine.optimise.procs import procs_of
from builds.library.records import packaged_records
from builds.spec import BuildSpec, parse_build
from builds.spec.model import DamageProfile
from gw2optimizer.errors import InvalidInput
from tests.specs import build_documents, packaged

RECORDS = [record for record in packaged_records() if record.spec.gear]
PROFILE = DamageProfile(power_coefficient=3000, condition_coefficients={"burning": 2.0}, source="test")
SHARES = ("critical_chance", "critical_damage", "boon_duration", "condition_duration")
PREFIXES = ("Berserker's", "Assassin's", "Dragon's")


def named(name: str) -> BuildSpec:
    return next(record.spec for record in RECORDS if record.spec.name == name)


def dragonhunter() -> BuildSpec:
    return named("Dragonhunter Power (Spear / Greatsword)")


def best(build: BuildSpec, objective: str = "damage", **options: Any) -> BuildOptimisation:
    options.setdefault("profile", PROFILE)
    return optimize_build(build, packaged(), objective=objective, **options)


def choices(*prefixes: str, **more: Any) -> GearChoices:
    return GearChoices(prefixes=prefixes or PREFIXES, **more)


# --- the problem is the panel ----------------------------------------------------------------------
def evaluated(build: BuildSpec, now: Circumstances, gear: Mapping[str, str]) -> Mapping[str, float]:
    """Attributes of the build's problem with this gear as its only option."""
    slots = [
        {
            "slot": slot,
            "options": [
                {
                    "prefix": prefix,
                    "attributes": piece_points(build, packaged(), slot, prefix, wvw=now.balance == "wvw"),
                }
            ],
        }
        for slot, prefix in gear.items()
    ]
    document = {
        "schema": SCHEMA,
        "profession": build.profession,
        "objective": "healing",
        "slots": slots,
        "variants": [{"name": "own", "scenarios": [body_of(build, packaged(), now, None).scenario]}],
    }
    return optimize(parse_problem(document)).results[0].attributes


def assert_panel(build: BuildSpec, now: Circumstances, gear: Mapping[str, str]) -> None:
    found = evaluated(build, now, gear)
    panel = now.panel(dressed(build, dict(gear)), packaged())
    # What a relic gives for a while is in the problem, not in the panel.
    more = procs_of(build, packaged()).attributes
    for name in POINTS:
        # Half a point a conversion, of which an attribute has at most a few.
        assert found[name] == pytest.approx(panel[name] + more.get(name, 0.0), abs=1.5 + 1e-6), name
    for name in SHARES:
        assert found[name] == pytest.approx(panel[name] + more.get(name, 0.0), abs=1.5 / 1500 + 1e-9), name
    assert found["armor"] == pytest.approx(panel["armor"], abs=1.5)
    assert found["health"] == pytest.approx(panel["health"], abs=15 * 1.3)
    assert found["bleeding_duration"] == pytest.approx(panel["bleeding_duration"], abs=1e-9)
    assert found["quickness_duration"] == pytest.approx(panel["quickness_duration"], abs=1e-9)


@pytest.mark.parametrize("boons", [{}, {"might": 25, "fury": 1}], ids=["alone", "boons"])
def test_problem_of_each_library_build_gives_its_panel(boons: dict[str, int]) -> None:
    whole = 0
    for record in RECORDS:
        build = record.spec
        slots = searched_slots(build)
        if any(slot not in build.gear for slot in slots):
            continue
        whole += 1
        gear = {slot: str(build.gear[slot].prefix) for slot in slots}
        assert_panel(build, Circumstances(build.game_mode, boons), gear)
    assert whole > 330


@given(document=build_documents(), prefix=st.sampled_from(sorted(packaged().prefixes)), data=st.data())
@settings(max_examples=60, deadline=None)
def test_problem_of_any_build_in_one_prefix_gives_its_panel(document: Any, prefix: str, data: Any) -> None:
    build = parse_build(document, packaged()).spec
    assume(build.game_mode != "pvp")
    boons = data.draw(st.sampled_from([{}, {"might": 25}, {"fury": 1, "might": 3}]))
    now = Circumstances(build.game_mode, boons)
    slots = [
        slot
        for slot in searched_slots(build)
        if piece_points(build, packaged(), slot, prefix, wvw=now.balance == "wvw")
    ]
    worn = dressed(build, dict.fromkeys(searched_slots(build)))
    assert_panel(worn, now, dict.fromkeys(slots, prefix))


def test_switched_conversion_is_in_the_problem() -> None:
    build = dragonhunter()
    off = Circumstances("pve", {})
    panel = off.panel(build, packaged())
    gear = {slot: str(build.gear[slot].prefix) for slot in searched_slots(build)}
    offered = [switch.trait for switch in panel.switches if not switch.on and switch.amount]
    for trait in offered:
        assert_panel(build, replace(off, switches=frozenset({trait})), gear)


# --- the search -------------------------------------------------------------------------------------
def test_best_gear_is_at_least_the_present_and_no_change_of_one_slot_beats_it() -> None:
    found = best(dragonhunter(), choices=choices("Berserker's", "Assassin's", "Marauder", "Viper's"))
    assert found.status == "optimal"
    assert len(found.results) == 10
    assert found.present is not None
    top = found.results[0]
    assert top.objective >= found.present.objective
    assert top.gain == pytest.approx(top.objective / found.present.objective - 1)
    assert [one.objective for one in found.results] == sorted((one.objective for one in found.results), reverse=True)
    worths = {change.slot: change.worth for change in top.changes}
    assert worths.keys() == {slot for slot, prefix in top.gear.items() if dragonhunter().gear[slot].prefix != prefix}
    judged = [worths[slot] for slot in worths.keys() & set(searched_slots(dragonhunter()))]
    assert all(worth is not None and worth >= -1e-6 for worth in judged)


def test_worth_of_a_change_is_what_the_objective_loses_without_it() -> None:
    build = dragonhunter()
    found = best(build, choices=choices())
    top = found.results[0]
    change = top.changes[0]
    reverted = dressed(build, {**top.gear, change.slot: change.before})
    again = best(reverted, choices=choices())
    assert again.present is not None
    assert change.worth is not None
    assert top.objective - again.present.objective == pytest.approx(change.worth)


def test_panel_of_a_result_is_that_of_the_build_in_it() -> None:
    build = dragonhunter()
    found = best(build, choices=choices(), boons={"might": 10})
    top = found.results[0]
    panel = Circumstances(build.game_mode, {"might": 10}).panel(dressed(build, dict(top.gear)), packaged())
    assert top.panel == {name: attribute.value for name, attribute in panel.attributes.items()}


def test_sensitivity_is_what_five_more_points_add() -> None:
    build = dragonhunter()
    found = best(build, choices=choices("Berserker's"))
    more = best(
        replace(build, infusions={**build.infusions, "power": build.infusions.get("power", 0) + 1}),
        choices=choices("Berserker's"),
    )
    assert found.sensitivity["power"] == pytest.approx(more.results[0].objective - found.results[0].objective, rel=1e-6)
    assert found.sensitivity["healing_power"] == 0
    assert found.sensitivity["power"] > found.sensitivity["condition_damage"] > 0


def test_power_and_condition_profiles_want_different_gear() -> None:
    build = dragonhunter()
    offered = choices("Berserker's", "Viper's")
    mixed = DamageProfile(power_coefficient=2000, condition_coefficients={"burning": 10.0})
    power = best(build, "power", profile=mixed, choices=offered)
    condition = best(build, "condition", profile=mixed, choices=offered)
    assert set(power.results[0].gear.values()) == {"Berserker's"}
    assert set(condition.results[0].gear.values()) == {"Viper's"}
    assert power.results[0].panel["power"] > condition.results[0].panel["power"]


def test_profile_of_the_build_stands_where_none_is_given() -> None:
    build = replace(dragonhunter(), damage_profile=PROFILE)
    assert best(build, profile=None, choices=choices()).results == best(dragonhunter(), choices=choices()).results


def test_survivability_takes_the_toughest_and_healing_the_most_healing() -> None:
    build = dragonhunter()
    offered = choices("Berserker's", "Soldier's", "Cleric's")
    assert set(best(build, "survivability", choices=offered).results[0].gear.values()) == {"Soldier's"}
    assert set(best(build, "healing", choices=offered).results[0].gear.values()) == {"Cleric's"}


def test_weighted_mix_of_one_weight_agrees_with_that_objective() -> None:
    build = dragonhunter()
    offered = choices("Berserker's", "Dragon's", "Cleric's")
    for weight, objective in (("damage", "damage"), ("healing", "healing")):
        mixed = best(build, "weighted", weights={weight: 2.0}, choices=offered)
        alone = best(build, objective, choices=offered)
        assert mixed.results[0].gear == alone.results[0].gear
        assert mixed.present is not None
        assert alone.present is not None
        assert mixed.present.objective == pytest.approx(2.0)
        ratio = alone.results[0].objective / alone.present.objective
        assert mixed.results[0].objective == pytest.approx(2.0 * ratio, rel=1e-6)
        assert mixed.results[0].damage == pytest.approx(alone.results[0].damage)


def test_weighted_mix_gives_up_damage_for_what_is_weighed() -> None:
    build = dragonhunter()
    offered = choices("Berserker's", "Soldier's")
    tough = best(build, "weighted", weights={"damage": 1, "survivability": 4}, choices=offered).results[0]
    hard = best(build, "damage", choices=offered).results[0]
    assert tough.survivability > hard.survivability
    assert tough.damage < hard.damage


def test_boon_support_keeps_the_boon_duration_of_the_present_gear() -> None:
    build = dressed(dragonhunter(), dict.fromkeys(searched_slots(dragonhunter()), "Harrier's"))
    found = best(build, "boon_support", choices=choices("Harrier's", "Magi's", "Cleric's"))
    assert found.present is not None
    owned = found.present.panel["boon_duration"]
    assert found.constraints["min_boon_duration"] == pytest.approx(owned)
    assert all(one.panel["boon_duration"] >= owned - 1e-6 for one in found.results)
    free = best(build, "healing", choices=choices("Harrier's", "Magi's", "Cleric's"))
    assert free.results[0].panel["boon_duration"] < owned


def test_constraints_that_nothing_meets_are_proven_infeasible() -> None:
    found = best(dragonhunter(), constraints={"min_boon_duration": 1.0}, choices=choices())
    assert (found.status, found.results, found.sensitivity) == ("infeasible", (), {})
    assert found.present is not None


def test_variants_and_infusions_are_searched_with_the_gear() -> None:
    build = dragonhunter()
    scholar = packaged().find("rune", "Superior Rune of the Scholar").id
    flock = packaged().find("rune", "Superior Rune of the Flock").id
    force = packaged().find("sigil", "Superior Sigil of Force").id
    hobbling = packaged().find("sigil", "Superior Sigil of Hobbling").id
    found = best(
        build,
        choices=choices(
            "Berserker's",
            runes=(flock, scholar),
            sigils=((hobbling,), (force,)),
            infusions=("power", "healing_power"),
            infusion_count=18,
        ),
    )
    top = found.results[0].upgrades
    assert (top.rune, top.sigils, top.infusions) == (scholar, (force,), {"power": 18})
    assert found.combinations == 4 * 2**18
    assert found.present is not None
    assert found.present.upgrades.rune == build.rune


def test_celestial_gives_no_expertise_in_wvw() -> None:
    build = replace(dragonhunter(), game_mode="wvw")
    found = best(build, "healing", choices=choices("Celestial"))
    pve = best(build, "healing", choices=choices("Celestial"), mode="pve")
    assert found.results[0].panel["expertise"] < pve.results[0].panel["expertise"]


def test_build_without_gear_gets_gear_and_no_comparison() -> None:
    found = best(replace(dragonhunter(), gear={}), choices=choices())
    assert found.present is None
    assert found.results[0].gain is None
    assert {change.before for change in found.results[0].changes} == {None}
    assert any("not whole" in note for note in found.notes)


def test_cancelled_search_tells_the_best_so_far() -> None:
    found = best(dragonhunter(), choices=choices("Berserker's", "Assassin's"), cancelled=lambda: True)
    assert found.status in {"cancelled", "optimal"}
    assert found.results


def test_search_hears_that_it_is_stopped_while_it_is_prepared() -> None:
    """Only by what it is told of its progress may whoever asks hear of a stop."""
    runes = tuple(sorted(packaged().runes))[:40]
    told: list[Progress] = []
    found = best(
        dragonhunter(),
        choices=choices("Berserker's", "Assassin's", runes=runes),
        progress=told.append,
        cancelled=lambda: bool(told),
    )
    assert (found.status, found.results, found.evaluated) == ("cancelled", (), 0)
    assert [(step.best, step.bound, step.done) for step in told] == [(None, None, 0.0)]
    assert found.as_json()["results"] == []


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"objective": "dps"}, "objective"),
        ({"constraints": {"min_luck": 1.0}}, "constraints"),
        ({"constraints": {"min_boon_duration": float("nan")}}, "constraints.min_boon_duration"),
        ({"constraints": {"min_boon_duration": -1}}, "constraints.min_boon_duration"),
        ({"constraints": {"min_health": 1e308}}, "constraints.min_health"),
        ({"weights": {"damage": 1}}, "weights"),
        ({"objective": "weighted"}, "weights"),
        ({"objective": "weighted", "weights": {"damage": 1}, "constraints": {"min_damage": 1}}, "constraints"),
        ({"objective": "weighted", "weights": {"luck": 1}}, "weights"),
        ({"choices": choices("Lucky")}, "prefixes"),
        ({"choices": choices(*sorted(packaged().prefixes)[:7])}, "prefixes"),
        ({"choices": choices(runes=(1,))}, "runes"),
        ({"choices": choices(sigils=((1, 2, 3),))}, "sigils"),
        ({"choices": choices(runes=tuple(packaged().runes)[:50], foods=tuple(packaged().foods)[:41])}, "variants"),
        ({"choices": choices(infusions=("luck",))}, "infusions"),
        ({"choices": choices(infusions=("power",), infusion_count=10_000)}, "infusion_count"),
        ({"choices": choices(infusions=("power",), infusion_count=float("nan"))}, "infusion_count"),
        ({"profile": DamageProfile(power_coefficient=float("nan"))}, "profile.power_coefficient"),
        ({"profile": DamageProfile(power_coefficient=1e308)}, "profile.power_coefficient"),
        ({"profile": DamageProfile(condition_coefficients={"burning": -1.0})}, "profile.burning"),
        ({"profile": DamageProfile(1.0, skill_attack_rate=float("inf"))}, "profile.skill_attack_rate"),
        ({"objective": "weighted", "weights": {"damage": 1e-308}}, "weights.damage"),
        ({"constraints": {"min_health": float("nan")}}, "constraints.min_health"),
        ({"mode": "arena"}, "mode"),
        ({"boons": {"luck": 1}}, "boons"),
        ({"profile": DamageProfile()}, "profile"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_there_is_not_is_refused_by_its_name(options: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        best(dragonhunter(), **{"objective": "damage", "choices": choices(), **options})
    assert field in raised.value.fields


def test_gear_in_pvp_is_no_question() -> None:
    with pytest.raises(InvalidInput, match="In PvP"):
        best(dragonhunter(), mode="pvp")
