"""Sessions, tokens, the history of log-ins, the second factor: what opens an account, and how its owner ends that."""

import io
import re
from typing import Any

import pyotp
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import LoginAttempt, PersonalToken, SecondFactor, Session, User
from accounts.services.tokens import MOST_TOKENS, delete_expired_tokens, make_token
from accounts.sessions import SessionStore
from builds.models import Build
from gw2optimizer.errors import InvalidInput
from tests.accounts import NEW_PASSWORD, Clock, errors_of, log_in
from tests.api import Api
from tests.factories import PASSWORD, BuildFactory, UserFactory

pytestmark = pytest.mark.django_db


def entered(user: User, agent: str = "Firefox") -> Client:
    client = Client(headers={"User-Agent": agent})
    assert log_in(client, user.username).status_code == 302
    return client


def lets_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_sessions_show_where_when_and_with_what(clock: Clock, taimi: User) -> None:
    phone = entered(taimi, "Phone <b>")
    begun = clock.now
    clock.go(minutes=30)
    here = entered(taimi)
    page = here.get("/account/sessions/").content.decode()
    assert page.count("127.0.0.1") == 2
    assert "Phone &lt;b&gt;" in page
    assert page.index("this one") < page.index("Phone")
    rows = {row.agent: row for row in Session.objects.filter(user=taimi)}
    assert (rows["Phone <b>"].created_at, rows["Phone <b>"].last_used_at) == (begun, begun)
    assert phone.get("/").status_code == 200
    assert Session.objects.get(agent="Phone <b>").last_used_at == clock.now


