"""Teams by the API: access, lists, places, history. Every answer is held against the description (tests.api)."""

import uuid
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import Activity, User
from builds.models import Build
from builds.models.build import new_share_key
from builds.services.builds import delete_build, update_build
from teams.layout import blank_team
from teams.models import Team, TeamRevision, TeamSlot
from teams.services.teams import create_team
from tests.api import Api
from tests.factories import AdminFactory, BuildFactory, UserFactory

pytestmark = pytest.mark.django_db

# A Firebrand in the longer form, with its weapons.
CODE = "[&DQENPi47PhpLF0sXFgE2AUsBFgE2AS0BGBYYFgAAAAAAAAAAAAAAAAAAAAAEBQBXADUAMQAA]"
GUARDIAN = {"name": "Stand firm", "profession": "Guardian", "game_mode": "wvw"}


def team_of(owner: User, size: int = 2, visibility: str = "private") -> Team:
    return create_team(owner=owner, spec=blank_team("Ours", "wvw", "zerg", size), visibility=visibility)


# --- Who may do what -----------------------------------------------------------------------------
OPEN_IF_PUBLIC = {"private": (404, 404, 200, 404), "unlisted": (404, 404, 200, 404), "public": (200,) * 4}
OWNERS = dict.fromkeys(("private", "public"), (401, 404, 200, 404))
# Route, method and body, and for nobody, a stranger, the owner and staff the status by visibility.
MATRIX: list[tuple[str, str, Any, dict[str, tuple[int, ...]]]] = [
    ("{id}/", "get", None, OPEN_IF_PUBLIC),
    ("{id}/slots", "get", None, OPEN_IF_PUBLIC),
    ("{id}/slots/1", "get", None, OPEN_IF_PUBLIC),
    ("{id}/analysis?mends=false", "get", None, OPEN_IF_PUBLIC),
    ("{id}/optimize", "post", {"max_changes": 0}, OPEN_IF_PUBLIC),
    ("{id}/compare?other={id}", "get", None, OPEN_IF_PUBLIC),
    ("{id}/export", "get", None, OPEN_IF_PUBLIC),
    ("{id}/", "patch", {"name": "New"}, OWNERS),
    ("{id}/", "delete", None, dict.fromkeys(("private", "public"), (401, 404, 204, 404))),
    ("{id}/slots/1", "patch", {"player": "Ann"}, OWNERS),
    ("{id}/slots/1", "delete", None, OWNERS),
    ("{id}/slots", "post", {"subgroup": 1}, dict.fromkeys(("private", "public"), (401, 404, 201, 404))),
    ("{id}/slots/1/move", "post", {"subgroup": 2}, OWNERS),
    ("{id}/newer", "post", {}, OWNERS),
    ("{id}/copy", "post", {}, {"private": (401, 404, 201, 404), "public": (401, 201, 201, 201)}),
    ("{id}/history", "get", None, OWNERS),
    ("{id}/history/1", "get", None, OWNERS),
    ("{id}/history/1/restore", "post", {}, OWNERS),
]
CASES = [
    pytest.param(route, method, body, visibility, row, id=f"{method} {route} {visibility}")
    for route, method, body, statuses in MATRIX
    for visibility, row in statuses.items()
]


@pytest.mark.parametrize(("route", "method", "body", "visibility", "row"), CASES)
def test_team_route_lets_in_whom_it_should(
    route: str, method: str, body: Any, visibility: str, row: tuple[int, ...]
) -> None:
    owner = UserFactory()
    team = team_of(owner, visibility=visibility)
    path = f"teams/{route.format(id=team.pk)}"
    # The owner comes last: what he does may end the team.
    for who, place in ((None, 0), (UserFactory(), 1), (AdminFactory(), 3), (owner, 2)):
        answer = Api(who).call(method, path, body)
        assert answer.status == row[place]
        if answer.status in {401, 404}:
            assert Team.objects.get(pk=team.pk).version == 1


