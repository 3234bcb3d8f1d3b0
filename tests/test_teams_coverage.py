"""What a team has: by hand-reckoned builds, and by what must hold for any team of library builds."""

import math
import random
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builds.gamedata.fact_shapes import BOONS
from builds.gamedata.model import MODES
from builds.spec import BuildSpec, parse_build
from teams.coverage import RATES, Cover, TeamCoverage, coverage
from teams.coverage.team import Memo
from teams.spec import GroupSpec, Place, SlotSpec, TeamSpec
from tests.specs import build_documents, minimal, packaged
from tests.teams import library, library_build, team, with_player, without_player

NEVER_LESS = ("strips_per_second", "cleanses_per_second", "healing_per_second", "defiance_per_30_s")
ROUNDING = 1e-12


def built(**changes: Any) -> BuildSpec:
    return parse_build(minimal(game_mode="wvw", **changes), packaged()).spec


def of(*groups: list[BuildSpec | None], mode: str = "wvw") -> TeamCoverage:
    return coverage(team(*groups, mode=mode), packaged())


def stand_your_ground() -> BuildSpec:
    """Five stacks of stability for six seconds, each 24.75 seconds, to five allies."""
    return built(skills={"utilities": ["“Stand Your Ground!”"]})


def bare() -> BuildSpec:
    return built(profession="Thief")


def test_a_shout_reaches_its_subgroup() -> None:
    found = of([stand_your_ground(), bare()], [bare()])
    stability = found.groups[0].boons["Stability"]
    assert stability.stacks == pytest.approx(5 * 6 / 24.75)
    assert stability.uptime == pytest.approx(6 / 24.75)
    assert found.groups[0].rates["stability_per_30_s"].number == pytest.approx(30 / 24.75)
    assert (stability.givers, stability.without_best, stability.from_beyond) == (1, 0.0, 0.0)
    source = stability.sources[0]
    assert (source.origin.name, source.group, source.slot, source.reach) == ('"Stand Your Ground!"', 0, 0, "allies")


def test_targets_left_over_reach_other_subgroups() -> None:
    """Two of the five targets are there; three are left for two subgroups that count as whole ones."""
    found = of([stand_your_ground(), bare()], [bare()], [bare()], [])
    whole = 5 * 6 / 24.75
    assert found.groups[1].boons["Stability"].stacks == pytest.approx(whole * 3 / (5 * 2))
    assert found.groups[1].boons["Stability"].from_beyond == pytest.approx(whole * 3 / (5 * 2))
    assert found.groups[1].boons["Stability"].givers == 0
    assert found.groups[3].boons["Stability"].stacks == 0
    full = of([stand_your_ground(), *[bare()] * 4], [bare()])
    assert full.groups[1].boons["Stability"].stacks == 0


def test_the_squad_has_the_mean_over_its_players() -> None:
    found = of([stand_your_ground(), *[bare()] * 4], [bare()] * 5)
    assert found.squad.boons["Stability"].stacks == pytest.approx(5 * 6 / 24.75 / 2)


def test_two_givers_are_redundant() -> None:
    found = of([stand_your_ground(), stand_your_ground()])
    stability = found.groups[0].boons["Stability"]
    assert stability.givers == 2
    assert stability.without_best == pytest.approx(stability.stacks / 2)


def test_a_firebrand_without_a_stability_skill_gives_none() -> None:
    """Whatever its role says; it is told that nothing was found."""
    lines = [{"specialization": "Radiance"}, {"specialization": "Zeal"}, {"specialization": "Firebrand"}]
    label = built(specializations=lines, role="stability_support", skills={"utilities": ["Bane Signet"]})
    found = of([label, bare()])
    assert found.groups[0].boons["Stability"].stacks == 0
    assert found.groups[0].rates["stability_per_30_s"].number == 0
    assert any(one.effect == "Stability" and "role promises" in one.reason for one in found.unknown)
    with_skill = of([replace(label, skills=stand_your_ground().skills), bare()])
    assert with_skill.groups[0].boons["Stability"].stacks > 1
    assert not any("role promises" in one.reason for one in with_skill.unknown)


def test_charges_of_a_mantra_count() -> None:
    """Portent of Freedom: a stack for three seconds to five allies, a charge each 25 seconds and a cast."""
    lines = [None, None, {"specialization": "Firebrand"}]
    found = of([built(specializations=lines, skills={"elite": "Mantra of Liberation"})])
    source = next(s for s in found.groups[0].boons["Stability"].sources if s.origin.name == "Portent of Freedom")
    assert source.amount == pytest.approx(3 / 25.75)


