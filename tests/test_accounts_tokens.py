"""Tokens of log-ins: families, renewal, types, revocation, cookies, keys."""

import threading
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jwt
import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, connection
from django.test import Client
from django.utils.crypto import salted_hmac

from accounts.devices import Source
from accounts.jwt import Access, Refresh, keys
from accounts.models import Session, TokenFamily, UsedRefresh, User
from accounts.services.login_tokens import (
    Pair,
    TokenRefused,
    delete_old_families,
    end_families,
    open_family,
    renew,
    user_of_access,
)
from accounts.services.sessions import end_access
from gw2optimizer.cache import breaker
from tests import servers
from tests.accounts import NEW_PASSWORD, Clock
from tests.api import Answer, Api
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

HERE = Source("192.0.2.1", "192.0.2.1", "a script")


@pytest.fixture
def pair(taimi: User) -> Pair:
    return open_family(taimi, HERE)


def me(access: str, **headers: str) -> int:
    return Api().get("users/me", Authorization=f"Bearer {access}", **headers).status


def renewed(refresh: str) -> Answer:
    return Api().post("auth/token/refresh", {"refresh_token": refresh})


def test_a_log_in_gives_two_tokens(taimi: User) -> None:
    for name in ("Taimi", "TAIMI@example.com"):
        answer = Api().post("auth/token", {"username": name, "password": PASSWORD})
        assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
        assert (answer.body["token_type"], answer.body["expires_in"], answer.body["refresh_expires_in"]) == (
            "bearer",
            1800,
            604_800,
        )
        assert me(answer.body["access_token"]) == 200
    assert TokenFamily.objects.filter(user=taimi).count() == 2


def test_the_password_grant_of_oauth2_is_taken(taimi: User) -> None:
    form = f"grant_type=password&username=Taimi&password={PASSWORD.replace(' ', '+')}&scope="
    kind = "application/x-www-form-urlencoded"
    answer = Api().post("auth/token", form.encode(), content_type=kind)
    assert (answer.status, me(answer.body["access_token"])) == (200, 200)
    for wrong, status in (("grant_type=client_credentials", 422), ("username=%00", 400), ("x" * 30_000, 400)):
        assert Api().post("auth/token", f"{form}&{wrong}".encode(), content_type=kind).status == status


@pytest.mark.parametrize(
    "body", [{"username": "Taimi", "password": "not hers at all"}, {"username": "Nobody", "password": PASSWORD}]
)
def test_wrong_credentials_are_401_with_the_same_words(taimi: User, body: dict[str, str]) -> None:
    answer = Api().post("auth/token", body)
    assert (answer.status, answer.error["message"]) == (
        401,
        "No account has this name and password. Upper and lower case matter in passwords.",
    )


def test_wrong_passwords_are_counted_with_those_of_the_page(taimi: User) -> None:
    client = Client()
    for _ in range(3):
        client.post("/login/", {"identifier": "Taimi", "password": "not hers at all"})
    wrong = {"username": "taimi@example.com", "password": "not hers at all"}
    assert [Api().post("auth/token", wrong).status for _ in range(3)] == [401, 401, 429]


@pytest.mark.parametrize("field", ["is_staff", "id", "owner"])
def test_a_body_that_says_more_is_refused(taimi: User, field: str) -> None:
    answer = Api().post("auth/token", {"username": "Taimi", "password": PASSWORD, field: True})
    assert (answer.status, answer.fields) == (422, {field})


def test_each_token_works_only_as_itself(pair: Pair) -> None:
    assert [me(pair.access), me(pair.refresh)] == [200, 401]
    assert renewed(pair.access).status == 401
    assert Api().post("auth/logout", {"refresh_token": pair.access}).status == 401
    assert renewed(pair.refresh).status == 200


