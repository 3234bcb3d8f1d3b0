"""A flood of log-ins: who is sent away, who gets in, and that hashing is done by a process of its own."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.utils import timezone

from accounts import hashers
from accounts.devices import Source
from accounts.hashers import PatientArgon2
from accounts.models import LoginAttempt
from accounts.services import hashing
from accounts.services.hashing import Rank, place, places
from accounts.services.logins import candidate_of
from gw2optimizer.errors import TooManyRequests
from tests.accounts import counted_hashes, log_in
from tests.factories import UserFactory

WRONG = "not the password"


class Quick(PatientArgon2):
    time_cost, memory_cost, parallelism = 1, 8, 1


@pytest.fixture
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(places, "taken", 0)
    monkeypatch.setattr(places, "flood_until", 0.0)


@pytest.fixture
def child() -> Iterator[hashers._Child]:
    yield hashers._child
    hashers._child.end()


def test_hashes_of_the_other_process_are_those_of_django(child: hashers._Child) -> None:
    ours, theirs = Quick(), Argon2PasswordHasher()
    made = ours.encode("pässwörd \U0001f600", "saltsaltsalt")
    assert made.startswith("argon2$argon2id$v=19$m=8,t=1,p=1$")
    assert theirs.verify("pässwörd \U0001f600", made)
    assert [ours.verify("pässwörd \U0001f600", made), ours.verify("password", made)] == [True, False]
    theirs.time_cost, theirs.memory_cost, theirs.parallelism = 1, 8, 1
    assert theirs.encode("pässwörd \U0001f600", "saltsaltsalt") == made


def test_other_process_stands_back_and_is_begun_again(child: hashers._Child) -> None:
    made = Quick().encode("password", "saltsaltsalt")
    first = child.process
    assert first is not None
    assert os.getpriority(os.PRIO_PROCESS, first.pid) == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 15)
    first.kill()
    assert Quick().verify("password", made)
    assert child.process is not first


def test_places_are_kept_for_those_who_were_not_wrong(calm: None) -> None:
    with place(Rank.WRONG_BEFORE), place(Rank.FRESH), place(Rank.FRESH):
        for rank in (Rank.WRONG_BEFORE, Rank.FRESH):
            with pytest.raises(TooManyRequests), place(rank):
                raise AssertionError("got in")
        with place(Rank.KNOWN), pytest.raises(TooManyRequests), place(Rank.KNOWN):
            raise AssertionError("got in")
    assert places.taken == 0


def test_after_a_flood_all_are_served_again(calm: None, monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(hashing.time, "monotonic", lambda: now)
    hashing.crowded()
    assert [places.has(rank) for rank in Rank] == [False, True, True]
    now += 1.0
    assert [places.has(rank) for rank in Rank] == [True, True, True]


@pytest.mark.django_db
def test_in_a_crowd_a_known_browser_and_a_new_one_get_in_and_the_flood_does_not(
    calm: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    owner, other, third = UserFactory(), UserFactory(), UserFactory()
    known, flood = Client(), Client(REMOTE_ADDR="198.51.100.1")
    assert log_in(known, owner.username).status_code == 302
    known.post("/logout/")
    monkeypatch.setattr(places, "taken", 3)
    hashes = counted_hashes(monkeypatch)
    # The first is sent away for want of a place, and is remembered by its address and by the name that it typed.
    with django_assert_num_queries(0):
        answers = [log_in(flood, other.username, WRONG) for _ in range(2)]
    assert [(answer.status_code, answer["Retry-After"]) for answer in answers] == [(429, "1")] * 2
    assert log_in(known, owner.username).status_code == 302
    assert len(hashes) == 1
    monkeypatch.setattr(places, "taken", 2)
    assert log_in(Client(REMOTE_ADDR="198.51.100.1"), third.username).status_code == 429
    assert log_in(Client(REMOTE_ADDR="198.51.100.2"), other.username).status_code == 429
    assert log_in(Client(REMOTE_ADDR="198.51.100.3"), owner.username).status_code == 302


@pytest.mark.django_db
def test_one_after_the_other_is_never_a_crowd(calm: None) -> None:
    client = Client()
    assert [log_in(client, f"nobody_{number}", WRONG).status_code for number in range(12)] == [422] * 12


@pytest.mark.django_db
def test_tries_against_a_lock_are_one_row_in_some_seconds(calm: None, django_assert_num_queries: Any) -> None:
    user, client = UserFactory(), Client()
    candidate = candidate_of(user.username, Source("198.51.100.9", "198.51.100.9", "x"))
    until = timezone.now() + timedelta(minutes=15)
    LoginAttempt.objects.create(
        user=user, account_key=candidate.account_key, address_key="x", account_blocked_until=until
    )
    assert log_in(client, user.username).status_code == 429
    rows = LoginAttempt.objects.count()
    with django_assert_num_queries(1):
        assert [log_in(client, user.username).status_code] == [429]
    assert LoginAttempt.objects.count() == rows
