"""The edges that every request passes: ids, headers, text that can't be stored, errors, metrics."""

import re
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.test import Client
from django.test.utils import override_settings
from django.urls import include, path

from tests import platform_views

urlpatterns = [
    path("page/<str:kind>", platform_views.page),
    path("form", platform_views.form),
    path("parts", platform_views.parts),
    path("api/v1/page/<str:kind>", platform_views.page),
    path("api/v1/echo", platform_views.Echo.as_view()),
    path("api/v1/fail/<str:kind>", platform_views.Fail.as_view()),
    path("api/v1/members", platform_views.Members.as_view()),
    path("", include("gw2optimizer.urls")),
]
handler400 = "gw2optimizer.error_views.bad_request"
handler403 = "gw2optimizer.error_views.permission_denied"
handler404 = "gw2optimizer.error_views.page_not_found"
handler500 = "gw2optimizer.error_views.server_error"

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
JSON = "application/json"


def test_healthz_answers_without_database(client: Client) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.content == b"ok\n"


@pytest.mark.parametrize("given", ["abcdef12", "A-1234567890", "x" * 64])
def test_request_id_well_formed_one_is_kept(client: Client, given: str) -> None:
    assert client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "short", "with space 1234", "x" * 65, "line\nbreak1234", "émile-1234"])
def test_request_id_other_one_is_replaced(client: Client, given: str) -> None:
    assert re.fullmatch("[0-9a-f]{32}", client.get("/healthz", headers={"X-Request-ID": given})["X-Request-ID"])


def test_security_headers_are_on_every_answer(client: Client) -> None:
    response = client.get("/healthz")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_static_file_has_the_security_headers_too(client: Client) -> None:
    response = client.get("/static/admin/css/base.css")
    response.close()
    assert response.status_code == 200
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "address", ["/healthz?a=%00", "/healthz?%00=a", "/healthz?a=%ED%A0%80", "/healthz?a=%FF", "/a%00b"]
)
def test_address_with_text_that_cannot_be_stored_is_refused(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 400
    assert response["X-Request-ID"] in response.content.decode()


def test_address_with_other_letters_is_fine(client: Client) -> None:
    assert client.get("/healthz?a=%C3%A9+%F0%9F%98%80").status_code == 200


@pytest.mark.parametrize("data", [{"name": "a\x00b"}, {"a\x00b": "name"}])
def test_form_with_a_nul_is_refused(client: Client, data: dict[str, str]) -> None:
    assert client.post("/form", data).status_code == 400
    assert client.post("/form", {"name": "fine"}).content == b"fine"


@pytest.mark.parametrize(
    ("kind", "status"),
    [("invalid", 422), ("missing", 404), ("forbidden", 403), ("conflict", 409), ("limited", 429), ("away", 503)],
)
def test_domain_error_becomes_a_page_with_its_status(client: Client, kind: str, status: int) -> None:
    response = client.get(f"/page/{kind}")
    text = response.content.decode()
    assert response.status_code == status
    assert "<html" in text
    assert f"why {kind}" in text
    assert response["X-Request-ID"] in text
    assert response.get("Retry-After") == ("17" if kind == "limited" else None)


def test_domain_error_becomes_a_fragment_for_htmx(client: Client) -> None:
    response = client.get("/page/invalid", headers={"HX-Request": "true"})
    text = response.content.decode()
    assert response.status_code == 422
    assert "<html" not in text
    assert "why invalid" in text
    assert "gear.helm" in text
    assert response["Vary"].startswith("HX-Request")


def test_domain_error_text_is_escaped(client: Client) -> None:
    text = client.get("/page/markup", headers={"HX-Request": "true"}).content.decode()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_domain_error_under_api_is_json_outside_the_framework_too(client: Client) -> None:
    response = client.get("/api/v1/page/invalid")
    assert response.status_code == 422
    assert response.json() == {
        "error": {
            "code": "invalid",
            "message": "why invalid",
            "fields": {"gear.helm": ["is not a hat"]},
            "request_id": response["X-Request-ID"],
        }
    }


def test_unknown_address_is_a_page_or_json(client: Client) -> None:
    page, answer = client.get("/no/such/thing"), client.get("/api/v1/no-such-thing")
    assert (page.status_code, answer.status_code) == (404, 404)
    assert "Nothing here" in page.content.decode()
    assert answer.json()["error"]["code"] == "not_found"
    assert answer.json()["error"]["request_id"] == answer["X-Request-ID"]


@pytest.mark.parametrize("address", ["/page/broken", "/api/v1/page/broken", "/api/v1/fail/broken"])
def test_unexpected_error_is_logged_and_tells_nothing(address: str, caplog: pytest.LogCaptureFixture) -> None:
    response = Client(raise_request_exception=False).get(address)
    text = response.content.decode()
    assert response.status_code == 500
    assert "the secret detail" not in text
    assert response["X-Request-ID"] in text
    assert "the secret detail" in caplog.text


def test_wrong_method_is_a_page_that_says_which_are_right(client: Client) -> None:
    response = client.put("/")
    text = response.content.decode()
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")
    assert "doesn&#x27;t take PUT; it takes GET, HEAD." in text
    assert response["X-Request-ID"] in text
    assert client.head("/").status_code == 200


def test_wrong_host_is_logged_in_one_line_of_warning(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    response = client.get("/", headers={"Host": "evil.example"})
    told = [record for record in caplog.records if "evil.example" in record.getMessage()]
    assert response.status_code == 400
    assert [(record.levelname, record.exc_info, record.exc_text) for record in told] == [("WARNING", None, None)]
    assert "Traceback" not in caplog.text


def test_form_without_csrf_token_is_a_page(client: Client) -> None:
    response = Client(enforce_csrf_checks=True).post("/form", {"name": "x"})
    assert response.status_code == 403
    assert "reload the page" in response.content.decode()


def test_form_larger_than_the_limit_is_413(client: Client) -> None:
    response = client.post("/form", "name=" + "x" * 2_700_000, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"a": 1}', 200),
        (b"", 200),
        (b"{", 400),
        (b"null", 400),
        (b"[]", 400),
        (b'"text"', 400),
        (b'{"a": NaN}', 400),
        (b'{"a": Infinity}', 400),
        (b'{"a": 1e999}', 400),
        (b'{"a": "\\u0000"}', 400),
        (b'{"a\\u0000": 1}', 400),
        (b'{"a": [["b", "\\u0000"]]}', 400),
        (b'{"a": "\\ud800"}', 400),
        (b'{"a": "\xff"}', 400),
        (b'{"a": ' + b"[" * 99 + b"]" * 99 + b"}", 200),
        (b'{"a": ' + b"[" * 100 + b"]" * 100 + b"}", 400),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", 400),
        (b'{"a": "' + b"x" * 2_621_440 + b'"}', 413),
    ],
    ids=range(18),
)
def test_json_body_is_bounded(client: Client, body: bytes, status: int) -> None:
    response = client.post("/api/v1/echo", body, content_type=JSON)
    assert response.status_code == status
    if status == 200:
        assert response.json() == {"got": orjson.loads(body or b"{}")}
    else:
        assert response.json()["error"]["code"] == {400: "malformed", 413: "too_large"}[status]


