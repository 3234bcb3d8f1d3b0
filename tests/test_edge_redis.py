"""The whole site with a Redis that dies, or hangs, in the middle of a run."""

import os
import re
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import requests

from accounts.devices import Source
from accounts.models import Session, User
from accounts.services.login_tokens import open_family
from gw2optimizer.models import TryCount
from tests import servers
from tests.factories import PASSWORD, BuildFactory
from tests.site import log_of, start_site

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.redis, pytest.mark.once]

LONG = bool(os.environ.get("GW2_FAULTS"))
# With the switch the site's own time until it looks again, and a load that outlasts several looks.
BREAKER_SECONDS = "" if LONG else "1"
AWAY_SECONDS = 40.0 if LONG else 2.0
WORKERS = 2 if LONG else 1
LONGEST_ANSWER = 1.0
HERE = Source("192.0.2.1", "192.0.2.1", "a script")


class Answer(NamedTuple):
    what: str
    status: int
    seconds: float
    text: str
    counted: bool


class Visitor:
    """One caller with an address of its own; keeps what it was answered."""

    def __init__(self, url: str, number: int, *, token: str = "") -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers["X-Forwarded-For"] = f"198.51.100.{number}"
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"
        self.answers: list[Answer] = []

    def ask(self, method: str, path: str, **more: Any) -> Answer:
        began = time.monotonic()
        found = self.session.request(method, self.url + path, timeout=20, allow_redirects=False, **more)
        took = time.monotonic() - began
        counted = "RateLimit-Limit" in found.headers
        answer = Answer(f"{method} {path}", found.status_code, took, found.text[:300], counted)
        self.answers.append(answer)
        return answer

    def get(self, path: str) -> int:
        return self.ask("GET", path).status

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> int:
        csrf = self.session.cookies.get("csrf", "")
        if path.startswith("/api/"):
            return self.ask("POST", path, json=data or {}, headers={"X-CSRFToken": csrf}, **more).status
        return self.ask("POST", path, data={**(data or {}), "csrfmiddlewaretoken": csrf}, **more).status

    def log_in(self, user: User) -> None:
        assert self.get("/login/") == 200
        assert self.post("/login/", {"identifier": user.username, "password": PASSWORD}) == 302

    def take_cookies(self, user: User) -> None:
        assert self.get("/login/") == 200
        wish = {"username": user.username, "password": PASSWORD, "cookie": True}
        assert self.post("/api/v1/auth/token", wish) == 200
        assert {"access", "refresh"} <= set(self.session.cookies.keys())


class Load(threading.Thread):
    """Somebody who goes on looking at pages and calling the API."""

    def __init__(self, visitor: Visitor, paths: list[str], pause: float) -> None:
        super().__init__(daemon=True)
        self.visitor, self.paths, self.pause = visitor, paths, pause
        self.over = threading.Event()
        self.broken: Exception | None = None

    def run(self) -> None:
        number = 0
        while not self.over.wait(self.pause):
            try:
                self.visitor.get(self.paths[number % len(self.paths)])
            except requests.RequestException as error:
                self.broken = error
                return
            number += 1

    def stop(self) -> None:
        self.over.set()
        self.join(20)
        assert self.broken is None


@pytest.fixture
def redis() -> Iterator[list[servers.Server]]:
    """The last one is the one that runs."""
    started = [servers.start_redis()[1]]
    yield started
    for server in started:
        server.stop()


@pytest.fixture
def site(redis: list[servers.Server]) -> Iterator[tuple[str, servers.Server]]:
    away = f"redis://127.0.0.1:{redis[0].port}/0"
    url, server = start_site(workers=WORKERS, REDIS_URL=away, TRUSTED_PROXIES="1", GW2_BREAKER_SECONDS=BREAKER_SECONDS)
    yield url, server
    server.stop()


class People:
    """Everybody whose being let in or kept out is watched."""

    def __init__(self, url: str) -> None:
        build = BuildFactory(visibility="private")
        self.owner: User = build.owner
        self.private = f"/api/v1/builds/{build.pk}/"
        self.by_session, self.by_cookie = Visitor(url, 1), Visitor(url, 2)
        self.by_session.log_in(self.owner)
        self.by_cookie.take_cookies(self.owner)
        self.by_token = Visitor(url, 3, token=open_family(self.owner, HERE).access)
        self.nobody = Visitor(url, 4)
        self.loads = [
            Load(self.by_session, ["/", "/builds/mine/", "/builds/"], 0.15),
            Load(self.by_token, ["/api/v1/users/me", self.private], 1.1),
            Load(self.by_cookie, ["/api/v1/users/me", "/builds/"], 1.3),
            Load(self.nobody, ["/", "/builds/", "/login/", "/api/v1/builds/"], 0.4),
        ]
        self.others: list[Visitor] = []
        self.url = url
        for load in self.loads:
            load.start()

    def another(self, **more: str) -> Visitor:
        self.others.append(Visitor(self.url, 10 + len(self.others), **more))
        return self.others[-1]

    def answers(self) -> list[Answer]:
        return [
            answer for visitor in (*(load.visitor for load in self.loads), *self.others) for answer in visitor.answers
        ]

    def stop(self) -> None:
        for load in self.loads:
            load.stop()