def test_hidden_team_is_there_for_its_owner_and_moderators_alone() -> None:
    owner, stranger, moderator = UserFactory(), UserFactory(), UserFactory(is_moderator=True)
    team = team_of(owner, visibility="public")
    assert Api(stranger).post(f"teams/{team.pk}/report", {"text": "It names somebody."}).status == 204
    assert Api(stranger).post(f"teams/{team.pk}/hide", {"reason": "No."}).status == 404
    assert Api(moderator).post(f"teams/{team.pk}/hide", {"reason": "It names somebody."}).status == 200
    for answer in (
        Api(stranger).get(f"teams/{team.pk}/"),
        Api(stranger).get(f"teams/{team.pk}/analysis"),
        Api(stranger).post(f"teams/{team.pk}/copy"),
        Api().get(f"teams/shared/{team.share_key}/"),
    ):
        assert answer.status == 404
    assert Api().get("teams/").body["items"] == []
    assert Api(moderator).get(f"teams/{team.pk}/").status == 200
    own = Api(owner).get(f"teams/{team.pk}/").body
    assert (own["hidden_reason"], own["share_url"]) == ("It names somebody.", None)
    assert Api(owner).post(f"teams/{team.pk}/appeal", {"text": "It is my own name."}).status == 204
    assert Api(moderator).delete(f"teams/{team.pk}/hide").status == 204
    assert Api(stranger).get(f"teams/{team.pk}/").status == 200


def test_shared_opens_what_is_not_private() -> None:
    for visibility, status in (("private", 404), ("unlisted", 200), ("public", 200)):
        team = team_of(UserFactory(), visibility=visibility)
        answer = Api().get(f"teams/shared/{team.share_key}/")
        assert answer.status == status
        assert status == 404 or not {"share_url", "visibility"} & set(answer.body)


# --- Lists ---------------------------------------------------------------------------------------
def rows_like(team: Team, count: int) -> None:
    """More of the same, whose places no list reads."""
    rows = []
    for number in range(count):
        row = Team.objects.get(pk=team.pk) if number == 0 else rows[-1]
        fields = {field.attname: getattr(row, field.attname) for field in Team._meta.concrete_fields}
        fields |= {"id": uuid.uuid4(), "share_key": new_share_key(), "synergy_score": float(number % 7)}
        rows.append(Team(**fields))
    Team.objects.bulk_create(rows)


