"""How often one caller may do one thing: all at once, whatever address is claimed, wherever it is counted."""

import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.http import HttpRequest
from django.test import Client, RequestFactory

from gw2optimizer import models, ratelimits
from gw2optimizer.cache import breaker
from gw2optimizer.errors import DomainError, TooManyRequests, Unavailable
from gw2optimizer.models import TryCount, count_try
from gw2optimizer.ratelimits import LIMITS, cpu_tokens, limited, rate_limited
from tests.factories import UserFactory
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent
CHEAP = "/api/v1/builds/"


def request_from(address: str = "203.0.113.9", **meta: str) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=address, **meta)


def at_once(count: int, call: Callable[[int], Any]) -> Counter[str]:
    """Names of what became of each."""
    gate = threading.Barrier(count)
    became: Counter[str] = Counter()

    def run(number: int) -> None:
        gate.wait()
        try:
            call(number)
            became["passed"] += 1
        except DomainError as error:
            became[type(error).__name__] += 1
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return became


@pytest.fixture
def no_cache(settings: Any) -> Iterator[None]:
    """A cache whose server is away from the start."""
    breaker.close()
    options = {"SOCKET_CONNECT_TIMEOUT": 0.2, "SOCKET_TIMEOUT": 0.2}
    location = f"redis://127.0.0.1:{free_port()}/0"
    own = {"BACKEND": "gw2optimizer.cache.GuardedRedisCache", "LOCATION": location, "OPTIONS": options}
    settings.CACHES = {"default": own, "shared": own}
    yield
    breaker.close()


# --- All at once ---------------------------------------------------------------------------------
def test_sixty_at_once_against_ten_in_memory() -> None:
    became = at_once(60, lambda _: limited(request_from(), group="g", rate="10/d"))
    assert became == {"passed": 10, "TooManyRequests": 50}


@pytest.mark.django_db(transaction=True)
def test_sixty_at_once_against_ten_in_the_database(no_cache: None) -> None:
    became = at_once(60, lambda _: limited(request_from(), group="g", rate="10/d", closed=True))
    assert became == {"passed": 10, "TooManyRequests": 50}


_PROCESS = """
import sys, threading, django
django.setup()
from django.test import RequestFactory
from gw2optimizer.errors import TooManyRequests
from gw2optimizer.ratelimits import limited
request = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
gate, passed = threading.Barrier(20), []
def run():
    gate.wait()
    try:
        limited(request, group="g", rate="10/d")
        passed.append(1)
    except TooManyRequests:
        pass
threads = [threading.Thread(target=run) for _ in range(20)]
print("ready", flush=True)
sys.stdin.readline()
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(passed))
"""


@pytest.mark.redis
def test_sixty_at_once_of_three_processes_against_ten_in_redis(redis_url: str) -> None:
    environment = os.environ | {
        "REDIS_URL": redis_url,
        "DJANGO_SETTINGS_MODULE": "gw2optimizer.settings",
        "LOG_LEVEL": "ERROR",
    }
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", _PROCESS], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(3)
    ]  # fmt: skip
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    assert sum(int(process.communicate(timeout=60)[0]) for process in processes) == 10
    assert [process.returncode for process in processes] == [0, 0, 0]


@pytest.mark.limits
@pytest.mark.django_db(transaction=True)
def test_requests_at_once_of_the_api_pass_as_often_as_one_after_the_other(live_server: Any) -> None:
    import requests

    statuses: Counter[int] = Counter()

    def call(_: int) -> None:
        for _ in range(9):
            statuses[requests.get(f"{live_server.url}{CHEAP}", timeout=20).status_code] += 1

    at_once(8, call)
    assert statuses == {200: 60, 429: 12}


# --- Whose count it is ---------------------------------------------------------------------------
@pytest.mark.limits
@pytest.mark.django_db
def test_claimed_addresses_are_no_way_around(client: Client) -> None:
    claims = ["X-Forwarded-For", "X-Real-IP", "Forwarded", "X-Client-IP", "True-Client-IP", "CF-Connecting-IP"]
    statuses = [
        client.get(CHEAP, headers=dict.fromkeys(claims, f"198.51.100.{number}")).status_code for number in range(61)
    ]
    assert statuses == [200] * 60 + [429]


