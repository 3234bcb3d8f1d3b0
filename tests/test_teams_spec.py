"""`team/1`: what is read, what is refused by which field, and that it comes back the same."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builds.spec import parse_build
from builds.spec.model import ROLES
from gw2optimizer.errors import InvalidInput
from teams.spec import SlotSpec, TeamSpec, parse_team, plain_team_json, stored_team, team_json
from tests.specs import build_documents, firebrand, minimal, packaged


def document(*groups: list[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    return {"schema": "team/1", "name": "Ours", "groups": [{"slots": group} for group in groups], **changes}


def refused(data: Any) -> dict[str, list[str]]:
    with pytest.raises(InvalidInput) as told:
        parse_team(data, packaged())
    return told.value.fields


def test_a_team_is_read_with_its_builds() -> None:
    slot = {"player": " Ann ", "role": "stability support", "priority": 1, "build": firebrand(), "locked": True}
    found = parse_team(document([slot, {}], [], game_mode="wvw", wvw_style="zerg"), packaged()).spec
    build = parse_build(firebrand(), packaged()).spec
    assert (found.name, found.game_mode, found.wvw_style, found.size) == ("Ours", "wvw", "zerg", 2)
    assert found.groups[0].slots == (SlotSpec(build, "Ann", "stability_support", 1, True), SlotSpec())
    assert found.groups[1].slots == ()


def test_a_team_without_groups_is_one() -> None:
    assert parse_team({"name": "Nobody yet"}, packaged()).spec == TeamSpec("Nobody yet")


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        ([], "team", "not an object"),
        ({}, "name", "required"),
        (document(name="  "), "name", "empty"),
        (document(schema="build/1"), "schema", "team/1"),
        (document(build=1), "build", "no such field"),
        (document(colour="red"), "colour", "no such field"),
        (document(game_mode="arena"), "game_mode", "not one of"),
        (document(wvw_style="zerg"), "wvw_style", "Only a WvW team"),
        (document(groups={}), "groups", "not a list"),
        (document(groups=[[]]), "groups.0", "not an object"),
        (document(groups=[{"slots": [], "name": "A"}]), "groups.0.name", "no such field"),
        (document([], [{}] * 6), "groups.1.slots", "at most 5 places; these are 6"),
        (document(*[[{}] * 5] * 10, [{}]), "groups", "at most 50 players; these are 51"),
        (document(*[[]] * 51), "groups", "at most 50 subgroups"),
        (document([{"priority": 6}]), "groups.0.slots.0.priority", "more than 5"),
        (document([{"priority": True}]), "groups.0.slots.0.priority", "whole number"),
        (document([{"role": "jester"}]), "groups.0.slots.0.role", "not one of"),
        (document([{"locked": 1}]), "groups.0.slots.0.locked", "true nor false"),
        (document([{"player": "A\u202eB"}]), "groups.0.slots.0.player", "can't be seen"),
        (document([{"build": []}]), "groups.0.slots.0.build", "not an object"),
        (document([{}, {"build": {"name": "x"}}]), "groups.0.slots.1.build.profession", "required"),
        (document([], [{"build": minimal(profession="Gardian")}]), "groups.1.slots.0.build.profession", "Guardian"),
        (document([{"build": minimal(rune="Rune of Nothing")}]), "groups.0.slots.0.build.rune", "rune"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(data: Any, path: str, words: str) -> None:
    fields = refused(data)
    assert list(fields) == [path]
    assert words in fields[path][0]


def test_the_errors_of_several_builds_come_together() -> None:
    bad = minimal(profession="Bard")
    assert list(refused(document([{"build": bad}, {"build": minimal()}, {"build": bad}]))) == [
        "groups.0.slots.0.build.profession",
        "groups.0.slots.2.build.profession",
    ]


def test_fifty_players_and_no_player_are_allowed() -> None:
    full = document(*[[{"build": minimal()}] * 5] * 10)
    assert parse_team(full, packaged()).spec.size == 50
    assert parse_team(document([], []), packaged()).spec.size == 0


def test_notes_of_builds_say_where_they_come_from() -> None:
    two_sets = minimal(profession="Engineer", weapon_sets=[{"main_hand": "Rifle"}, {"main_hand": "Hammer"}])
    notes = parse_team(document([{}, {"build": two_sets}]), packaged()).notes
    assert len(notes) == 1
    assert notes[0].startswith("groups.0.slots.1.build: ")


@st.composite
def team_documents(draw: Any) -> dict[str, Any]:
    slot = st.fixed_dictionaries(
        {},
        optional={
            "player": st.none() | st.sampled_from(["Ann", "Bo"]),
            "role": st.none() | st.sampled_from(ROLES),
            "priority": st.integers(1, 5),
            "build": st.none() | build_documents(),
            "locked": st.booleans(),
        },
    )
    return document(*draw(st.lists(st.lists(slot, max_size=2), max_size=3)))


@settings(max_examples=25, deadline=None)
@given(team_documents())
def test_a_team_comes_back_the_same(data: dict[str, Any]) -> None:
    spec = parse_team(data, packaged()).spec
    for printed in (plain_team_json(spec), team_json(spec, packaged())):
        assert parse_team(orjson.loads(orjson.dumps(printed)), packaged()).spec == spec
    assert stored_team(orjson.loads(orjson.dumps(plain_team_json(spec)))) == spec
