"""Register, log in, log out, as a browser without JavaScript does."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import django_ratelimit.core
import pytest
import structlog
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, UserFactory
from tests.hashers import QuickArgon2

pytestmark = pytest.mark.django_db

LOGIN, REGISTER, LOGOUT = "/login/", "/register/", "/logout/"
NEWCOMER = {"username": "Taimi", "email": "taimi@example.com", "password": PASSWORD}
REFUSED = "No account has this name and password. Upper and lower case matter in passwords."
ELSEWHERE = [
    "https://evil.example/",
    "http://evil.example/",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "http://testserver@evil.example/",
    "/" + "x" * 2000,
    "/x" * 500_000,
]


def user_of(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def log_in(client: Client, identifier: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(LOGIN, {"identifier": identifier, "password": password, **more})  # type: ignore[return-value]


def errors_of(response: Any) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in response.context["form"].errors.items()}


@pytest.fixture
def _still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window of the limits must not end in the middle of a test."""
    monkeypatch.setattr(django_ratelimit.core, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))


def test_addresses_have_names() -> None:
    assert [reverse(f"accounts:{name}") for name in ("login", "register", "logout")] == [LOGIN, REGISTER, LOGOUT]


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        (LOGIN, {"identifier": "username", "password": "current-password"}),
        (REGISTER, {"username": "username", "email": "email", "password": "new-password"}),
    ],
)
def test_form_labels_every_field_and_tells_password_managers(
    client: Client, address: str, fields: dict[str, str]
) -> None:
    response = client.get(address)
    assert response.status_code == 200
    page = response.content.decode()
    for name, autocomplete in fields.items():
        assert f'<label for="id_{name}">' in page
        [tag] = re.findall(rf'<input [^>]*name="{name}"[^>]*>', page)
        assert f'autocomplete="{autocomplete}"' in tag
        assert "required" in tag
    [password] = re.findall(r'<input [^>]*name="password"[^>]*>', page)
    assert 'type="password"' in password
    assert "maxlength" not in password
    assert "no-store" in response["Cache-Control"]


def test_register_makes_the_account_and_logs_in(client: Client) -> None:
    response = client.post(REGISTER, NEWCOMER)
    assert (response.status_code, response["Location"]) == (302, resolve_url(settings.LOGIN_REDIRECT_URL))
    user = user_of(client)
    assert user is not None
    assert (user.username, user.email, user.claimed_email) == ("Taimi", None, "taimi@example.com")
    assert user.check_password(PASSWORD)


def test_register_shows_errors_beside_the_field_and_in_a_summary(client: Client) -> None:
    UserFactory(username="TAIMI")
    response = client.post(REGISTER, NEWCOMER | {"password": "short"})
    assert response.status_code == 422
    page = response.content.decode()
    summary, beside = page.split("</ul>", 1)
    for name, text in (
        ("username", "This name is taken."),
        ("password", "This password is too short. It must contain at least 12 characters."),
    ):
        assert f'<a href="#id_{name}">' in summary
        assert text in summary
        assert f'id="id_{name}_error"' in beside
        assert text in beside
        [tag] = re.findall(rf'<input [^>]*name="{name}"[^>]*>', beside)
        assert 'aria-invalid="true"' in tag
        assert f"id_{name}_error" in tag
    assert 'value="taimi@example.com"' in beside
    assert "short<" not in page
    assert 'value="short"' not in page
    assert user_of(client) is None


@pytest.mark.parametrize("name", ["gw2optimizer", "GW2Optimizer", "ADMIN"])
def test_register_refuses_reserved_names(client: Client, name: str) -> None:
    response = client.post(REGISTER, NEWCOMER | {"username": name})
    assert response.status_code == 422
    assert errors_of(response) == {"username": ["This name is reserved."]}


def test_register_refuses_names_that_are_taken_without_case(client: Client) -> None:
    UserFactory(username="tAIMI", email="TAIMI@example.com")
    response = client.post(REGISTER, NEWCOMER)
    assert errors_of(response) == {"username": ["This name is taken."]}
    assert User.objects.count() == 1


@pytest.mark.parametrize("missing", ["username", "email", "password"])
def test_register_needs_every_field(client: Client, missing: str) -> None:
    response = client.post(REGISTER, NEWCOMER | {missing: ""})
    assert errors_of(response) == {missing: ["This field is required."]}


def test_register_sends_on_whoever_is_logged_in(client: Client) -> None:
    client.force_login(UserFactory())
    response = client.post(f"{REGISTER}?next=/styleguide/", NEWCOMER)
    assert (response.status_code, response["Location"]) == (302, "/styleguide/")
    assert User.objects.count() == 1


