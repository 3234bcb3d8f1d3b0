"""The composer: teams that keep the wish, proven where they are small, and honest where the wish can't be kept."""

from collections import Counter
from dataclasses import replace
from functools import cache
from itertools import combinations_with_replacement

import pytest

from builds.chatlinks import decode_build_template, find_codes
from builds.gamedata import Catalogue
from builds.library.records import packaged_records
from gw2optimizer.errors import InvalidInput
from teams.compose import Candidate, Composition, change_team, compose, slot_facts
from teams.compose.candidates import Option, options_of
from teams.compose.credits import credits_of
from teams.compose.demands import frame_of
from teams.compose.program import Builder, Choice
from teams.compose.solver import OPTIMAL, solve
from teams.language import GroupWish, TeamWish, Want, Who, read_command
from teams.spec import TeamSpec, parse_team
from tests.packaged import packaged

SPELLBREAKERS = ("Power Spellbreaker", "Hand-Break [HK]")


@cache
def catalogue_() -> Catalogue:
    return packaged()


@pytest.fixture
def catalogue() -> Catalogue:
    return catalogue_()


@cache
def library() -> tuple[Candidate, ...]:
    """The library's builds for WvW and two of another mode."""
    return tuple(
        Candidate(record.key, record.spec, not record.stale)
        for record in packaged_records()
        if record.spec.game_mode == "wvw" or record.spec.name in SPELLBREAKERS
    )


def composed(text: str, **given: object) -> Composition:
    wish = read_command(text, catalogue_(), mode="wvw").wish
    return compose(wish, library(), catalogue_(), **given)  # type: ignore[arg-type]


def played(team: TeamSpec) -> list[Counter[str]]:
    facts = [[slot_facts(slot.build, catalogue_()) for slot in group.slots] for group in team.groups]
    return [Counter(str(fact["specialization"]) for fact in group) for group in facts]


def in_all(team: TeamSpec) -> Counter[str]:
    return sum(played(team), Counter())


def professions(team: TeamSpec) -> set[str]:
    return {slot.build.profession for _, slot in team.places() if slot.build}


def test_named_groups_hold_one_of_each(catalogue: Catalogue) -> None:
    found = composed("2 groups of 5 with Firebrand, Druid, Harbinger, Spellbreaker, Scrapper")

    assert played(found.team) == [Counter(["Firebrand", "Druid", "Harbinger", "Spellbreaker", "Scrapper"])] * 2
    assert (found.status, found.relaxed) == (OPTIMAL, ())
    assert any("Spellbreaker) was published for PvE" in note for note in found.notes)


def test_roles_are_played_in_each_group() -> None:
    found = composed("Je veux 10 joueurs. Dans chaque groupe : stabeur, healer, booner, strip, dps")

    roles = [[slot.role for slot in group.slots] for group in found.team.groups]
    assert [set(group[:4]) for group in roles] == [{"stability_support", "healer", "boon_support", "strip"}] * 2
    assert all(group[4] in ("dps", "condi_dps") for group in roles)
    assert found.relaxed == ()


def test_stated_counts_are_exact_and_the_rest_is_as_asked() -> None:
    found = composed("une équipe de 10 avec 2 Firebrands, 2 Druids, et complète avec du DPS")

    assert [in_all(found.team)[name] for name in ("Firebrand", "Druid")] == [2, 2]
    others = [
        slot.role
        for _, slot in found.team.places()
        if slot_facts(slot.build, catalogue_())["specialization"] not in ("Firebrand", "Druid")
    ]
    assert len(others) == 6
    assert set(others) <= {"dps", "condi_dps"}


def test_excluded_profession_role_and_specialization_are_absent() -> None:
    assert "Thief" not in professions(composed("team of 15, no thieves").team)
    roles = {
        slot.build.role for _, slot in composed("15 joueurs sans DPS condi").team.places() if slot.build is not None
    }
    assert "condi_dps" not in roles
    assert not {"Reaper", "Paragon"} & set(in_all(composed("10 players, no Reaper, no Paragon").team))


def test_zerg_has_stability_and_healing_in_each_group(catalogue: Catalogue) -> None:
    found = composed("zerg of 50, 10 subgroups, one stab and one heal each")

    assert found.team.size == 50
    assert (found.team.game_mode, found.team.wvw_style) == ("wvw", "zerg")
    for group in found.team.groups:
        roles = Counter(slot.role for slot in group.slots)
        assert (roles["stability_support"], roles["healer"]) == (1, 1)
    assert found.gap <= 0.005