@pytest.mark.limits
@pytest.mark.django_db
def test_behind_a_trusted_proxy_only_its_own_entry_counts(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1

    def status(forwarded: str) -> int:
        return client.get(CHEAP, headers={"X-Forwarded-For": forwarded}).status_code

    assert [status(f"198.51.100.{number}, 203.0.113.9") for number in range(61)] == [200] * 60 + [429]
    assert status("203.0.113.10") == 200


@pytest.mark.limits
@pytest.mark.django_db
def test_account_counts_apart_from_its_address_and_from_others(client: Client) -> None:
    assert {client.get(CHEAP).status_code for _ in range(60)} == {200}
    assert client.get(CHEAP).status_code == 429
    client.force_login(UserFactory())
    assert {client.get(CHEAP, REMOTE_ADDR=f"203.0.113.{number}").status_code for number in range(60)} == {200}
    assert client.get(CHEAP, REMOTE_ADDR="203.0.113.99").status_code == 429
    client.force_login(UserFactory())
    assert client.get(CHEAP).status_code == 200


@pytest.mark.limits
@pytest.mark.django_db
def test_hour_is_counted_beside_the_minute(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "api", ("60/m", "3/h"))
    answers = [client.get(CHEAP) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert (answers[3]["RateLimit-Limit"], answers[3]["RateLimit-Policy"]) == ("3", "3;w=3600")
    assert 1 <= int(answers[3]["Retry-After"]) <= 3600


@pytest.mark.limits
@pytest.mark.django_db
def test_answers_of_the_api_tell_what_is_left(client: Client) -> None:
    first, second = client.get(CHEAP), client.get(CHEAP)
    assert [answer["RateLimit-Remaining"] for answer in (first, second)] == ["59", "58"]
    assert (second["RateLimit-Limit"], second["RateLimit-Policy"]) == ("60", "60;w=60")
    assert 1 <= int(second["RateLimit-Reset"]) <= 60


@pytest.mark.limits
@pytest.mark.django_db
def test_refusal_has_the_one_shape_and_says_when(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "api", ("1/h",))
    client.get(CHEAP)
    answer = client.get(CHEAP)
    assert answer.status_code == 429
    assert (answer.json()["error"]["code"], answer["RateLimit-Remaining"]) == ("too_many_requests", "0")
    assert answer["Retry-After"] == answer["RateLimit-Reset"]


@pytest.mark.limits
@pytest.mark.django_db
def test_tokens_that_do_not_count_are_counted_by_address(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "api_address", ("5/h",))
    answers = [client.get(CHEAP, headers={"Authorization": f"Bearer {n}"}).status_code for n in range(6)]
    assert answers == [401] * 5 + [429]


# --- Pages ---------------------------------------------------------------------------------------
@pytest.mark.limits
@pytest.mark.django_db
def test_pages_are_a_bucket_of_their_own(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, "page", ("100/s", "3/h"))
    answers = [client.get("/login/") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[3].content.decode().count("That was too often") == 1
    assert (answers[3]["RateLimit-Limit"], answers[3]["X-Frame-Options"]) == ("3", "DENY")
    part = client.get("/", headers={"HX-Request": "true"})
    assert part.status_code == 429
    assert "<html" not in part.content.decode()
    assert {client.get(path).status_code for path in (CHEAP, "/healthz", "/metrics")} == {200}
    assert client.get("/icons/x.png").status_code == 404


@pytest.mark.limits
@pytest.mark.django_db
def test_twenty_clicks_at_once_are_never_too_many(client: Client) -> None:
    """Over the edge of a second or not."""
    assert {client.get("/nowhere").status_code for _ in range(20)} == {404}


def test_window_of_a_second_is_a_count_and_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock may go on between the two looks that the counter takes at it."""
    ticks = iter(range(1_000_000, 1_000_100))
    monkeypatch.setattr("django_ratelimit.core.time.time", lambda: next(ticks))
    request = request_from()
    limited(request, group="g", rate="1/s")
    assert request.rate_usages[0] == (1, 1, 0, 1)  # type: ignore[attr-defined]


@pytest.mark.parametrize("rate", ["", "5", "5/", "5/w", "x/m", "5/m ", "/m", "-5/m"])
def test_rate_that_is_none_is_an_error_of_ours(rate: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        limited(request_from(), group="none", rate=rate)


# --- Without the cache ---------------------------------------------------------------------------
@pytest.mark.django_db
def test_database_counts_for_what_is_closed_and_forgets_old_windows(no_cache: None) -> None:
    TryCount.objects.create(key="old", count=3, ends=int(time.time()) - 1)
    limited(request_from(), group="login", rate="2/d", key="a", closed=True)
    limited(request_from(), group="login", rate="2/d", key="b", closed=True)
    limited(request_from(), group="login", rate="2/d", key="a", closed=True)
    with pytest.raises(TooManyRequests) as caught:
        limited(request_from(), group="login", rate="2/d", key="a", closed=True)
    assert 1 <= caught.value.retry_after <= 86_400
    limited(request_from(), group="other", rate="2/d", key="a", closed=True)
    assert sorted(TryCount.objects.values_list("count", flat=True)) == [1, 1, 3]
    assert not TryCount.objects.filter(key="old").exists()


@pytest.mark.django_db
def test_database_counts_each_window_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1_000_000.0
    monkeypatch.setattr(models.time, "time", lambda: moment)
    assert [count_try("g", "a", 60) for _ in range(2)] == [(1, 20), (2, 20)]
    moment = 1_000_020.0
    assert count_try("g", "a", 60) == (1, 60)


def test_neither_cache_nor_database_is_closed(no_cache: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(ratelimits, "count_try", away)
    with pytest.raises(Unavailable, match="can't be counted"):
        limited(request_from(), group="login", closed=True)
    limited(request_from(), group="answer")


# --- Time of the machine -------------------------------------------------------------------------
def burn(seconds: float) -> None:
    ends = time.thread_time() + seconds
    while time.thread_time() < ends:
        pass


@pytest.fixture
def minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test begins in one minute and ends in the next."""
    if time.time() % 60 > 55:
        monkeypatch.setattr(ratelimits.time, "time", lambda: 1_000_000.0)


def test_computing_is_paid_with_what_it_took(minute: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimits, "CPU_MILLISECONDS", 250)
    for _ in range(4):
        # Guessed high, and set right afterwards.
        with cpu_tokens(request_from(), seconds=0.2):
            pass
    with cpu_tokens(request_from(), seconds=0.001):
        burn(0.3)
    with pytest.raises(TooManyRequests, match="computed for you"), cpu_tokens(request_from(), seconds=0.001):
        raise AssertionError("began")
    with cpu_tokens(request_from("203.0.113.10"), seconds=0.001):
        pass


def test_computing_at_once_is_paid_before_it_begins(minute: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimits, "CPU_MILLISECONDS", 1_000)
    over = threading.Event()
    refused: list[int] = []

    def compute(number: int) -> None:
        try:
            with cpu_tokens(request_from(), seconds=0.3):
                over.wait(20)
        except TooManyRequests:
            refused.append(number)
            if len(refused) == 5:
                over.set()
            raise

    assert at_once(8, compute) == {"passed": 3, "TooManyRequests": 5}


def test_computing_that_fails_is_paid_too(minute: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimits, "CPU_MILLISECONDS", 50)

    @rate_limited(group="g", rate="9/h", cpu=0.01)
    def view(request: HttpRequest) -> None:
        burn(0.1)
        raise ValueError("broken")

    request = RequestFactory().post("/")
    with pytest.raises(ValueError, match="broken"):
        view(request)
    with pytest.raises(TooManyRequests):
        view(request)


def test_computing_goes_on_without_the_cache(no_cache: None) -> None:
    with cpu_tokens(request_from(), seconds=100):
        pass


def test_memory_keeps_more_counts_than_a_flood_makes() -> None:
    limited(request_from(), group="g", rate="1/d")
    for number in range(2_000):
        caches["default"].set(f"flood-{number}", 1)
    with pytest.raises(TooManyRequests):
        limited(request_from(), group="g", rate="1/d")


def test_limits_are_documented() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(" `"): line for line in text.splitlines() if line.startswith("| `")}
    for group, rates in LIMITS.items():
        if rates:
            assert [rate for rate in rates if f"`{rate}`" not in rows[group]] == [], group
