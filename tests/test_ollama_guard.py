"""What calls of the model share: between processes through Redis, and in each alone while Redis is away."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from redis import Redis

from ai_agents.ollama import ModelBroken, ModelBusy, ModelPaused, site
from ai_agents.ollama.guard import FAILURES_TO_OPEN, SharedGuard
from gw2optimizer import cache
from gw2optimizer.cache import GuardedRedisCache
from tests.servers import start_redis

pytestmark = pytest.mark.redis
Make = Callable[..., SharedGuard]


def guard_at(url: str, *, most: int = 1) -> SharedGuard:
    """As another process would make it."""
    options = {"OPTIONS": {"SOCKET_CONNECT_TIMEOUT": 0.2, "SOCKET_TIMEOUT": 0.2}, "KEY_PREFIX": "guards"}
    connection = Redis.from_url(url, socket_timeout=0.2, socket_connect_timeout=0.2)
    return SharedGuard("tests", most=most, store=GuardedRedisCache(url, options), redis=lambda: connection)


@pytest.fixture
def make(redis_url: str) -> Iterator[Make]:
    made: list[SharedGuard] = []

    def guard(**options: int) -> SharedGuard:
        made.append(guard_at(redis_url, **options))
        return made[-1]

    connection = Redis.from_url(redis_url)
    connection.flushdb()
    cache.breaker.close()
    yield guard
    connection.close()


def take(guard: SharedGuard, stack: ExitStack, *, model: str = "a", lease: float = 60) -> None:
    stack.enter_context(guard.place(model, wait=0, lease=lease, while_waiting=lambda: None))


def fail(guard: SharedGuard, times: int) -> None:
    for _ in range(times):
        with pytest.raises(ModelBroken), guard.watched():
            raise ModelBroken


def test_places_are_counted_across_processes_and_come_free(make: Make) -> None:
    here, there = make(most=2), make(most=2)
    with ExitStack() as places, ExitStack() as others:
        take(here, places)
        take(there, others)
        for guard in (here, there):
            with pytest.raises(ModelBusy):
                take(guard, places)
        take(here, places, model="b")
        others.close()
        take(here, places)
    with ExitStack() as places:
        take(there, places)
        take(there, places)


def test_place_of_a_killed_worker_comes_free_when_its_time_is_over(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ai_agents.ollama.guard.LEASE_MARGIN", 0.05)
    killed, other = make(), make()
    with ExitStack() as left_behind:
        take(killed, left_behind, lease=0.05)
        with other.place("a", wait=20, lease=60, while_waiting=lambda: None), pytest.raises(ModelBusy):
            take(make(), left_behind)


def test_model_that_failed_is_left_alone_by_all_processes(make: Make) -> None:
    here, there = make(), make()
    fail(here, FAILURES_TO_OPEN - 1)
    fail(there, 1)
    for guard in (here, there):
        with pytest.raises(ModelPaused), guard.watched():
            raise AssertionError("asked")
    here.breaker.close()
    with there.watched():
        pass


def test_nobody_waits_for_a_place_of_a_model_that_is_left_alone(make: Make) -> None:
    here, there = make(), make()
    with ExitStack() as places:
        take(here, places)

        def look() -> None:
            if here.breaker.current_state == "closed":
                fail(here, FAILURES_TO_OPEN)

        with pytest.raises(ModelPaused), there.place("a", wait=60, lease=60, while_waiting=look):
            raise AssertionError("taken")


def test_success_of_one_process_ends_the_count_of_all(make: Make) -> None:
    here, there = make(), make()
    fail(here, FAILURES_TO_OPEN - 1)
    with there.watched():
        pass
    fail(here, FAILURES_TO_OPEN - 1)
    with here.watched():
        pass


def test_each_process_counts_for_itself_while_redis_is_away() -> None:
    url, server = start_redis()
    guard = guard_at(url)
    cache.breaker.close()
    server.stop()
    with ExitStack() as places:
        take(guard, places)
        with pytest.raises(ModelBusy):
            take(guard, places)
    fail(guard, FAILURES_TO_OPEN)
    with pytest.raises(ModelPaused), guard.watched():
        raise AssertionError("asked")
    cache.breaker.close()


def test_all_calls_of_a_site_share_one_guard_through_redis_where_there_is_one() -> None:
    alone, shared = (site._guard("http://one.example", 1, url) for url in ("", "redis://127.0.0.1:1"))
    assert [guard._state.name for guard in (alone, shared)] == ["memory", "shared"]
    assert shared is site._guard("http://one.example", 1, "redis://127.0.0.1:1")
    assert shared is not site._guard("http://other.example", 1, "redis://127.0.0.1:1")
