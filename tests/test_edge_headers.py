"""What a browser is told about every answer, and what it checks before it runs a script of ours."""

import base64
import hashlib
import re
from typing import Any

import pytest
from django.test import Client
from django.test.utils import override_settings

from gw2optimizer.headers import CONTENT_SECURITY_POLICY
from gw2optimizer.templatetags.integrity import integrity
from tests.factories import BuildFactory, UserFactory
from tests.test_architecture import TEMPLATES

pytestmark = [pytest.mark.django_db, pytest.mark.once]

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "manifest-src": "'self'",
}
# A page, its parts, what no view answers, what is refused before, the API, a file.
ADDRESSES = [
    ("/", {}, 200), ("/", {"HX-Request": "true"}, 200), ("/nowhere", {}, 404), ("/?q=%00", {}, 400),
    ("/builds/mine/", {}, 302), ("/", {"Host": "evil.example"}, 400), ("/api/v1/builds/", {}, 200),
    ("/api/v1/nowhere", {}, 404), ("/api/v1/builds/mine/", {}, 401), ("/healthz", {}, 200),
    ("/static/js/site.js", {}, 200), ("/admin/login/", {}, 302), ("/api/v1/docs/", {}, 200),
]  # fmt: skip


@pytest.mark.parametrize(("path", "headers", "status"), ADDRESSES)
def test_every_answer_has_every_header(client: Client, path: str, headers: dict[str, str], status: int) -> None:
    response = client.get(path, headers=headers)
    response.close()
    assert response.status_code == status
    policy = dict(part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";"))
    assert policy == POLICY
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert re.fullmatch("[0-9a-f]{32}", response["X-Request-ID"])
    assert "Server" not in response
    assert "X-Powered-By" not in response


def test_policy_allows_nothing_unsafe() -> None:
    text = str(CONTENT_SECURITY_POLICY)
    assert "unsafe" not in text
    assert "*" not in text
    assert "http" not in text


def test_answers_over_https_are_kept_to_it(client: Client) -> None:
    with override_settings(
        SECURE_HSTS_SECONDS=63_072_000, SECURE_HSTS_INCLUDE_SUBDOMAINS=True, SECURE_HSTS_PRELOAD=True
    ):
        # The middleware reads its settings when it is made.
        response = Client().get("/healthz", secure=True)
    assert response["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains; preload"
    assert "Strict-Transport-Security" not in client.get("/healthz")


# --- Scripts -------------------------------------------------------------------------------------
SCRIPT = re.compile(r"<script\b[^>]*>")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.name))
def test_script_of_ours_names_its_hash(path: Any) -> None:
    for tag in SCRIPT.findall(path.read_text(encoding="utf-8")):
        named = re.search(r"\{% static '([^']+)' %\}", tag)
        if named:
            assert f"integrity=\"{{% integrity '{named[1]}' %}}\"" in tag, f"{path}: {tag}"


def test_hash_is_of_what_is_served(client: Client) -> None:
    build = BuildFactory(owner=UserFactory())
    client.force_login(build.owner)
    seen: set[str] = set()
    for page in ("/", "/builds/", f"/builds/{build.pk}/edit/", f"/builds/{build.pk}/optimize/"):
        for tag in SCRIPT.findall(client.get(page).content.decode()):
            source = re.search(r'src="([^"]+)"', tag)
            told = re.search(r'integrity="sha384-([^"]+)"', tag)
            assert source, tag
            assert told, tag
            served = client.get(source[1])
            content = b"".join(served)
            assert base64.b64decode(told[1]) == hashlib.sha384(content).digest()
            seen.add(source[1].rsplit("/", 1)[-1])
    assert {"htmx.min.js", "site.js", "editor.js"} <= seen


def test_hash_of_a_file_that_is_not_there_is_an_error() -> None:
    with pytest.raises(Exception, match="no static file"):
        integrity("js/none.js")


# --- Other sites ---------------------------------------------------------------------------------
@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example", "*"])
@pytest.mark.parametrize("path", ["/api/v1/builds/", "/", "/login/"])
def test_no_other_site_may_read_anything(client: Client, origin: str, path: str) -> None:
    for response in (
        client.get(path, headers={"Origin": origin}),
        client.options(path, headers={"Origin": origin, "Access-Control-Request-Method": "POST"}),
    ):
        assert [name for name in response.headers if name.lower().startswith("access-control-")] == []


def test_site_that_the_settings_name_may_read_the_api_without_cookies(client: Client) -> None:
    with override_settings(CORS_ALLOWED_ORIGINS=["https://friend.example"]):
        friend = client.get("/api/v1/builds/", headers={"Origin": "https://friend.example"})
        page = client.get("/", headers={"Origin": "https://friend.example"})
        other = client.get("/api/v1/builds/", headers={"Origin": "https://friend.example.evil.example"})
    assert friend["Access-Control-Allow-Origin"] == "https://friend.example"
    assert "Access-Control-Allow-Credentials" not in friend
    assert "origin" in friend["Vary"].lower()
    assert "Access-Control-Allow-Origin" not in page
    assert "Access-Control-Allow-Origin" not in other