def test_stability_place_goes_to_who_really_gives_it(catalogue: Catalogue) -> None:
    """A build that only bears the label can't stand there."""
    label = next(c for c in library() if c.build.name == "Reaper")
    liar = Candidate("liar", replace(label.build, name="Liar", role="stability_support"))
    giver = next(c for c in library() if c.build.name == "Boon Firebrand")
    wish = TeamWish(5, (GroupWish(1, 5, (Want((Who(role="stability_support"),)),)),), "wvw")

    found = compose(wish, [liar, giver], catalogue)
    alone = compose(wish, [liar], catalogue)

    assert [one.key for one in found.chosen if one.role == "stability_support"].count(giver.key) >= 1
    assert "1 of the 1 stability giver" in alone.relaxed[-1]
    assert "stability_support" not in {one.role for one in found.chosen if one.key == liar.key}


def test_count_of_whole_team_and_of_groups_hold_together() -> None:
    found = composed("25 players, 7 Firebrands, 3 scrappers, one stab, one heal and one strip each, no thieves")

    assert [in_all(found.team)[name] for name in ("Firebrand", "Scrapper")] == [7, 3]
    assert found.relaxed == ()
    for group in found.team.groups:
        assert {"stability_support", "healer", "strip"} <= {slot.role for slot in group.slots}


def test_groups_that_ask_differently_get_what_each_asks() -> None:
    found = composed("group 1: Firebrand, Druid; group 2: Chrono, Tempest. 10 players")

    one, two = played(found.team)
    assert (one["Firebrand"], one["Druid"], one["Chronomancer"], one["Tempest"]) == (1, 1, 0, 0)
    assert (two["Firebrand"], two["Druid"], two["Chronomancer"], two["Tempest"]) == (0, 0, 1, 1)


def test_bounds_and_alternatives_are_kept() -> None:
    found = composed("10 players, at least 3 healers, at most 1 necro, 2 Firebrand or Chronomancer")

    counts = in_all(found.team)
    assert counts["Firebrand"] + counts["Chronomancer"] == 2
    assert counts["Reaper"] + counts["Scourge"] + counts["Harbinger"] + counts["Ritualist"] <= 1
    assert sum(slot.role == "healer" for _, slot in found.team.places()) >= 3


def test_objective_gets_more_of_what_is_asked() -> None:
    def strips(found: Composition) -> float:
        by_key = {option.candidate.key: option for option in options_of(library(), catalogue_(), "wvw", ())}
        return sum(by_key[chosen.key].metrics["strip"] for chosen in found.chosen)

    assert strips(composed("10 players, max strip")) > strips(composed("10 players"))


# --- Every slot, and the document ------------------------------------------------------------------
def test_each_slot_has_a_code_that_decodes_to_its_specialization(catalogue: Catalogue) -> None:
    found = composed("2 groups of 5 with Firebrand, Druid, Harbinger, Spellbreaker, Scrapper")
    document = found.as_json(catalogue)

    assert document["schema"] == "team/1"
    for group in document["groups"]:
        for slot in group["slots"]:
            template = decode_build_template(find_codes(slot["template_code"])[0])
            elite = catalogue.specializations[template.specializations[2].id]
            assert (elite.name, elite.profession) == (slot["specialization"], slot["profession"])
            assert slot["build_name"] == slot["build"]["name"]


def test_team_of_the_document_is_valid(catalogue: Catalogue) -> None:
    found = composed("team of 15, no thieves")
    document = found.as_json(catalogue)
    plain = {key: document[key] for key in ("schema", "name", "game_mode", "wvw_style", "groups") if key in document}
    for group in plain["groups"]:
        for slot in group["slots"]:
            for extra in ("profession", "specialization", "build_name", "template_code"):
                del slot[extra]

    assert parse_team(plain, catalogue).spec.size == 15


# --- What can't be kept ---------------------------------------------------------------------------
def test_too_many_of_a_name_fill_the_team_and_say_so() -> None:
    found = composed("15 players with 20 Firebrands")

    assert in_all(found.team) == Counter({"Firebrand": 15})
    assert found.relaxed == ("5 of the 20 Firebrands could not be had: no build that fits, or no room for it.",)


def test_exclusion_outweighs_a_wish_for_the_same() -> None:
    found = composed("2 Firebrands and no Guardians")

    assert "Guardian" not in professions(found.team)
    assert found.relaxed[0].startswith("2 of the 2 Firebrands could not be had")


def test_nobody_left_leaves_places_empty_and_says_so() -> None:
    names = "no guardians, no warriors, no engineers, no rangers, no thieves, no elementalists, no mesmers, no necros"
    found = composed(f"5 players, {names}, no revenants")

    assert [slot.build for _, slot in found.team.places()] == [None] * 5
    assert found.relaxed == ("Places that stay empty, for want of a build that may stand there: 5.",)


def test_relaxed_filler_is_said_first_and_in_french(catalogue: Catalogue) -> None:
    wish = read_command("5 joueurs, 1 Firebrand, complète avec des tanks", catalogue, mode="wvw").wish
    few = [candidate for candidate in library() if candidate.build.name in ("Boon Firebrand", "Reaper", "Heal Druid")]
    found = compose(wish, few, catalogue, language="fr")

    assert "4 de ceux qui complètent ne sont pas tanks" in found.relaxed[0]


