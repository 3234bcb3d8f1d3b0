"""The score of a team: its targets, its sum, and the changes that would mend it."""

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from builds.chatlinks import decode_build_template
from builds.gamedata.model import MODES, WVW_STYLES
from builds.spec import BuildSpec, parse_build, plain_json
from teams.coverage import coverage
from teams.score import ENGINE_VERSION, STYLES, PartScore, TeamScore, analyse, mends, packaged_targets, score, style_of
from teams.score.targets import UnusableTargetsError, digest, packaged_text, targets_from
from teams.spec import GroupSpec, SlotSpec, TeamSpec, parse_team
from tests.specs import minimal, packaged
from tests.teams import library, library_build, team, without_player

DAMAGE = ("DPS Dragonhunter (Hammer)", "DPS Amalgam", "Reaper", "DPS Dragonhunter", "DPS Holosmith")
LINE = ("Boon Firebrand", "Support Troubadour", "Heal Druid", "Strip Scourge", "DPS Dragonhunter (Hammer)")

UNUSED = '[parts.unused]\ntitle = "a"\nmeasure = "damage"\nunit = "b"\nwhy = "c"\n'


def builds(*names: str) -> list[BuildSpec]:
    return [library_build(name) for name in names]


def scored(given: TeamSpec) -> TeamScore:
    return score(coverage(given, packaged()))


# --- Targets -------------------------------------------------------------------------------------
def test_every_style_has_targets_with_reasons() -> None:
    targets = packaged_targets()
    assert tuple(targets.styles) == STYLES
    for style in targets.styles.values():
        assert sum(target.weight for target in style.targets) == 100
        assert all(target.source and target.part.why for target in style.targets)


def test_each_mode_is_judged_by_a_style() -> None:
    assert {style_of(mode, None) for mode in MODES} == {*STYLES} - {"raid_guild"}
    assert {style_of("wvw", style) for style in WVW_STYLES} == {"zerg", "raid_guild", "roaming"}
    assert [style_of(*one) for one in (("wvw", None), ("wvw", "roaming"), ("pvp", None), ("strikes", None))] == [
        "zerg",
        "roaming",
        "roaming",
        "strikes",
    ]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[grades]", "[grades", "targets.toml"),
        ("S = 90", "S = 79", "must fall"),
        ("D = 0", "", "grades must hold"),
        ('measure = "boon Might"', 'measure = "boon Mite"', "parts.might.measure"),
        ('measure = "five pulls"', 'measure = "player pulls"', "parts.pulls.measure"),
        ('title = "Might"', 'title = ""', "parts.might.title must be a text"),
        ("stability = { weight = 13,", "stability = { weight = 14,", "styles.zerg must add up to 100, not 101"),
        ("stability = { weight = 13,", "mite = { weight = 13,", "styles.zerg.parts.mite"),
        ("stability = { weight = 13,", "stability = { weight = true,", "styles.zerg.parts.stability.weight"),
        ('target = 16000, source = "the', 'target = 0, source = "the', "styles.roaming.parts.damage"),
        ("[styles.raids]", "[styles.raid]", "styles must hold"),
        ("[parts.might]", "[parts.mite]", "there is no such part"),
        ("[styles.zerg]\n", UNUSED + "[styles.zerg]\n", "parts.unused is in no style"),
    ],
)  # fmt: skip
def test_targets_that_are_not_whole_are_refused(old: str, new: str, words: str) -> None:
    text = packaged_text()
    assert old in text
    with pytest.raises(UnusableTargetsError, match=re.escape(words)):
        targets_from(text.replace(old, new, 1))


def test_the_engine_s_version_follows_the_file_of_targets() -> None:
    assert ENGINE_VERSION.endswith(digest())
    assert scored(team()).engine == ENGINE_VERSION


# --- The sum -------------------------------------------------------------------------------------
def test_the_score_is_the_sum_of_its_parts() -> None:
    found = scored(team(builds(*LINE), builds(*LINE), style="zerg"))
    assert found.total == pytest.approx(sum(part.weight * part.value for part in found.parts))
    assert sum(part.weight for part in found.parts) == pytest.approx(100)
    for part in found.parts:
        assert part.value == pytest.approx(
            sum(min(1, part.number / part.target) for _ in part.groups) / 2
            if part.groups
            else min(1, part.number / part.target)
        )
        assert part.title in part.sentence
        assert part.why in part.sentence


def test_a_published_line_is_worth_more_than_damage_alone() -> None:
    line, damage = scored(team(builds(*LINE))), scored(team(builds(*DAMAGE)))
    assert line.grade in ("S", "A")
    assert damage.grade in ("C", "D")
    assert line.total > damage.total + 30
    assert any("Stability" in sentence for sentence in line.strengths)
    assert any("Stability" in sentence for sentence in damage.weaknesses)


def test_a_part_is_judged_in_each_subgroup() -> None:
    """Twice as much stability in one subgroup does not help the other."""
    giver, others = library_build("Boon Firebrand"), builds(*DAMAGE)
    one = scored(team([giver, giver, *others[:3]], others)).part("stability")
    assert one.groups[1] == pytest.approx(0, abs=0.1)
    assert one.value < 0.6
    assert "Least in group 2" in one.sentence


