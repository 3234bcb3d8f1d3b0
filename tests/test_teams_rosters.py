"""Rosters as rows: their owner's pages and API, and the links by which players come and go without an account."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.registries import exports
from builds.catalogue import current_catalogue
from builds.spec import plain_json, with_code
from gw2optimizer.errors import Conflict, InvalidInput, NotAllowed, NotFound
from teams.models import Roster, RosterEntry
from teams.roster import MAX_ENTRIES, parse_player, parse_roster, plain_roster_json
from teams.roster_access import own_entry, own_roster, signup_roster
from teams.services.rosters import (
    add_entry,
    change_entry,
    change_own_entry,
    close_signup,
    create_roster,
    leave,
    renew_signup,
    sign_up,
    update_roster,
)
from tests.factories import BuildFactory, UserFactory
from tests.rosters import player, plays, roster_of
from tests.teams import library_build

pytestmark = pytest.mark.django_db
ANN = player("Ann", plays("Firebrand", "healer", 5), available=[{"day": "tuesday", "from": "19:00", "until": "23:00"}])
BOB = player("Bob", {"role": "damage"})


def roster_with(*players: dict[str, Any], **fields: Any) -> Roster:
    return create_roster(owner=fields.pop("owner", None) or UserFactory(), spec=roster_of(*(players or (ANN,))))


def value(document: dict[str, Any]) -> Any:
    return parse_player(document, current_catalogue())


def owner_client(roster: Roster) -> Client:
    client = Client()
    client.force_login(roster.owner)
    return client


# --- Services -------------------------------------------------------------------------------------
def test_roster_keeps_its_value_in_rows() -> None:
    own = {"build": plain_json(BuildFactory().value), "gladness": 4}
    spec = roster_of(ANN, player("Bob", own, away=True))
    roster = create_roster(owner=UserFactory(), spec=spec)

    assert Roster.objects.get(pk=roster.pk).value == spec
    assert parse_roster(plain_roster_json(roster.value), current_catalogue()) == spec


def test_sign_up_gives_a_link_that_changes_and_takes_off_the_own_entry() -> None:
    roster = renew_signup(roster_id=roster_with().pk)
    entry, key = sign_up(roster=signup_roster(str(roster.signup_key)), player=value(BOB))

    assert own_entry(key) == entry
    assert key not in str(RosterEntry.objects.filter(pk=entry.pk).values())
    changed = change_own_entry(entry=own_entry(key), version=entry.version, player=value(BOB | {"away": True}))
    assert changed.value.away
    with pytest.raises(Conflict, match="version 2, you had 1"):
        change_own_entry(entry=changed, version=1, player=value(BOB))
    leave(entry=own_entry(key))
    assert [one.name for one in roster.entries.all()] == ["Ann"]
    with pytest.raises(NotFound):
        own_entry(key)


def test_link_ends_by_time_renewal_and_closing_and_a_lock_stops_changes() -> None:
    roster = renew_signup(roster_id=roster_with().pk, days=1)
    first = str(roster.signup_key)
    _, key = sign_up(roster=roster, player=value(BOB))
    update_roster(roster_id=roster.pk, version=None, locked=True)
    with pytest.raises(NotAllowed):
        sign_up(roster=signup_roster(first), player=value(player("Cid", plays("Druid"))))
    with pytest.raises(NotAllowed):
        change_own_entry(entry=own_entry(key), version=None, player=value(BOB))
    with pytest.raises(NotAllowed):
        leave(entry=own_entry(key))

    second = str(renew_signup(roster_id=roster.pk).signup_key)
    with pytest.raises(NotFound):
        signup_roster(first)
    Roster.objects.filter(pk=roster.pk).update(signup_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        signup_roster(second)
    close_signup(roster_id=renew_signup(roster_id=roster.pk).pk)
    with pytest.raises(NotFound):
        signup_roster(second)
    for days in (0, 91):
        with pytest.raises(InvalidInput, match="from 1 to 90"):
            renew_signup(roster_id=roster.pk, days=days)


def test_full_roster_and_taken_names_refuse_more() -> None:
    roster = roster_with(*(player(f"P{i}", plays("Druid")) for i in range(MAX_ENTRIES - 1)))
    with pytest.raises(InvalidInput, match="Somebody of this name"):
        add_entry(roster_id=roster.pk, player=value(player("p7", plays("Druid"))))
    last = add_entry(roster_id=roster.pk, player=value(BOB))
    with pytest.raises(InvalidInput, match="100 players"):
        add_entry(roster_id=roster.pk, player=value(ANN))
    with pytest.raises(InvalidInput, match="Somebody of this name"):
        change_entry(roster_id=roster.pk, entry_id=last.pk, version=None, player=value(BOB | {"name": "P1"}))
    assert roster.entries.count() == MAX_ENTRIES


def test_later_editor_of_a_roster_gets_a_conflict() -> None:
    roster = roster_with()
    update_roster(roster_id=roster.pk, version=1, name="First")
    with pytest.raises(Conflict, match="version 2, you had 1"):
        update_roster(roster_id=roster.pk, version=1, name="Second")
    assert Roster.objects.get(pk=roster.pk).name == "First"


def test_account_exports_its_rosters_and_takes_them_with_it() -> None:
    roster = roster_with(ANN, BOB)
    told = exports()["rosters"](roster.owner)
    assert [one["roster"]["players"][0]["name"] for one in told] == ["Ann"]
    roster.owner.delete()
    assert not RosterEntry.objects.exists()


# --- Pages ----------------------------------------------------------------------------------------
FILLED = {
    "name": "Eve", "note": "late", "what_0": "Druid", "role_0": "healer", "glad_0": "5", "what_1": "any Thief",
    "glad_1": "1", "day_0": "tuesday", "from_0": "20:00", "until_0": "00:00", "date_1": "2026-11-29",
}  # fmt: skip


def test_player_signs_up_without_an_account_and_edits_by_his_link(client: Client) -> None:
    roster = renew_signup(roster_id=roster_with().pk)
    address = f"/teams/signup/{roster.signup_key}/"
    page = client.get(address)
    assert page.status_code == 200
    assert "Ann" not in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"

    done = client.post(address, FILLED).content.decode()

    found = re.search(r'value="http://testserver(/teams/signup/mine/[^"]+/)"', done)
    assert found is not None
    eve = roster.entries.get(name="Eve").value
    assert [(p.who.profession, p.who.elite, p.who.role, p.gladness) for p in eve.plays] == [
        ("Ranger", "Druid", "healer", 5),
        ("Thief", "", "", 1),
    ]
    assert [(w.day, w.begins, w.ends) for w in eve.available] == [("tuesday", 1200, 1440), ("2026-11-29", 0, 1440)]
    own = found[1]
    shown = client.get(own).content.decode()
    assert "Druid" in shown
    assert client.post(own, FILLED | {"role_0": "damage", "version": "1"}).status_code == 302
    assert roster.entries.get(name="Eve").value.plays[0].who.role == "damage"
    stale = client.post(own, FILLED | {"version": "1"})
    assert stale.status_code == 422
    assert "version 2, you had 1" in stale.content.decode()
    assert client.post(f"{own}leave/").status_code == 200
    assert client.get(own).status_code == 404


def test_wrong_entry_is_told_at_its_field_and_more_lines_complain_about_nothing(client: Client) -> None:
    address = f"/teams/signup/{renew_signup(roster_id=roster_with().pk).signup_key}/"

    assert "at least one thing" in client.post(address, {"name": "Eve"}).content.decode()
    assert "Somebody of this name" in client.post(address, FILLED | {"name": "ANN"}).content.decode()
    assert client.post(address, FILLED | {"what_0": "Quaggan"}).status_code == 422
    more = client.post(address, {"name": "Eve", "what_2": "Druid", "rows": "3", "times": "2", "more": "1"})
    assert (more.status_code, "what_5" in more.content.decode(), "field-error" in more.content.decode()) == (
        200, True, False,
    )  # fmt: skip
    assert RosterEntry.objects.count() == 1


def test_sign_ups_of_one_address_are_bounded(client: Client) -> None:
    address = f"/teams/signup/{renew_signup(roster_id=roster_with().pk).signup_key}/"
    told = [client.post(address, FILLED | {"name": f"Eve {i}"}).status_code for i in range(21)]
    assert told == [200] * 20 + [429]


def test_owner_keeps_a_roster_on_its_pages() -> None:
    user = UserFactory()
    client = Client()
    client.force_login(user)
    made = client.post("/teams/rosters/new/", {"name": "Raid", "game_mode": "wvw", "time_zone": "Europe/Berlin"})
    roster = Roster.objects.get(owner=user)
    here = f"/teams/rosters/{roster.pk}/"
    assert made["Location"] == here
    assert client.post(f"{here}players/", FILLED).status_code == 302
    entry = roster.entries.get()
    code = with_code(library_build("Boon Firebrand"), current_catalogue()).template_code
    client.post(f"{here}players/{entry.pk}/", FILLED | {"version": "1", "code": code, "code_gladness": "4"})
    own = roster.entries.get().value.plays[-1]
    assert own.build is not None
    assert (own.build.profession, own.build.game_mode, own.gladness) == ("Guardian", "wvw", 4)
    client.post(f"{here}players/{entry.pk}/", FILLED | {"version": "2", "drop_0": "on"})
    assert all(play.build is None for play in roster.entries.get().value.plays)
    assert client.post(f"{here}link/", {"do": "renew", "days": "7"}).status_code == 302
    page = client.get(here).content.decode()
    assert "/teams/signup/" in page
    assert "Druid, healer" in page
    assert "Tuesdays 20:00–24:00" in page
    assert client.post(f"{here}link/", {"do": "dance"}).status_code == 422
    assert client.post(f"{here}change/", {"name": "R", "game_mode": "raids", "time_zone": "UTC"}).status_code == 302
    assert client.post(f"{here}change/", {"name": "R", "game_mode": "raids", "time_zone": "X"}).status_code == 422
    assert client.post(f"{here}players/{entry.pk}/remove/").status_code == 302
    assert client.get(f"{here}players/{entry.pk}/").status_code == 404
    assert client.post(f"{here}delete/").status_code == 302
    assert client.get(here).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_rosters_asks_the_database_as_often_for_one_as_for_three(
    number: int, django_assert_num_queries: Any
) -> None:
    user = UserFactory()
    for _ in range(number):
        roster_with(ANN, BOB, owner=user)
    client = Client()
    client.force_login(user)
    client.get("/teams/rosters/")

    with django_assert_num_queries(4):
        assert client.get("/teams/rosters/").content.decode().count("2 players") == number


# --- API ------------------------------------------------------------------------------------------
def test_api_keeps_rosters() -> None:
    user = UserFactory()
    client = Client()
    client.force_login(user)
    json: dict[str, Any] = {"content_type": "application/json"}
    made = client.post("/api/v1/teams/rosters/", {"name": "Raid", "players": [ANN]}, **json)
    assert made.status_code == 201
    here = made["Location"]
    assert client.get("/api/v1/teams/rosters/").json()["items"][0]["players"] == 1
    added = client.post(f"{here}players/", BOB, **json)
    entry = f"{here}players/{added.json()['id']}/"
    assert added.status_code == 201
    assert client.put(entry, BOB | {"away": True}, headers={"If-Match": '"1"'}, **json).json()["version"] == 2
    stale = client.put(entry, BOB, headers={"If-Match": '"1"'}, **json)
    assert (stale.status_code, stale.json()["error"]["code"]) == (409, "conflict")
    link = client.post(f"{here}signup/", {"days": 3}, **json).json()["signup_url"]
    assert Client().get(link).status_code == 200
    assert client.delete(f"{here}signup/").json()["signup_url"] is None
    assert client.patch(here, {"locked": True, "version": 1}, **json).status_code == 409
    assert client.patch(here, {"locked": True}, **json).json()["locked"] is True
    whole = client.get(here).json()["roster"]
    assert parse_roster(whole, current_catalogue()).players[1].away
    assert client.delete(entry).status_code == 204
    wrong = client.post("/api/v1/teams/rosters/", {"players": [player("X", plays("Quaggan"))]}, **json)
    assert (wrong.status_code, list(wrong.json()["error"]["fields"])) == (422, ["players.0.plays.0.specialization"])
    assert client.delete(here).status_code == 204


def test_strangers_are_told_that_there_is_no_such_roster() -> None:
    roster = roster_with()
    stranger = UserFactory()
    with pytest.raises(NotFound):
        own_roster(stranger, roster.pk)
    client = Client()
    client.force_login(stranger)
    for path in (f"/teams/rosters/{roster.pk}/", f"/api/v1/teams/rosters/{roster.pk}/"):
        assert client.get(path).status_code == 404