def test_no_candidates_and_absurd_time_are_refused(catalogue: Catalogue) -> None:
    with pytest.raises(InvalidInput, match="no build to choose from"):
        compose(TeamWish(), [], catalogue)
    for budget in (0.0, -1.0, 1e9, float("nan")):
        with pytest.raises(InvalidInput, match="out of range"):
            compose(TeamWish(), library(), catalogue, budget=budget)


# --- The optimum ----------------------------------------------------------------------------------
def _value(options: list[Option], team: tuple[int, ...], worth: dict[int, float]) -> float:
    credit = sum(
        part.weight * min(1.0, sum(part.share(options[i].effects, 5) for i in team)) for part in credits_of("wvw", "")
    )
    return credit + sum(worth[i] for i in team)


def test_small_team_is_the_best_of_all_there_are(catalogue: Catalogue) -> None:
    """Against all 1287 teams of five from eight builds, at most two of each."""
    few = library()[:8]
    options = options_of(few, catalogue, "wvw", ())
    frame = frame_of(TeamWish(5, (GroupWish(1),), "wvw"), "wvw")
    program = Builder(frame, options, "wvw", [[]], elastic=False).build()
    worth = {
        options.index(column.option): cost
        for column, cost in zip(program.columns, program.cost, strict=True)
        if isinstance(column, Choice)
    }
    teams = [t for t in combinations_with_replacement(range(8), 5) if max(Counter(t).values()) <= 2]
    best = max(_value(options, team, worth) for team in teams)

    solution = solve(program, seed=1, budget=20.0, gap=0.0)

    assert solution.status == OPTIMAL
    assert solution.objective == pytest.approx(best, abs=1e-6)
    assert solution.bound == pytest.approx(best, abs=1e-4)


def test_same_arguments_give_the_same_team() -> None:
    text = "15 players, 2 Firebrands, one heal each"

    assert composed(text, seed=3).team == composed(text, seed=3).team


def test_bound_is_never_below_what_was_found() -> None:
    for text in ("10 players", "25 players, 3 Druids", "5 players, max stability"):
        found = composed(text)
        assert found.bound >= found.objective - 1e-6
        assert 0.0 <= found.gap <= 0.005


# --- Follow-ups -------------------------------------------------------------------------------------
def follow(team: TeamSpec, text: str) -> Composition:
    catalogue = catalogue_()
    document = composed("5 players").as_json(catalogue) | {
        "groups": [
            {"slots": [{"role": slot.role, "build": {"profession": slot.build.profession}} for slot in group.slots]}
            for group in team.groups
        ]
    }
    return change_team(team, read_command(text, catalogue, team=document).wish, library(), catalogue)


@cache
def present() -> TeamSpec:
    return composed("2 groups of 5 with Firebrand, Druid, Reaper, Reaper, Scourge").team


def test_replace_changes_one_player_and_keeps_the_rest() -> None:
    before = present()
    after = follow(before, "remplace le Reaper par un Harbinger")

    changed = [place for place, slot in after.team.places() if slot != dict(before.places())[place]]
    assert len(changed) == 1
    assert in_all(after.team) == in_all(before) - Counter(["Reaper"]) + Counter(["Harbinger"])


def test_follow_ups_do_what_they_say() -> None:
    before = in_all(present())
    assert in_all(follow(present(), "replace the Reapers by Harbingers").team)["Harbinger"] == 4
    assert in_all(follow(present(), "remove all Reapers").team) == before - Counter({"Reaper": 4})
    assert in_all(follow(present(), "add 2 Scrappers").team) == before + Counter({"Scrapper": 2})
    assert "Necromancer" not in professions(follow(present(), "no necros").team)
    assert in_all(follow(present(), "3 Firebrands").team)["Firebrand"] == 3
    assert follow(present(), "passe à 15 joueurs").team.size == 15
    assert follow(present(), "make it 5 players").team.size == 5


def test_more_of_a_role_takes_the_place_of_damage() -> None:
    after = follow(present(), "one more healer")

    healers = [sum(slot.role == "healer" for _, slot in team.places()) for team in (present(), after.team)]
    assert healers[1] == healers[0] + 1
    assert after.team.size == present().size


def test_objective_alone_changes_nobody_and_says_so() -> None:
    after = follow(present(), "max stability")

    assert after.team == present()
    assert after.relaxed == ("Nobody is changed for that: say who, or let the team be optimised.",)


def test_locked_place_is_never_touched() -> None:
    groups = tuple(
        replace(group, slots=tuple(replace(slot, locked=True) for slot in group.slots)) for group in present().groups
    )
    locked = replace(present(), groups=groups)
    after = follow(locked, "replace the Reapers by Harbingers")

    assert after.team == locked
    assert after.relaxed == ("Could not be done: Replace all Reapers by Harbingers.",)
