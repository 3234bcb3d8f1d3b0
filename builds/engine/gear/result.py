"""What the optimiser answers, and `gear-result/1`."""

from collections.abc import Mapping
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