def test_the_use_of_a_session_is_written_every_five_minutes_only(
    clock: Clock, taimi: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = entered(taimi)
    clock.go(minutes=4)
    with django_assert_num_queries(2):
        client.get("/account/password/")
    clock.go(minutes=1)
    with django_assert_num_queries(3):
        client.get("/account/password/")


@pytest.mark.parametrize("count", [1, 3])
def test_sessions_cost_the_same_for_any_number(
    taimi: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    clients = [entered(taimi) for _ in range(count)]
    with django_assert_num_queries(3):
        page = clients[0].get("/account/sessions/").content.decode()
    assert page.count("last used") == count


def test_a_session_is_ended_by_its_owner_alone(taimi: User) -> None:
    here, there = entered(taimi), entered(taimi, "Phone")
    session_id = Session.objects.get(agent="Phone").public_id
    stranger = entered(UserFactory())
    assert stranger.post(f"/account/sessions/{session_id}/end/").status_code == 404
    assert lets_in(there)
    assert here.post(f"/account/sessions/{session_id}/end/").status_code == 302
    assert (lets_in(here), lets_in(there)) == (True, False)
    assert here.post(f"/account/sessions/{session_id}/end/").status_code == 404


def test_ending_this_session_logs_out(taimi: User) -> None:
    here = entered(taimi)
    here.post(f"/account/sessions/{Session.objects.get().public_id}/end/")
    assert not lets_in(here)


def test_no_page_shows_a_key_that_opens_a_session(taimi: User) -> None:
    here, _ = entered(taimi), entered(taimi)
    page = here.get("/account/sessions/").content.decode()
    assert not any(key in page for key in Session.objects.values_list("session_key", flat=True))


def test_logging_out_everywhere_ends_all_sessions_and_keeps_tokens(taimi: User) -> None:
    here, there = entered(taimi), entered(taimi)
    make_token(user=taimi, name="a", scopes=["read"], days=7)
    version = taimi.token_version
    assert here.post("/account/sessions/end/")["Location"] == "/login/"
    assert (lets_in(here), lets_in(there)) == (False, False)
    taimi.refresh_from_db()
    assert (taimi.token_version, taimi.personal_tokens.count()) == (version + 1, 1)


def test_changing_the_password_asks_for_it_and_ends_the_other_sessions(taimi: User) -> None:
    here, there = entered(taimi), entered(taimi)
    key = here.session.session_key
    wish = {"current": "not hers at all", "password": NEW_PASSWORD}
    assert errors_of(here.post("/account/password/", wish)) == {"current": ["This is not your password."]}
    short = here.post("/account/password/", wish | {"current": PASSWORD, "password": "short"})
    assert list(errors_of(short)) == ["password"]
    assert lets_in(there)
    assert here.post("/account/password/", wish | {"current": PASSWORD}).status_code == 302
    assert (lets_in(here), lets_in(there)) == (True, False)
    assert here.session.session_key != key
    taimi.refresh_from_db()
    assert taimi.check_password(NEW_PASSWORD)


def test_an_open_session_does_not_let_anybody_try_all_passwords(taimi: User) -> None:
    here = entered(taimi)
    wish = {"current": "not hers at all", "password": NEW_PASSWORD}
    assert [here.post("/account/password/", wish).status_code for _ in range(11)] == [422] * 10 + [429]
    assert here.post("/account/delete/", {"password": PASSWORD}).status_code == 429


def test_deleting_a_user_ends_their_sessions(taimi: User) -> None:
    here = entered(taimi)
    taimi.delete()
    assert not lets_in(here)
    assert not Session.objects.filter(session_key=here.session.session_key, user__isnull=False).exists()


def test_a_session_survives_being_saved_again(clock: Clock, taimi: User) -> None:
    here = entered(taimi)
    begun = clock.now
    clock.go(hours=1)
    store = SessionStore(here.cookies["session"].value)
    store["kept"] = 1
    store.save()
    row = Session.objects.get()
    assert (row.user, row.created_at, row.last_used_at, row.agent) == (taimi, begun, clock.now, "Firefox")


def test_the_history_shows_both_outcomes_to_their_owner(taimi: User) -> None:
    log_in(Client(headers={"User-Agent": "Intruder"}), "Taimi", "not hers at all")
    here = entered(taimi)
    page = here.get("/account/logins/").content.decode()
    assert page.index("Logged in") < page.index("Wrong password")
    assert "Intruder" in page
    assert "127.0.0.1" in page
    assert "Intruder" not in entered(UserFactory()).get("/account/logins/").content.decode()


@pytest.mark.parametrize("count", [1, 3, 40])
def test_the_history_goes_page_by_page_at_the_same_cost(
    taimi: User, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = Client()
    client.force_login(taimi)
    for number in range(count):
        LoginAttempt.objects.create(user=taimi, outcome="success", agent=f"agent-{number:02}.")
    with django_assert_num_queries(3):
        page = client.get("/account/logins/").content.decode()
    found = re.findall(r"agent-\d\d\.", page)
    while more := re.search(r'href="(\?before=\d+)"', page):
        page = client.get("/account/logins/" + more[1]).content.decode()
        found += re.findall(r"agent-\d\d\.", page)
    assert found == [f"agent-{number:02}." for number in reversed(range(count))]


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_the_history_refuses_other_pages(taimi: User, before: str) -> None:
    assert entered(taimi).get("/account/logins/", {"before": before}).status_code == 400


def secret_in(page: str) -> str:
    [secret] = re.findall(r'id="new-token" type="text" value="(gw2pat_[\w-]{43})"', page)
    return str(secret)


def test_a_token_is_shown_once_and_kept_as_a_hash(taimi: User) -> None:
    here = entered(taimi)
    form = {"name": "My script", "scopes": ["read"], "days": "30"}
    response = here.post("/account/tokens/", form)
    secret = secret_in(response.content.decode())
    assert "no-store" in response["Cache-Control"]
    later = here.get("/account/tokens/").content.decode()
    assert secret not in later
    assert ("My script" in later, secret[-4:] in later) == (True, True)
    assert secret not in str(PersonalToken.objects.values().get())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"scopes": []}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"days": "36500"}, "days"),
    ],
)
def test_a_token_names_what_is_wrong(taimi: User, change: dict[str, Any], field: str) -> None:
    response = entered(taimi).post("/account/tokens/", {"name": "a", "scopes": ["read"], "days": "30"} | change)
    assert (response.status_code, list(errors_of(response))) == (422, [field])
    assert not PersonalToken.objects.exists()


