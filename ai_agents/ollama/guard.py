"""What calls of the model share, in this process or through Redis with all others: the breaker that leaves a failing
server alone, and the places that keep a working one from being asked for too much at a time."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pybreaker
import structlog
from redis import Redis
from redis.exceptions import RedisError

from ai_agents.ollama.breaker_state import SharedState, Store
from ai_agents.ollama.errors import (
    AnswerCut,
    CallCancelled,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelPaused,
    PromptTooLong,
)

log = structlog.get_logger(__name__)

FAILURES_TO_OPEN = 4
SECONDS_OPEN = 30
LOOK_SECONDS = 0.1
# Beyond the time of a call, for a worker that was killed in the middle of it.
LEASE_MARGIN = 5.0
# Of a server that answers. Too much to do is no failure, and what was asked wrongly fails as often as it is asked.
HARMLESS = (AnswerCut, CallCancelled, ModelBusy, ModelMissing, PromptTooLong)

# KEYS: the set of leases. ARGV: whose, how many there may be, milliseconds. One step, by the clock of the server.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], tonumber(ARGV[3]))
return 1
"""

Waiting = Callable[[], None]


class _Log(pybreaker.CircuitBreakerListener):
    def state_change(self, cb: Any, old_state: Any, new_state: Any) -> None:
        log.warning("model_breaker", state=new_state.name)


class SharedGuard:
    """name: of the server, so that another one starts afresh. most: places of one model. store and redis: the cache and
    a connection that all processes share; without them each counts for itself, as it does while Redis is away."""

    def __init__(
        self,
        name: str,
        *,
        most: int,
        store: Store | None = None,
        redis: Callable[[], Redis] | None = None,
        seconds_open: float = SECONDS_OPEN,
    ) -> None:
        self.name = name
        self.most = most
        self._redis = redis
        self._lock = threading.Lock()
        self._places: dict[str, threading.Semaphore] = {}
        self._state: pybreaker.CircuitBreakerStorage = (
            pybreaker.CircuitMemoryStorage(pybreaker.STATE_CLOSED)
            if store is None
            else SharedState(f"model_breaker:{name}", store)
        )
        self.breaker = pybreaker.CircuitBreaker(
            fail_max=FAILURES_TO_OPEN,
            reset_timeout=seconds_open,
            exclude=[lambda error: isinstance(error, HARMLESS) or not isinstance(error, ModelError)],
            listeners=[_Log()],
            state_storage=self._state,
            throw_new_error_on_trip=False,
        )

    @contextmanager
    def watched(self) -> Iterator[None]:
        try:
            # Not `call`, which holds a lock as long as the call takes: one call at a time.
            with self.breaker.calling():
                yield
        except pybreaker.CircuitBreakerError as error:
            raise ModelPaused from error

    @contextmanager
    def place(self, model: str, *, wait: float, lease: float, while_waiting: Waiting) -> Iterator[None]:
        def look() -> None:
            while_waiting()
            self._refuse_while_open()

        look()
        until = time.monotonic() + wait
        with self._lock:
            own = self._places.setdefault(model, threading.Semaphore(self.most))
        _wait_for(partial(own.acquire, timeout=LOOK_SECONDS), until, look)
        try:
            with self._shared_place(model, until, lease, look):
                yield
        finally:
            own.release()

    def _refuse_while_open(self) -> None:
        """Nobody waits for a place to find the model left alone."""
        opened = self._state.opened_at
        pause = timedelta(seconds=self.breaker.reset_timeout)
        if self._state.state == pybreaker.STATE_OPEN and opened and datetime.now(UTC) < opened + pause:
            raise ModelPaused

    @contextmanager
    def _shared_place(self, model: str, until: float, lease: float, while_waiting: Waiting) -> Iterator[None]:
        if self._redis is None:
            yield
            return
        key, holder = f"gw2:ollama:{self.name}:places:{model}", uuid.uuid4().hex
        connection = self._redis()
        milliseconds = round((lease + LEASE_MARGIN) * 1000)

        def take() -> bool:
            if _asked(lambda: connection.eval(_TAKE, 1, key, holder, str(self.most), str(milliseconds)), 1):
                return True
            time.sleep(LOOK_SECONDS)
            return False

        _wait_for(take, until, while_waiting)
        try:
            yield
        finally:
            _asked(lambda: connection.zrem(key, holder), 0)


def _wait_for(take: Callable[[], bool], until: float, while_waiting: Waiting) -> None:
    while not take():
        while_waiting()
        if time.monotonic() >= until:
            raise ModelBusy("no free place")


def _asked(question: Callable[[], Any], away: Any) -> Any:
    try:
        return question()
    except RedisError as error:
        log.warning("model_places_away", error=type(error).__name__)
        return away