def test_what_names_nobody_counts_for_its_giver() -> None:
    """The facts of “We Heal As One!” name neither targets nor a radius."""
    healer = built(profession="Ranger", skills={"heal": "“We Heal As One!”"})
    found = of([healer, bare()])
    own = [s for cover in found.groups[0].boons.values() for s in cover.sources if s.reach == "self"]
    assert own
    assert all(source.amount == 0 for source in own)
    assert sum(found.players[0].boons.values()) > sum(found.players[1].boons.values())
    assert any("whom it reaches" in one.reason for one in found.unknown)


def test_sums_name_who_gives_them_and_from_which_skill() -> None:
    found = coverage(
        TeamSpec("T", "wvw", None, (GroupSpec((SlotSpec(built(skills={"utilities": ["Bane Signet"]}), "Ann"),)),)),
        packaged(),
    )
    control = found.groups[0].rates["defiance_per_30_s"]
    bane = next(source for source in control.sources if source.origin.name == "Bane Signet")
    assert (bane.player, bane.origin.place) == ("Ann", "Utility")
    assert bane.amount == pytest.approx(30 / bane.origin.period * 300, rel=0.35)
    assert control.number == pytest.approx(sum(source.amount for source in control.sources))


def test_fields_and_finishers_meet_only_where_both_are() -> None:
    """A staff of an elementalist brings fields, a warrior's hammer a blast."""
    caster = built(profession="Elementalist", weapon_sets=[{"main_hand": "Staff"}])
    blaster = built(
        profession="Warrior", weapon_sets=[{"main_hand": "Hammer"}, {"main_hand": "Mace", "off_hand": "Mace"}]
    )
    together = of([caster, blaster])
    apart = of([caster], [blaster])
    finishers = {name for combo in together.groups[0].combos for name in combo.finishers_of if "Test: " in name}
    assert finishers
    assert apart.groups[1].combos == ()
    assert sum(c.per_30_s for c in together.squad.combos) > sum(c.per_30_s for c in apart.squad.combos)


def test_ranged_and_melee_follow_the_weapons() -> None:
    both = built(profession="Ranger", weapon_sets=[{"main_hand": "Longbow"}, {"main_hand": "Greatsword"}])
    near = built(profession="Warrior", weapon_sets=[{"main_hand": "Hammer"}])
    found = of([both, near])
    assert (found.squad.ranged, found.squad.melee) == (1, 2)
    assert [(one.ranged, one.melee) for one in found.players] == [(True, True), (False, True)]


def test_power_and_condition_builds_share_the_damage() -> None:
    power = next(b for b in library() if b.role == "dps" and b.game_mode == "raids" and b.gear)
    condition = next(b for b in library() if b.role == "condi_dps" and b.game_mode == "raids" and b.gear)
    one, other, mixed = (of([*group], mode="raids").squad for group in ([power], [condition], [power, condition]))
    assert one.power_share > 0.7 > 0.4 > other.power_share
    assert other.power_share < mixed.power_share < one.power_share
    assert mixed.damage == pytest.approx(one.damage + other.damage)


def test_teams_of_nobody_are_fine() -> None:
    for nobody in (of(), of([]), of([], []), of([None])):
        assert nobody.size == 0
        assert nobody.squad.damage == 0
        assert all(cover.stacks == 0 for cover in nobody.squad.boons.values())
        assert all(rate.number == 0 for rate in nobody.squad.rates.values())
    assert "group 1, place 1" in of([None]).notes[0]


def test_builds_of_pvp_need_no_panel() -> None:
    found = of([stand_your_ground(), bare()], mode="pvp")
    assert found.squad.power_share is None
    assert found.squad.effective_health is None
    assert len(found.notes) == 2
    assert '"Stand Your Ground!"' in [one.origin.name for one in found.groups[0].rates["stun_breaks"].sources]


def test_the_team_mode_decides_and_not_the_build_s() -> None:
    """Under alacrity and quickness a raid's recharges are shorter."""
    wvw, raids = (of([stand_your_ground()], mode=mode).squad.rates["stability_per_30_s"] for mode in ("wvw", "raids"))
    assert raids.number > wvw.number


def test_coverage_is_plain_values() -> None:
    told = orjson.loads(orjson.dumps(of([library_build("Boon Firebrand")]).as_json()))
    assert set(told["squad"]["rates"]) == set(RATES)
    assert set(told["groups"][0]["boons"]) == set(BOONS)


