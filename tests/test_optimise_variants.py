"""What is chosen beside prefixes: runes, sigils, relics, food and utility, and the weapons of set 2."""

import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from builds.engine.optimise import BuildOptimisation, GearChoices, optimize_build
from builds.engine.optimise.choices import MOST_OFFERED
from builds.engine.optimise.estimate import SOURCE, UNSEEN
from builds.engine.optimise.multipliers import STRIKE
from builds.engine.optimise.problem import Body, Circumstances, body_of
from builds.engine.optimise.procs import SET_OFF_SECONDS, USUAL_UPTIME, of_relic, of_sigil
from builds.engine.optimise.variants import Variants
from builds.library.records import packaged_records
from builds.spec.model import BuildSpec, DamageProfile, WeaponSet
from gw2optimizer.errors import InvalidInput
from tests.specs import packaged

RECORDS = [record for record in packaged_records() if record.spec.gear and record.spec.game_mode != "pvp"]
PROFILE = DamageProfile(power_coefficient=3000, condition_coefficients={"burning": 2.0, "torment": 1.0}, source="test")
PREFIXES = ("Berserker's", "Dragon's")


def named(name: str) -> BuildSpec:
    return next(record.spec for record in RECORDS if record.spec.name == name)


def dragonhunter() -> BuildSpec:
    return named("Dragonhunter Power (Spear / Greatsword)")


def relic(name: str) -> int:
    return int(packaged().find("relic", name).id)


def best(build: BuildSpec, objective: str = "damage", **more: Any) -> BuildOptimisation:
    choices = GearChoices(prefixes=more.pop("prefixes", PREFIXES), **more)
    return optimize_build(build, packaged(), objective=objective, choices=choices, profile=PROFILE)


# --- combinations ------------------------------------------------------------------------------------
def assert_same(one: dict[str, Any], other: dict[str, Any]) -> None:
    names = set(one["base"]) | set(other["base"])
    for name in names:
        # No scenario of the search holds less than nothing of a condition.
        expected = other["base"].get(name, 0.0)
        expected = max(0.0, expected) if name.endswith("_coefficient") else expected
        assert one["base"].get(name, 0.0) == pytest.approx(expected, abs=2e-8), name
    for name in set(one["multipliers"]) | set(other["multipliers"]):
        assert one["multipliers"].get(name, 1.0) == pytest.approx(other["multipliers"].get(name, 1.0)), name
    bonuses, others = dict(one["bonuses"]), dict(other["bonuses"])
    for name in set(bonuses) | set(others):
        # A point for each conversion that the panel rounds.
        assert bonuses.get(name, 0.0) == pytest.approx(others.get(name, 0.0), abs=1.0 + 1e-6), name
    for part in ("conversions", "conversions_after_bonuses"):
        assert Counter(map(str, one[part])) == Counter(map(str, other[part]))


@pytest.mark.parametrize("seed", range(8))
def test_combination_is_the_sum_of_its_parts(seed: int) -> None:
    dealt = random.Random(seed)
    build = dealt.choice(RECORDS).spec
    now = Circumstances(build.game_mode, {"might": 25, "fury": 1})

    def body(dressed: BuildSpec) -> Body:
        return body_of(dressed, packaged(), now, PROFILE, measured=build)

    choices = GearChoices(
        runes=tuple(dealt.sample(sorted(packaged().runes), 2)),
        sigils=tuple((one, two) for one, two in [dealt.sample(sorted(packaged().sigils), 2) for _ in range(2)]),
        relics=tuple(dealt.sample(sorted(packaged().relics), 2)),
        foods=tuple(dealt.sample(sorted(packaged().foods), 2)),
        utilities=tuple(dealt.sample(sorted(packaged().utilities), 2)),
    )
    base = replace(build, sigils=build.sigils or ((),))
    variants = Variants(base, choices, body)
    assert len(variants) == 32
    for name in dealt.sample(list(variants), 6):
        variant = variants[name]
        assert variant.build.relic in choices.relics
        assert_same(variant.scenario, body(variant.build).scenario)


