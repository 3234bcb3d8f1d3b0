"""`improve`: never worse, what is locked stays, the game allows it, and the same question has the same answer."""

import random
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from builds.engine.improve import LOCKS, Improvement, improve, score
from builds.engine.improve.changes import changed_parts
from builds.engine.improve.fitting import is_empty
from builds.engine.improve.locks import Locks
from builds.engine.improve.options import elite_of
from builds.engine.improve.seeds import nearest
from builds.library.records import packaged_records
from builds.spec import BuildSpec, build_json, parse_build
from builds.spec.model import ARMOR_SLOTS, ROLES, GearPiece, SkillBar, WeaponSet
from gw2optimizer.errors import InvalidInput
from tests.bench.improve import NEAR, complete, differing, far_others_of, others_of, row, scrambled
from tests.specs import firebrand, minimal, packaged

RECORDS = packaged_records()
COMPLETE = [record for record in RECORDS if complete(record)]
FEW = 60
"""Judged builds: enough to change something, and quick."""


def named(name: str) -> BuildSpec:
    return next(record.spec for record in RECORDS if record.spec.name == name)


def parsed(document: dict[str, Any]) -> BuildSpec:
    return parse_build(document, packaged()).spec


@cache
def broken(name: str) -> BuildSpec:
    return scrambled(named(name), packaged(), random.Random(7))


def published(build: BuildSpec) -> list[BuildSpec]:
    return nearest(build, (one.spec for one in RECORDS if not one.stale), packaged())


def improved(build: BuildSpec, **more: Any) -> Improvement:
    more.setdefault("evaluations", FEW)
    more.setdefault("seeds", published(build))
    return improve(build, packaged(), **more)


def assert_possible(build: BuildSpec) -> None:
    document = build_json(build, packaged())
    again = parse_build(document, packaged())
    assert again.spec == build
    assert again.notes == ()


GUARDIAN = "Dragonhunter Power (Spear / Greatsword)"
REVENANT = "Condition Renegade Alacrity"
ENGINEER = "Condition Scrapper Quickness"
RANGER = "Power Untamed Quickness"


# --- what it finds ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", [GUARDIAN, REVENANT, ENGINEER])
def test_scrambled_build_regains_its_score(name: str) -> None:
    record = next(one for one in COMPLETE if one.spec.name == name)
    found = row(record, RECORDS, packaged())
    assert found.scrambled < found.published
    assert found.back


def test_bench_never_lends_the_build_itself() -> None:
    for record in COMPLETE[::20]:
        lent = others_of(record, RECORDS, packaged())
        assert lent
        assert all(
            (one.specializations, one.skills) != (record.spec.specializations, record.spec.skills) for one in lent
        )


def test_harder_bench_lends_no_near_neighbour() -> None:
    left_out = 0
    for record in COMPLETE[::20]:
        near, far = others_of(record, RECORDS, packaged()), far_others_of(record, RECORDS, packaged())
        assert all(one in near for one in far)
        left_out += len(near) - len(far)
        elite, role = elite_of(record.spec, packaged()), record.spec.role
        alike = [one for one in far if one.role == role and elite_of(one, packaged()) == elite]
        assert all(differing(record.spec, one) >= NEAR for one in alike)
    assert left_out


def test_result_is_possible_better_and_explained() -> None:
    build = broken(GUARDIAN)
    found = improved(build, evaluations=200)
    assert found.before is not None
    assert found.after.total > found.before.total
    assert found.before == score(build, packaged())
    assert found.after == score(found.build, packaged())
    assert found.status == "done"
    assert_possible(found.build)
    assert found.build.template_code != build.template_code
    assert found.build.benchmark_dps is None
    assert found.changes
    for change in found.changes:
        assert change.part in LOCKS
        assert change.before != change.after
        assert change.why.endswith(".")
        assert change.gain == pytest.approx(sum(change.moved.values()), abs=0.5)
    by_part = {change.part: change for change in found.changes}
    trait = next(part for part in by_part if part.startswith("traits"))
    assert packaged().named("trait", (by_part[trait].after or "").partition(" (")[0]) or by_part[trait].after
    assert list(found.changes) == sorted(found.changes, key=lambda change: -change.gain)
    assert found.as_json()["after"]["total"] == pytest.approx(found.after.total, abs=1e-3)


def test_never_below_its_input_whatever_the_budget() -> None:
    chance = random.Random(3)
    for record in COMPLETE[::30]:
        build = scrambled(record.spec, packaged(), chance) if chance.random() < 0.5 else record.spec
        role, evaluations = chance.choice([build.role, *ROLES]), chance.choice([1, 5, 30])
        found = improved(build, role=role, evaluations=evaluations)
        assert found.before is not None
        assert found.after.total >= found.before.total
        assert found.after.total >= score(build, packaged(), role=role).total
        assert_possible(found.build)
        assert elite_of(found.build, packaged()) == elite_of(build, packaged())


