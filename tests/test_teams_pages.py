"""The pages of teams: board, proposals, composer, lists; with and without HTMX."""

import html
import re
from typing import Any

import orjson
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from builds.library.records import packaged_records
from builds.services.library import load_records
from builds.spec import BuildSpec
from teams.models import Team
from teams.services.rosters import create_roster
from teams.services.teams import create_team, update_team
from tests.factories import BuildFactory, UserFactory
from tests.rosters import player, plays, roster_of
from tests.teams import library, team

pytestmark = [pytest.mark.django_db, pytest.mark.once]

HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def builds() -> tuple[BuildSpec, ...]:
    return tuple(build for build in library() if build.game_mode == "wvw")[:6]


@pytest.fixture
def shelf() -> None:
    """Of each specialization and role one build for WvW is in the library."""
    chosen = {}
    for record in packaged_records():
        if record.spec.game_mode == "wvw":
            chosen.setdefault((record.spec.profession, str(record.spec.specializations[-1:]), record.spec.role), record)
    load_records(list(chosen.values()))


@pytest.fixture
def ours(builds: tuple[BuildSpec, ...]) -> Team:
    return create_team(owner=UserFactory(), spec=team(builds[:3], [*builds[3:], None]), visibility="public")


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def document_in(page: str) -> str:
    found = re.search(r'name="document" value="([^"]+)"', page)
    assert found is not None, "the page proposes nothing"
    return html.unescape(found[1])


def change(client: Client, ours: Team, do: str, version: int, *, htmx: bool = False) -> Any:
    headers = HTMX if htmx else {}
    data = {"do": do, "version": str(version)}
    return client.post(reverse("teams:change", args=[ours.pk]), data, headers=headers)


def names(ours: Team) -> list[list[str | None]]:
    layout = Team.objects.with_slots().get(pk=ours.pk).layout
    return [[placed.slot.build.name if placed.slot.build else None for placed in group] for group in layout.groups]


def test_buttons_of_the_board_move_lock_empty_and_undo(ours: Team) -> None:
    client = signed_in(ours.owner)
    before = names(ours)
    assert change(client, ours, "down:1", 1).status_code == 302
    assert names(ours)[0] == [before[0][1], before[0][0], before[0][2]]
    answer = change(client, ours, "right:1", 2, htmx=True)
    assert 'id="team"' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert 'data-moved="4"' in answer.content.decode()
    assert (names(ours)[0][0], names(ours)[1][0]) == (before[1][0], before[0][1])
    change(client, ours, "clear:4", 3)
    assert names(ours)[1][0] is None
    change(client, ours, "undo:3", 4)
    assert names(ours)[1][0] == before[0][1]
    change(client, ours, "lock:1", 5)
    assert Team.objects.get(pk=ours.pk).layout.at(1).slot.locked
    change(client, ours, "move:1:3", 6)
    assert [len(group) for group in names(ours)] == [2, 4, 1]
    change(client, ours, "remove:7", 7)
    change(client, ours, "add:2", 8)
    assert [len(group) for group in names(ours)] == [2, 5]


def test_later_of_two_editors_is_told_of_both_versions(ours: Team) -> None:
    client = signed_in(ours.owner)
    change(client, ours, "down:1", 1)
    after = names(ours)
    told = change(client, ours, "clear:2", 1, htmx=True)
    assert told.status_code == 409
    assert "version 2, you had 1" in told.content.decode()
    assert reverse("teams:history", args=[ours.pk]) in told.content.decode()
    assert change(client, ours, "clear:2", 1).status_code == 409
    assert names(ours) == after


@pytest.mark.parametrize(
    "do", ["", "up", "up:1:2", "move:1", "move:1:2:3:4", "up:0", "up:99", "fly:1", "up:-1", "up:²"]
)
def test_nonsense_of_a_button_changes_nothing(ours: Team, do: str) -> None:
    answer = change(signed_in(ours.owner), ours, do, 1)
    assert 400 <= answer.status_code < 500
    assert Team.objects.get(pk=ours.pk).version == 1