def test_order_of_the_documents_is_that_of_the_variants() -> None:
    foods = tuple(packaged().foods)[:3]
    build = dragonhunter()
    now = Circumstances("raids", {})
    variants = Variants(build, GearChoices(foods=foods), lambda one: body_of(one, packaged(), now, None))
    assert [variants[name].build.food for name in variants] == list(foods)
    assert [one["scenarios"][0] for one in variants.documents()] == [variants[name].scenario for name in variants]


def test_two_thousand_combinations_are_searched_and_the_best_is_the_best_of_each_kind() -> None:
    runes, foods, utilities = list(packaged().runes)[:20], list(packaged().foods)[:10], list(packaged().utilities)[:10]
    found = best(dragonhunter(), runes=tuple(runes), foods=tuple(foods), utilities=tuple(utilities))
    assert found.status == "optimal"
    assert found.combinations == 2000 * 2**13
    top = found.results[0]
    for kind, ids in (("runes", runes), ("foods", foods), ("utilities", utilities)):
        fixed: dict[str, Any] = {"runes": (top.upgrades.rune,), "foods": (top.upgrades.food,)}
        fixed |= {"utilities": (top.upgrades.utility,), kind: tuple(ids)}
        again = best(dragonhunter(), **fixed).results[0]
        assert again.objective == pytest.approx(top.objective)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"runes": tuple(range(10_000))}, "runes"),
        ({"prefixes": tuple(map(str, range(10_000)))}, "prefixes"),
        ({"relics": (1,)}, "relics"),
        ({"foods": tuple(packaged().foods)[: MOST_OFFERED + 1]}, "variants"),
        ({"sigils": tuple((one, two) for one in packaged().sigils for two in packaged().sigils)[:10_000]}, "variants"),
        ({"infusions": ("power",) * 10_000, "infusion_count": -1}, "infusion_count"),
    ],
    ids=["runes", "prefixes", "relics", "foods", "sigils", "infusions"],
)
def test_absurd_choices_are_refused_by_their_name_at_once(more: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        best(dragonhunter(), **more)
    assert field in raised.value.fields
    assert len(str(raised.value.fields)) < 300


# --- relics and sigils ---------------------------------------------------------------------------------
def test_relic_that_raises_damage_is_a_factor() -> None:
    eagle, brawler = (
        of_relic(packaged().relics[relic(name)]) for name in ("Relic of the Eagle", "Relic of the Brawler")
    )
    assert eagle.factors == {STRIKE: pytest.approx(1 + 0.10 * 0.5)}
    assert brawler.factors == {STRIKE: pytest.approx(1 + 0.10 * 4 / SET_OFF_SECONDS)}
    thief = of_relic(packaged().relics[relic("Relic of the Thief")])
    assert thief.factors == {STRIKE: pytest.approx(1 + 0.01 * 5 * USUAL_UPTIME)}


def test_relic_with_a_recharge_adds_what_its_facts_tell() -> None:
    fractal = of_relic(packaged().relics[relic("Relic of the Fractal")])
    assert fractal.coefficients == {
        "burning_coefficient": pytest.approx(4 / 20),
        "torment_coefficient": pytest.approx(12 / 20),
    }
    assert fractal.unknown == ()


def test_relic_whose_facts_tell_nothing_is_named_as_unknown() -> None:
    for name in ("Relic of the Steamshrieker", "Relic of Antitoxin"):
        found = of_relic(packaged().relics[relic(name)])
        assert not found.matter_for("damage")
        assert found.unknown
        assert name in found.unknown[0]
    every = [of_relic(one) for one in packaged().relics.values()]
    assert all(
        one.unknown or one.factors or one.coefficients or one.attributes or one.outgoing_healing for one in every
    )


def test_sigil_adds_its_condition_and_one_that_tells_no_number_is_unknown() -> None:
    torment, air, force = (
        of_sigil(packaged().sigils[packaged().find("sigil", f"Superior Sigil of {name}").id])
        for name in ("Torment", "Air", "Force")
    )
    assert torment.coefficients == {"torment_coefficient": pytest.approx(10 / 5)}
    assert air.unknown
    assert (force.unknown, force.coefficients) == ((), {})


def test_better_relic_is_found_and_told() -> None:
    build = dragonhunter()
    offered = tuple(relic(name) for name in ("Relic of the Eagle", "Relic of the Fractal", "Relic of Antitoxin"))
    found = best(build, relics=offered)
    alone = {id_: best(replace(build, relic=id_), relics=(id_,)).results[0].objective for id_ in offered}
    assert found.results[0].upgrades.relic == max(alone, key=lambda id_: alone[id_])
    assert found.results[0].as_json()["upgrades"]["relic"] == found.results[0].upgrades.relic
    assert any("Relic of Antitoxin" in text for text in found.unknown)
    assert any("Relic of Antitoxin" in text for text in found.notes)


def test_relics_without_an_effect_on_the_objective_are_not_ranked() -> None:
    build = dragonhunter()
    found = best(build, "survivability", relics=(relic("Relic of the Eagle"), relic("Relic of the Fractal")))
    assert {one.upgrades.relic for one in found.results} == {build.relic}
    assert any("No effect on the objective" in note for note in found.notes)
    assert found.combinations == 2**13


def test_measured_profile_holds_the_builds_own_relic_already() -> None:
    build = replace(dragonhunter(), relic=relic("Relic of the Fractal"))
    now = Circumstances("raids", {})
    own = body_of(build, packaged(), now, PROFILE).scenario["base"]
    assert own["torment_coefficient"] == PROFILE.condition_coefficients["torment"]
    other = replace(build, relic=relic("Relic of the Eagle"))
    without = body_of(other, packaged(), now, PROFILE, measured=build).scenario["base"]
    assert without["torment_coefficient"] == pytest.approx(1.0 - 12 / 20)
    estimated = body_of(build, packaged(), now, replace(PROFILE, source=SOURCE)).scenario["base"]
    assert estimated["torment_coefficient"] == pytest.approx(1.0 + UNSEEN * 12 / 20)


def test_power_alone_takes_nothing_from_conditions_of_a_relic() -> None:
    now = Circumstances("raids", {}, damage="power")
    build = replace(dragonhunter(), relic=relic("Relic of the Fractal"))
    profile = DamageProfile(power_coefficient=3000, source=SOURCE)
    base = body_of(build, packaged(), now, profile).scenario["base"]
    assert not base.get("torment_coefficient")


# --- the second weapon set --------------------------------------------------------------------------------
def test_second_weapon_set_follows_the_first() -> None:
    build = dragonhunter()
    assert [held.names for held in build.weapon_sets] == [("Greatsword",), ("Spear",)]
    found = best(build, prefixes=("Soldier's",))
    top = found.results[0]
    assert top.gear["weapon_2_main"] == "Soldier's"
    changed = {change.slot: change for change in top.changes}
    assert (changed["weapon_2_main"].after, changed["weapon_2_main"].worth) == ("Soldier's", None)
    assert any("Weapon set 2" in note for note in found.notes)


def test_second_weapon_set_can_be_kept() -> None:
    found = best(dragonhunter(), prefixes=("Soldier's",), keep_second_set=True)
    assert "weapon_2_main" not in found.results[0].gear
    assert all(change.slot != "weapon_2_main" for change in found.results[0].changes)
    assert not any("Weapon set 2" in note for note in found.notes)


def test_hand_that_is_empty_in_the_first_set_follows_the_other_hand() -> None:
    build = replace(dragonhunter(), weapon_sets=(WeaponSet("Greatsword"), WeaponSet("Sword", "Focus")))
    gear = best(build, prefixes=("Soldier's",)).results[0].gear
    assert (gear["weapon_2_main"], gear["weapon_2_off"]) == ("Soldier's", "Soldier's")
    alone = replace(build, weapon_sets=(WeaponSet("Greatsword"),))
    assert "weapon_2_main" not in best(alone, prefixes=("Soldier's",)).results[0].gear