@pytest.fixture
def people(site: tuple[str, servers.Server]) -> Iterator[People]:
    found = People(site[0])
    yield found
    found.stop()


def revoked(people: People) -> list[Visitor]:
    """One of each way in, that has just been closed."""
    by_token, by_session = people.another(), people.another()
    pair = open_family(people.owner, HERE)
    by_token.session.headers["Authorization"] = f"Bearer {pair.access}"
    assert by_token.get("/api/v1/users/me") == 200
    assert by_token.post("/api/v1/auth/logout", {"refresh_token": pair.refresh}) == 204
    by_session.log_in(people.owner)
    assert by_session.get("/api/v1/users/me") == 200
    kept = by_session.session.cookies.get("session")
    assert by_session.post("/logout/") == 302
    by_session.session.cookies.set("session", kept)
    return [by_token, by_session]


def refused(visitors: list[Visitor]) -> bool:
    return {visitor.get("/api/v1/users/me") for visitor in visitors} == {401}


def go_wrong(number: int, fault: signal.Signals, people: People, redis: servers.Server) -> list[Visitor]:
    """From before the fault to its last second; returns all who may not get in."""
    before = revoked(people)
    assert refused(before)
    redis.send(fault)
    gone = time.monotonic()
    kept_out = [*before, *revoked(people)]
    assert refused(kept_out)
    newcomer = people.another()
    assert newcomer.get("/register/") == 200
    wish = {"username": f"New_{number}", "email": f"new{number}@example.com", "password": PASSWORD}
    assert newcomer.post("/register/", wish) == 302
    assert newcomer.get("/readyz") == 503
    assert people.another().post("/api/v1/auth/password/forgot", {"email": people.owner.email}) == 202
    # Forty tries of one address are counted by the database.
    tries, asked = people.another(), {"username": people.owner.username, "password": PASSWORD}
    became = Counter(tries.post("/api/v1/auth/token", asked) for _ in range(41))
    assert became == {200: 40, 429: 1}
    assert TryCount.objects.filter(count=41).count() == 1
    while time.monotonic() - gone < AWAY_SECONDS:
        assert refused(kept_out)
        time.sleep(1)
    assert not people.another().ask("GET", "/api/v1/builds/").counted
    TryCount.objects.all().delete()
    return kept_out


def come_back(people: People) -> None:
    """Until every process of the site has noticed."""
    back, streak = time.monotonic(), 0
    while streak < 8:
        assert time.monotonic() - back < 40, "the site did not take its Redis back"
        streak = streak + 1 if people.another().ask("GET", "/api/v1/builds/").counted else 0
        time.sleep(0.05)


def test_redis_that_goes_away_stops_nobody_and_lets_nobody_in(
    site: tuple[str, servers.Server], redis: list[servers.Server], people: People
) -> None:
    kept_out = go_wrong(1, signal.SIGSTOP, people, redis[-1])
    redis[-1].send(signal.SIGCONT)
    come_back(people)
    kept_out += go_wrong(2, signal.SIGKILL, people, redis[-1])
    # Whatever the old one knew is lost.
    redis.append(servers.start_redis(redis[-1].port)[1])
    come_back(people)
    assert refused([*kept_out, *revoked(people)])
    people.stop()
    judge(people, site[1])


def judge(people: People, server: servers.Server) -> None:
    answers = people.answers()
    assert [answer for answer in answers if answer.status >= 500 and "readyz" not in answer.what] == []
    slow = [(answer.what, round(answer.seconds, 2)) for answer in answers if answer.seconds > LONGEST_ANSWER]
    assert slow == []
    # Those who were let in stayed in all the time.
    for visitor in (people.by_session, people.by_token, people.by_cookie):
        own = [answer for answer in visitor.answers if answer.what.startswith("GET") and "login" not in answer.what]
        assert len(own) >= 3
        assert {answer.status for answer in own} == {200}
    assert Session.objects.filter(user=people.owner).exists()
    assert re.findall(r"Traceback.*", log_of(server)) == []