def forged(pair: Pair, change: str) -> str:
    claims = jwt.decode(pair.access, options={"verify_signature": False})
    name, key = next(iter(keys().items()))
    other = "x" * 32
    match change:
        case "alg none":
            return jwt.encode(claims, None, algorithm="none", headers={"kid": name})
        case "another key":
            return jwt.encode(claims, other, algorithm="HS256", headers={"kid": name})
        case "unknown kid":
            return jwt.encode(claims, key, algorithm="HS256", headers={"kid": "nobody"})
        case "no kid":
            return jwt.encode(claims, key, algorithm="HS256")
        case "another algorithm":
            return jwt.encode(claims, key.ljust(64), algorithm="HS512", headers={"kid": name})
        case "the site's own key":
            return jwt.encode(claims, settings.SECRET_KEY, algorithm="HS256", headers={"kid": name})
    broken = {
        "no family": {"fam": None},
        "no id": {"fam": "x"},
        "text for a number": {"ver": "1"},
        "no end": {"exp": None},
        "over": {"exp": int(time.time()) - 1},
        "another type": {"token_type": "refresh"},
        "unknown family": {"fam": uuid.uuid4().hex},
        "another version": {"ver": 2},
    }[change]
    changed = {key: value for key, value in (claims | broken).items() if value is not None}
    return jwt.encode(changed, key, algorithm="HS256", headers={"kid": name})


@pytest.mark.parametrize(
    "change",
    [
        *("alg none", "another key", "unknown kid", "no kid", "another algorithm", "the site's own key", "no family"),
        *("no id", "text for a number", "no end", "over", "another type", "unknown family", "another version"),
    ],
)
def test_a_forged_token_is_401(pair: Pair, change: str) -> None:
    assert me(forged(pair, change)) == 401


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "bearer a b", "Bearer é", "Bearer " + "x." * 5000])
def test_a_header_that_is_no_token_is_401(header: str) -> None:
    assert Api().get("builds/", Authorization=header).status == 401


def test_a_refresh_token_is_used_once_and_then_ends_its_family(pair: Pair, taimi: User) -> None:
    other = open_family(taimi, HERE)
    first = renewed(pair.refresh)
    assert first.status == 200
    assert me(first.body["access_token"]) == 200
    assert renewed(pair.refresh).status == 401
    # Neither the successor nor any access token of the family is left; another log-in is.
    assert renewed(first.body["refresh_token"]).status == 401
    assert [me(pair.access), me(first.body["access_token"]), me(other.access)] == [401, 401, 200]


@pytest.mark.django_db(transaction=True)
def test_of_eight_renewals_at_once_exactly_one_gets_through(taimi: User) -> None:
    pair = open_family(taimi, HERE)
    start = threading.Barrier(8)

    def use(_: int) -> bool:
        try:
            start.wait()
            renew(pair.refresh, HERE)
        except TokenRefused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(use, range(8)))
    assert sum(done) == 1
    assert UsedRefresh.objects.count() == 1
    assert TokenFamily.objects.get().ended_at is not None


def test_renewing_does_not_stretch_thirty_days(clock: Clock, taimi: User) -> None:
    pair = open_family(taimi, HERE)
    for _ in range(4):
        clock.go(days=6.9)
        _, pair = renew(pair.refresh, HERE)
    assert pair.refresh_seconds == round((30 - 4 * 6.9) * 86_400)
    clock.go(days=2.39)
    _, pair = renew(pair.refresh, HERE)
    assert (pair.access_seconds, pair.refresh_seconds) == (864, 864)
    clock.go(seconds=864)
    with pytest.raises(TokenRefused):
        renew(pair.refresh, HERE)


def test_tokens_end_by_themselves(clock: Clock, taimi: User) -> None:
    pair = open_family(taimi, HERE)
    clock.go(minutes=29, seconds=59)
    assert user_of_access(pair.access)[0] == taimi
    clock.go(seconds=1)
    with pytest.raises(TokenRefused):
        user_of_access(pair.access)
    clock.go(days=7)
    with pytest.raises(TokenRefused):
        renew(pair.refresh, HERE)


