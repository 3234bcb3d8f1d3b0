"""Wrong passwords: who waits, how long, and that nobody can keep an owner out."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from accounts.devices import Source
from accounts.models import LoginAttempt, Mail, User
from accounts.services.logins import candidate_of, delete_old_attempts, log_in_by_password
from accounts.services.sessions import end_access
from accounts.tasks import tell_of_lock
from gw2optimizer.errors import InvalidInput, TooManyRequests
from tests.accounts import Clock, counted_hashes, log_in, post_letters
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

WRONG = "not the password"
HERE = Source("192.0.2.1", "192.0.2.1", "a browser")


def tried(identifier: str, password: str = WRONG, source: Source = HERE) -> int | str:
    """ "in", "wrong", or the seconds to wait."""
    try:
        log_in_by_password(candidate_of(identifier, source), password)
    except TooManyRequests as error:
        return error.retry_after
    except InvalidInput:
        return "wrong"
    return "in"


def from_elsewhere(number: int) -> Source:
    return Source(f"198.51.100.{number}", f"198.51.100.{number}", "another")


def locked(clock: Clock, identifier: str = "Taimi") -> None:
    """Ten wrong passwords, each as early as it is heard."""
    for _ in range(10):
        while tried(identifier) != "wrong":
            clock.go(seconds=1)


def test_five_wrong_passwords_are_free_then_each_waits_twice_as_long(clock: Clock, taimi: User) -> None:
    answers: list[int | str] = []
    for _ in range(10):
        answer = tried("Taimi")
        if isinstance(answer, int):
            answers.append(answer)
            clock.go(seconds=answer)
            answer = tried("Taimi")
        answers.append(answer)
    assert answers == ["wrong"] * 5 + [2, "wrong", 4, "wrong", 8, "wrong", 16, "wrong", 32, "wrong"]
    assert tried("Taimi") == 900


def test_name_and_address_are_one_account(clock: Clock, taimi: User) -> None:
    for identifier in ("Taimi", "TAIMI", "taimi@example.com", "Taimi@EXAMPLE.com", "taimi"):
        assert tried(identifier) == "wrong"
    assert [tried("Taimi"), tried("taimi@example.com")] == [2, 2]


def test_a_wait_holds_the_right_password_too_and_hashes_nothing(
    clock: Clock, taimi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked(clock)
    hashes = counted_hashes(monkeypatch)
    assert tried("Taimi", PASSWORD) == 900
    assert hashes == []


def test_a_lock_ends_by_itself_however_often_it_is_tried(clock: Clock, taimi: User) -> None:
    locked(clock)
    for _ in range(14):
        clock.go(minutes=1)
        assert isinstance(tried("Taimi"), int)
    assert tried("Taimi", PASSWORD) == 60
    clock.go(seconds=60)
    assert tried("Taimi", PASSWORD) == "in"


def test_after_a_lock_five_are_free_again(clock: Clock, taimi: User) -> None:
    locked(clock)
    clock.go(minutes=15)
    assert [tried("Taimi") for _ in range(6)] == ["wrong"] * 5 + [2]


def test_a_right_password_ends_no_count(clock: Clock, taimi: User) -> None:
    assert [tried("Taimi") for _ in range(4)] == ["wrong"] * 4
    assert tried("Taimi", PASSWORD) == "in"
    assert [tried("Taimi"), tried("Taimi")] == ["wrong", 2]


def test_wrong_ones_are_forgotten_after_a_quarter_of_an_hour(clock: Clock, taimi: User) -> None:
    assert [tried("Taimi") for _ in range(4)] == ["wrong"] * 4
    clock.go(minutes=15)
    assert [tried("Taimi") for _ in range(6)] == ["wrong"] * 5 + [2]


def test_an_account_is_held_wherever_the_tries_come_from(clock: Clock, taimi: User) -> None:
    assert [tried("Taimi", source=from_elsewhere(n)) for n in range(6)] == ["wrong"] * 5 + [2]


def test_other_accounts_are_not_held(clock: Clock, taimi: User) -> None:
    other = UserFactory()
    for number in range(10):
        tried("Taimi", source=from_elsewhere(number))
    assert tried(other.username, PASSWORD) == "in"


def test_an_address_has_twenty_whomever_it_tries(clock: Clock, taimi: User) -> None:
    assert [tried(f"name_{n}") for n in range(20)] == ["wrong"] * 20
    assert tried("Taimi", PASSWORD) == 2
    assert tried("Taimi", PASSWORD, from_elsewhere(1)) == "in"


def test_an_address_is_locked_for_a_while_too(clock: Clock, taimi: User) -> None:
    for number in range(25):
        while tried(f"name_{number}") != "wrong":
            clock.go(seconds=1)
    assert tried("Taimi", PASSWORD) == 900
    clock.go(minutes=15)
    assert tried("Taimi", PASSWORD) == "in"


def test_many_at_once_get_no_more_hashes_than_one_after_the_other(
    clock: Clock, taimi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has its row before any is judged, as at the same moment."""
    hashes = counted_hashes(monkeypatch)
    for number in range(10):
        candidate = candidate_of("Taimi", from_elsewhere(number))
        LoginAttempt.objects.create(
            user=taimi, at=clock.now, account_key=candidate.account_key, address_key=candidate.address_key
        )
    assert tried("Taimi", PASSWORD, from_elsewhere(20)) == 900
    assert hashes == []


