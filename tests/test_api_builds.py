"""Builds by the API: lists, one's own, history, sharing. Every answer is held against the description (tests.api)."""

import uuid
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from builds.models import Build, BuildRevision
from builds.models.build import UNDATED
from builds.services.builds import update_build
from tests.api import Api
from tests.factories import AdminFactory, BuildFactory, UserFactory

pytestmark = pytest.mark.django_db

# A Firebrand in the longer form, with its weapons.
CODE = "[&DQENPi47PhpLF0sXFgE2AUsBFgE2AS0BGBYYFgAAAAAAAAAAAAAAAAAAAAAEBQBXADUAMQAA]"
GUARDIAN = {"name": "Stand firm", "profession": "Guardian", "game_mode": "wvw"}


def cursor_of(*values: Any) -> str:
    return urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


# --- Who may do what -----------------------------------------------------------------------------
WHO = ("anonymous", "stranger", "owner", "staff")
# Route, method and body, and for anonymous, stranger, owner and staff the status on a private, an unlisted and a
# public build.
MATRIX: list[tuple[str, str, Any, dict[str, tuple[int, int, int, int]]]] = [
    ("{id}/", "get", None, {"private": (404, 404, 200, 404), "unlisted": (404, 404, 200, 404), "public": (200,) * 4}),
    ("{id}/", "patch", {"name": "New"}, dict.fromkeys(("private", "unlisted", "public"), (401, 404, 200, 404))),
    ("{id}/", "delete", None, dict.fromkeys(("private", "unlisted", "public"), (401, 404, 204, 404))),
    (
        "{id}/copy/",
        "post",
        {},
        {"private": (401, 404, 201, 404), "unlisted": (401, 404, 201, 404), "public": (401, 201, 201, 201)},
    ),
    ("{id}/revisions/", "get", None, dict.fromkeys(("private", "unlisted", "public"), (401, 404, 200, 404))),
    ("{id}/revisions/1/", "get", None, dict.fromkeys(("private", "unlisted", "public"), (401, 404, 200, 404))),
    ("{id}/revisions/1/restore/", "post", {}, dict.fromkeys(("private", "unlisted", "public"), (401, 404, 200, 404))),
]
CASES = [
    pytest.param(route, method, body, visibility, who, status, id=f"{method} {route} {visibility} {who}")
    for route, method, body, statuses in MATRIX
    for visibility, row in statuses.items()
    for who, status in zip(WHO, row, strict=True)
]


@pytest.mark.parametrize(("route", "method", "body", "visibility", "who", "status"), CASES)
def test_build_route_lets_in_whom_it_should(
    route: str, method: str, body: Any, visibility: str, who: str, status: int
) -> None:
    build = BuildFactory(visibility=visibility, name="Old")
    users: dict[str, User | None] = {
        "anonymous": None,
        "stranger": UserFactory(),
        "owner": build.owner,
        "staff": AdminFactory(),
    }
    answer = Api(users[who]).call(method, f"builds/{route.format(id=build.pk)}", body)
    assert answer.status == status
    if status in {401, 404}:
        assert Build.objects.get() == build
        assert Build.objects.get().name == "Old"


@pytest.mark.parametrize(
    ("visibility", "status"), [(Build.Visibility.PRIVATE, 404), ("unlisted", 200), ("public", 200)]
)
@pytest.mark.parametrize("who", WHO)
def test_shared_opens_what_is_not_private(visibility: str, status: int, who: str) -> None:
    build = BuildFactory(visibility=visibility)
    users = {"stranger": UserFactory, "staff": AdminFactory, "owner": lambda: build.owner}
    answer = Api(users.get(who, lambda: None)()).get(f"shared/{build.share_key}/")
    assert answer.status == status
    if status == 200:
        assert answer.body["id"] == str(build.pk)
        assert not {"share_url", "visibility", "notes"} & set(answer.body)


