"""Rosters: what they may hold, when players come, and teams composed of them."""

import json
import random
from collections import Counter
from functools import cache
from io import StringIO
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from builds.library.records import packaged_records
from builds.spec import plain_json
from gw2optimizer.errors import InvalidInput
from teams.compose import Candidate, Composition, Playing, change_team, compose
from teams.compose.solver import OPTIMAL
from teams.language import GroupWish, TeamWish, Want, Who, read_command
from teams.roster import (
    MAX_ENTRIES,
    RosterSpec,
    parse_moment,
    parse_roster,
    plain_roster_json,
    roster_json,
    stored_player,
)  # fmt: skip
from teams.spec import TeamSpec
from tests.packaged import packaged
from tests.rosters import guild, player, plays, roster_of

pytestmark = pytest.mark.once
CATALOGUE = packaged()
CORE_FIVE = ("Firebrand", "Druid", "Reaper", "Scrapper", "Scourge")


@cache
def library() -> tuple[Candidate, ...]:
    return tuple(
        Candidate(record.key, record.spec, not record.stale)
        for record in packaged_records()
        if record.spec.game_mode == "wvw"
    )


def composed(text: str, roster: RosterSpec, when: str = "", **given: Any) -> Composition:
    wish = read_command(text, CATALOGUE, mode="wvw").wish
    playing = Playing(roster, parse_moment(when) if when else None, **given)
    return compose(wish, library(), CATALOGUE, playing=playing)


def cast_of(found: Composition) -> dict[str | None, str]:
    return {one.player: one.specialization for one in found.chosen}


def five(**gladness: int) -> RosterSpec:
    return roster_of(*(player(f"P{i}", plays(name)) for i, name in enumerate(CORE_FIVE)))


# --- The value ------------------------------------------------------------------------------------
def test_roster_prints_and_reads_back_the_same() -> None:
    own = plain_json(library()[0].build)
    roster = roster_of(
        player("Ann", plays("Firebrand", "healer", 5), {"build": own, "gladness": 1}, note="late"),
        player("Bob", {"profession": "Thief", "specialization": "core"}, away=True),
        player("Cid", {"role": "dps"}, available=[{"day": "mardi", "from": "19h30", "until": "1h"}]),
    )

    assert parse_roster(json.loads(json.dumps(roster_json(roster, CATALOGUE))), CATALOGUE) == roster
    plain = json.loads(json.dumps(plain_roster_json(roster)))
    assert tuple(map(stored_player, plain["players"])) == roster.players
    assert plain["players"][2]["available"] == [{"day": "tuesday", "from": "19:30", "until": "01:00"}]


ANN: dict[str, Any] = player("Ann", plays("Firebrand"))