def test_without_the_only_source_of_stability_the_part_is_zero() -> None:
    quiet = [parse_build(minimal(profession="Thief", game_mode="wvw"), packaged()).spec] * 4
    full = team([library_build("Boon Firebrand"), *quiet])
    assert scored(full).part("stability").points > 0
    assert scored(without_player(full, 0, 0)).part("stability").points == 0


def test_a_firebrand_of_that_role_without_the_skills_scores_nothing_for_stability() -> None:
    bare = parse_build(
        minimal(
            game_mode="wvw", role="stability_support", specializations=[None, None, {"specialization": "Firebrand"}]
        ),
        packaged(),
    ).spec
    assert scored(team([bare])).part("stability").points == 0
    assert scored(team([bare])).part("stability_sources").points == 0


def test_a_team_of_nobody_scores_nothing() -> None:
    found = scored(team())
    assert (found.total, found.grade, found.weaknesses) == (0, "D", ())
    assert found.notes == ("Nobody is in the team.",)


def test_what_is_not_known_is_left_out_and_said() -> None:
    found = scored(team([library_build("Boon Firebrand")], mode="pvp"))
    assert "damage" not in {part.name for part in found.parts}
    assert sum(part.weight for part in found.parts) == pytest.approx(100)
    assert any("Damage, Effective health" in note for note in found.notes)


def test_the_order_of_subgroups_changes_no_score() -> None:
    first, second = builds(*LINE), builds(*DAMAGE)
    assert scored(team(first, second)).total == scored(team(second, first)).total


# --- Mends ---------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def lacking() -> TeamSpec:
    """Damage and nothing else; the last place is locked."""
    slots = [SlotSpec(build, f"Player {i}", priority=3) for i, build in enumerate(builds(*DAMAGE), start=1)]
    return TeamSpec("Ours", "wvw", "zerg", (GroupSpec((*slots[:4], replace(slots[4], locked=True))),))


@pytest.fixture(scope="module")
def found(lacking: TeamSpec) -> tuple[Any, ...]:
    return mends(lacking, packaged(), builds(*LINE))


def test_mends_were_tried_and_carry_their_score(lacking: TeamSpec, found: tuple[Any, ...]) -> None:
    before = scored(lacking)
    assert {mend.kind for mend in found} >= {"skill", "build"}
    for mend in found:
        after = scored(lacking.with_build(mend.place, mend.build))
        assert (after.total, after.grade) == (mend.score, mend.grade)
        assert mend.gain == pytest.approx(after.total - before.total)
        assert mend.gain > 0
        assert after.part(mend.part).value > before.part(mend.part).value
        assert mend.mended == (after.part(mend.part).value >= 0.8)
        assert (mend.place.group, mend.place.slot) != (0, 4)


def test_changed_builds_exist_in_the_game(found: tuple[Any, ...]) -> None:
    for mend in found:
        assert parse_build(plain_json(mend.build), packaged()).spec == mend.build
        assert decode_build_template(mend.build.template_code)


def test_mends_are_the_same_each_time(lacking: TeamSpec, found: tuple[Any, ...]) -> None:
    assert mends(lacking, packaged(), builds(*LINE)) == found


def test_the_smallest_change_that_mends_comes_first(found: tuple[Any, ...]) -> None:
    order = ("sigil", "trait", "skill", "build")
    for name in {mend.part for mend in found}:
        keys = [(not mend.mended, order.index(mend.kind)) for mend in found if mend.part == name]
        assert keys == sorted(keys)


def test_mends_keep_to_their_evaluations(lacking: TeamSpec) -> None:
    assert len(mends(lacking, packaged(), builds(*LINE), evaluations=5, most=5)) <= 5
    assert {mend.part for mend in mends(lacking, packaged(), most=1)} <= {"stability", "cleanse"}


def test_nothing_is_mended_where_nothing_may_change(lacking: TeamSpec) -> None:
    locked = replace(lacking, groups=(GroupSpec(tuple(replace(s, locked=True) for s in lacking.groups[0].slots)),))
    assert mends(locked, packaged(), builds(*LINE)) == ()
    assert mends(team(), packaged(), builds(*LINE)) == ()
    assert mends(team([None]), packaged(), builds(*LINE)) == ()
    assert mends(lacking, packaged(), builds(*LINE), evaluations=0) == ()


def test_an_analysis_is_plain_and_its_builds_are_build_1(lacking: TeamSpec) -> None:
    told = orjson.loads(orjson.dumps(analyse(lacking, packaged(), evaluations=20).as_json(packaged())))
    assert told["score"] == pytest.approx(scored(lacking).total, abs=1e-4)
    for mend in told["mends"]:
        assert parse_build(mend["build"], packaged()).spec.profession
    assert set(told["coverage"]) == {"squad", "groups", "players", "unknown", "assumptions"}


def test_each_published_build_can_be_judged() -> None:
    """None of them breaks a part in any style."""
    few = library()[::24]
    for mode, style in (("wvw", "zerg"), ("raids", None), ("pvp", None)):
        groups = [few[i : i + 5] for i in range(0, len(few), 5)]
        told = scored(team(*groups, mode=mode, style=style))
        assert 0 < told.total <= 100
        assert all(isinstance(part, PartScore) and 0 <= part.value <= 1 for part in told.parts)


def test_a_parsed_team_can_be_scored() -> None:
    data = {"name": "Two", "game_mode": "raids", "groups": [{"slots": [{"build": minimal()}, {}]}]}
    assert scored(parse_team(data, packaged()).spec).total >= 0
