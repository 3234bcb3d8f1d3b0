"""The cache in Redis behind a breaker: a server that is gone costs its first few timeouts and nothing more
until it is tried again. Meanwhile reads find nothing and writes are lost, as with any cache."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pybreaker
import structlog
from django_redis.cache import RedisCache
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout

log = structlog.get_logger(__name__)

FAILURES_TO_OPEN = 3
SECONDS_OPEN = 15


class _Log(pybreaker.CircuitBreakerListener):
    def state_change(self, cb: Any, old_state: Any, new_state: Any) -> None:
        log.warning("cache_breaker", state=new_state.name)


# One for the process: what counts is whether this machine reaches the server.
breaker = pybreaker.CircuitBreaker(
    fail_max=FAILURES_TO_OPEN,
    reset_timeout=SECONDS_OPEN,
    exclude=[lambda error: not isinstance(error, RedisError)],
    listeners=[_Log()],
    throw_new_error_on_trip=False,
)


def _guarded(call: Callable[[], Any], away: Any) -> Any:
    try:
        return breaker.call(call)
    except pybreaker.CircuitBreakerError:
        return away
    except RedisError as error:
        log.warning("cache_away", error=type(error).__name__)
        # A server that refuses costs nothing to ask again, one that hangs a moment each time.
        if isinstance(error, RedisTimeout) and breaker.current_state != pybreaker.STATE_OPEN:
            breaker.open()
        return away


class GuardedRedisCache(RedisCache):
    """incr and decr raise ValueError when the server is away, as they do for a key that isn't there."""

    def get(self, key: Any, default: Any = None, version: Any = None, client: Any = None) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).get(key, default, version, client), default)

    def set(self, *args: Any, **kwargs: Any) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).set(*args, **kwargs), False)

    def add(self, *args: Any, **kwargs: Any) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).add(*args, **kwargs), False)

    def touch(self, *args: Any, **kwargs: Any) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).touch(*args, **kwargs), False)

    def has_key(self, *args: Any, **kwargs: Any) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).has_key(*args, **kwargs), False)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).delete(*args, **kwargs), False)

    def get_many(self, keys: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).get_many(keys, *args, **kwargs), {})

    def set_many(self, data: Mapping[Any, Any], *args: Any, **kwargs: Any) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).set_many(data, *args, **kwargs), list(data))

    def delete_many(self, *args: Any, **kwargs: Any) -> Any:
        return _guarded(lambda: super(GuardedRedisCache, self).delete_many(*args, **kwargs), 0)

    def clear(self) -> Any:
        return _guarded(super().clear, False)

    def incr(self, *args: Any, **kwargs: Any) -> Any:
        return self._counted(lambda: super(GuardedRedisCache, self).incr(*args, **kwargs))

    def decr(self, *args: Any, **kwargs: Any) -> Any:
        return self._counted(lambda: super(GuardedRedisCache, self).decr(*args, **kwargs))

    @staticmethod
    def _counted(call: Callable[[], Any]) -> Any:
        value = _guarded(call, None)
        if value is None:
            raise ValueError("the cache can't be reached")
        return value