def test_logging_out_ends_the_access_token_at_once(pair: Pair, taimi: User) -> None:
    other = open_family(taimi, HERE)
    assert Api().post("auth/logout", {"refresh_token": pair.refresh}).status == 204
    assert [me(pair.access), me(other.access)] == [401, 200]
    assert renewed(pair.refresh).status == 401
    assert Api().post("auth/logout", {}).status == 401


def test_logging_out_everywhere_ends_sessions_and_tokens(pair: Pair, taimi: User) -> None:
    other = open_family(taimi, HERE)
    Client().force_login(taimi)
    assert Api().call("post", "auth/logout-all", {}, Authorization=f"Bearer {pair.access}").status == 204
    assert [me(pair.access), me(other.access), renewed(other.refresh).status] == [401, 401, 401]
    assert not Session.objects.filter(user=taimi).exists()


@pytest.mark.parametrize("event", ["deleted", "closed", "version"])
def test_tokens_of_an_account_that_changed_are_401(pair: Pair, taimi: User, event: str) -> None:
    if event == "deleted":
        taimi.delete()
    elif event == "closed":
        User.objects.update(is_active=False)
    else:
        end_access(taimi)
    assert [me(pair.access), renewed(pair.refresh).status] == [401, 401]


def test_changing_the_password_ends_all_tokens(pair: Pair, taimi: User) -> None:
    body = {"current": PASSWORD, "password": NEW_PASSWORD}
    headers = {"Authorization": f"Bearer {pair.access}"}
    assert Api().post("auth/password/change", body | {"current": "not hers"}, **headers).fields == {"current"}
    assert Api().post("auth/password/change", body | {"password": "short"}, **headers).fields == {"password"}
    assert Api().post("auth/password/change", body, **headers).status == 204
    assert [me(pair.access), renewed(pair.refresh).status] == [401, 401]
    assert Api().post("auth/token", {"username": "Taimi", "password": NEW_PASSWORD}).status == 200


def test_a_session_that_changes_the_password_stays(taimi: User) -> None:
    api = Api(taimi)
    assert api.post("auth/password/change", {"current": PASSWORD, "password": NEW_PASSWORD}).status == 204
    assert api.get("users/me").status == 200


