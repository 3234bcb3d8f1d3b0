"""The damage profile that is estimated from a build's own skills."""

from dataclasses import replace
from pathlib import Path

import pytest

from builds.engine.effects import assumptions
from builds.engine.improve.fitting import with_line
from builds.engine.optimise import blows, optimize_build
from builds.engine.optimise.choices import GearChoices
from builds.engine.optimise.estimate import (
    CONDITION_SCALE,
    HITS_PER_SECOND,
    KINDS,
    MOST_OF_TRAIT,
    POWER_SCALE,
    TRAIT_SECONDS,
    estimated_profile,
    untold_period,
)
from builds.library.records import packaged_records
from builds.spec import BuildSpec
from builds.spec.model import DamageProfile, SkillBar, WeaponSet
from gw2optimizer.errors import InvalidInput
from tests.bench.damage_profile import LOSS, kept_out, measured, median_error
from tests.bench.published_profiles import LEFT_OUT, NEAR, SAME, cases, judged
from tests.specs import packaged

MEASURED = [record for record in packaged_records() if record.spec.benchmark_dps and record.spec.gear]


def named(name: str) -> BuildSpec:
    return next(record.spec for record in MEASURED if record.spec.name == name)


def profile(build: BuildSpec) -> DamageProfile:
    return estimated_profile(build, packaged(), build.game_mode)


def test_median_error_of_builds_kept_out_of_tuning_is_within_a_quarter() -> None:
    rows = [measured(record, packaged()) for record in MEASURED if kept_out(record)]
    assert len(rows) > 30
    assert median_error(rows, POWER_SCALE, CONDITION_SCALE) <= 0.25


def test_gear_by_the_estimate_is_nearly_as_good_as_by_the_published_profile(shared_dir: Path) -> None:
    rows = judged({record.key: record for record in packaged_records()}, packaged())
    assert len(rows) == 40
    for offer in ("own", "usual", "every", "library"):
        assert sum(getattr(row, offer) <= LOSS for row in rows) >= 0.9 * len(rows), offer


def test_each_case_of_damage_has_a_pair_or_a_reason(shared_dir: Path) -> None:
    assert cases().keys() == SAME.keys() | NEAR.keys() | LEFT_OUT.keys()


def test_condition_builds_have_more_of_their_damage_in_conditions() -> None:
    condition = profile(named("Willbender Condition (Pistol / Torch + Pistol / Pistol)"))
    power = profile(named("Willbender Power (Spear / Greatsword)"))
    assert condition.condition_coefficients["burning"] > 2 * power.condition_coefficients.get("burning", 0)


def test_each_part_of_a_build_adds_to_its_profile() -> None:
    build = named("Berserker Power (Spear + Greatsword)")
    alone = replace(build, skills=SkillBar())
    unarmed = replace(build, weapon_sets=())
    weak = replace(build, weapon_sets=(WeaponSet("Mace", None),))
    whole = profile(build).power_coefficient
    assert whole >= profile(alone).power_coefficient > profile(unarmed).power_coefficient
    assert whole > profile(weak).power_coefficient > 0


def test_profile_says_nothing_of_the_gear_that_is_worn() -> None:
    for record in MEASURED[:30]:
        assert profile(replace(record.spec, gear={})) == profile(record.spec)


def test_thief_of_conditions_spends_initiative_on_conditions() -> None:
    condition = profile(named("Daredevil Condition (Dagger / Dagger)"))
    power = profile(named("Daredevil Power (Dagger / Dagger)"))
    assert condition.condition_coefficients["bleeding"] > 1.5 * power.condition_coefficients["bleeding"]


def test_necromancers_shroud_strikes() -> None:
    build = named("Reaper Power (Greatsword / Spear)")
    lines = tuple(line for line in build.specializations if line and line.specialization != 34)
    core = replace(build, specializations=(lines[0], lines[1], None))
    assert packaged().specializations[34].name == "Reaper"
    assert profile(build).power_coefficient > profile(core).power_coefficient


def test_trait_with_a_chance_acts_more_often_the_greater_it_is() -> None:
    edges, other = packaged().find("trait", "Sharpened Edges"), packaged().find("trait", "Deathly Chill")
    assert any(fact.get("percent") == 33 for fact in edges.facts)
    assert untold_period(edges) == pytest.approx(100 / 33 / (HITS_PER_SECOND * 0.75))
    assert untold_period(other) == TRAIT_SECONDS