def test_place_takes_a_player_and_a_build(ours: Team) -> None:
    client = signed_in(ours.owner)
    page = reverse("teams:place", args=[ours.pk, 1])
    assert client.get(page).status_code == 200
    data = {"player": "Ann", "role": "healer", "priority": "1", "locked": "on", "version": "1"}
    assert client.post(page, data).status_code == 302
    slot = Team.objects.get(pk=ours.pk).layout.at(1).slot
    assert (slot.player, slot.role, slot.priority, slot.locked) == ("Ann", "healer", 1, True)
    assert client.post(page, data | {"priority": "9", "version": "2"}).status_code == 422

    pick = reverse("teams:pick", args=[ours.pk, 7])
    closed, opened = BuildFactory(visibility="private"), BuildFactory(name="Opened", owner=ours.owner)
    shown = client.get(pick, {"q": "opened"}).content.decode()
    assert "Opened" in shown
    assert client.post(pick, {"build": str(closed.pk), "version": "2"}).status_code == 404
    assert client.post(pick, {"build": "x", "version": "2"}).status_code == 404
    assert client.post(pick, {"text": "no code", "version": "2"}).status_code == 422
    assert client.post(pick, {"build": str(opened.pk), "version": "2"}).status_code == 302
    assert names(ours)[1][3] == "Opened"


def test_team_shows_what_it_has_and_others_change_nothing(ours: Team) -> None:
    stranger = signed_in(UserFactory())
    text = stranger.get(ours.get_absolute_url()).content.decode()
    for piece in ("Synergy", "What each group has", "Stability", "Who gives what", "For Discord", "Copy to my teams"):
        assert piece in text, piece
    assert "board-form" not in text
    assert change(stranger, ours, "clear:1", 1).status_code == 404
    update_team(team_id=ours.pk, author=ours.owner, version=1, visibility="unlisted")
    assert stranger.get(ours.get_absolute_url()).status_code == 404
    assert Client().get(ours.get_share_url()).status_code == 200
    update_team(team_id=ours.pk, author=ours.owner, version=2, visibility="private")
    assert Client().get(ours.get_share_url()).status_code == 404


@pytest.mark.usefixtures("shelf")
def test_words_are_shown_before_they_are_taken(ours: Team) -> None:
    client = signed_in(ours.owner)
    shown = client.post(reverse("teams:words", args=[ours.pk]), {"q": "replace a Firebrand by a Druid"})
    assert shown.status_code == 200
    assert Team.objects.get(pk=ours.pk).version == 1
    nonsense = client.post(reverse("teams:words", args=[ours.pk]), {"q": " "})
    assert nonsense.status_code == 422


@pytest.mark.usefixtures("shelf")
def test_proposal_is_taken_as_it_was_shown_and_mends_one_place(ours: Team, builds: tuple[BuildSpec, ...]) -> None:
    client = signed_in(ours.owner)
    shown = client.post(reverse("teams:best", args=[ours.pk]), {"max_changes": "1"}).content.decode()
    text = document_in(shown)
    take = reverse("teams:take", args=[ours.pk])
    assert client.post(take, {"version": "1", "document": text}).status_code == 302
    taken = Team.objects.get(pk=ours.pk)
    assert taken.version == 2
    assert taken.synergy_score >= ours.synergy_score
    now, before = [name for group in names(ours) for name in group], [*(build.name for build in builds), None]
    assert sum(a != b for a, b in zip(now, before, strict=True)) == 1
    assert client.post(take, {"version": "1", "document": text}).status_code == 409
    for bad in ("", "[]", "{", orjson.dumps({"schema": "team/1"}).decode()):
        assert 400 <= client.post(take, {"version": "2", "document": bad}).status_code < 500


@pytest.mark.usefixtures("shelf")
def test_wish_in_words_becomes_a_saved_team() -> None:
    page = reverse("teams:compose")
    shown = Client().get(page, {"q": "2 groups of 5 with Firebrand, Druid, Harbinger, Spellbreaker, Scrapper"})
    text = shown.content.decode()
    assert shown.status_code == 200
    assert "In each subgroup: 1 Firebrand, 1 Druid" in text
    assert text.count('id="place-') == 10
    assert "Log in" in text
    assert Client().get(page, {"q": ""}).status_code == 422
    unread = Client().get(page, {"q": "hello my friend"}, headers=HTMX)
    assert 400 <= unread.status_code < 500
    assert "notice-error" in unread.content.decode()

    user = UserFactory()
    client = signed_in(user)
    text = client.get(page, {"q": "5 players with 1 Firebrand"}).content.decode()
    saved = client.post(reverse("teams:save_composed"), {"document": document_in(text)})
    made = Team.objects.get(owner=user)
    assert saved["Location"] == made.get_absolute_url()
    assert "Firebrand" in [name for group in made.makeup for name in group]