def test_same_seed_gives_the_same_answer() -> None:
    build = broken(ENGINEER)
    first, second = improved(build, seed=5, evaluations=150), improved(build, seed=5, evaluations=150)
    assert first.build == second.build
    assert first.changes == second.changes
    assert first.evaluations == second.evaluations


def test_best_known_build_comes_back_untouched() -> None:
    best = improved(broken(GUARDIAN), evaluations=200).build
    again = improved(best, evaluations=30, seeds=(), least=5.0)
    assert again.build == best
    assert again.changes == ()
    assert again.gain == 0.0


def test_time_limit_is_said() -> None:
    found = improved(broken(GUARDIAN), seconds=0.0)
    assert found.status == "stopped"
    assert any("time ran out" in note for note in found.notes)
    assert found.before is not None
    assert found.after.total >= found.before.total


def test_missing_parts_are_chosen() -> None:
    whole = named(GUARDIAN)
    bare = replace(whole, weapon_sets=(), gear={}, skills=SkillBar(), sigils=(), rune=None, food=None, template_code="")
    found = improved(bare, evaluations=200)
    assert len(found.build.weapon_sets) == 2
    assert all(found.build.skills.ids)
    assert all(found.build.gear[slot].prefix for slot in ARMOR_SLOTS)
    assert found.build.rune
    assert_possible(found.build)


@pytest.mark.parametrize("locks", [(), ("lines", "weapons.2", "skills.heal", "gear.weapon_2_off", "rune")])
def test_what_is_empty_is_filled_unless_it_is_locked(locks: tuple[str, ...]) -> None:
    whole = named(GUARDIAN)
    gear = {slot: piece for slot, piece in whole.gear.items() if slot not in ("helm", "weapon_2_main", "weapon_2_off")}
    bare = replace(
        whole,
        specializations=(None, whole.specializations[1], whole.specializations[2]),
        skills=SkillBar(None, (whole.skills.utilities[0], None, None), whole.skills.elite),
        weapon_sets=whole.weapon_sets[:1],
        sigils=whole.sigils[:1],
        rune=None,
        relic=None,
        gear=gear,
        template_code="",
    )
    found = improved(bare, locks=locks, evaluations=200)
    empty = {"traits.1", "weapons.2", "skills.heal", "rune"} if locks else set()
    skills = ("skills.heal", "skills.utility_2", "skills.utility_3")
    parts = ("traits.1", "weapons.2", *skills, "rune", "relic", "gear.helm")
    assert {part for part in parts if is_empty(found.build, part, packaged())} == empty
    assert len(found.build.sigils) == len(found.build.weapon_sets)
    assert_possible(found.build)


def test_locked_empty_slot_of_a_weapon_stays_empty() -> None:
    whole = named("Dragonhunter Power (Spear / Greatsword)")
    held = (whole.weapon_sets[0], WeaponSet("Sword", "Focus"))
    gear = {slot: piece for slot, piece in whole.gear.items() if slot != "weapon_2_off"}
    bare = replace(whole, weapon_sets=held, gear=gear, template_code="")
    for locks in (["gear.weapon_2_off"], ["gear.weapon_2_off", "traits", "skills"]):
        found = improved(bare, locks=locks, evaluations=120)
        assert found.changes
        assert is_empty(found.build, "gear.weapon_2_off", packaged())
    free = improved(bare, locks=["weapons"], evaluations=120)
    assert not is_empty(free.build, "gear.weapon_2_off", packaged())


@pytest.mark.parametrize("most", [1, 7, 40, 150])
def test_no_more_builds_are_judged_than_asked_for(most: int) -> None:
    assert improved(broken(GUARDIAN), evaluations=most).evaluations <= most
    assert improve(None, packaged(), profession="Thief", role="dps", evaluations=most).evaluations <= most


def test_familiar_takes_only_what_published_builds_have() -> None:
    build = broken(GUARDIAN)
    seeds = published(build)
    found = improved(build, seeds=seeds, familiar=True, evaluations=150).build
    seen = {id_ for one in (*seeds, build) for id_ in one.skills.ids}
    sets = {held for one in (*seeds, build) for held in one.weapon_sets}
    assert set(found.skills.ids) <= seen
    assert set(found.weapon_sets) <= sets


def test_changes_that_bring_little_are_left_out() -> None:
    found = improved(broken(GUARDIAN), evaluations=200, least=3.0)
    alone = [change for change in found.changes if change.part not in {"gear"} and not change.part.startswith("gear.")]
    assert alone
    assert all(change.gain >= 0 for change in alone)
    assert len(found.changes) < len(improved(broken(GUARDIAN), evaluations=200, least=0.0).changes)


# --- locks -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "locks",
    [
        ("traits",), ("traits.2",), ("traits.1.3", "lines"), ("skills",), ("skills.heal", "skills.utility_2"),
        ("weapons",), ("weapons.1", "gear.helm"), ("gear",), ("rune", "sigils"), ("food", "utility", "gear.ring_1"),
    ],
    ids=", ".join,
)  # fmt: skip
def test_what_is_locked_stays(locks: tuple[str, ...]) -> None:
    build = broken(GUARDIAN)
    found = improved(build, locks=locks, evaluations=80)
    held = Locks(locks)
    changed = changed_parts(build, found.build)
    assert changed
    assert [part for part in changed if held.touches(part)] == []
    if "lines" in locks:
        assert [line and line.specialization for line in found.build.specializations] == [
            line and line.specialization for line in build.specializations
        ]
    assert_possible(found.build)


