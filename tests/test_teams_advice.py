"""What the engine says of teams, by the API: analysis, optimising, composing, comparing, exports. Every answer is held
against the description (tests.api)."""

import csv
import io
from dataclasses import replace

import pytest
from django.test import Client

from builds.chatlinks import decode_build_template
from builds.gamedata import load_packaged
from builds.models import Build
from builds.services.builds import create_build
from builds.spec import BuildSpec
from teams.exports import DISCORD_LIMIT, csv_text, discord_messages
from teams.models import Team
from teams.services.rosters import create_roster
from teams.services.teams import create_team
from teams.spec import GroupSpec, SlotSpec, TeamSpec, plain_team_json, team_json
from tests.api import Api
from tests.factories import AdminFactory, UserFactory
from tests.rosters import player, plays, roster_of
from tests.teams import library, team

pytestmark = pytest.mark.django_db


def of_wvw(*specializations: str) -> list[BuildSpec]:
    named = {name: [b for b in library() if b.game_mode == "wvw" and name in b.name] for name in specializations}
    return [builds[0] for builds in named.values()]


@pytest.fixture
def stocked() -> list[Build]:
    """A small library: some builds of the packaged one, saved."""
    owner = AdminFactory()
    specs = of_wvw("Firebrand", "Scrapper", "Scourge", "Reaper", "Chronomancer", "Vindicator")
    return [
        create_build(owner=owner, spec=spec, visibility="public", library_key=f"test-{number}")
        for number, spec in enumerate(specs)
    ]


def test_analysis_tells_what_the_row_keeps_and_tries_changes(stocked: list[Build]) -> None:
    owner = UserFactory()
    saved = create_team(owner=owner, spec=team([build.value for build in stocked[3:5]]), visibility="public")
    answer = Api().get(f"teams/{saved.pk}/analysis").body
    assert round(answer["score"], 2) == saved.synergy_score
    assert (answer["grade"], answer["size"]) == (saved.grade, 2)
    assert answer["mends"]
    assert all(mend["score"] > answer["score"] for mend in answer["mends"])
    sent = Api().post("ai/analyze-team-synergy", {"team": plain_team_json(saved.value), "mends": False}).body
    assert (sent["score"], sent["mends"]) == (answer["score"], [])
    assert Api().post("ai/analyze-team-synergy", {"team_id": str(saved.pk), "mends": False}).body == sent
    assert Api().post("ai/analyze-team-synergy", {}).status == 422
    assert Api().get(f"teams/{saved.pk}/analysis?mends=maybe").fields == {"mends"}


def test_optimising_changes_few_places_and_none_that_stay(stocked: list[Build]) -> None:
    reaper = stocked[3].value
    saved = create_team(owner=UserFactory(), spec=team([reaper] * 3), visibility="public")
    wish = {"max_changes": 1, "preserve": [1], "seconds": 3}
    found = Api().post(f"teams/{saved.pk}/optimize", wish).body
    (swap,) = found["swaps"]
    assert swap["number"] in (2, 3)
    assert swap["build_id"] in {str(build.pk) for build in stocked}
    assert found["score"]["after"] > found["score"]["before"] == pytest.approx(saved.synergy_score, abs=0.01)
    assert Api().post("ai/optimize-team", {**wish, "team_id": str(saved.pk)}).body["swaps"] == found["swaps"]
    assert Team.objects.get().version == 1
    assert Api().post(f"teams/{saved.pk}/optimize", {"max_changes": 4}).fields == {"max_changes"}
    assert Api().post(f"teams/{saved.pk}/optimize", {"max_changes": 1, "preserve": [4]}).fields == {"preserve"}


def test_command_composes_changes_and_names_what_it_can_not_read(stocked: list[Build]) -> None:
    owner = UserFactory()
    api = Api(owner)
    made = api.post("ai/teams/command", {"message": "1 group of 3 with Firebrand, Scrapper, Reaper", "mode": "wvw"})
    slots = made.body["groups"][0]["slots"]
    assert sorted(slot["specialization"] for slot in slots) == ["Firebrand", "Reaper", "Scrapper"]
    assert {slot["build_id"] for slot in slots} == {str(stocked[i].pk) for i in (0, 1, 3)}
    assert all(decode_build_template(slot["template_code"]) for slot in slots)
    assert made.body["reading"]["said_back"]
    plain = {"name": "Ours", "game_mode": "wvw", "groups": [{"slots": [{"build": slot["build"]} for slot in slots]}]}
    changed = api.post("ai/teams/command", {"message": "replace the Reaper by a Scourge", "team": plain}).body
    after = [slot["specialization"] for slot in changed["groups"][0]["slots"]]
    assert sorted(after) == ["Firebrand", "Scourge", "Scrapper"]
    assert [slot["build_id"] is not None for slot in changed["groups"][0]["slots"]].count(True) == 1
    # The answer may be sent back as it came.
    further = api.post("ai/teams/command", {"message": "replace the Reaper by a Scourge", "team": made.body}).body
    assert [slot["build"] for slot in further["groups"][0]["slots"]] == [
        slot["build"] for slot in changed["groups"][0]["slots"]
    ]
    only_told = {"name": "Ours", "groups": [{"slots": [{"template_code": slots[0]["template_code"]}]}]}
    refused = api.post("ai/analyze-team-synergy", {"team": only_told})
    assert (refused.status, refused.fields) == (422, {"groups.0.slots.0.template_code"})
    again = api.post("teams/compose", {"wish": made.body["reading"]["wish"]}).body
    assert again["groups"] == made.body["groups"]
    saved = api.post("teams/", {"team": {**plain, "groups": [
        {"slots": [{"build_id": slot["build_id"], "role": slot["role"]} for slot in slots]}
    ]}})  # fmt: skip
    assert saved.body["team"]["groups"][0]["slots"] == [
        {name: slot[name] for name in ("player", "role", "priority", "build")} for slot in slots
    ]
    for body, field in (
        ({"message": "replace the Reaper by a Scourge"}, "message"),
        ({"message": "hjkl"}, "message"),
        ({"message": ""}, "message"),
        ({"message": "x" * 2001}, "message"),
        ({"message": "one Firebrand", "mode": "golf"}, "mode"),
        ({"message": "one Firebrand", "seconds": 60}, "seconds"),
        ({"message": "one Firebrand", "team": {"name": "x", "groups": [{"slots": [{}] * 6}]}}, "groups.0.slots"),
    ):
        refused = api.post("ai/teams/command", body)
        assert (refused.status, refused.fields) == (422, {field})


