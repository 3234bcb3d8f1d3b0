"""What a request may hold, on the site's own routes: text that no database takes, bodies that are too deep, too many or
too large, encodings that are none, and fields that nobody may set."""

import uuid
from base64 import urlsafe_b64encode
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from builds.models import Build
from gw2optimizer.wsgi import application
from tests.api import Api
from tests.factories import BuildFactory, UserFactory
from tests.specs import minimal

pytestmark = pytest.mark.django_db

LISTS = ["/api/v1/builds/", "/api/v1/builds/mine/", "/api/v1/catalogue/skill/", "/builds/", "/builds/mine/", "/"]
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def signed_in(client: Client) -> Client:
    # A view that breaks has to answer 500 here, as it would for a visitor.
    client.raise_request_exception = False
    client.force_login(UserFactory())
    return client


def refused(response: HttpResponse, status: int, code: str) -> None:
    assert response.status_code == status
    if response["Content-Type"] == JSON:
        error = response.json()["error"]  # type: ignore[attr-defined]
        assert (error["code"], error["request_id"]) == (code, response["X-Request-ID"])
    else:
        assert response["X-Request-ID"] in response.content.decode()


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", ["title=%00", "%00=1", "q=a%00b", "q=%ED%A0%80", "q=%ff", "cursor=%00", "q=%C0%80"])
def test_address_that_cannot_be_stored_is_400_on_every_list(signed_in: Client, path: str, query: str) -> None:
    refused(signed_in.get(f"{path}?{query}"), 400, "malformed")


@pytest.mark.parametrize(
    "cursor",
    [
        urlsafe_b64encode(text).decode().rstrip("=")
        for text in (b"p=not-a-date", b'["not-a-date","x"]', b"[1e999]", b"[[[]]]", b"null", b'[true,"9999-12-31","x"]',
                     b'[true,"0001-01-01T00:00:00+23:59","00000000-0000-0000-0000-000000000000"]', b"\xff\xfe", b"")
    ] + ["%%%", "=", "é", "a" * 20_000],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/api/v1/builds/", "/api/v1/builds/mine/", "/builds/", "/builds/mine/"])
def test_cursor_that_is_none_of_ours_is_400(signed_in: Client, path: str, cursor: str) -> None:
    response = signed_in.get(path, {"cursor": cursor})
    assert response.status_code in ({200} if not cursor else {400, 422})


BODIES = {
    "nul": (b'{"name": "a\\u0000b"}', 400),
    "nul in a name": (b'{"a\\u0000": 1}', 400),
    "lone surrogate": (b'{"name": "\\ud800"}', 400),
    "surrogates turned round": (b'{"name": "\\udc00\\ud800"}', 400),
    "null": (b"null", 400),
    "deep": (b'{"build": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
    "deep objects": (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, 400),
    "many values": (b'{"a": [' + b"0," * 60_000 + b"0]}", 400),
    "many names": (b"{" + b",".join(b'"%d":0' % number for number in range(30_000)) + b"}", 400),
    "number of many digits": (b'{"version": ' + b"9" * 100_000 + b"}", 400),
    "not whole": (b'{"name": "', 400),
    "name twice": (b'{"build": {"name": "a", "name": "b"}}', 400),
    "ten megabytes": (b'{"name": "' + b"x" * 10_000_000 + b'"}', 413),
}


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "builds/"),
        ("POST", "builds/validate/"),
        ("PATCH", "builds/{build}/"),
        ("POST", "chatlinks/decode/"),
        ("POST", "ai/recommend-build"),
    ],
)
def test_body_that_cannot_be_used_is_told_so(client: Client, method: str, path: str, name: str) -> None:
    client.raise_request_exception = False
    build = BuildFactory()
    client.force_login(build.owner)
    body, status = BODIES[name]
    response = client.generic(method, f"/api/v1/{path.format(build=build.pk)}", body, content_type=JSON)
    refused(response, status, {400: "malformed", 413: "too_large"}[status])


@pytest.mark.parametrize("number", [b"9223372036854775808", b"-9223372036854775809", b"1" + b"0" * 30, b"1e300"])
@pytest.mark.parametrize("field", ["version", "difficulty"])
def test_number_that_is_too_large_is_no_failure(signed_in: Client, field: str, number: bytes) -> None:
    build = BuildFactory()
    signed_in.force_login(build.owner)
    body = b'{"name": "A", "%s": %s}' % (field.encode(), number)
    response = signed_in.patch(f"/api/v1/builds/{build.pk}/", body, content_type=JSON)
    # A version that nobody has seen yet is no error of form.
    assert response.status_code in ({422} if field == "difficulty" else {409, 422})


@pytest.mark.parametrize(
    "field", ["name", "role", "code", "build", "game_mode", "visibility", "description", "difficulty", "tags"]
)
@pytest.mark.parametrize("value", [None, [], {}, [None], {"a": None}, True, -1, 1e18, "", "\ud83d\ude00"])
def test_field_of_the_wrong_kind_is_named_and_no_failure(signed_in: Client, field: str, value: Any) -> None:
    body = {"build": minimal(), "name": "A", "visibility": "private"} | {field: value}
    response = signed_in.post("/api/v1/builds/", body, content_type=JSON)
    assert response.status_code in {201, 400, 422}
    if response.status_code >= 400:
        assert response.json()["error"]["message"]


@pytest.mark.parametrize("charset", ["latin-1", "utf-16", "utf-7", "nonsense", "x" * 500])
@pytest.mark.parametrize("kind", [FORM, "multipart/form-data; boundary=x", JSON, "text/plain"])
def test_other_encoding_than_utf8_is_415(client: Client, charset: str, kind: str) -> None:
    client.raise_request_exception = False
    for method, path in (("POST", "/login/"), ("GET", "/?q=a"), ("POST", "/api/v1/builds/validate/")):
        response = client.generic(method, path, b"--x\r\n", content_type=f"{kind}; charset={charset}")
        refused(response, 415, "unsupported_media_type")