def test_a_lost_cache_loses_no_revocation(pair: Pair, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        end_families(TokenFamily.objects.all())
    assert me(pair.access) == 401
    caches["default"].clear()
    assert me(pair.access) == 401


def test_the_cache_refuses_without_the_database(
    pair: Pair, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        end_families(TokenFamily.objects.all())

    def away(*_: object) -> None:
        raise AssertionError("asked")

    monkeypatch.setattr(TokenFamily.objects, "select_related", away)
    with pytest.raises(TokenRefused):
        user_of_access(pair.access)


def test_where_neither_can_be_asked_nobody_gets_in(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(TokenFamily.objects, "select_related", away)
    assert me(pair.access) == 503
    assert renewed(pair.refresh).status == 503


@pytest.fixture
def dying_redis(settings: Any) -> Iterator[servers.Server]:
    url, server = servers.start_redis()
    breaker.close()
    own = {
        "BACKEND": "gw2optimizer.cache.GuardedRedisCache",
        "LOCATION": url,
        "OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.5, "SOCKET_TIMEOUT": 0.5},
    }
    settings.CACHES = {"default": own, "shared": own}
    yield server
    server.stop()
    breaker.close()


@pytest.mark.redis
def test_a_redis_that_dies_neither_lets_in_nor_keeps_out(
    dying_redis: servers.Server, taimi: User, django_capture_on_commit_callbacks: Any
) -> None:
    ended, ended_later, living = (open_family(taimi, HERE) for _ in range(3))
    with django_capture_on_commit_callbacks(execute=True):
        assert Api().post("auth/logout", {"refresh_token": ended.refresh}).status == 204
    assert [me(ended.access), me(living.access)] == [401, 200]
    dying_redis.stop()
    assert [me(ended.access), me(living.access)] == [401, 200]
    with django_capture_on_commit_callbacks(execute=True):
        assert Api().post("auth/logout", {"refresh_token": ended_later.refresh}).status == 204
    assert [me(ended_later.access), me(living.access), renewed(living.refresh).status] == [401, 200, 200]
    assert Api().post("auth/token", {"username": "Taimi", "password": PASSWORD}).status == 200


def test_an_old_key_verifies_until_it_is_taken_away(pair: Pair, settings: Any) -> None:
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another key of many characters, new", [old]
    assert me(pair.access) == 200
    new = renewed(pair.refresh).body
    kid = [jwt.get_unverified_header(token)["kid"] for token in (pair.access, new["access_token"])]
    assert list(keys()) == [kid[1], kid[0]]
    settings.SECRET_KEY_FALLBACKS = []
    assert [me(pair.access), me(new["access_token"])] == [401, 200]


def test_the_signing_key_is_not_the_key_of_the_site() -> None:
    assert settings.SECRET_KEY.encode() not in keys().values()
    assert salted_hmac("accounts.jwt", b"", algorithm="sha256").digest() in keys().values()


def logged_in_by_cookie() -> tuple[Api, str]:
    api = Api(csrf=True)
    api.client.get("/login/")
    token = str(api.client.cookies[settings.CSRF_COOKIE_NAME].value)
    body = {"username": "Taimi", "password": PASSWORD, "cookie": True}
    assert api.post("auth/token", body).status == 403
    answer = api.post("auth/token", body, X_CSRFToken=token)
    assert (answer.status, answer.body["access_token"], answer.body["refresh_token"]) == (200, None, None)
    return api, token


def test_tokens_in_cookies_are_for_no_script_of_a_page(taimi: User) -> None:
    api, _ = logged_in_by_cookie()
    for name, seconds in (("access", 1800), ("refresh", 604_800)):
        cookie = api.client.cookies[name]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["max-age"]) == (
            True,
            "Lax",
            "/",
            seconds,
        )
    assert api.get("users/me").body["username"] == "Taimi"


def test_the_cookie_path_needs_the_token_of_forms(taimi: User) -> None:
    api, token = logged_in_by_cookie()
    wish = {"display_name": "T"}
    assert api.patch("users/me", wish).status == 403
    assert api.patch("users/me", wish, X_CSRFToken="x" * 32).status == 403
    assert api.patch("users/me", wish, X_CSRFToken=token).status == 200
    before = api.client.cookies["refresh"].value
    assert api.post("auth/token/refresh", {}).status == 403
    assert api.post("auth/token/refresh", {}, X_CSRFToken=token).status == 200
    assert api.client.cookies["refresh"].value != before
    assert api.post("auth/logout", {}).status == 403
    assert api.post("auth/logout", {}, X_CSRFToken=token).status == 204
    assert (api.client.cookies["access"].value, api.client.cookies["refresh"].value) == ("", "")
    assert api.get("users/me").status == 401


def test_a_header_needs_no_token_of_forms(pair: Pair) -> None:
    headers = {"Authorization": f"Bearer {pair.access}"}
    assert Api(csrf=True).patch("users/me", {"display_name": "T"}, **headers).status == 200


def test_old_families_are_removed(clock: Clock, taimi: User) -> None:
    pair = open_family(taimi, HERE)
    renew(pair.refresh, HERE)
    clock.go(days=36)
    assert delete_old_families() == 0
    clock.go(days=2)
    assert delete_old_families() == 2
    assert not UsedRefresh.objects.exists()


def test_the_lives_of_tokens() -> None:
    assert (Access.lifetime.total_seconds(), Refresh.lifetime.days) == (1800, 7)