@pytest.mark.parametrize(
    ("method", "content_type", "accept", "status", "code"),
    [
        ("put", JSON, JSON, 405, "method_not_allowed"),
        ("post", "text/csv", JSON, 415, "unsupported_media_type"),
        ("post", JSON, "text/csv", 406, "not_acceptable"),
    ],
)
def test_api_refusals_of_the_framework_have_the_one_body(
    client: Client, method: str, content_type: str, accept: str, status: int, code: str
) -> None:
    response = getattr(client, method)("/api/v1/echo", b"{}", content_type=content_type, headers={"Accept": accept})
    assert response.status_code == status
    assert response.json()["error"]["code"] == code


def test_api_field_errors_are_422_with_paths(client: Client) -> None:
    response = client.get("/api/v1/fail/fields")
    error = response.json()["error"]
    assert response.status_code == 422
    assert error["code"] == "invalid"
    assert error["message"] == "as a whole"
    assert error["fields"] == {"name": ["too long"], "gear.helm": ["no hat"], "sets.1.main": ["no sword"]}


def test_api_model_validation_is_422(client: Client) -> None:
    response = client.get("/api/v1/fail/model")
    assert response.status_code == 422
    assert response.json()["error"]["fields"] == {"name": ["too short"]}


def test_api_throttled_says_when(client: Client) -> None:
    response = client.get("/api/v1/fail/throttled")
    assert (response.status_code, response["Retry-After"]) == (429, "17")
    assert response.json()["error"]["code"] == "too_many_requests"


def test_api_without_login_is_401_and_bad_token_too(client: Client) -> None:
    nobody = client.get("/api/v1/members")
    wrong = client.get("/api/v1/members", headers={"Authorization": "Bearer nonsense"})
    assert (nobody.status_code, wrong.status_code) == (401, 401)
    assert nobody["WWW-Authenticate"] == 'Bearer realm="api"'
    assert nobody.json()["error"]["code"] == wrong.json()["error"]["code"] == "not_authenticated"


def test_render_partial_sends_the_part_only_to_htmx(client: Client, settings: Any) -> None:
    template_dirs = [*settings.TEMPLATES[0]["DIRS"], Path(__file__).parent / "templates"]
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": template_dirs}]
    page = client.get("/parts")
    part = client.get("/parts", headers={"HX-Request": "true"})
    boosted = client.get("/parts", headers={"HX-Request": "true", "HX-Boosted": "true"})
    assert "HX-Request" in page["Vary"]
    assert b"before" in page.content
    assert part.content.strip() == b"the part of Kim"
    assert boosted.content == page.content


def test_metrics_count_requests_by_view(client: Client) -> None:
    def counted() -> float:
        text = client.get("/metrics").content.decode()
        found = re.search(r'gw2_requests_total\{method="GET",status="404",view="unmatched"\} (\S+)', text)
        return float(found[1]) if found else 0.0

    before = counted()
    client.get("/api/v1/no-such-thing")
    client.get("/api/v1/no-other-thing")
    assert counted() == before + 2


def test_metrics_are_for_this_machine_or_the_token(client: Client) -> None:
    def status(address: str = "127.0.0.1", **headers: str) -> int:
        return client.get("/metrics", REMOTE_ADDR=address, headers=headers).status_code

    assert status() == 200
    assert status("::1") == 200
    with override_settings(METRICS_TOKEN="t" * 40):
        assert status("203.0.113.9", Authorization="Bearer " + "t" * 40) == 200
        assert status("203.0.113.9", Authorization="Bearer wrong") == 404


def test_metrics_are_not_there_for_others(client: Client) -> None:
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.9").status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    with override_settings(TRUSTED_PROXIES=1):
        assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}).status_code == 404