def test_lists_and_creation_ask_who_it_is() -> None:
    assert Api().get("builds/").status == 200
    assert Api().get("builds/mine/").status == 401
    refused = Api().post("builds/", {"code": CODE})
    assert (refused.status, refused.error["code"]) == (401, "not_authenticated")
    assert refused.headers["WWW-Authenticate"] == 'Bearer realm="api"'
    assert not Build.objects.exists()


def test_session_needs_the_token_of_forms_and_nobody_needs_none() -> None:
    user = UserFactory()
    assert Api(user, csrf=True).post("builds/", {"code": CODE}).status == 403
    assert Api(user, csrf=True).post("builds/validate/", {"code": CODE}).status == 403
    assert Api(csrf=True).post("builds/validate/", {"code": CODE}).status == 200
    assert not Build.objects.exists()


# --- Lists ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3, 100])
def test_library_costs_one_query_and_reads_no_value(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = UserFactory()
    for _ in range(count):
        BuildFactory(owner=owner)
    with django_assert_num_queries(1) as captured:
        answer = Api().get("builds/?limit=100")
    assert len(answer.body["items"]) == count
    assert '."spec"' not in captured[0]["sql"]


@pytest.mark.parametrize("count", [1, 3, 100])
def test_own_list_costs_session_user_and_one_query(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    owner = UserFactory()
    for _ in range(count):
        BuildFactory(owner=owner)
    BuildFactory()
    api = Api(owner)
    with django_assert_num_queries(3):
        answer = api.get("builds/mine/?limit=100")
    assert len(answer.body["items"]) == count


@pytest.mark.parametrize("count", [1, 3, 100])
def test_revisions_cost_session_user_build_and_one_query(
    count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    build = BuildFactory()
    for number in range(2, count + 1):
        update_build(build_id=build.pk, author=build.owner, version=None, name=f"Name {number}")
    api = Api(build.owner)
    with django_assert_num_queries(4) as captured:
        answer = api.get(f"builds/{build.pk}/revisions/?limit=100")
    assert [entry["number"] for entry in answer.body["items"]] == list(range(count, 0, -1))
    assert '"builds_buildrevision"."spec"' not in captured[-1]["sql"]


def test_library_item_tells_what_a_list_shows() -> None:
    moment = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
    build = BuildFactory(
        name="Wall", tags=["Zerg"], as_of=moment, is_fresh=False, source_label="A site", wvw_style="zerg"
    )
    (item,) = Api().get("builds/").body["items"]
    assert item == {
        "id": str(build.pk),
        "name": "Wall",
        "profession": "Guardian",
        "elite_specialization": None,
        "game_mode": "wvw",
        "wvw_style": "zerg",
        "role": "stability_support",
        "template_code": build.template_code,
        "owner": build.owner.username,
        "origin": "typed",
        "source_label": "A site",
        "stale": True,
        "as_of": "2026-03-04T05:06:00Z",
        "updated_at": build.updated_at.isoformat().replace("+00:00", "Z"),
        "tags": ["zerg"],
        "url": f"http://testserver/builds/{build.pk}/",
    }


def test_build_without_a_date_of_its_source_shows_none() -> None:
    build = BuildFactory(as_of=UNDATED)
    (item,) = Api().get("builds/").body["items"]
    assert (item["as_of"], Api().get(f"builds/{build.pk}/").body["as_of"]) == (None, None)


def test_library_holds_only_public_builds_and_own_list_all_of_ones_own() -> None:
    owner = UserFactory()
    for visibility in Build.Visibility.values:
        BuildFactory(owner=owner, visibility=visibility, name=visibility)
    for api in (Api(), Api(owner), Api(AdminFactory())):
        assert [item["name"] for item in api.get("builds/").body["items"]] == ["public"]
    own = Api(owner).get("builds/mine/").body["items"]
    assert {item["name"]: item["visibility"] for item in own} == {name: name for name in Build.Visibility.values}
    assert Api(AdminFactory()).get("builds/mine/").body == {"items": [], "next": None}


FILTERS = [
    ("", ["Core", "Fire", "Ranger"]),
    ("profession=guardian", ["Core", "Fire"]),
    ("profession=ranger", ["Ranger"]),
    ("elite=FIREBRAND", ["Fire"]),
    ("elite=core", ["Core", "Ranger"]),
    ("mode=PvP", ["Ranger"]),
    ("role=healer", ["Fire"]),
    ("q=fire", ["Fire"]),
    ("q=stability%20guardian", ["Core"]),
    # No word is left of it, and no word filters nothing.
    ("q=%25", ["Core", "Fire", "Ranger"]),
    ("profession=Guardian&role=dps", []),
    ("profession=&elite=&mode=&role=&q=&cursor=", ["Core", "Fire", "Ranger"]),
]


@pytest.mark.parametrize(("query", "names"), FILTERS)
@pytest.mark.parametrize("route", ["builds/", "builds/mine/"])
def test_list_filters(route: str, query: str, names: list[str]) -> None:
    owner = UserFactory()
    BuildFactory(owner=owner, name="Core")
    BuildFactory(owner=owner, name="Fire", role="healer", template_code=CODE)
    BuildFactory(owner=owner, name="Ranger", profession="Ranger", game_mode="pvp", role=None)
    items = Api(owner).get(f"{route}?{query}").body["items"]
    assert sorted(item["name"] for item in items) == names


@pytest.mark.parametrize("order", ["newest", "name"])
def test_library_walks_through_all_in_order(order: str) -> None:
    owner = UserFactory()
    for day, name in ((1, "b"), (2, "a"), (3, "c"), (4, "a"), (5, "d")):
        BuildFactory(owner=owner, name=name, is_fresh=day != 5, as_of=datetime(2026, 1, day, tzinfo=UTC))
    BuildFactory(profession="Ranger")
    following = f"builds/?order={order}&limit=2&profession=Guardian"
    names: list[str] = []
    sizes: list[int] = []
    while following:
        answer = Api().get(following)
        names += [item["name"] for item in answer.body["items"]]
        sizes.append(len(answer.body["items"]))
        following = answer.body["next"]
    assert sizes == [2, 2, 1]
    assert names == {"newest": ["a", "c", "a", "b", "d"], "name": ["a", "a", "b", "c", "d"]}[order]


def test_own_list_and_revisions_walk_through_all() -> None:
    build = BuildFactory(name="1")
    for number in (2, 3):
        update_build(build_id=build.pk, author=build.owner, version=None, name=str(number))
    for route, expected in ((f"builds/{build.pk}/revisions/", ["3", "2", "1"]), ("builds/mine/", ["b", "a", "3"])):
        if route == "builds/mine/":
            BuildFactory(owner=build.owner, name="a")
            BuildFactory(owner=build.owner, name="b")
        following, names = f"{route}?limit=1", []
        while following:
            answer = Api(build.owner).get(following)
            names += [item["name"] for item in answer.body["items"]]
            following = answer.body["next"]
        assert names == expected


BAD_QUERIES = [
    ("limit=0", 422, {"limit"}),
    ("limit=101", 422, {"limit"}),
    ("limit=99999999999999999999999999", 422, {"limit"}),
    ("limit=-1", 422, {"limit"}),
    ("limit=1.5", 422, {"limit"}),
    ("limit=", 422, {"limit"}),
    ("profession=Gardian", 422, {"profession"}),
    ("elite=Honor", 422, {"elite"}),
    ("elite=Fireband", 422, {"elite"}),
    ("mode=wwv", 422, {"mode"}),
    ("role=stab", 422, {"role"}),
    ("order=worst", 422, {"order"}),
    ("page=2", 422, {"page"}),
    ("q=" + "x" * 201, 422, {"q"}),
    ("q=a%00b", 400, set()),
    ("q=%ff", 400, set()),
    ("cursor=garbage", 400, set()),
    ("cursor=%F0%9F%90%89", 400, set()),
    ("cursor=" + cursor_of("a\x00", uuid.UUID(int=1)), 400, set()),
    ("order=name&cursor=" + cursor_of("a\x00", uuid.UUID(int=1)), 400, set()),
    ("order=name&cursor=" + cursor_of("a", "b"), 400, set()),
    ("order=name&cursor=" + cursor_of(True, "2026-01-01T00:00:00+00:00", uuid.UUID(int=1)), 400, set()),
    ("cursor=" + cursor_of(1, "2026-01-01T00:00:00+00:00", uuid.UUID(int=1)), 400, set()),
    ("cursor=" + cursor_of(True, "2026-01-01", uuid.UUID(int=1)), 400, set()),
    ("cursor=" + cursor_of(True, "0001-01-01T00:00:00+14:00", uuid.UUID(int=1)), 400, set()),
    ("cursor=" + cursor_of(True, "2026-01-01T00:00:00+00:00", 5), 400, set()),
    ("cursor=" + cursor_of({}), 400, set()),
]


@pytest.mark.parametrize(("query", "status", "fields"), BAD_QUERIES)
def test_library_names_what_it_can_not_use(query: str, status: int, fields: set[str]) -> None:
    BuildFactory()
    answer = Api().get(f"builds/?{query}")
    assert (answer.status, answer.fields) == (status, fields)


def test_library_suggests_names_that_are_near() -> None:
    assert "Guardian" in Api().get("builds/?profession=Gardian").error["fields"]["profession"][0]


@pytest.mark.parametrize("number", [-1, 2**31, 2**63, 2**64 - 1, True, "1"])
def test_revisions_refuse_a_cursor_that_is_no_number(number: Any) -> None:
    build = BuildFactory()
    assert Api(build.owner).get(f"builds/{build.pk}/revisions/?cursor={cursor_of(number)}").status == 400


# --- Create --------------------------------------------------------------------------------------
def test_create_from_code_saves_a_private_pasted_build() -> None:
    user = UserFactory()
    answer = Api(user).post("builds/", {"code": CODE, "game_mode": "WvW", "role": "healer", "tags": ["Zerg ", "zerg"]})
    build = Build.objects.get()
    assert answer.status == 201
    assert answer.headers["Location"] == f"http://testserver/api/v1/builds/{build.pk}/"
    assert answer.headers["ETag"] == '"1"'
    assert (build.owner, build.visibility, build.origin, build.tags) == (user, "private", "pasted", ["zerg"])
    assert (build.name, build.profession, build.game_mode, build.role) == ("Firebrand", "Guardian", "wvw", "healer")
    assert answer.body["template_code"] == build.template_code == CODE
    assert (answer.body["visibility"], answer.body["share_url"], answer.body["version"]) == ("private", None, 1)
    assert answer.body["build"]["specializations"][2]["specialization"] == {"id": 62, "name": "Firebrand"}
    again = Api(user).get(f"builds/{build.pk}/")
    assert again.body == {name: value for name, value in answer.body.items() if name != "notes"}


def test_create_from_value_tells_what_it_normalised() -> None:
    value = {
        "name": "Two sets",
        "profession": "Elementalist",
        "weapon_sets": [{"main_hand": "Staff"}, {"main_hand": "Dagger", "off_hand": "Focus"}],
    }
    answer = Api(UserFactory()).post(
        "builds/",
        {"build": value, "name": "One set", "visibility": "unlisted", "description": "Why", "difficulty": 3},
    )
    build = Build.objects.get()
    assert answer.status == 201
    assert len(answer.body["notes"]) == 1
    assert answer.body["build"]["weapon_sets"] == [{"main_hand": "Staff", "off_hand": None}]
    assert (build.name, build.visibility, build.description, build.difficulty, build.origin) == (
        "One set", "unlisted", "Why", 3, "typed",
    )  # fmt: skip
    assert answer.body["share_url"] == f"http://testserver/s/{build.share_key}/"


def test_created_value_comes_back_as_input_unchanged() -> None:
    api = Api(UserFactory())
    first = api.post("builds/", {"code": CODE}).body
    second = api.post("builds/", {"build": first["build"]}).body
    assert (second["build"], second["notes"]) == (first["build"], [])


BAD_BODIES = [
    ({}, 422, set()),
    ({"build": GUARDIAN, "code": CODE}, 422, set()),
    ({"build": None}, 422, {"build"}),
    ({"build": []}, 422, {"build"}),
    ({"build": "Guardian"}, 422, {"build"}),
    ({"build": {}}, 422, {"name", "profession"}),
    ({"build": {**GUARDIAN, "profession": "Gardian"}}, 422, {"profession"}),
    ({"build": {**GUARDIAN, "gear": {"helm": "Minstral"}}}, 422, {"gear.helm.prefix"}),
    ({"build": {**GUARDIAN, "owner": "me"}}, 422, {"owner"}),
    ({"code": None}, 422, {"code"}),
    ({"code": 5}, 422, {"code"}),
    ({"code": ""}, 422, {"code"}),
    ({"code": CODE, "owner": "x", "is_staff": True, "id": str(uuid.UUID(int=1))}, 422, {"owner", "is_staff", "id"}),
    ({"code": CODE, "share_key": "x", "version": 9, "as_of": "2020-01-01"}, 422, {"share_key", "version", "as_of"}),
    ({"code": CODE, "name": ""}, 422, {"name"}),
    ({"code": CODE, "name": 5}, 422, {"name"}),
    ({"code": CODE, "name": "x" * 121}, 422, {"name"}),
    ({"code": CODE, "game_mode": "wwv"}, 422, {"game_mode"}),
    ({"code": CODE, "game_mode": ["wvw"]}, 422, {"game_mode"}),
    ({"code": CODE, "role": {}}, 422, {"role"}),
    ({"code": CODE, "visibility": "open"}, 422, {"visibility"}),
    ({"code": CODE, "visibility": None}, 422, {"visibility"}),
    ({"code": CODE, "description": "x" * 10_001}, 422, {"description"}),
    ({"code": CODE, "difficulty": 6}, 422, {"difficulty"}),
    ({"code": CODE, "difficulty": "3"}, 422, {"difficulty"}),
    ({"code": CODE, "difficulty": True}, 422, {"difficulty"}),
    ({"code": CODE, "difficulty": 2.0}, 422, {"difficulty"}),
    ({"code": CODE, "tags": "zerg"}, 422, {"tags"}),
    ({"code": CODE, "tags": ["x" * 31]}, 422, {"tags.0"}),
    ({"code": CODE, "tags": [1]}, 422, {"tags.0"}),
    ({"code": CODE, "tags": ["a"] * 11}, 422, {"tags"}),
    (b"null", 400, set()),
    (b"[]", 400, set()),
    (b"", 422, set()),
    (b"{", 400, set()),
    (b'{"code": "\\u0000"}', 400, set()),
    (b'{"code": "\\ud800"}', 400, set()),
    (b'{"code": NaN}', 400, set()),
    (b"\xff", 400, set()),
    (b'{"build": ' + b"[" * 200 + b"]" * 200 + b"}", 400, set()),
]


@pytest.mark.parametrize(("body", "status", "fields"), BAD_BODIES)
def test_create_names_what_it_can_not_use_and_writes_nothing(body: Any, status: int, fields: set[str]) -> None:
    answer = Api(UserFactory()).post("builds/", body)
    assert (answer.status, answer.fields) == (status, fields)
    assert not Build.objects.exists()
    assert not BuildRevision.objects.exists()


def test_create_says_where_a_code_breaks() -> None:
    answer = Api(UserFactory()).post("builds/", {"code": CODE[:20] + "]"})
    assert answer.status in {400, 422}
    assert "byte" in answer.error["message"]
    assert not Build.objects.exists()


def test_unknown_fields_are_named_only_so_many_times() -> None:
    answer = Api(UserFactory()).post("builds/", {"code": CODE, **{f"x{i}" * 100: 1 for i in range(1000)}})
    assert answer.status == 422
    assert len(answer.fields) == 20
    assert {len(name) for name in answer.fields} == {80}


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_other_bodies_than_json_are_refused(content_type: str) -> None:
    answer = Api(UserFactory()).post("builds/", b"code=x", content_type=content_type)
    assert (answer.status, answer.error["code"]) == (415, "unsupported_media_type")


@pytest.mark.limits
def test_creation_is_limited() -> None:
    api = Api(UserFactory())
    statuses = [api.post("builds/", {}).status for _ in range(31)]
    assert statuses == [422] * 30 + [429]
    assert int(api.post("builds/", {}).headers["Retry-After"]) >= 1
    assert Api(UserFactory()).post("builds/", {}).status == 422


# --- Look ----------------------------------------------------------------------------------------
def test_detail_tells_its_owner_more() -> None:
    build = BuildFactory(visibility="public", description="Notes", difficulty=2)
    stranger, owner = Api().get(f"builds/{build.pk}/"), Api(build.owner).get(f"builds/{build.pk}/")
    assert set(owner.body) - set(stranger.body) == {"visibility", "share_url", "hidden_at", "hidden_reason"}
    assert {name: value for name, value in owner.body.items() if name in stranger.body} == stranger.body
    assert (stranger.body["description"], stranger.body["difficulty"], stranger.body["version"]) == ("Notes", 2, 1)
    assert stranger.headers["ETag"] == '"1"'
    assert stranger.body["build"]["schema"] == "build/1"


BAD_ADDRESSES = [
    "builds/1/",
    "builds/none/",
    f"builds/{uuid.UUID(int=5)}/",
    f"builds/{uuid.UUID(int=5)}x/",
    "shared/nothing/",
    "shared/a%20b/",
    f"shared/{'x' * 500}/",
    "nothing/",
]


@pytest.mark.parametrize("address", BAD_ADDRESSES)
def test_bad_address_is_not_found(address: str) -> None:
    assert Api(UserFactory()).get(address).status == 404


@pytest.mark.parametrize("number", ["0", "2", str(2**31), str(2**63), "9" * 5000, "-1", "x"])
def test_revision_that_is_none_is_not_found(number: str) -> None:
    build = BuildFactory()
    api = Api(build.owner)
    assert api.get(f"builds/{build.pk}/revisions/{number}/").status == 404
    assert api.post(f"builds/{build.pk}/revisions/{number}/restore/").status == 404


WRONG_METHODS = [
    ("put", "builds/"),
    ("patch", "builds/"),
    ("delete", "builds/"),
    ("post", "builds/mine/"),
    ("put", "builds/{id}/"),
    ("post", "builds/{id}/"),
    ("get", "builds/{id}/copy/"),
    ("post", "builds/{id}/revisions/"),
    ("delete", "builds/{id}/revisions/1/"),
    ("get", "builds/{id}/revisions/1/restore/"),
    ("post", "shared/{key}/"),
    ("get", "builds/validate/"),
]


@pytest.mark.parametrize(("method", "route"), WRONG_METHODS)
def test_wrong_method_is_told_which_there_are(method: str, route: str) -> None:
    build = BuildFactory()
    answer = Api(build.owner).call(method, route.format(id=build.pk, key=build.share_key), {})
    assert (answer.status, answer.error["code"]) == (405, "method_not_allowed")
    assert method.upper() not in answer.headers["Allow"]
    assert Build.objects.filter(pk=build.pk).exists()


# --- Change --------------------------------------------------------------------------------------
def test_change_of_what_stands_beside_the_value() -> None:
    build = BuildFactory(difficulty=3, tags=["a"])
    changes = {"visibility": "private", "description": "New", "difficulty": None, "tags": []}
    answer = Api(build.owner).patch(f"builds/{build.pk}/", changes)
    assert answer.status == 200
    assert {name: answer.body[name] for name in changes} == changes
    build.refresh_from_db()
    assert {name: getattr(build, name) for name in changes} == changes


def test_change_of_the_value_is_a_revision() -> None:
    build = BuildFactory(name="First")
    api = Api(build.owner)
    answer = api.patch(f"builds/{build.pk}/", {"build": {**GUARDIAN, "template_code": CODE}, "name": "Second"})
    assert (answer.status, answer.headers["ETag"], answer.body["version"]) == (200, '"2"', 2)
    assert (answer.body["name"], answer.body["build"]["name"]) == ("Second", "Second")
    assert answer.body["elite_specialization"] == "Firebrand"
    first = api.get(f"builds/{build.pk}/revisions/1/").body
    assert (first["name"], first["build"]["name"], first["author"]) == ("First", "First", build.owner.username)
    assert [entry["number"] for entry in api.get(f"builds/{build.pk}/revisions/").body["items"]] == [2, 1]


@pytest.mark.parametrize(
    ("body", "headers"),
    [({"version": 1}, {}), ({}, {"If_Match": '"1"'}), ({}, {"If_Match": 'W/"1"'}), ({"version": 1}, {"If_Match": "*"})],
)
def test_change_of_an_older_version_conflicts_and_writes_nothing(body: dict[str, Any], headers: dict[str, str]) -> None:
    build = BuildFactory(name="First")
    api = Api(build.owner)
    assert api.patch(f"builds/{build.pk}/", {"name": "Second", **body}, **headers).status == 200
    answer = api.patch(
        f"builds/{build.pk}/", {"name": "Third", "visibility": "private", "description": "x", **body}, **headers
    )
    assert (answer.status, answer.error["code"]) == (409, "conflict")
    build.refresh_from_db()
    assert (build.name, build.visibility, build.description, build.version) == ("Second", "public", "", 2)
    assert build.revisions.count() == 2
    assert api.post(f"builds/{build.pk}/revisions/1/restore/", body, **headers).status == 409


@pytest.mark.parametrize(
    ("body", "headers", "fields"),
    [
        ({}, {}, set()),
        ({"version": 1}, {}, set()),
        ({"name": "x", "version": 0}, {}, {"version"}),
        ({"name": "x", "version": "1"}, {}, {"version"}),
        ({"name": "x", "version": True}, {}, {"version"}),
        ({"name": "x", "version": 10**30}, {}, {"version"}),
        ({"name": "x"}, {"If_Match": "one"}, {"If-Match"}),
        ({"name": "x"}, {"If_Match": '"1", "2"'}, {"If-Match"}),
        ({"name": "x", "version": 1}, {"If_Match": '"2"'}, {"version"}),
        ({"name": ""}, {}, {"name"}),
        ({"name": "  "}, {}, {"name"}),
        ({"name": None}, {}, {"name"}),
        ({"name": "a\nb"}, {}, {"name"}),
        ({"owner": "x", "code": CODE, "role": "dps"}, {}, {"owner", "code", "role"}),
        ({"build": {}}, {}, {"name", "profession"}),
        ({"build": None}, {}, {"build"}),
        ({"build": {**GUARDIAN, "profession": "Ranger", "legends": ["Legend1"]}}, {}, {"legends"}),
        ({"difficulty": 0, "name": "New"}, {}, {"difficulty"}),
        ({"tags": None}, {}, {"tags"}),
    ],
)
def test_change_names_what_it_can_not_use_and_writes_nothing(
    body: Any, headers: dict[str, str], fields: set[str]
) -> None:
    build = BuildFactory(name="First")
    answer = Api(build.owner).patch(f"builds/{build.pk}/", body, **headers)
    assert (answer.status, answer.fields) == (422, fields)
    unchanged = Build.objects.get()
    assert (unchanged.name, unchanged.version, unchanged.updated_at) == ("First", 1, build.updated_at)


def test_restore_brings_back_and_keeps_what_was() -> None:
    build = BuildFactory(name="First")
    api = Api(build.owner)
    api.patch(f"builds/{build.pk}/", {"name": "Second", "description": "x"})
    answer = api.post(f"builds/{build.pk}/revisions/1/restore/", {"version": 2})
    assert (answer.status, answer.body["name"], answer.body["description"], answer.body["version"]) == (
        200, "First", "", 3,
    )  # fmt: skip
    numbers = [(entry["number"], entry["name"]) for entry in api.get(f"builds/{build.pk}/revisions/").body["items"]]
    assert numbers == [(3, "First"), (2, "Second"), (1, "First")]


def test_revision_of_an_account_that_is_gone_has_no_author() -> None:
    build, other = BuildFactory(), UserFactory()
    update_build(build_id=build.pk, author=other, version=None, name="By another")
    other.delete()
    items = Api(build.owner).get(f"builds/{build.pk}/revisions/").body["items"]
    assert [entry["author"] for entry in items] == [None, build.owner.username]


def test_copy_is_private_and_ones_own() -> None:
    source, user = BuildFactory(name="Theirs", tags=["a"]), UserFactory()
    answer = Api(user).post(f"builds/{source.pk}/copy/")
    copy = Build.objects.get(owner=user)
    assert answer.headers["Location"] == f"http://testserver/api/v1/builds/{copy.pk}/"
    assert (answer.body["id"], answer.body["visibility"], answer.body["name"]) == (str(copy.pk), "private", "Theirs")
    assert answer.body["build"] == Api().get(f"builds/{source.pk}/").body["build"]
    refused = Api(user).post(f"builds/{source.pk}/copy/", {"name": "Mine"})
    assert (refused.status, refused.fields) == (422, {"name"})
    assert Api(user).call("post", f"builds/{source.pk}/copy/").status == 201


def test_delete_takes_the_history_with_it() -> None:
    build, other = BuildFactory(), BuildFactory()
    assert Api(build.owner).delete(f"builds/{build.pk}/").status == 204
    assert list(Build.objects.all()) == [other]
    assert list(BuildRevision.objects.values_list("build", flat=True)) == [other.pk]
    assert Api(build.owner).get(f"builds/{build.pk}/").status == 404


# --- Validate ------------------------------------------------------------------------------------
def test_validate_completes_and_saves_nothing() -> None:
    answer = Api().post("builds/validate/", {"code": CODE, "name": "Mine", "role": "healer"})
    assert answer.status == 200
    assert (answer.body["template_code"], answer.body["notes"]) == (CODE, [])
    assert (answer.body["build"]["name"], answer.body["build"]["role"]) == ("Mine", "healer")
    made = Api().post("builds/validate/", {"build": {**GUARDIAN, "specializations": [{"specialization": "Honor"}]}})
    assert made.body["template_code"].startswith("[&DQE")
    assert not Build.objects.exists()


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, set()),
        ({"code": CODE, "visibility": "public"}, {"visibility"}),
        ({"build": {**GUARDIAN, "rune": "Superior Rune of the Wotor"}}, {"rune"}),
        ({"build": {**GUARDIAN, "skills": {"heal": 10**30}}}, {"skills.heal"}),
    ],
)
def test_validate_names_what_it_can_not_use(body: dict[str, Any], fields: set[str]) -> None:
    answer = Api().post("builds/validate/", body)
    assert (answer.status, answer.fields) == (422, fields)


@pytest.mark.limits
def test_computing_is_limited_by_caller() -> None:
    api = Api()
    statuses = [api.post("builds/validate/", {}).status for _ in range(30)]
    statuses += [api.post("chatlinks/decode/", {}).status, api.post("ai/recommend-build", {}).status]
    assert statuses == [422] * 30 + [429] * 2
    assert Api(UserFactory()).post("builds/validate/", {}).status == 422
