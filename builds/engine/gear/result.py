"""What the optimiser answers, and `gear-result/1`."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builds.engine.gear import names


@dataclass(frozen=True, slots=True)
class Choice:
    """One result. prefixes: one a slot; choice: the same as indices of each slot's options."""

    variant: str
    prefixes: tuple[str, ...]
    choice: tuple[int, ...]
    objective: float
    damage: float
    survivability: float
    healing: float
    attributes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Progress:
    """best: objective of the best answer so far, None before the first. bound: what no answer exceeds, None while
    that is not known, as before the last variant. done: share of the variants that are settled."""

    best: float | None
    bound: float | None
    done: float
    evaluated: int
    seconds: float


LOOK = 32
"""Things that are prepared between two looks at `cancelled`: a tenth of a second at most."""


class StoppedError(Exception):
    """Cancelled before there was an answer."""


class Watch:
    """Looks at `cancelled` while a search is being prepared, which for thousands of variants takes longer than the
    search itself. `progress` is told that nothing is known yet, for whoever asks may only then hear of a stop."""

    def __init__(
        self, progress: Callable[[Progress], None] | None = None, cancelled: Callable[[], bool] | None = None
    ) -> None:
        self.progress, self.cancelled, self.began = progress, cancelled, time.perf_counter()

    def over[T](self, things: Iterable[T]) -> Iterator[T]:
        """Raises StoppedError between them."""
        for number, thing in enumerate(things, start=1):
            yield thing
            if number % LOOK == 0:
                self._look()

    def _look(self) -> None:
        if self.progress is not None:
            self.progress(Progress(None, None, 0.0, 0, time.perf_counter() - self.began))
        if self.cancelled is not None and self.cancelled():
            raise StoppedError


UNWATCHED = Watch()


@dataclass(frozen=True, slots=True)
class GearResult:
    """status: "optimal" (proven), "infeasible" (proven) or "cancelled" (results are the best so far).
    combinations: size of the whole space; evaluated: how many were scored in full."""

    status: str
    results: tuple[Choice, ...]
    combinations: int
    evaluated: int
    seconds: float

    def document(self) -> dict[str, Any]:
        return {
            "schema": names.RESULT_SCHEMA,
            "status": self.status,
            "results": [
                {
                    "variant": result.variant,
                    "prefixes": list(result.prefixes),
                    "objective": result.objective,
                    "damage": result.damage,
                    "survivability": result.survivability,
                    "healing": result.healing,
                    "attributes": dict(result.attributes),
                }
                for result in self.results
            ],
            "combinations": self.combinations,
            "evaluated": self.evaluated,
            "seconds": self.seconds,
        }