def test_make_token_trusts_no_caller(taimi: User) -> None:
    with pytest.raises(InvalidInput) as caught:
        make_token(user=taimi, name="\u202e", scopes=["read", "admin"], days=10_000)
    assert sorted(caught.value.fields) == ["days", "name", "scopes"]


def test_tokens_are_bounded(taimi: User) -> None:
    for _ in range(MOST_TOKENS):
        make_token(user=taimi, name="a", scopes=["read"], days=7)
    with pytest.raises(InvalidInput):
        make_token(user=taimi, name="a", scopes=["read"], days=7)


def bearer(secret: str, kind: str = "Bearer") -> dict[str, str]:
    return {"Authorization": f"{kind} {secret}"}


def test_a_token_opens_the_api_within_its_scopes(taimi: User) -> None:
    build = BuildFactory(owner=taimi, visibility=Build.Visibility.PRIVATE)
    _, reads = make_token(user=taimi, name="a", scopes=["read"], days=7)
    _, writes = make_token(user=taimi, name="b", scopes=["write"], days=7)
    _, of_another = make_token(user=UserFactory(), name="c", scopes=["read", "write"], days=7)
    path = f"builds/{build.pk}/"
    api = Api(csrf=True)
    assert api.get(path).status == 404
    assert [api.get(path, **bearer(s)).status for s in (reads, of_another)] == [200, 404]
    assert api.get(path, **bearer(reads, "bearer")).status == 200
    refused = api.patch(path, {"name": "New"}, **bearer(reads))
    assert (refused.status, refused.error["message"]) == (403, "This token hasn't the scope write.")
    assert api.get(path, **bearer(writes)).status == 403
    assert api.patch(path, {"name": "New"}, **bearer(of_another)).status == 404
    assert api.patch(path, {"name": "New"}, **bearer(writes)).status == 200


def test_a_token_opens_no_page(taimi: User) -> None:
    _, secret = make_token(user=taimi, name="a", scopes=["read", "write"], days=7)
    assert Client(headers=bearer(secret)).get("/account/").status_code == 302