def test_players_of_a_roster_take_the_places(stocked: list[Build]) -> None:
    owner = UserFactory()
    spec = roster_of(player("Ann", plays("Firebrand")), player("Bob", plays("Scrapper"), plays("Reaper")))
    roster = create_roster(owner=owner, spec=spec)
    wish = {"message": "1 group of 2 with Firebrand, Reaper", "mode": "wvw", "roster_id": str(roster.pk)}
    slots = Api(owner).post("ai/teams/command", wish).body["groups"][0]["slots"]
    assert {slot["specialization"]: slot["player"] for slot in slots} == {"Firebrand": "Ann", "Reaper": "Bob"}
    assert Api(UserFactory()).post("ai/teams/command", wish).status == 404
    assert Api(owner).post("teams/compose", {**wish, "when": "someday"}).fields == {"when"}
    assert Api(owner).post("teams/compose", {"message": "one Firebrand", "when": "monday"}).fields == {"when"}


def test_private_team_is_no_team_at_hand_for_others(stocked: list[Build]) -> None:
    saved = create_team(owner=UserFactory(), spec=team([stocked[0].value]))
    for route, body in (
        ("ai/teams/command", {"message": "no thieves"}),
        ("ai/optimize-team", {"max_changes": 1}),
        ("ai/analyze-team-synergy", {}),
        ("teams/compose", {"message": "no thieves"}),
    ):
        assert Api(UserFactory()).post(route, {**body, "team_id": str(saved.pk)}).status == 404


def test_comparison_is_second_less_first(stocked: list[Build]) -> None:
    owner = UserFactory()
    strong = create_team(owner=owner, spec=team([build.value for build in stocked[1:]]), visibility="public")
    weak = create_team(owner=owner, spec=team([stocked[3].value]), visibility="public")
    told = Api().get(f"teams/{weak.pk}/compare?other={strong.pk}").body
    total = sum(part["difference"] for part in told["parts"])
    assert total == pytest.approx(told["second"]["score"] - told["first"]["score"], abs=0.01)
    assert len(told["boons"]) == 12
    itself = Api().get(f"teams/{weak.pk}/compare?other={weak.pk}").body
    assert {row["difference"] for row in itself["parts"] + itself["boons"] + itself["rates"]} == {0.0}
    private = create_team(owner=owner, spec=team([stocked[0].value]))
    assert Api().get(f"teams/{weak.pk}/compare?other={private.pk}").status == 404
    assert Api().get(f"teams/{weak.pk}/compare").fields == {"other"}


# --- Exports -------------------------------------------------------------------------------------
def hostile(build: BuildSpec) -> TeamSpec:
    evil = replace(build, name="=cmd|' /C calc'!A0")
    slots = (SlotSpec(evil, "@everyone **Ann**", "healer", 1, True), SlotSpec(None, "+1"))
    return TeamSpec("`Team` <@1>", "wvw", "zerg", (GroupSpec(slots),))


def test_exports_hold_the_team_and_harm_nobody(stocked: list[Build]) -> None:
    saved = create_team(owner=UserFactory(), spec=hostile(stocked[0].value), visibility="public")
    path = f"/api/v1/teams/{saved.pk}/export"
    as_json = Client().get(path)
    assert as_json["Content-Type"] == "application/json"
    assert Api().get(f"teams/{saved.pk}/").body["team"] == as_json.json()
    table = Client().get(f"{path}?format=csv")
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    assert table["Content-Disposition"] == f'attachment; filename="team-{saved.pk}.csv"'
    rows = list(csv.DictReader(io.StringIO(table.content.decode())))
    assert [row["place"] for row in rows] == ["1", "2"]
    assert rows[0]["build_name"].startswith("'=")
    assert (rows[0]["player"][0], rows[1]["player"]) == ("'", "'+1")
    text = Client().get(f"{path}?format=text")
    assert text["Content-Type"] == "text/plain; charset=utf-8"
    body = text.content.decode()
    assert "@everyone" not in body
    assert "**Ann**" not in body
    assert "\\`Team\\`" in body
    assert f"score {saved.synergy_score:.1f}, {saved.grade}" in body
    assert Api().get(f"teams/{saved.pk}/export?format=xml").fields == {"format"}


@pytest.mark.once
def test_text_for_a_chat_comes_in_messages_that_fit() -> None:
    catalogue = load_packaged()
    slot = SlotSpec(library()[0], "N" * 200, "healer")
    squad = TeamSpec("Squad", "wvw", "zerg", (GroupSpec((slot,) * 5),) * 10)
    messages = discord_messages(squad, catalogue, score=1.0, grade="D")
    assert max(map(len, messages)) <= DISCORD_LIMIT
    assert sum(message.count("N" * 200) for message in messages) == 50
    assert csv_text(squad, catalogue).count("\r\n") == 51
    assert len(team_json(squad, catalogue)["groups"]) == 10
