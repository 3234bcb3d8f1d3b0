"""What a build is worth for a role: the file of roles, what is measured, and how a score explains itself."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builds.engine.effects import assumptions, effects_with_panel
from builds.engine.effects.model import ALLIES
from builds.engine.improve import Score, score
from builds.engine.improve.judge import SCALE, Judge
from builds.engine.improve.measure import OPEN_UPTIME, PERHAPS
from builds.engine.improve.roles import FILE, PARTS, Part, UnusableRolesError, packaged_roles, roles_from
from builds.gamedata.model import MODES
from builds.library.records import packaged_records
from builds.spec import BuildSpec, parse_build
from builds.spec.model import ROLES
from gw2optimizer.errors import InvalidInput
from tests.bench.improve import complete
from tests.specs import build_documents, firebrand, minimal, packaged

RECORDS = [record for record in packaged_records() if complete(record)]
BUILDS = [record.spec for record in RECORDS]
EVERY_TENTH = BUILDS[::10]
MOST = 2.0
"""Of any curve."""


def parsed(document: dict[str, Any]) -> BuildSpec:
    return parse_build(document, packaged()).spec


# --- the file of roles -----------------------------------------------------------------------------
def text() -> str:
    from importlib import resources

    return resources.files("builds.engine.improve").joinpath(FILE).read_text("utf-8")


def test_file_of_roles_has_all_roles_and_parts_and_names_that_exist() -> None:
    roles = packaged_roles()
    assert tuple(roles.roles) == ROLES
    assert tuple(roles.parts) == PARTS
    for role in roles.roles.values():
        assert role.why
        assert set(role.gear) <= packaged().prefixes.keys()
        for kind in ("rune", "food", "utility", "relic"):
            name = getattr(role.kit, kind)
            assert packaged().find(kind, name).name == name
        assert all(packaged().find("sigil", name).name == name for name in role.kit.sigils)
        for weights in role.weights.values():
            assert sum(weights.values()) == pytest.approx(1.0)
    used = {name for role in roles.roles.values() for weights in role.weights.values() for name in weights}
    assert used == set(PARTS)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda t: t.replace("damage = 0.82", "damage = 0.83", 1), "roles.dps.weights must add up to 1"),
        (lambda t: t.replace("damage = 0.82", "luck = 0.82", 1), "roles.dps.weights must hold weights of"),
        (lambda t: t.replace("damage = 0.82", "damage = -0.82", 1), "roles.dps.weights.damage must be a number"),
        (lambda t: t.replace("damage = 0.82", "damage = nan", 1), "roles.dps.weights.damage must be a number"),
        (lambda t: t.replace("[parts.aegis]", "[parts.luck]", 1), "parts must hold"),
        (
            lambda t: t.replace("[roles.tank]", "[roles.sprinter]", 1).replace("[roles.tank.", "[roles.sprinter."),
            "roles",
        ),
        (lambda t: t.replace('curve = "measured"', 'curve = "wild"', 1), "parts.damage.curve must be one of"),
        (lambda t: t.replace("beyond = 0.25", "", 1), "parts.damage must hold"),
        (lambda t: t.replace("beyond = 0.25", "beyond = 1.25", 1), "parts.damage.beyond must be at most 1"),
        (lambda t: t.replace("pve = 42000", "pve = 0", 1), "parts.damage.good must be above 0"),
        (lambda t: t.replace('kit = "strikes"', 'kit = "none"', 1), "roles.dps.kit must be one of"),
        (lambda t: t.replace('infusion = "power"', 'infusion = "luck"', 1), "kits.strikes.infusion must be one of"),
        (lambda t: t.replace('title = "Damage"', 'title = ""', 1), "parts.damage.title must be a text"),
        (lambda t: t.replace("gear = [", "gear = [1, ", 1), "roles.dps.gear must be a list of texts"),
        (lambda t: t.replace("quickness = true", "haste = true", 1), "circumstances.pve must hold"),
        (lambda t: t + "\n[more]\nx = 1\n", "the file must hold"),
        (lambda t: t + "\n[[", FILE),
    ],
)
def test_file_of_roles_that_is_not_whole_is_refused_by_name(wrong: Callable[[str], str], told: str) -> None:
    broken = wrong(text())
    assert broken != text()
    with pytest.raises(UnusableRolesError, match=FILE) as caught:
        roles_from(broken)
    assert told in str(caught.value)


def test_curves_are_worth_one_at_what_is_good() -> None:
    good = dict.fromkeys(("pve", "wvw", "pvp"), 10.0)
    held, bent = (Part("x", "X", "u", curve, good) for curve in ("held", "diminishing"))
    measured = Part("x", "X", "u", "measured", good, beyond=0.25, most=1.5)
    assert [part.value(10, "pve") for part in (measured, held, bent)] == [1.0, 1.0, 1.0]
    assert [part.value(5, "pve") for part in (measured, held, bent)] == [0.5, 0.5, pytest.approx(2 / 3)]
    assert [part.value(1e308, "pve") for part in (measured, held)] == [1.5, 1.0]
    assert bent.value(1e300, "pve") == pytest.approx(2.0)
    assert [part.value(-5, "pve") for part in (measured, held, bent)] == [0.0, 0.0, 0.0]
    for part, number in ((measured, 4.0), (held, 4.0), (bent, 4.0), (measured, 14.0)):
        step = 1e-6
        values = [part.value(part.believed(one, "pve"), "pve") for one in (number, number + step)]
        slope = part.slope(part.believed(number, "pve"), "pve")
        assert slope == pytest.approx((values[1] - values[0]) / step, 1e-4)
    assert held.slope(10, "pve") == 0.0
    assert measured.slope(15, "pve") == 0.0


def test_of_an_estimate_beyond_all_benchmarks_little_is_believed() -> None:
    part = packaged_roles().parts["damage"]
    best = max(build.benchmark_dps or 0.0 for build in BUILDS)
    assert part.believed(30_000, "pve") == 30_000
    assert 42_000 < part.believed(60_000, "pve") < 47_000
    assert part.believed(1e12, "pve") == pytest.approx(best, rel=0.02)


# --- what is measured ------------------------------------------------------------------------------
@pytest.mark.parametrize("build", EVERY_TENTH, ids=lambda build: build.name)
def test_measures_are_those_of_the_effects(build: BuildSpec) -> None:
    """A role that has every part, so that all are measured."""
    judge = Judge(packaged(), "boon_support", build.game_mode)
    numbers = judge.numbers(build)
    found = effects_with_panel(
        build, packaged(), build.game_mode, quickness=judge.held.quickness, alacrity=judge.held.alacrity
    )
    per_30 = {count.effect: 30 * count.per_second for count in found.counts}
    removed = ("conditions_removed", "conditions_converted", "conditions_transferred")
    stripped = ("boons_removed", "boons_corrupted", "boons_stolen")
    assert numbers["cleanse"] == pytest.approx(sum(per_30.get(name, 0.0) for name in removed))
    assert numbers["strip"] == pytest.approx(sum(per_30.get(name, 0.0) for name in stripped))
    assert numbers["control"] == pytest.approx(found.defiance_per_30_s)
    assert numbers["stun_break"] == len(found.stun_breaks)
    for uptime in found.boons:
        if uptime.boon.lower() not in numbers or uptime.boon == "Stability":
            continue
        counted = sum(one.share * (1.0 if one.to == ALLIES else PERHAPS) for one in uptime.given_by)
        most = assumptions.STACK_CAP if uptime.boon == "Might" else 1.0
        held = numbers[uptime.boon.lower()]
        assert held >= min(most, counted) - 1e-9
        if all(not one.not_counted for one in uptime.given_by) and not any(
            entry.effect.startswith(uptime.boon) for entry in found.unknown
        ):
            assert held == pytest.approx(min(most, counted))


def test_damage_is_that_of_the_contract_for_the_estimated_profile() -> None:
    from builds.engine.optimise import GearChoices, optimize_build

    build = next(one for one in BUILDS if one.name == "Dragonhunter Power (Spear / Greatsword)")
    judge = Judge(packaged(), "hybrid", build.game_mode)
    found = optimize_build(
        build,
        packaged(),
        objective="damage",
        choices=GearChoices(prefixes=("Berserker's",)),
        profile=judge.profile(build),
    )
    assert found.present is not None
    # The optimiser rounds the points of conversions in another order than the panel.
    assert judge.damage(build) == pytest.approx(found.present.damage, rel=2e-3)


def test_role_called_by_one_kind_of_damage_counts_the_other_half() -> None:
    build = next(one for one in BUILDS if one.name == "Condition Scrapper Quickness")
    whole, strikes, conditions = (
        Judge(packaged(), role, build.game_mode).damage(build) for role in ("hybrid", "dps", "condi_dps")
    )
    assert strikes < conditions < whole
    assert strikes + conditions == pytest.approx(1.5 * whole)


def test_boon_whose_rate_no_fact_tells_counts_for_a_part_of_the_time() -> None:
    build = next(one for one in BUILDS if one.name == "Condition Tempest Alacrity")
    found = {part.name: part for part in score(build, packaged()).parts}["alacrity"]
    duration = Judge(packaged(), "alacrity", build.game_mode).panel(build)["boon_duration"]
    assert found.number == pytest.approx(min(1.0, OPEN_UPTIME * (1 + duration)))
    plain = replace(build, specializations=(build.specializations[0], build.specializations[1], None))
    assert {part.name: part for part in score(plain, packaged()).parts}["alacrity"].number == 0.0


# --- the score -------------------------------------------------------------------------------------
@pytest.mark.parametrize("build", EVERY_TENTH, ids=lambda build: build.name)
def test_score_explains_itself(build: BuildSpec) -> None:
    found = score(build, packaged())
    assert found.total == pytest.approx(sum(part.contribution for part in found.parts))
    assert found == score(build, packaged())
    assert 10 < found.total < 250
    for part in found.parts:
        assert part.contribution == pytest.approx(SCALE * part.weight * part.value)
        assert part.sentence.startswith(f"{part.title}: ")
        assert part.sentence.endswith(" points.")
    assert [part.weight for part in found.parts] == sorted((part.weight for part in found.parts), reverse=True)
    assert found.assumptions


def test_published_builds_of_a_role_score_alike() -> None:
    """The yardsticks are theirs: else the numbers of a score would mean nothing."""
    for role in ("dps", "condi_dps", "quickness", "alacrity", "healer"):
        totals = sorted(score(build, packaged()).total for build in BUILDS if build.role == role)
        assert 55 < totals[len(totals) // 2] < 115, role


def test_role_and_mode_decide() -> None:
    build = next(one for one in BUILDS if one.role == "dps" and one.game_mode == "raids")
    assert score(build, packaged()).total > score(build, packaged(), role="healer").total
    assert score(build, packaged(), mode="wvw").mode == "wvw"
    assert score(build, packaged(), mode="fractals").total == score(build, packaged()).total


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("role", ROLES)
def test_every_role_scores_an_empty_build_and_a_full_one(role: str, mode: str) -> None:
    """A Guardian without anything still has virtues."""
    empty = score(parsed(minimal()), packaged(), role=role, mode=mode)
    full = score(parsed(firebrand()), packaged(), role=role, mode=mode)
    assert 0 < empty.total < 50
    assert 5 < full.total < 120


def test_pvp_says_that_it_has_no_panel() -> None:
    found = score(parsed(minimal(game_mode="pvp", role="dps")), packaged())
    assert any("PvP amulets are not in the data" in note for note in found.notes)
    assert not score(parsed(minimal(game_mode="wvw", role="dps")), packaged()).notes


@settings(max_examples=40, deadline=None)
@given(build_documents(), st.sampled_from(ROLES))
def test_absurd_builds_have_a_finite_score(document: dict[str, Any], role: str) -> None:
    found: Score = score(parsed(document), packaged(), role=role)
    assert math.isfinite(found.total)
    assert 0 <= found.total <= SCALE * MOST
    assert all(math.isfinite(part.number) for part in found.parts)


@pytest.mark.parametrize(("asked", "field"), [({"role": "luck"}, "role"), ({"mode": "luck"}, "mode"), ({}, "role")])
def test_unknown_role_or_mode_is_named(asked: dict[str, str], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        score(parsed(minimal()), packaged(), **({"role": "dps"} if field == "mode" else {}), **asked)
    assert list(caught.value.fields) == [field]