@pytest.mark.parametrize("count", [1, 3, 100])
def test_lists_cost_the_same_however_long_they_are(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = UserFactory()
    rows_like(team_of(owner, visibility="public"), count - 1)
    with django_assert_num_queries(1):
        assert len(Api().get("teams/?limit=100").body["items"]) == count
    api = Api(owner)
    with django_assert_num_queries(3):
        assert len(api.get("teams/mine/?limit=100").body["items"]) == count


@pytest.mark.parametrize("size", [1, 3, 50])
def test_team_costs_the_same_however_large_it_is(size: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    owner = UserFactory()
    source = BuildFactory()
    groups = [{"slots": [{"build_id": str(source.pk)}] * min(5, size - start)} for start in range(0, size, 5)]
    api = Api(owner)
    with django_assert_num_queries(14):
        made = api.post("teams/", {"team": {"name": "Ours", "groups": groups}, "visibility": "public"})
    assert made.status == 201
    path = f"teams/{made.body['id']}"
    for route in ("/", "/slots", "/slots/1"):
        with django_assert_num_queries(2):
            assert Api().get(path + route).status == 200
    with django_assert_num_queries(16):
        assert api.patch(f"{path}/slots/1", {"player": "Ann"}).status == 200


def test_list_is_ordered_filtered_and_walked() -> None:
    owner = UserFactory()
    rows_like(team_of(owner, visibility="public"), 9)
    other = create_team(owner=owner, spec=blank_team("Alba", "raids", None, 10), visibility="public")
    for order in ("newest", "score", "name"):
        seen: list[str] = []
        path: str | None = f"teams/?order={order}&limit=4"
        while path:
            page = Api().get(path).body
            seen += [item["id"] for item in page["items"]]
            path = page["next"]
        assert len(seen) == len(set(seen)) == 11
    scores = [item["synergy_score"] for item in Api().get("teams/?order=score").body["items"]]
    assert scores == sorted(scores, reverse=True)
    for query in ("mode=raids", "size=10", "q=alb raids"):
        assert [item["id"] for item in Api().get(f"teams/?{query}").body["items"]] == [str(other.pk)]
    assert len(Api().get("teams/?style=zerg&grade=D").body["items"]) == 10
    assert Api().get("teams/?cursor=bm8").status == 400
    assert Api().get("teams/?size=51").fields == {"size"}


# --- Sizes and values ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "None", "size": 0}, "size"),
        ({"name": "Many", "size": 51}, "size"),
        ({"team": {"name": "None", "groups": []}}, "groups"),
        ({"team": {"name": "None", "groups": [{"slots": []}]}}, "groups"),
        ({"team": {"name": "Many", "groups": [{"slots": [{}] * 5}] * 10 + [{"slots": [{}]}]}}, "groups"),
        ({"team": {"name": "Six", "groups": [{"slots": [{}] * 6}]}}, "groups.0.slots"),
        ({"team": {"name": "Last", "groups": [{"slots": [{"priority": 6}]}]}}, "groups.0.slots.0.priority"),
        ({"team": {"name": "Id", "groups": [{"slots": [{"build_id": "x"}]}]}}, "groups.0.slots.0.build_id"),
        ({"name": "Zerg", "size": 5, "game_mode": "raids", "wvw_style": "zerg"}, "wvw_style"),
        ({"name": "Two", "size": 5, "owner": "x"}, "owner"),
    ],
)
def test_team_that_cannot_be_is_refused_by_name(body: dict[str, Any], field: str) -> None:
    answer = Api(UserFactory()).post("teams/", body)
    assert (answer.status, answer.fields) == (422, {field})
    assert not Team.objects.exists()


def test_places_are_filled_changed_moved_and_taken_out() -> None:
    owner = UserFactory()
    source = BuildFactory(owner=owner, visibility="private", name="Own")
    api = Api(owner)
    made = api.post("teams/", {"name": "Ours", "size": 6, "game_mode": "wvw"}).body
    assert [slot["number"] for slot in made["slots"]] == [1, 2, 3, 4, 5, 6]
    assert (made["synergy_score"], made["grade"], made["size"], made["filled"]) == (0.0, "D", 6, 0)
    path = f"teams/{made['id']}/slots"
    first = api.patch(f"{path}/1", {"build_id": str(source.pk), "player": "Ann", "priority": 1}, if_match='"1"')
    slot = first.body["slots"][0]
    assert (slot["build_name"], slot["player"], slot["role"], slot["priority"]) == ("Own", "Ann", source.role, 1)
    assert slot["source"] == {
        "state": "current", "version": 1, "build_id": str(source.pk), "name": "Own", "latest": 1
    }  # fmt: skip
    second = api.patch(f"{path}/6", {"build": GUARDIAN, "role": "healer", "locked": True})
    assert (second.body["version"], second.body["makeup"][1]) == (3, ["Guardian"])
    moved = api.post(f"{path}/1/move", {"subgroup": 2, "place": 1}).body["slots"]
    assert [moved[0]["build_name"], moved[5]["build_name"], moved[5]["player"]] == ["Stand firm", "Own", "Ann"]
    added = api.post(path, {"subgroup": 3, "code": CODE})
    assert (added.status, added.body["size"], added.body["slots"][6]["specialization"]) == (201, 7, "Firebrand")
    cleared = api.patch(f"{path}/6", {"build": None}).body["slots"][5]
    assert (cleared["build_name"], cleared["player"], cleared["source"]) == (None, "Ann", None)
    assert api.call("delete", f"{path}/7").body["size"] == 6
    for method, route, body in (
        ("patch", "/9", {"player": "x"}), ("post", "/9/move", {"subgroup": 1}), ("get", "/0", None)
    ):  # fmt: skip
        assert api.call(method, path + route, body).status == 404
    assert api.post(path, {"subgroup": 1}).fields == {"subgroup"}
    assert api.post(f"{path}/6/move", {"subgroup": 2, "place": 4}).fields == {"place"}
    assert api.patch(f"{path}/1", {"build": GUARDIAN, "code": "x"}).status == 422
    assert Activity.objects.filter(user=owner, target_kind="team").count() == 1


