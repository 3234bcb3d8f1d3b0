"""Where the breaker's state stands when several processes share it."""

from datetime import datetime
from typing import Any, Protocol

import pybreaker


class Store(Protocol):
    """What is used of Django's cache. One that is away finds nothing, and its `incr` raises ValueError."""

    def get(self, key: str, default: Any = None) -> Any: ...
    def set(self, key: str, value: Any, timeout: int | None) -> Any: ...
    def incr(self, key: str) -> Any: ...


class SharedState(pybreaker.CircuitBreakerStorage):
    """In the store, and in this process for as long as the store is away: the package's own for Redis counts nothing
    then, and can't be made."""

    def __init__(self, name: str, store: Store) -> None:
        super().__init__("shared")
        self._prefix = name
        self._store = store
        self._own: dict[str, Any] = {"state": pybreaker.STATE_CLOSED, "failures": 0, "successes": 0, "opened_at": None}

    def _get(self, field: str) -> Any:
        return self._store.get(f"{self._prefix}:{field}", self._own[field])

    def _set(self, field: str, value: Any) -> None:
        self._own[field] = value
        self._store.set(f"{self._prefix}:{field}", value, None)

    def _count(self, field: str) -> None:
        self._own[field] += 1
        try:
            self._own[field] = self._store.incr(f"{self._prefix}:{field}")
        except ValueError:
            self._set(field, self._own[field])

    @property
    def state(self) -> str:
        return str(self._get("state"))

    @state.setter
    def state(self, state: str) -> None:
        self._set("state", state)

    @property
    def counter(self) -> int:
        return int(self._get("failures"))

    def increment_counter(self) -> None:
        self._count("failures")

    def reset_counter(self) -> None:
        self._set("failures", 0)

    @property
    def success_counter(self) -> int:
        return int(self._get("successes"))

    def increment_success_counter(self) -> None:
        self._count("successes")

    def reset_success_counter(self) -> None:
        self._set("successes", 0)

    @property
    def opened_at(self) -> datetime | None:
        found: datetime | None = self._get("opened_at")
        return found

    @opened_at.setter
    def opened_at(self, moment: datetime) -> None:
        self._set("opened_at", moment)
