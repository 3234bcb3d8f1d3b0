"""Addresses and forgotten passwords: what a letter's link does, once, and for how long; and that nobody learns from our
answers who has an account."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Mail, PersonalToken, Session, User
from accounts.services.mails import deliver, unsent
from accounts.services.tokens import make_token
from accounts.tasks import clear_expired_sessions, send_mail
from gw2optimizer.errors import Unavailable
from tests.accounts import NEW_PASSWORD, NEWCOMER, Clock, counted_hashes, errors_of, link_in, log_in, post_letters
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

GONE = "This link doesn&#x27;t count any more"


def registered(client: Client, **changes: str) -> User:
    assert client.post("/register/", NEWCOMER | changes).status_code == 302
    return User.objects.get(username=changes.get("username", "Taimi"))


def asked_reset(address: str) -> list[Any]:
    assert Client().post("/password/forgot/", {"email": address}).status_code == 200
    return post_letters()


def test_the_link_of_the_first_letter_verifies_the_address_once(client: Client) -> None:
    user = registered(client)
    [letter] = post_letters()
    assert (letter.to, letter.subject) == (["taimi@example.com"], "GW2Optimizer: Verify your e-mail address")
    path = link_in(letter)
    assert client.get(path).status_code == 200
    user.refresh_from_db()
    assert not user.is_verified
    assert client.post(path)["Location"] == "/account/"
    user.refresh_from_db()
    assert (user.email, user.claimed_email, user.is_verified) == ("taimi@example.com", "", True)
    for again in (client.get(path), client.post(path)):
        assert again.status_code == 404
        assert GONE in again.content.decode()


def test_the_link_is_opened_without_a_session(client: Client) -> None:
    registered(client)
    [letter] = post_letters()
    assert Client().post(link_in(letter))["Location"] == "/login/"
    assert User.objects.get().is_verified


def test_an_address_logs_in_only_once_it_is_verified(client: Client) -> None:
    registered(client)
    assert log_in(Client(), "taimi@example.com").status_code == 422
    assert log_in(Client(), "Taimi").status_code == 302
    [letter] = post_letters()
    client.post(link_in(letter))
    assert log_in(Client(), "TAIMI@example.com").status_code == 302


@pytest.mark.parametrize(("hours", "status"), [(23.99, 302), (24, 404)])
def test_a_verification_counts_for_a_day(client: Client, clock: Clock, hours: float, status: int) -> None:
    user = registered(client)
    [letter] = post_letters()
    clock.go(hours=hours)
    assert Client().post(link_in(letter)).status_code == status
    user.refresh_from_db()
    assert user.is_verified is (status == 302)


def test_a_new_letter_retires_the_one_before(client: Client) -> None:
    registered(client)
    [first] = post_letters()
    assert client.post("/verify/")["Location"] == "/account/"
    [second] = post_letters()
    assert client.post(link_in(first)).status_code == 404
    assert client.post(link_in(second)).status_code == 302


def test_a_link_counts_only_for_what_it_is(client: Client) -> None:
    user = registered(client)
    [verification] = post_letters()
    as_reset = link_in(verification).replace("/verify/", "/password/reset/")
    assert Client().post(as_reset, {"password": NEW_PASSWORD}).status_code == 404
    [reset] = asked_reset(user.claimed_email)
    assert Client().post(link_in(reset).replace("/password/reset/", "/verify/")).status_code == 404
    user.refresh_from_db()
    assert (user.is_verified, user.check_password(PASSWORD)) == (False, True)


@pytest.mark.parametrize("change", ["", "x", "other id", "other signature"])
def test_a_forged_link_is_none(client: Client, change: str) -> None:
    registered(client)
    [letter] = post_letters()
    token = link_in(letter).split("/")[2]
    key, signature = token.split(".")
    other = Mail.objects.create(kind=Mail.Kind.VERIFY, to="x@example.com", user=User.objects.get()).pk.hex
    forged = {"": "0", "x": token + "x", "other id": f"{other}.{signature}", "other signature": f"{key}.{key}"}[change]
    assert client.post(f"/verify/{forged}/").status_code == 404
    assert not User.objects.get().is_verified


def test_no_row_and_no_task_holds_what_opens_a_link(client: Client) -> None:
    registered(client)
    [letter] = post_letters()
    signature = link_in(letter).split("/")[2].split(".")[1]
    assert signature not in str(Mail.objects.values().get())


def test_the_owner_of_a_taken_address_is_told_and_nobody_else(client: Client) -> None:
    owner = UserFactory(username="Zojja", email="taimi@example.com")
    intruder = registered(client)
    [letter] = post_letters()
    assert (letter.to, letter.subject) == (["taimi@example.com"], "GW2Optimizer: You have an account already")
    assert "Zojja" in letter.body
    assert "/verify/" not in letter.body
    owner.refresh_from_db()
    intruder.refresh_from_db()
    assert (owner.email, intruder.email, intruder.is_verified) == ("taimi@example.com", None, False)


def test_whoever_proves_an_address_first_has_it(client: Client) -> None:
    registered(client)
    other = Client()
    registered(other, username="Zojja")
    first, second = post_letters()
    assert client.post(link_in(second)).status_code == 302
    assert other.post(link_in(first)).status_code == 409
    assert User.objects.get(email="taimi@example.com").username == "Zojja"


def test_registering_tells_nothing_about_the_address(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(username="Zojja", email="taken@example.com", password=NEW_PASSWORD)
    hashes = counted_hashes(monkeypatch)
    seen = []
    for name, address in (("Taimi", "TAKEN@example.com"), ("Canac", "vacan@example.com")):
        client = Client()
        hashes.clear()
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/register/", NEWCOMER | {"username": name, "email": address})
        page = client.get("/account/").content.decode()
        text = re.sub(r'value="\w{64}"|"x-csrftoken": "\w+"|/verify/[\w.-]+/', "", page).replace(name, "NAME")
        text = text.replace(address, "ADDRESS")
        cookies = sorted(response.cookies)
        seen.append((response.status_code, response["Location"], cookies, list(hashes), shapes(queries), text))
        again = Client()
        assert [log_in(again, address).status_code, log_in(again, name).status_code] == [422, 302]
    assert seen[0] == seen[1]
    assert "session" in seen[0][2]


def shapes(queries: CaptureQueriesContext) -> list[str]:
    """The statements without their values."""
    values = re.compile(r"('[^']*'|NULL)(::\w+)?|\b[0-9a-f]{32}\b|\d+")
    return [values.sub("?", query["sql"]) for query in queries.captured_queries]


def test_a_forgotten_password_tells_nothing_about_the_address() -> None:
    UserFactory(email="taken@example.com")
    UserFactory(email="gone@example.com", is_active=False)
    seen = []
    for address in ("taken@example.com", "vacant@example.com", "gone@example.com"):
        client = Client()
        with CaptureQueriesContext(connection) as queries:
            response = client.post("/password/forgot/", {"email": address})
        text = response.content.decode().replace(address, "ADDRESS")
        seen.append((response.status_code, sorted(response.cookies), shapes(queries), text))
    assert seen[0] == seen[1] == seen[2]
    assert seen[0][0] == 200
    assert [letter.to for letter in post_letters()] == [["taken@example.com"]]


def test_logging_in_tells_nothing_about_the_account(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(username="Taimi")
    UserFactory(username="Zojja", is_active=False)
    User.objects.create_user("Canac")
    hashes = counted_hashes(monkeypatch)
    seen: dict[str, list[Any]] = {}
    for number, name in enumerate(("Taimi", "Zojja", "Canac", "Nobod")):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        seen[name] = []
        for _ in range(7):
            hashes.clear()
            with CaptureQueriesContext(connection) as queries:
                response = log_in(client, name, "not the password")
            text = re.sub(r'value="\w{64}"|[0-9a-f]{32}|value="\w{5}"', "", response.content.decode())
            seen[name].append((response.status_code, sorted(response.cookies), len(hashes), shapes(queries), text))
    assert [answer[0] for answer in seen["Taimi"]] == [422] * 5 + [429] * 2
    assert [answer[2] for answer in seen["Taimi"]] == [1] * 5 + [0] * 2
    assert seen["Taimi"] == seen["Zojja"] == seen["Canac"] == seen["Nobod"]


def test_a_reset_ends_every_session_and_token_and_the_link(client: Client) -> None:
    user = UserFactory(email="taimi@example.com")
    client.force_login(user)
    make_token(user=user, name="a", scopes=["read"], days=7)
    [letter] = asked_reset("TAIMI@example.com")
    stranger = Client()
    path = link_in(letter)
    assert 'autocomplete="new-password"' in stranger.get(path).content.decode()
    weak = stranger.post(path, {"password": "password1234"})
    assert (weak.status_code, list(errors_of(weak))) == (422, ["password"])
    assert stranger.post(path, {"password": NEW_PASSWORD})["Location"] == "/login/"
    before = user.token_version
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    assert user.token_version == before + 1
    assert not Session.objects.filter(user=user).exists()
    assert not PersonalToken.objects.filter(user=user).exists()
    assert client.get("/account/").status_code == 302
    assert stranger.post(path, {"password": PASSWORD}).status_code == 404
    assert [letter.subject for letter in post_letters()] == ["GW2Optimizer: Your password was changed"]


@pytest.mark.parametrize(("minutes", "status"), [(59, 302), (60, 404)])
def test_a_reset_counts_for_an_hour(clock: Clock, minutes: int, status: int) -> None:
    user = UserFactory(email="taimi@example.com")
    [letter] = asked_reset("taimi@example.com")
    clock.go(minutes=minutes)
    assert Client().post(link_in(letter), {"password": NEW_PASSWORD}).status_code == status
    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD) is (status == 302)


def test_a_reset_proves_the_address_that_was_only_claimed(client: Client) -> None:
    registered(client)
    post_letters()
    [letter] = asked_reset("taimi@example.com")
    assert Client().post(link_in(letter), {"password": NEW_PASSWORD}).status_code == 302
    user = User.objects.get()
    assert (user.email, user.is_verified) == ("taimi@example.com", True)


def test_a_changed_password_retires_the_links_that_are_out() -> None:
    UserFactory(email="taimi@example.com")
    [first] = asked_reset("taimi@example.com")
    [second] = asked_reset("taimi@example.com")
    assert Client().post(link_in(second), {"password": NEW_PASSWORD}).status_code == 302
    assert Client().get(link_in(first)).status_code == 404


def test_one_address_gets_three_such_letters_an_hour(clock: Clock) -> None:
    UserFactory(email="taimi@example.com")
    assert [len(asked_reset("taimi@example.com")) for _ in range(4)] == [1, 1, 1, 0]
    clock.go(hours=1, seconds=1)
    assert len(asked_reset("taimi@example.com")) == 1


def test_changing_the_address_asks_the_password_and_tells_both(client: Client) -> None:
    user = UserFactory(username="Taimi", email="old@example.com")
    client.force_login(user)
    wrong = client.post("/account/email/", {"email": "new@example.com", "password": "not hers at all"})
    assert errors_of(wrong) == {"password": ["This is not your password."]}
    assert client.post("/account/email/", {"email": "new@example.com", "password": PASSWORD}).status_code == 302
    new, old = post_letters()
    assert (new.to, old.to) == (["new@example.com"], ["old@example.com"])
    assert old.subject == "GW2Optimizer: Your e-mail address is about to change"
    user.refresh_from_db()
    assert (user.email, user.claimed_email) == ("old@example.com", "new@example.com")
    assert client.post(link_in(new)).status_code == 302
    user.refresh_from_db()
    assert (user.email, user.claimed_email) == ("new@example.com", "")
    [last] = post_letters()
    assert (last.to, last.subject) == (["old@example.com"], "GW2Optimizer: Your e-mail address was changed")


def test_changing_to_a_taken_address_tells_nothing(client: Client) -> None:
    UserFactory(email="taken@example.com")
    user = UserFactory(email="old@example.com")
    client.force_login(user)
    assert client.post("/account/email/", {"email": "TAKEN@example.com", "password": PASSWORD}).status_code == 302
    letter = post_letters()[0]
    assert letter.subject == "GW2Optimizer: You have an account already"
    user.refresh_from_db()
    assert user.email == "old@example.com"


@pytest.mark.parametrize("address", ["", "nobody", "OLD@example.com", "x" * 300 + "@example.com"])
def test_an_address_that_cannot_be_is_refused_beside_the_field(client: Client, address: str) -> None:
    client.force_login(UserFactory(email="old@example.com"))
    response = client.post("/account/email/", {"email": address, "password": PASSWORD})
    assert (response.status_code, list(errors_of(response))) == (422, ["email"])
    assert not Mail.objects.exists()


def test_the_page_shows_the_link_where_letters_are_files(client: Client, settings: Any) -> None:
    assert settings.MAIL_SHOWS_LINKS is True
    response = client.post("/register/", NEWCOMER, follow=True)
    [shown] = re.findall(r'href="http://127\.0\.0\.1:8000(/verify/[\w.-]+/)"', response.content.decode())
    [letter] = post_letters()
    assert shown == link_in(letter)


def test_the_page_shows_no_link_where_letters_are_sent(client: Client, settings: Any) -> None:
    settings.MAIL_SHOWS_LINKS = False
    page = client.post("/register/", NEWCOMER, follow=True).content.decode()
    assert "We sent a link to taimi@example.com." in page
    assert not re.search(r"/verify/\w", page)


def test_the_page_of_a_forgotten_password_never_shows_its_link(client: Client) -> None:
    UserFactory(email="taimi@example.com")
    assert "/password/reset/" not in client.post("/password/forgot/", {"email": "taimi@example.com"}).content.decode()


def test_a_letter_waits_for_the_commit_and_is_found_again_when_its_task_is_lost(
    clock: Clock, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        Client().post("/password/forgot/", {"email": "taimi@example.com"})
    assert len(callbacks) == 1
    assert unsent() == []
    clock.go(minutes=3)
    assert unsent() == [Mail.objects.get().pk]
    clock.go(days=1)
    assert unsent() == []


def test_a_letter_that_the_server_refuses_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    UserFactory(email="taimi@example.com")
    Client().post("/password/forgot/", {"email": "taimi@example.com"})
    key = Mail.objects.get().pk

    def refuse(*_: object, **__: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as patched:
        patched.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(Unavailable):
            deliver(key)
    assert Mail.objects.get().sent_at is None
    send_mail(str(key))
    send_mail(str(key))
    assert len(mail.outbox) == 1


def test_old_letters_are_removed(clock: Clock) -> None:
    Client().post("/password/forgot/", {"email": "taimi@example.com"})
    clock.go(days=29)
    clear_expired_sessions()
    assert Mail.objects.count() == 1
    clock.go(days=2)
    clear_expired_sessions()
    assert not Mail.objects.exists()