# --- Sources -------------------------------------------------------------------------------------
def test_private_build_of_another_never_gets_in() -> None:
    theirs = BuildFactory(visibility="private", name="Secret")
    owner = UserFactory()
    team = team_of(owner)
    api = Api(owner)
    body = {"team": {"name": "Ours", "groups": [{"slots": [{"build_id": str(theirs.pk)}]}]}}
    for answer in (api.post("teams/", body), api.patch(f"teams/{team.pk}/", body)):
        assert (answer.status, answer.fields) == (422, {"groups.0.slots.0.build_id"})
        assert "Secret" not in str(answer.body)
    assert api.patch(f"teams/{team.pk}/slots/1", {"build_id": str(theirs.pk)}).status == 404
    assert not TeamSlot.objects.filter(build__isnull=False).exists()


@pytest.mark.parametrize("how", ["private", "hidden", "deleted"])
def test_source_that_is_closed_leaves_its_copy(how: str) -> None:
    theirs = BuildFactory(name="Theirs")
    owner = UserFactory()
    api = Api(owner)
    body = {"team": {"name": "Ours", "groups": [{"slots": [{"build_id": str(theirs.pk)}]}]}, "visibility": "public"}
    path = f"teams/{api.post('teams/', body).body['id']}"
    update_build(build_id=theirs.pk, author=theirs.owner, version=None, name="Changed since", description="x")
    newer = {"state": "newer", "version": 1, "build_id": str(theirs.pk), "name": "Changed since", "latest": 2}
    assert api.get(f"{path}/slots").body["items"][0]["source"] == newer
    assert Api().get(f"{path}/slots").body["items"][0]["source"] == newer
    if how == "deleted":
        delete_build(build=theirs)
    elif how == "hidden":
        Build.objects.filter(pk=theirs.pk).update(hidden_at=timezone.now(), hidden_reason="x")
    else:
        update_build(build_id=theirs.pk, author=theirs.owner, version=None, visibility="private")
    slot = api.get(f"{path}/slots/1").body
    gone = {"state": "gone", "version": 1, "build_id": None, "name": None, "latest": None}
    assert (slot["build_name"], slot["source"]) == ("Theirs", gone)
    assert Api().get(f"{path}/slots").body["items"][0]["source"] is None
    assert "Changed since" not in str(Api().get(f"{path}/").body)
    refused = api.post(f"{path}/slots/1/newer")
    assert (refused.status, refused.error["code"]) == (422, "invalid")
    assert api.post(f"{path}/newer").body["slots"][0]["build_name"] == "Theirs"
    copied = Api(UserFactory()).post(f"{path}/copy").body
    assert (copied["slots"][0]["build_name"], copied["slots"][0]["source"]) == ("Theirs", None)


def test_build_that_stood_there_keeps_its_source_through_a_whole_new_value() -> None:
    source = BuildFactory()
    api = Api(UserFactory())
    made = api.post("teams/", {"team": {"name": "Ours", "groups": [{"slots": [{"build_id": str(source.pk)}, {}]}]}})
    turned = {**made.body["team"], "groups": [{"slots": made.body["team"]["groups"][0]["slots"][::-1]}]}
    after = api.patch(f"teams/{made.body['id']}/", {"team": turned, "version": 1}).body["slots"]
    assert [slot["source"] and slot["source"]["build_id"] for slot in after] == [None, str(source.pk)]
    update_build(build_id=source.pk, author=source.owner, version=1, name="Newer")
    newer = api.post(f"teams/{made.body['id']}/slots/2/newer", {"version": 2}).body["slots"][1]
    assert (newer["build_name"], newer["source"]["state"]) == ("Newer", "current")