@pytest.mark.parametrize("charset", ["hex", "rot13", "base64", "undefined", '"hex"', "utf-8; charset=hex", "none"])
@pytest.mark.parametrize("path", ["/", "/api/v1/builds/"])
def test_encoding_that_is_not_of_text_reaches_no_view(charset: str, path: str) -> None:
    """Through the server's own door, which the test client goes around."""
    got: list[str] = []
    environ: dict[str, Any] = {
        "PATH_INFO": path,
        "QUERY_STRING": "q=a",
        "CONTENT_TYPE": f"text/plain; charset={charset}",
    }
    setup_testing_defaults(environ)
    body = b"".join(application(environ, lambda status, headers: got.extend([status, *map(str, headers)])))
    assert got[0].startswith("415")
    assert any("X-Request-ID" in header for header in got)
    assert b"UTF-8" in body


@pytest.mark.parametrize("path", ["/login/", "/api/v1/builds/validate/"])
def test_body_without_a_length_is_411_and_not_taken_for_none(client: Client, path: str) -> None:
    headers = {"Transfer-Encoding": "chunked", "Content-Length": ""}
    refused(client.post(path, b"{}", content_type=JSON, headers=headers), 411, "length_required")


def test_utf8_may_be_named(client: Client) -> None:
    response = client.post("/api/v1/chatlinks/decode/", b"{}", content_type="application/json; charset=UTF-8")
    assert response.status_code == 422


@pytest.mark.parametrize(
    "cookie", ['session="\\000aaaaaaaaaaaa"', 'csrf="\\000aaaa"; theme="\\000"', 'messages="\\000"']
)
@pytest.mark.parametrize("path", ["/", "/login/", "/api/v1/builds/"])
def test_cookie_that_cannot_be_stored_counts_as_absent(client: Client, cookie: str, path: str) -> None:
    client.raise_request_exception = False
    assert client.get(path, HTTP_COOKIE=cookie).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"name=" + b"x" * 2_700_000,
        b"--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n" + b"x" * 2_700_000 + b"\r\n--x--\r\n",
    ],
    ids=["form", "multipart"],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/login/", "/builds/create/"])
def test_form_that_is_too_large_is_413(signed_in: Client, path: str, body: bytes) -> None:
    kind = FORM if body.startswith(b"name") else "multipart/form-data; boundary=x"
    refused(signed_in.generic("POST", path, body, content_type=kind), 413, "too_large")


@pytest.mark.parametrize(
    "body",
    [b"--x\r\n", b"--x\r\nContent-Disposition: form-data; name*=rot13''%ff\r\n\r\nb\r\n--x--\r\n", b"", b"\x00" * 100],
)
@pytest.mark.parametrize("boundary", ["x", "", "x" * 300, "é"])
def test_form_in_broken_parts_is_no_failure(signed_in: Client, body: bytes, boundary: str) -> None:
    response = signed_in.generic(
        "POST", "/builds/create/", body, content_type=f"multipart/form-data; boundary={boundary}"
    )
    assert response.status_code in {400, 422}


def test_form_of_too_many_fields_is_400(signed_in: Client) -> None:
    body = "&".join(f"a{number}=1" for number in range(1_001))
    refused(signed_in.generic("POST", "/builds/create/", body, content_type=FORM), 400, "malformed")


NOT_YOURS = {"owner": 1, "owner_id": 1, "id": str(uuid.UUID(int=1)), "is_staff": True, "score": 5, "is_fresh": False,
             "library_key": "x", "share_key": "x", "created_at": "2020-01-01T00:00:00Z"}  # fmt: skip


@pytest.mark.parametrize("field", NOT_YOURS)
def test_field_that_is_nobodys_to_set_is_named_by_the_api(field: str) -> None:
    build = BuildFactory()
    api = Api(build.owner)
    sent = {field: NOT_YOURS[field]}
    created = api.post("builds/", {"build": minimal(), "name": "A", **sent})
    changed = api.patch(f"builds/{build.pk}/", {"name": "B", "version": 1, **sent})
    assert [(answer.status, answer.fields) for answer in (created, changed)] == [(422, {field})] * 2
    assert Build.objects.get().name == build.name


def test_field_that_is_nobodys_to_set_changes_nothing_on_pages(client: Client) -> None:
    build = BuildFactory()
    stranger = UserFactory()
    client.force_login(build.owner)
    form = {
        "name": "Renamed", "visibility": "private", "game_mode": "wvw", "version": "1", "owner": str(stranger.pk),
        "owner_id": str(stranger.pk), "id": str(uuid.UUID(int=1)), "library_key": "x", "is_staff": "1", "score": "5",
    }  # fmt: skip
    assert client.post(f"/builds/{build.pk}/edit/", form).status_code in {302, 422}
    saved = Build.objects.get()
    assert (saved.pk, saved.owner, saved.library_key) == (build.pk, build.owner, None)


def test_registration_makes_no_staff(client: Client) -> None:
    form = {
        "username": "climber", "email": "climber@example.com", "password": "seven quaggans foo", "is_staff": "on",
        "password1": "seven quaggans foo", "password2": "seven quaggans foo", "is_superuser": "1", "groups": "1",
    }  # fmt: skip
    client.post("/register/", form)
    assert list(User.objects.filter(is_staff=True)) == list(User.objects.filter(is_superuser=True)) == []