@pytest.mark.parametrize(
    ("document", "part"),
    [
        ([], "roster: This is not an object"),
        ({}, "players: This field is required"),
        ({"players": []}, "nobody on it"),
        ({"players": [ANN] * (MAX_ENTRIES + 1)}, "at most 100 players; these are 101"),
        ({"players": [ANN] * 10_000}, "these are 10000"),
        ({"players": [ANN, ANN | {"name": "ann"}]}, "players.1.name: Two players are called ann."),
        ({"players": [player("Ann", plays("Firebrnd"))]}, "Did you mean “Firebrand”"),
        ({"players": [player("Ann", {"gladness": float("nan"), "role": "dps"})]}, "gladness: This is not a whole"),
        ({"players": [player("Ann", plays("Firebrand", gladness=6))]}, "gladness: This is more than 5"),
        ({"players": [player("Ann")]}, "players.0.plays: Name at least one thing"),
        ({"players": [player("Ann", {})]}, "Name a profession, a specialization, a role or a build"),
        ({"players": [player("Ann", {"specialization": "core"})]}, "Say of which profession"),
        ({"players": [player("Ann", {"specialization": "Fire"})]}, "Fire is no elite specialization"),
        ({"players": [player("Ann", {"profession": "Thief", "specialization": "Druid"})]}, "specialization of Thief"),
        ({"players": [player("Ann", {"build": {"name": "x"}})]}, "plays.0.build.profession: This field is required"),
        ({"players": [player("Ann", {"build": {}, "role": "dps"})]}, "but not both"),
        ({"players": [player("x" * 41, plays("Druid"))]}, "at most 40 characters"),
        ({"players": [player("A\u202eb", plays("Druid"))]}, "can't be seen"),
        ({"players": [ANN | {"available": [{"day": "someday"}]}]}, "available.0.day: Give a weekday"),
        ({"players": [ANN | {"available": [{"day": "2026-02-30"}]}]}, "available.0.day: Give a weekday"),
        ({"players": [ANN | {"available": [{"day": "monday", "until": "25:00"}]}]}, "available.0.until: Give a time"),
        ({"players": [ANN], "time_zone": "Mars/Base"}, "no such time zone"),
        ({"players": [ANN], "size": 5}, "size: There is no such field"),
    ],
)
def test_wrong_roster_is_refused_in_one_line(document: object, part: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_roster(document, CATALOGUE)

    assert part in caught.value.message
    assert "\n" not in caught.value.message


def test_player_comes_within_his_times() -> None:
    times = [{"day": "tuesday", "from": "19:00", "until": "1:00"}, {"day": "2026-11-26"}]
    ann = roster_of(ANN | {"available": times}).players[0]
    told = {
        "tuesday": True, "tuesday 18:59": False, "tue 19:00": True, "mardi 23h": True, "wednesday 0:59": True,
        "wednesday 1:00": False, "2026-11-24 20:00": True, "2026-11-25T00:30": True, "thursday": False,
        "2026-11-26 09:00": True, "2026-11-27": False,
    }  # fmt: skip

    assert {text: ann.comes(parse_moment(text)) for text in told} == told
    assert ann.comes(None)
    assert not roster_of(ANN | {"away": True}).players[0].comes(None)
    for bad in ("", "someday", "tuesday 25:00", "2026-13-01", "tuesday at eight", "tuesday 24:00"):
        with pytest.raises(InvalidInput, match="There is no such time"):
            parse_moment(bad)


# --- Teams of it ----------------------------------------------------------------------------------
def test_everybody_plays_what_is_on_his_list() -> None:
    roster = guild(12, random.Random(4))
    found = composed("10 players", roster)

    can = {one.name: {play.who.elite for play in one.plays} for one in roster.players}
    assert found.status == OPTIMAL
    assert all(one.specialization in can[str(one.player)] for one in found.chosen)
    assert len({one.player for one in found.chosen}) == 10
    assert found.seating is not None
    assert [one.reason for one in found.seating.left_out] == ["no_room"] * 2
    names = [slot.player for _, slot in found.team.places()]
    assert sorted(map(str, names)) == sorted(str(one.player) for one in found.chosen)


def test_gladness_is_weighed_exactly() -> None:
    """Against all ways to give five named places to five players: where the builds are given, only gladness differs."""
    chance = random.Random(2)
    answers = [[chance.randint(1, 5) for _ in CORE_FIVE] for _ in CORE_FIVE]
    roster = roster_of(
        *(
            player(f"P{i}", *(plays(name, gladness=glad) for name, glad in zip(CORE_FIVE, row, strict=True)))
            for i, row in enumerate(answers)
        )
    )
    best = max(sum(answers[i][j] for i, j in enumerate(order)) for order in permutations(range(5)))

    found = composed(f"5 players with {', '.join(CORE_FIVE)}", roster)

    assert found.seating is not None
    assert found.seating.gladness == pytest.approx(best / 5)
    unweighed = composed(f"5 players with {', '.join(CORE_FIVE)}", roster, weight=0.0)
    assert found.objective - unweighed.objective == pytest.approx((best - 5) / 4 * 2.0 * 10 / 5, abs=1e-6)


def test_own_build_is_played_by_its_owner_alone() -> None:
    own = next(c.build for c in library() if c.build.name == "Boon Firebrand")
    roster = roster_of(
        player("Ann", {"build": plain_json(own) | {"name": "Mine"}, "gladness": 5}),
        *(player(f"P{i}", plays("Firebrand"), plays("Druid")) for i in range(4)),
    )
    found = composed("5 players", roster)

    assert [one.player for one in found.chosen if one.build.name == "Mine"] == ["Ann"]


def test_what_nobody_plays_is_told_with_the_reason_and_the_smallest_loosening() -> None:
    found = composed(
        "5 players with Firebrand, Druid, Reaper, Scrapper, Vindicator",
        roster_of(
            *(player(f"P{i}", plays(name)) for i, name in enumerate(CORE_FIVE)),
            player("Gone", plays("Vindicator"), available=[{"day": "monday"}]),
        ),
        when="tuesday 20:00",
    )

    assert found.seating is not None
    assert found.seating.loosening is not None
    assert "1 of the 1 Vindicator" in found.relaxed[0]
    assert "who does, does not come (Gone)" in found.relaxed[0]
    assert {one.player: one.reason for one in found.seating.left_out} == {"Gone": "absent", "P4": "nothing"}
    assert found.seating.loosening.proven
    assert found.seating.loosening.text == "The whole wish could be kept if Gone came (as Vindicator)."


def test_smallest_loosening_counts_players_who_learn_or_are_missing() -> None:
    learn = composed("5 players with Firebrand, Druid, Reaper, Scrapper, Vindicator", five()).seating
    more = composed("5 players, 2 Firebrands", roster_of(ANN, player("Bob", plays("Druid")))).seating

    assert learn is not None
    assert learn.loosening is not None
    assert [(step.kind, step.player, step.plays) for step in learn.loosening.steps] == [("learn", "P4", "Vindicator")]
    assert more is not None
    assert more.loosening is not None
    assert Counter(step.kind for step in more.loosening.steps) == {"recruit": 3}
    assert "one more player came as Firebrand" in more.loosening.text


def test_wish_that_no_players_could_keep_says_so_in_french() -> None:
    wish = read_command("5 joueurs avec 9 Firebrands", CATALOGUE, mode="wvw").wish
    found = compose(wish, library(), CATALOGUE, language="fr", playing=Playing(five()))

    assert found.seating is not None
    assert found.seating.loosening is not None
    assert found.seating.loosening.steps == ()
    assert "Aucun joueur ne permettrait" in found.notes[0]


def test_places_beyond_the_players_stay_empty() -> None:
    found = composed("10 players", five())

    assert sum(slot.build is None for _, slot in found.team.places()) == 5
    assert "for want of players who could stand there: 5." in found.relaxed[-1]


def test_nobody_comes_and_the_team_is_empty() -> None:
    found = composed("5 players", roster_of(ANN | {"away": True}))

    assert [slot.build for _, slot in found.team.places()] == [None] * 5
    assert found.seating is not None
    assert (found.seating.coming, found.seating.playing, found.seating.gladness) == (0, 0, None)


def test_large_team_starts_well_and_its_bound_holds() -> None:
    wish = TeamWish(15, (GroupWish(3, 5, (Want((Who(role="healer"),)),)),), "wvw")
    roster = guild(18, random.Random(3))
    found = compose(wish, library(), CATALOGUE, playing=Playing(roster), budget=20.0)

    assert found.bound >= found.objective - 1e-6
    assert found.relaxed == ()
    assert [sum(slot.role == "healer" for slot in group.slots) >= 1 for group in found.team.groups] == [True] * 3


def test_follow_up_seats_who_is_free() -> None:
    roster = roster_of(*(player(f"P{i}", plays(name)) for i, name in enumerate((*CORE_FIVE, "Harbinger"))))
    first = composed(f"5 players with {', '.join(CORE_FIVE)}", roster)
    document = {
        "game_mode": "wvw",
        "groups": [{"slots": [{"role": one.role, "build": plain_json(one.build)} for one in first.chosen]}],
    }
    wish = read_command("replace the Reaper by a Harbinger", CATALOGUE, team=document).wish

    after = change_team(first.team, wish, library(), CATALOGUE, playing=Playing(roster))

    def names(team: TeamSpec) -> set[str | None]:
        return {slot.player for _, slot in team.places()}

    assert names(first.team) == {f"P{i}" for i in range(5)}
    assert names(after.team) == {"P0", "P1", "P3", "P4", "P5"}


def test_weight_out_of_range_is_refused() -> None:
    for weight in (-1.0, 11.0, float("nan")):
        with pytest.raises(InvalidInput, match="weight of gladness"):
            Playing(five(), weight=weight)


# --- The command ----------------------------------------------------------------------------------
def run(*arguments: str) -> str:
    out = StringIO()
    call_command("compose_team", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_command_composes_from_a_roster(tmp_path: Path) -> None:
    file = tmp_path / "roster.json"
    file.write_text(json.dumps(plain_roster_json(five())))
    wish = f"5 players with {', '.join(CORE_FIVE)}"

    document = json.loads(run(wish, "--mode", "wvw", "--roster", str(file), "--json"))

    slots = document["groups"][0]["slots"]
    assert {slot["player"]: slot["specialization"] for slot in slots} == {
        f"P{i}": name for i, name in enumerate(CORE_FIVE)
    }
    assert document["roster"]["playing"] == 5
    assert "5 of the 5 who come play" in run(wish, "--mode", "wvw", "--roster", str(file))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["--when", "tuesday"], "Give a roster beside it"),
        (["--roster", "/nowhere.json"], "can't be read"),
        (["--roster", "{file}", "--when", "someday"], "There is no such time"),
        (["--roster", "{file}", "--gladness", "nan"], "weight of gladness"),
    ],
)
def test_command_refuses_bad_input_in_one_line(tmp_path: Path, arguments: list[str], part: str) -> None:
    file = tmp_path / "roster.json"
    file.write_text(json.dumps(plain_roster_json(five())))

    with pytest.raises(CommandError) as caught:
        run("5 players", *(argument.replace("{file}", str(file)) for argument in arguments))

    assert part in str(caught.value)
    assert "\n" not in str(caught.value)