def test_lists_show_what_may_be_seen_in_as_many_queries(
    ours: Team, builds: tuple[BuildSpec, ...], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    create_team(owner=ours.owner, spec=team(builds[:1]), visibility="private")
    page = reverse("teams:list")
    with django_assert_num_queries(1):
        text = Client().get(page).content.decode()
    assert text.count('class="row team-row"') == 1
    for _ in range(3):
        create_team(owner=ours.owner, spec=team(builds[:1]), visibility="public")
    with django_assert_num_queries(1):
        assert Client().get(page, {"order": "score"}).content.decode().count('class="row team-row"') == 4
    assert Client().get(page, {"grade": "Z"}).status_code == 422
    mine = signed_in(ours.owner).get(reverse("teams:mine")).content.decode()
    assert mine.count('class="row team-row"') == 5


def test_teams_are_made_named_compared_copied_and_deleted(ours: Team) -> None:
    client = signed_in(ours.owner)
    build = BuildFactory(owner=ours.owner)
    made = client.post(
        reverse("teams:new"), {"name": "New", "game_mode": "raids", "size": "7", "build": str(build.pk)}
    )  # fmt: skip
    other = Team.objects.get(name="New")
    assert made["Location"] == other.get_absolute_url()
    assert (other.size, other.filled) == (7, 1)
    for size in ("0", "51", "x"):
        assert client.post(reverse("teams:new"), {"name": "N", "game_mode": "raids", "size": size}).status_code == 422
    page = reverse("teams:settings", args=[other.pk])
    told = {"name": "Better", "game_mode": "fractals", "visibility": "unlisted", "version": "1", "notes": "Hi"}
    assert client.post(page, told).status_code == 302
    assert client.post(page, told).status_code == 422
    compared = client.get(reverse("teams:compare"), {"first": str(ours.pk), "second": str(other.pk)})
    assert "Parts of the score" in compared.content.decode()
    assert client.get(reverse("teams:compare"), {"first": "x"}).status_code == 404
    assert Client().get(reverse("teams:compare"), {"first": str(other.pk)}).status_code == 404
    old = other.share_key
    client.post(reverse("teams:renew_link", args=[other.pk]))
    assert Client().get(reverse("teams:shared", args=[old])).status_code == 404
    signed_in(UserFactory()).post(reverse("teams:copy", args=[ours.pk]))
    assert Team.objects.filter(name=ours.name).count() == 2
    client.post(reverse("teams:delete", args=[other.pk]))
    assert not Team.objects.filter(pk=other.pk).exists()


def test_build_goes_into_the_first_empty_place_of_a_team_of_ones_own(ours: Team) -> None:
    build = BuildFactory(name="Opened", visibility="public")
    client = signed_in(ours.owner)
    page = reverse("teams:new") + f"?build={build.pk}"
    assert page in client.get(build.get_absolute_url()).content.decode()
    place = reverse("teams:pick", args=[ours.pk, 7])
    assert place in client.get(page).content.decode()
    assert client.post(place, {"build": str(build.pk), "version": "1"}).status_code == 302
    assert names(ours)[1][3] == "Opened"
    assert "Into a team of yours" not in client.get(page).content.decode()
    closed = BuildFactory(visibility="private")
    for bad in (str(closed.pk), "x"):
        assert client.get(reverse("teams:new"), {"build": bad}).status_code == 404


@pytest.mark.usefixtures("shelf")
def test_players_who_come_at_that_time_take_the_places() -> None:
    user = UserFactory()
    early, late = (
        {"day": "tuesday", "from": "10:00", "until": "12:00"},
        {"day": "tuesday", "from": "20:00", "until": "23:00"},
    )
    value = roster_of(
        player("Early Bird", plays("Firebrand"), available=[early]),
        player("Night Owl", plays("Firebrand"), available=[late]),
    )
    roster = create_roster(owner=user, spec=value)
    client, page = signed_in(user), reverse("teams:compose")
    wish = {"q": "1 player, 1 Firebrand", "mode": "wvw", "roster": str(roster.pk)}
    board = client.get(page, wish | {"when": "tuesday 21:00"}, headers=HTMX).content.decode()
    assert "Night Owl" in board
    assert 'slot-player">Early Bird' not in board
    assert client.get(page, wish | {"when": "someday"}, headers=HTMX).status_code == 422