def test_copies_of_copies_lead_nowhere_in_a_circle() -> None:
    first, second = UserFactory(), UserFactory()
    team = team_of(first, visibility="public")
    copied = Api(second).post(f"teams/{team.pk}/copy").body
    Api(second).patch(f"teams/{copied['id']}/", {"visibility": "public"})
    again = Api(first).post(f"teams/{copied['id']}/copy").body
    assert copied["source_label"] == again["source_label"] == f"Ours, {first.username}"
    assert Api(first).delete(f"teams/{team.pk}/").status == 204
    assert Api(first).get(f"teams/{again['id']}/").body["team"] == copied["team"]
    own = Api(second).post(f"teams/{copied['id']}/copy").body
    assert own["id"] != copied["id"]


# --- History and two editors ---------------------------------------------------------------------
def test_later_editor_is_told_both_versions_and_loses_nothing() -> None:
    owner = UserFactory()
    team = team_of(owner)
    api = Api(owner)
    assert api.patch(f"teams/{team.pk}/", {"name": "First", "version": 1}).body["version"] == 2
    for method, route, body in (
        ("patch", "", {"name": "Second", "version": 1}),
        ("patch", "slots/1", {"player": "Ann", "version": 1}),
        ("post", "slots/1/move", {"subgroup": 2, "version": 1}),
        ("post", "history/1/restore", {"version": 1}),
    ):
        late = api.call(method, f"teams/{team.pk}/{route}", body)
        assert (late.status, late.error["code"]) == (409, "conflict")
        assert late.error["fields"] == {"version": ["Version 2 is saved.", "You had version 1."]}
        assert owner.username in late.error["message"]
    assert api.call("delete", f"teams/{team.pk}/slots/1", None, if_match='"1"').status == 409
    assert Team.objects.get().name == "First"
    assert api.get(f"teams/{team.pk}/history/1").body["team"]["name"] == "Ours"


def test_history_is_walked_restored_and_kept_within_bounds(
    monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    monkeypatch.setattr("teams.services.writing.KEPT_REVISIONS", 5)
    owner = UserFactory()
    team = team_of(owner)
    api = Api(owner)
    for number in range(2, 8):
        api.patch(f"teams/{team.pk}/", {"name": f"Name {number}", "notes": f"Notes {number}"})
    with django_assert_num_queries(4) as captured:
        page = api.get(f"teams/{team.pk}/history?limit=100").body
    assert [entry["number"] for entry in page["items"]] == [7, 6, 5, 4, 3]
    assert '"teams_teamrevision"."spec"' not in captured[-1]["sql"]
    restored = api.post(f"teams/{team.pk}/history/4/restore", {"version": 7}).body
    assert (restored["name"], restored["notes"], restored["version"]) == ("Name 4", "Notes 4", 8)
    assert api.post(f"teams/{team.pk}/history/1/restore").status == 404
    assert TeamRevision.objects.get(number=8).note == "Restored revision 4"


def test_unverified_account_publishes_no_team() -> None:
    api = Api(UserFactory(is_verified=False))
    refused = api.post("teams/", {"name": "Ours", "size": 5, "visibility": "public"})
    assert (refused.status, refused.fields) == (403, {"visibility"})
    made = api.post("teams/", {"name": "Ours", "size": 5, "visibility": "unlisted"}).body
    assert made["share_url"].endswith(f"{Team.objects.get().share_key}/")
    assert api.patch(f"teams/{made['id']}/", {"visibility": "public"}).status == 403