@pytest.mark.parametrize("identifier", ["Taimi", "taimi", "TAIMI", "taimi@example.com", "Taimi@EXAMPLE.com"])
def test_login_takes_name_or_address_without_case(client: Client, identifier: str) -> None:
    user = UserFactory(username="Taimi", email="taimi@example.com")
    response = log_in(client, identifier)
    assert (response.status_code, response["Location"]) == (302, resolve_url(settings.LOGIN_REDIRECT_URL))
    assert user_of(client) == user
    user.refresh_from_db()
    assert user.last_login is not None


@pytest.mark.parametrize(
    ("identifier", "password"),
    [("Taimi", "not her password"), ("Taimi", PASSWORD.title()), ("Canach", PASSWORD), ("Nobody", PASSWORD)],
)
def test_login_refuses_everybody_with_the_same_words(client: Client, identifier: str, password: str) -> None:
    UserFactory(username="Taimi")
    UserFactory(username="Canach", is_active=False)
    response = log_in(client, identifier, password)
    assert response.status_code == 422
    assert errors_of(response) == {"__all__": [REFUSED]}
    assert REFUSED in response.content.decode()
    assert password not in response.content.decode()
    assert user_of(client) is None


def test_login_changes_the_session_key(client: Client) -> None:
    session = client.session
    session["kept"] = "before"
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    log_in(client, UserFactory().username)
    assert user_of(client) is not None
    assert client.session.session_key != session.session_key
    assert client.session["kept"] == "before"
    assert not client.session.exists(session.session_key)


def test_login_of_another_user_takes_over_nothing(client: Client) -> None:
    client.force_login(UserFactory())
    session = client.session
    session["private"] = "of the first"
    session.save()
    other = UserFactory()
    log_in(client, other.username)
    assert user_of(client) == other
    assert "private" not in client.session


def test_login_page_sends_on_whoever_is_logged_in(client: Client) -> None:
    client.force_login(UserFactory())
    response = client.get(LOGIN)
    assert (response.status_code, response["Location"]) == (302, resolve_url(settings.LOGIN_REDIRECT_URL))