def test_revenants_skills_are_locked_with_their_legends() -> None:
    build = broken(REVENANT)
    found = improved(build, locks=["skills.heal"]).build
    assert found.legends_land == build.legends_land
    assert found.skills == build.skills
    free = improved(build, evaluations=150).build
    assert free.legends_land != build.legends_land


def test_everything_locked_changes_nothing() -> None:
    build = broken(RANGER)
    whole = [name for name in LOCKS if "." not in name]
    found = improved(build, locks=whole)
    assert found.build == build
    assert found.changes == ()


@pytest.mark.parametrize("lock", ["luck", "traits.4", "gear.hat", "", "Traits"])
def test_unknown_lock_is_named(lock: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        improve(named(GUARDIAN), packaged(), locks=[lock])
    assert lock in caught.value.fields["locks"][0]


# --- from profession and role ----------------------------------------------------------------------
@pytest.mark.parametrize("profession", ["Guardian", "Revenant", "Engineer", "Ranger"])
@pytest.mark.parametrize(("role", "mode"), [("dps", "raids"), ("healer", "wvw")])
def test_profession_and_role_are_enough(profession: str, role: str, mode: str) -> None:
    found = improve(None, packaged(), profession=profession, role=role, mode=mode, evaluations=80)
    build = found.build
    assert (build.profession, build.role, build.game_mode) == (profession, role, mode)
    assert all(build.specializations)
    assert all(build.skills.ids)
    assert build.weapon_sets
    assert build.rune
    assert build.relic
    assert build.food
    assert all(build.gear[slot].prefix for slot in ARMOR_SLOTS)
    assert found.before is None
    assert_possible(build)


def test_published_builds_are_what_it_starts_from() -> None:
    seeds = published(named(GUARDIAN))
    found = improve(None, packaged(), profession="Guardian", role="dps", mode="raids", seeds=seeds, evaluations=60)
    assert found.started_from in {one.name for one in seeds}
    assert found.after.total >= max(score(one, packaged(), role="dps", mode="raids").total for one in seeds)
    assert_possible(found.build)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"role": "dps"}, "profession"),
        ({"profession": "Bard", "role": "dps"}, "profession"),
        ({"profession": "Thief"}, "role"),
        ({"profession": "Thief", "role": "luck"}, "role"),
        ({"profession": "Thief", "role": "dps", "mode": "luck"}, "mode"),
        ({"profession": "Thief", "role": "dps", "evaluations": 0}, "evaluations"),
        ({"profession": "Thief", "role": "dps", "evaluations": 10**9}, "evaluations"),
    ],
)
def test_what_there_is_not_is_named(asked: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        improve(None, packaged(), **asked)
    assert list(caught.value.fields) == [field]


def test_profession_that_contradicts_the_build_is_refused() -> None:
    with pytest.raises(InvalidInput, match="improve"):
        improve(named(GUARDIAN), packaged(), profession="Thief")


# --- modes -----------------------------------------------------------------------------------------
def test_pvp_searches_traits_and_skills_and_says_that_gear_is_not() -> None:
    build = parsed(
        minimal(
            role="dps",
            game_mode="pvp",
            specializations=firebrand()["specializations"],
            skills=firebrand()["skills"],
            weapon_sets=firebrand()["weapon_sets"],
        )
    )
    found = improve(build, packaged(), evaluations=150)
    assert found.build.gear == {}
    assert any("gear is not searched" in note for note in found.notes)
    assert found.changes
    assert {change.part.partition(".")[0] for change in found.changes} <= {"traits", "skills", "weapons"}
    assert_possible(found.build)


def test_another_mode_and_role_are_taken_over() -> None:
    build = named(GUARDIAN)
    found = improved(build, mode="wvw", role="stability_support", evaluations=100)
    assert (found.build.game_mode, found.build.role) == ("wvw", "stability_support")
    assert found.before is not None
    assert found.after.total >= found.before.total
    assert_possible(found.build)
    to_pvp = improved(build, mode="pvp", role="dps", evaluations=20).build
    assert to_pvp.gear == {}
    assert_possible(to_pvp)


def test_runes_by_piece_are_left_to_the_player() -> None:
    build = broken(GUARDIAN)
    rune = packaged().find("rune", "Superior Rune of the Scholar").id
    pieces = {slot: GearPiece("Berserker's", upgrade=rune) for slot in ARMOR_SLOTS}
    found = improved(replace(build, rune=None, gear={**build.gear, **pieces})).build
    assert found.rune is None
    assert all(found.gear[slot].upgrade == rune for slot in ARMOR_SLOTS)