def test_a_known_device_gets_in_while_others_are_held(clock: Clock, taimi: User) -> None:
    owner = Client()
    assert log_in(owner, "Taimi").status_code == 302
    owner.post("/logout/")
    cookie = owner.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    stranger = Client()
    for _ in range(10):
        log_in(stranger, "Taimi", WRONG)
        clock.go(seconds=33)
    assert log_in(stranger, "Taimi").status_code == 429
    assert log_in(owner, "Taimi").status_code == 302


def test_a_known_device_gets_in_behind_an_address_that_is_held(clock: Clock, taimi: User) -> None:
    owner, neighbour = Client(), Client()
    assert log_in(owner, "Taimi").status_code == 302
    for number in range(50):
        log_in(neighbour, f"name_{number}", WRONG)
    assert log_in(neighbour, "Taimi").status_code == 429
    owner.post("/logout/")
    assert log_in(owner, "Taimi").status_code == 302


def test_a_known_device_has_a_count_of_its_own(clock: Clock, taimi: User) -> None:
    thief = Client()
    assert log_in(thief, "Taimi").status_code == 302
    thief.post("/logout/")
    assert [log_in(thief, "Taimi", WRONG).status_code for _ in range(6)] == [422] * 5 + [429]
    assert log_in(Client(), "Taimi").status_code == 302


@pytest.mark.parametrize("change", ["forged", "of another", "ended"])
def test_trust_in_a_device_is_not_for_taking(clock: Clock, taimi: User, change: str) -> None:
    client = Client()
    if change == "of another":
        other = UserFactory()
        assert log_in(client, other.username).status_code == 302
    else:
        assert log_in(client, "Taimi").status_code == 302
    if change == "ended":
        end_access(taimi)
    cookie = client.cookies[settings.DEVICE_COOKIE_NAME].value
    stranger = Client()
    stranger.cookies[settings.DEVICE_COOKIE_NAME] = cookie + "x" if change == "forged" else cookie
    for number in range(5):
        tried("Taimi", source=from_elsewhere(number))
    assert log_in(stranger, "Taimi").status_code == 429


def test_the_owner_of_a_locked_account_gets_one_letter_a_day(
    clock: Clock, taimi: User, django_capture_on_commit_callbacks: Any
) -> None:
    for _ in range(2):
        with django_capture_on_commit_callbacks() as callbacks:
            locked(clock)
        assert len(callbacks) == 1
        [attempt] = LoginAttempt.objects.filter(account_blocked_until__gt=clock.now).order_by("-pk")[:1]
        tell_of_lock(attempt.pk)
        clock.go(minutes=15)
    assert [letter.subject for letter in post_letters()] == ["GW2Optimizer: Somebody tries to log in as you"]
    assert Mail.objects.get().kind == Mail.Kind.LOCKED


def test_a_lock_of_a_name_that_nobody_has_does_the_same_and_mails_nobody(
    clock: Clock, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        locked(clock, "Nobody")
    assert len(callbacks) == 1
    tell_of_lock(LoginAttempt.objects.order_by("-pk")[0].pk)
    tell_of_lock(0)
    assert (mail.outbox, Mail.objects.count()) == ([], 0)


def test_tries_hold_no_name_that_was_typed(taimi: User) -> None:
    tried("my secret typed in the wrong box")
    assert "secret" not in str(list(LoginAttempt.objects.values()))


def test_old_tries_are_removed(clock: Clock, taimi: User) -> None:
    tried("Taimi")
    tried("Nobody")
    assert delete_old_attempts() == 0
    clock.go(days=2)
    assert delete_old_attempts() == 1
    assert LoginAttempt.objects.get().user == taimi
    clock.go(days=90)
    assert delete_old_attempts() == 1