def test_login_page_does_not_send_in_circles(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    response = client.get(LOGIN, {"next": "/admin/"})
    assert response.status_code == 200
    assert f"You are logged in as {user.username}." in response.content.decode()


@pytest.mark.parametrize("place", ["query", "form"])
def test_login_goes_where_the_visitor_was_going(client: Client, place: str) -> None:
    user = UserFactory()
    there = "/builds/?profession=Guardian&text=k%C3%A4se"
    if place == "query":
        page = client.get(LOGIN, {"next": there}).content.decode()
        assert '<input type="hidden" name="next" value="/builds/?profession=Guardian&amp;text=k%C3%A4se">' in page
        assert "/register/?next=%2Fbuilds%2F%3Fprofession%3DGuardian%26text%3Dk%25C3%25A4se" in page
        client.cookies.clear()
        response = client.post(
            reverse("accounts:login", query={"next": there}), {"identifier": user.username, "password": PASSWORD}
        )
    else:
        response = log_in(client, user.username, next=there)  # type: ignore[assignment]
    assert (response.status_code, response["Location"]) == (302, there)


@pytest.mark.parametrize("there", ELSEWHERE)
def test_login_never_leads_elsewhere(client: Client, there: str) -> None:
    assert there not in client.get(LOGIN, {"next": there[:3000]}).content.decode()
    response = log_in(client, UserFactory().username, next=there)
    assert (response.status_code, response["Location"]) == (302, resolve_url(settings.LOGIN_REDIRECT_URL))


@pytest.mark.parametrize("there", ELSEWHERE)
def test_register_never_leads_elsewhere(client: Client, there: str) -> None:
    response = client.post(REGISTER, NEWCOMER | {"next": there})
    assert (response.status_code, response["Location"]) == (302, resolve_url(settings.LOGIN_REDIRECT_URL))


def test_logout_ends_the_session(client: Client) -> None:
    client.force_login(UserFactory())
    key = client.session.session_key
    response = client.post(LOGOUT)
    assert (response.status_code, response["Location"]) == (302, resolve_url(settings.LOGOUT_REDIRECT_URL))
    assert not client.session.exists(str(key))
    assert user_of(client) is None
    assert client.post(LOGOUT).status_code == 302


def test_logout_by_a_link_is_refused(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    response = client.get(LOGOUT)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    assert user_of(client) == user


@pytest.mark.parametrize("address", [LOGIN, REGISTER])
@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_pages_refuse_other_methods(client: Client, address: str, method: str) -> None:
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", [LOGIN, REGISTER, LOGOUT])
def test_posts_without_the_token_are_refused(address: str) -> None:
    user = UserFactory()
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    form = {"identifier": user.username, **NEWCOMER}
    assert client.post(address, form).status_code == 403
    assert user_of(client) == user
    assert User.objects.count() == 1


def test_form_carries_the_token_that_its_post_needs() -> None:
    user = UserFactory()
    client = Client(enforce_csrf_checks=True)
    page = client.get(LOGIN).content.decode()
    [token] = re.findall(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert log_in(client, user.username, csrfmiddlewaretoken=token).status_code == 302
    assert user_of(client) == user


@pytest.mark.parametrize("field", ["identifier", "password", "next"])
def test_login_answers_a_nul_with_400(client: Client, field: str) -> None:
    form = {"identifier": UserFactory().username, "password": PASSWORD, "next": "/"}
    assert client.post(LOGIN, form | {field: form[field] + "\x00"}).status_code == 400
    assert user_of(client) is None


@pytest.mark.parametrize("field", ["username", "email", "password"])
def test_register_answers_a_nul_with_400(client: Client, field: str) -> None:
    assert client.post(REGISTER, NEWCOMER | {field: NEWCOMER[field] + "\x00"}).status_code == 400
    assert not User.objects.exists()


@pytest.mark.parametrize("field", ["identifier", "password"])
def test_login_answers_a_megabyte_with_words(client: Client, field: str) -> None:
    form = {"identifier": UserFactory().username, "password": PASSWORD}
    assert client.post(LOGIN, form | {field: "x" * 1_000_000}).status_code == 422


@pytest.mark.parametrize("field", ["username", "email", "password"])
def test_register_answers_a_megabyte_with_words(client: Client, field: str) -> None:
    response = client.post(REGISTER, NEWCOMER | {field: "x" * 1_000_000})
    assert response.status_code == 422
    assert list(errors_of(response)) == [field]
    assert not User.objects.exists()


def test_login_is_limited_by_address_before_a_password_is_hashed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = UserFactory()
    assert [log_in(client, f"Nobody{n}").status_code for n in range(20)] == [422] * 20
    hashes: list[str] = []
    monkeypatch.setattr(QuickArgon2, "encode", _noted(hashes))
    monkeypatch.setattr(QuickArgon2, "verify", _noted(hashes))
    response = log_in(client, user.username)
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 2
    assert hashes == []
    monkeypatch.undo()
    assert client.get(LOGIN).status_code == 200
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert log_in(client, user.username).status_code == 302


@pytest.mark.usefixtures("_still_clock")
def test_tries_to_log_in_are_limited_by_address_whatever_is_typed(client: Client) -> None:
    too_long = "x" * 200
    answers = {log_in(client, f"Nobody{n}", too_long).status_code for n in range(40)}
    assert answers == {422, 429}
    response = log_in(client, "Somebody", too_long)
    assert (response.status_code, "That was too often." in response.content.decode()) == (429, True)


@pytest.mark.usefixtures("_still_clock")
def test_register_is_limited_by_address(client: Client) -> None:
    assert [client.post(REGISTER, NEWCOMER | {"email": "nobody"}).status_code for _ in range(5)] == [422] * 5
    response = client.post(REGISTER, NEWCOMER)
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 3600
    assert not User.objects.exists()


def _noted(hashes: list[str]) -> Callable[..., bool]:
    def note(*_: object) -> bool:
        hashes.append("hashed")
        return False

    return note


def test_pages_log_no_name_address_or_password(client: Client) -> None:
    with structlog.testing.capture_logs() as lines:
        client.post(REGISTER, NEWCOMER)
        client.post(LOGOUT)
        log_in(client, NEWCOMER["email"], "not her password")
        log_in(client, NEWCOMER["username"])
    user = User.objects.get()
    ours = [line for line in lines if line["event"] in {"user_registered", "logged_in", "login_refused", "logged_out"}]
    assert ours == [
        {"event": event, "log_level": "info"} | ({} if event == "login_refused" else {"user_id": str(user.pk)})
        for event in ("user_registered", "logged_in", "logged_out", "login_refused", "logged_in")
    ]
    for secret in (NEWCOMER["email"], NEWCOMER["username"], PASSWORD, "not her password"):
        assert secret not in str(lines)