def test_of_numbers_that_nothing_tells_apart_the_greatest_counts() -> None:
    blossom = packaged().skills[13006]
    strength = blows.Strength(packaged())
    assert blows.blow_of(blossom, "raids", frozenset(), strength).stack_seconds == {"bleeding": 6.0 * 6}
    assert blows.blow_of(blossom, "wvw", frozenset(), strength).stack_seconds == {"bleeding": 3.0 * 10}


def test_strikes_that_exclude_each_other_are_not_summed() -> None:
    strength = blows.Strength(packaged())
    scythe = blows.blow_of(packaged().skills[30557], "raids", frozenset(), strength)
    assert scythe.strikes == pytest.approx(8 * blows.STRENGTH_WITHOUT_WEAPON)


def test_what_does_more_takes_longer() -> None:
    strength = blows.Strength(packaged())
    light, heavy = (blows.blow_of(packaged().skills[id_], "raids", frozenset(), strength) for id_ in (10529, 30557))
    assert light.cast < heavy.cast
    for blow in (heavy, blows.auto_attack([heavy]), blows.auto_attack([blows.Blow(0.0, {"burning": 40.0})])):
        done = blow.strikes + sum(blows.AS_STRIKES[name] * amount for name, amount in blow.stack_seconds.items())
        assert done / blow.cast <= blows.SKILL_STRENGTH * assumptions.QUICKNESS_SPEED + 1e-6
    quick = blows.Blow(10.0)
    assert blows.auto_attack([quick, quick]) == quick


def test_auto_attacks_of_both_weapon_sets_share_the_time() -> None:
    build = replace(named("Reaper Power (Greatsword / Spear)"), skills=SkillBar(), specializations=(None, None, None))
    dagger, greatsword = WeaponSet("Dagger"), WeaponSet("Greatsword")
    alone = [profile(replace(build, weapon_sets=(held,))).power_coefficient for held in (dagger, greatsword)]
    both = profile(replace(build, weapon_sets=(dagger, greatsword)))
    assert both == profile(replace(build, weapon_sets=(greatsword, dagger)))
    assert both.power_coefficient < sum(alone)


def test_no_trait_does_more_than_a_share_of_the_damage() -> None:
    """What sets it off (overheating) no fact tells; by its blow alone it once did two fifths."""
    build = named("Holosmith Condition (Pistol / Pistol)")
    blasting = packaged().find("trait", "Photonic Blasting Module").id
    index = next(i for i, line in enumerate(build.specializations) if line and blasting in line.traits)
    line = build.specializations[index]
    assert line is not None
    without = profile(with_line(build, index, replace(line, traits=(line.traits[0], line.traits[1], None))))
    worth = [
        KINDS[1].of(
            one.power_coefficient / POWER_SCALE,
            {name: amount / CONDITION_SCALE for name, amount in one.condition_coefficients.items()},
        )
        for one in (profile(build), without)
    ]
    assert 0 < worth[0] - worth[1] <= MOST_OF_TRAIT + 0.1


def test_build_without_a_profile_is_judged_by_the_estimate_and_told_so() -> None:
    build = named("Berserker Power (Spear + Greatsword)")
    found = optimize_build(
        build, packaged(), objective="damage", choices=GearChoices(prefixes=("Berserker's", "Viper's"))
    )
    assert found.profile == profile(build)
    assert set(found.results[0].gear.values()) == {"Berserker's"}
    assert any("estimated" in note for note in found.notes)


def test_profile_is_the_same_from_what_is_remembered_and_from_new() -> None:
    builds = [record.spec for record in MEASURED[:20]]
    first = [profile(build) for build in builds]
    assert [profile(build) for build in builds] == first
    blows._of_one.cache_clear()
    assert [profile(build) for build in reversed(builds)] == first[::-1]
    assert blows._of_one.cache_info().maxsize is not None


def test_build_without_skills_has_no_damage_to_judge_by() -> None:
    bare = BuildSpec("Nothing", "Warrior", game_mode="raids")
    with pytest.raises(InvalidInput) as raised:
        optimize_build(bare, packaged(), objective="condition")
    assert "profile" in raised.value.fields
