"""The damage of a build as it is dressed, and how pages tell it from what it was."""

import pytest

from builds.engine.optimise import GearChoices, optimize_build
from builds.engine.optimise.damage import damage_of
from builds.library.records import packaged_records
from builds.presentation.damage import damage_rows
from builds.presentation.worth import asked_for, worth_view
from builds.spec import BuildSpec, parse_build
from builds.spec.model import DamageProfile
from gw2optimizer.errors import InvalidInput
from tests.specs import firebrand, minimal, packaged

PROFILE = DamageProfile(3000.0, 0.0, {"burning": 5.0}, 0.4, "a test")


def spec(**changes: object) -> BuildSpec:
    return parse_build(firebrand(**changes), packaged()).spec


def test_damage_is_what_the_search_for_gear_says_of_the_present_gear() -> None:
    builds = [record.spec for record in packaged_records() if record.spec.benchmark_dps][::40]
    assert len(builds) > 1
    for build in builds:
        found = optimize_build(
            build, packaged(), objective="damage", choices=GearChoices(prefixes=("Viper's",)), profile=PROFILE
        )
        assert found.present is not None
        damage = damage_of(build, packaged(), profile=PROFILE)
        assert damage.total == pytest.approx(found.present.damage)
        assert (damage.strikes > 0, damage.conditions > 0, damage.source) == (True, True, "a test")


def test_a_slot_without_gear_gives_nothing() -> None:
    dressed, bare = (damage_of(spec(gear=gear), packaged(), profile=PROFILE) for gear in ({"coat": "Viper's"}, {}))
    assert dressed.strikes > bare.strikes > 0
    assert dressed.conditions > bare.conditions > 0


def test_boons_and_a_missing_profile_are_the_usual_and_an_estimate() -> None:
    build = spec()
    assert damage_of(build, packaged(), boons={}).total < damage_of(build, packaged()).total
    assert damage_of(build, packaged()).source == "estimated from skills' facts"


def test_pvp_without_amulets_has_no_damage() -> None:
    with pytest.raises(InvalidInput, match="PvP amulets are not in the data"):
        damage_of(parse_build(minimal(game_mode="pvp"), packaged()).spec, packaged())


def test_rows_name_what_changed_by_sign() -> None:
    now, before = (damage_of(spec(gear=gear), packaged(), profile=PROFILE) for gear in ({}, {"coat": "Viper's"}))
    less = {row.name: row.delta for row in damage_rows(now, before)}
    more = {row.name: row.delta for row in damage_rows(before, now)}
    assert all(delta.startswith("\N{MINUS SIGN}") for delta in less.values())
    assert [delta.replace("+", "\N{MINUS SIGN}") for delta in more.values()] == list(less.values())
    assert {row.delta for row in damage_rows(now, now)} == {""}
    assert {row.delta for row in damage_rows(now)} == {""}


def test_a_boon_that_is_gone_is_named_with_what_it_was() -> None:
    with_it, without = spec(skills={"utilities": [9153, None, None]}), spec(skills={})
    rows = {row.name: row for row in worth_view(without, packaged(), asked_for([], [], ""), with_it).effects.boons}
    assert (rows["Stability"].amount, rows["Stability"].percent) == ("0.0 stacks", 0)
    assert rows["Stability"].delta.startswith("\N{MINUS SIGN}")
    back = {row.name: row for row in worth_view(with_it, packaged(), asked_for([], [], ""), without).effects.boons}
    assert back["Stability"].delta == rows["Stability"].delta.replace("\N{MINUS SIGN}", "+")
    same = worth_view(with_it, packaged(), asked_for([], [], ""), with_it)
    assert {row.delta for row in same.effects.boons} == {""}
    assert {row.was for row in same.effects.rows} == {""}


def test_an_own_profile_counts_on_both_sides_or_on_none() -> None:
    """A build whose skills changed has lost its profile: what it was is then estimated, too."""
    own = spec(damage_profile={"power_coefficient": 9000.0})
    other = spec()
    asked = asked_for([], [], "")
    assert {row.delta for row in worth_view(own, packaged(), asked, own).damage} == {""}
    assert {row.delta for row in worth_view(other, packaged(), asked, own).damage} == {""}
    assert worth_view(own, packaged(), asked).damage != worth_view(other, packaged(), asked).damage


def test_bare_hands_have_no_estimate_and_say_why() -> None:
    new, armed = spec(weapon_sets=[], skills={}), spec(skills={})
    shown = worth_view(new, packaged(), asked_for([], [], ""))
    assert (shown.damage, shown.lacking) == ((), "No estimate yet: it has no weapons and no skills.")
    shown = worth_view(armed, packaged(), asked_for([], [], ""), new)
    assert (bool(shown.damage), shown.lacking) == (True, "Of its weapons alone: it has no skills yet.")
    assert worth_view(spec(), packaged(), asked_for([], [], "")).lacking == ""