def test_a_memo_changes_no_number() -> None:
    """One change after another, among subgroups that are not whole and so reach one another."""
    memo, given = Memo(), team([stand_your_ground(), bare()], [bare()], [library_build("Heal Druid"), bare()])
    for build in (library_build("Boon Firebrand"), bare(), library_build("Support Troubadour")):
        for place in (Place(0, 0), Place(1, 0)):
            changed = given.with_build(place, build)
            assert coverage(changed, packaged(), memo=memo) == coverage(changed, packaged())


# --- What must hold for any team ------------------------------------------------------------------
def builds() -> Any:
    return st.sampled_from(library())


def teams(least: int = 0) -> Any:
    group = st.lists(builds(), min_size=least, max_size=4)
    return st.tuples(st.lists(group, min_size=1, max_size=3), st.sampled_from(("wvw", "raids"))).map(
        lambda drawn: team(*drawn[0], mode=drawn[1])
    )


@settings(max_examples=12, deadline=None)
@given(teams(), builds(), st.integers(0, 2))
def test_a_player_more_never_lowers_what_the_subgroup_has(before: TeamSpec, build: BuildSpec, drawn: int) -> None:
    index = drawn % len(before.groups)
    one = coverage(before, packaged()).groups[index]
    more = coverage(with_player(before, index, build), packaged()).groups[index]
    for boon in BOONS:
        assert more.boons[boon].uptime >= one.boons[boon].uptime - ROUNDING
        assert more.boons[boon].stacks >= one.boons[boon].stacks - ROUNDING
    for name in RATES:
        assert more.rates[name].number >= one.rates[name].number * (1 - ROUNDING)


@settings(max_examples=12, deadline=None)
@given(teams(), builds(), st.integers(0, 2))
def test_a_player_more_never_lowers_the_squad_s_sums(before: TeamSpec, build: BuildSpec, drawn: int) -> None:
    one = coverage(before, packaged()).squad
    more = coverage(with_player(before, drawn % len(before.groups), build), packaged()).squad
    for name in NEVER_LESS:
        assert more.rates[name].number >= one.rates[name].number * (1 - ROUNDING)


def numbers(cover: Cover) -> dict[str, Any]:
    told = cover.as_json()
    for boon in told["boons"].values():
        boon.pop("sources")
    for rate in told["rates"].values():
        rate.pop("sources")
    return told | {"group": None}


@settings(max_examples=10, deadline=None)
@given(teams(), st.randoms(use_true_random=False))
def test_order_changes_nothing(before: TeamSpec, chance: random.Random) -> None:
    groups = [GroupSpec(tuple(chance.sample(group.slots, len(group.slots)))) for group in before.groups]
    order = chance.sample(range(len(groups)), len(groups))
    after = replace(before, groups=tuple(groups[i] for i in order))
    one, other = coverage(before, packaged()), coverage(after, packaged())
    assert numbers(one.squad) == numbers(other.squad)
    assert [numbers(one.groups[i]) for i in order] == [numbers(group) for group in other.groups]


@settings(max_examples=12, deadline=None)
@given(build_documents(), st.sampled_from(MODES))
def test_any_build_of_the_game_can_be_measured(data: dict[str, Any], mode: str) -> None:
    """However little of it is chosen, and in whatever mode its team plays."""
    found = coverage(team([parse_build(data, packaged()).spec], mode=mode), packaged())
    assert all(0 <= cover.uptime <= 1 and 0 <= cover.stacks <= 25 for cover in found.squad.boons.values())
    assert all(math.isfinite(rate.number) and rate.number >= 0 for rate in found.squad.rates.values())
    assert math.isfinite(found.squad.damage)


@settings(max_examples=12, deadline=None)
@given(teams())
def test_without_its_only_giver_a_boon_is_gone(before: TeamSpec) -> None:
    found = coverage(before, packaged())
    alone = [(boon, cover) for boon, cover in found.squad.boons.items() if cover.givers == 1]
    for boon, _ in alone[:3]:
        source = next(s for group in found.groups for s in group.boons[boon].sources if s.amount)
        rest = coverage(without_player(before, source.group, source.slot), packaged())
        assert rest.squad.boons[boon].stacks == 0
        assert rest.squad.boons[boon].uptime == 0
        if boon == "Stability":
            assert rest.squad.rates["stability_per_30_s"].number == 0