def test_a_token_ends(clock: Clock, taimi: User) -> None:
    api = Api()
    token, secret = make_token(user=taimi, name="a", scopes=["read"], days=7)
    clock.go(days=6, hours=23)
    assert api.get("builds/mine/", **bearer(secret)).status == 200
    token.refresh_from_db()
    assert token.last_used_at == clock.now
    clock.go(hours=1)
    answer = api.get("builds/mine/", **bearer(secret))
    assert (answer.status, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="api"')
    clock.go(days=29)
    assert delete_expired_tokens() == 0
    clock.go(days=2)
    assert delete_expired_tokens() == 1


@pytest.mark.parametrize("why", ["unknown", "ended", "closed account", "cut"])
def test_a_token_that_does_not_count_is_401(taimi: User, why: str) -> None:
    token, secret = make_token(user=taimi, name="a", scopes=["read"], days=7)
    if why == "ended":
        stranger, here = entered(UserFactory()), entered(taimi)
        assert stranger.post(f"/account/tokens/{token.pk}/end/").status_code == 404
        assert Api().get("builds/mine/", **bearer(secret)).status == 200
        assert here.post(f"/account/tokens/{token.pk}/end/").status_code == 302
    if why == "closed account":
        User.objects.update(is_active=False)
    sent = {"unknown": "gw2pat_" + "x" * 43, "cut": secret[:-1]}.get(why, secret)
    # Also where everybody may read: a token that is sent and doesn't count is an error, not nobody.
    assert [Api().get(path, **bearer(sent)).status for path in ("builds/mine/", "builds/")] == [401, 401]


def qr_secret(client: Client) -> str:
    [secret] = re.findall(r'<code class="wrapped">([A-Z2-7]{32})</code>', client.get(FACTOR).content.decode())
    return str(secret)


FACTOR = "/account/second-factor/"


@pytest.fixture
def boss() -> User:
    return UserFactory(username="boss", is_staff=True, is_superuser=True)


def code(secret: str, clock: Clock, *, later: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(clock.now.timestamp()) + 30 * later)


def test_staff_get_into_the_administration_only_with_a_second_factor(clock: Clock, boss: User) -> None:
    client = entered(boss)
    first = client.get("/admin/", follow=True)
    assert first.redirect_chain[-1][0] == "/account/second-factor/?next=%2Fadmin%2F"
    page = first.content.decode()
    assert 'src="data:image/svg+xml' in page
    assert 'autocomplete="one-time-code"' in page
    secret = qr_secret(client)
    assert qr_secret(client) == secret
    form = {"code": code(secret, clock), "password": PASSWORD, "next": "/admin/accounts/user/"}
    assert errors_of(client.post(FACTOR, form | {"password": "not hers at all"})) == {
        "password": ["This is not your password."]
    }
    assert list(errors_of(client.post(FACTOR, form | {"code": "000000"}))) == ["code"]
    assert client.get("/admin/").status_code == 302
    key = client.session.session_key
    codes = client.post(FACTOR, form)
    assert (codes.status_code, len(codes.context["made"])) == (200, 10)
    assert 'href="/admin/accounts/user/"' in codes.content.decode()
    assert client.session.session_key != key
    assert client.get("/admin/").status_code == 200
    outcomes = LoginAttempt.objects.filter(user=boss).values_list("outcome", flat=True).order_by("pk")
    assert list(outcomes) == ["success", "wrong_code", "wrong_code"]


def test_the_second_factor_is_asked_once_a_session_and_no_code_twice(clock: Clock, boss: User) -> None:
    secret = pyotp.random_base32()
    SecondFactor.objects.create(user=boss, secret=secret, confirmed_at=timezone.now())
    first, second = entered(boss), entered(boss)
    digits = code(secret, clock)
    assert secret not in first.get(FACTOR).content.decode()
    assert first.post(FACTOR, {"code": f"{digits[:3]} {digits[3:]}"}).status_code == 302
    assert (first.get("/admin/").status_code, second.get("/admin/").status_code) == (200, 302)
    assert second.post(FACTOR, {"code": digits}).status_code == 422
    assert second.post(FACTOR, {"code": code(secret, clock, later=2)}).status_code == 422
    assert second.post(FACTOR, {"code": code(secret, clock, later=1)}).status_code == 302
    assert second.get("/admin/").status_code == 200


def test_codes_cannot_be_tried_one_after_the_other(clock: Clock, boss: User) -> None:
    secret = pyotp.random_base32()
    SecondFactor.objects.create(user=boss, secret=secret, confirmed_at=timezone.now())
    client = entered(boss)
    assert [client.post(FACTOR, {"code": "x"}).status_code for _ in range(6)] == [422] * 5 + [429]
    assert client.post(FACTOR, {"code": code(secret, clock)}).status_code == 429


def test_the_second_factor_is_for_staff() -> None:
    assert entered(UserFactory()).get(FACTOR).status_code == 404
    assert Client().get(FACTOR)["Location"].startswith("/login/")


def test_a_lost_second_factor_is_removed_by_command(boss: User) -> None:
    SecondFactor.objects.create(user=boss, secret=pyotp.random_base32(), confirmed_at=timezone.now())
    out = io.StringIO()
    call_command("reset_second_factor", "BOSS", stdout=out)
    assert out.getvalue() == "The second factor of boss is removed.\n"
    assert not SecondFactor.objects.exists()
    for name, text in (("boss", "This account has no second factor."), ("nobody", "There is no such account.")):
        with pytest.raises(CommandError, match=text) as caught:
            call_command("reset_second_factor", name)
        assert caught.value.returncode == 2
