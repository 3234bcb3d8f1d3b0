"""The answer: which gear, and what it is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builds.spec.model import DamageProfile


@dataclass(frozen=True, slots=True)
class Upgrades:
    """Ids; infusions: counts of +5 by attribute, None where the build keeps its own."""

    rune: int | None
    sigils: tuple[int, ...]
    relic: int | None
    food: int | None
    utility: int | None
    infusions: Mapping[str | int, int] | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "rune": self.rune,
            "sigils": list(self.sigils),
            "relic": self.relic,
            "food": self.food,
            "utility": self.utility,
            "infusions": None if self.infusions is None else dict(self.infusions),
        }


@dataclass(frozen=True, slots=True)
class Change:
    """before: None for a slot that was empty. worth: what the objective loses if only this slot keeps what it has, in
    the unit of the objective; None for an empty slot, and for weapon set 2, which is not judged."""

    slot: str
    before: str | None
    after: str
    worth: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """gear: slot to prefix, with weapon set 2 where it follows set 1. objective: what was made best: damage per second,
    points of healing or survivability, or, of a weighted mix, the sum of the weighted ratios to the reference. damage,
    survivability, healing: by the contract of gear problems. gain: of the objective, as a share of the present gear's;
    None without it.
    panel: attribute to value, under the boons that were asked for."""

    gear: Mapping[str, str]
    upgrades: Upgrades
    objective: float
    damage: float
    survivability: float
    healing: float
    panel: Mapping[str, float]
    gain: float | None = None
    changes: tuple[Change, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "gear": dict(self.gear),
            "upgrades": self.upgrades.as_json(),
            "objective": self.objective,
            "damage": self.damage,
            "survivability": self.survivability,
            "healing": self.healing,
            "gain": self.gain,
            "changes": [{"slot": c.slot, "before": c.before, "after": c.after, "worth": c.worth} for c in self.changes],
            "panel": dict(self.panel),
        }


@dataclass(frozen=True, slots=True)
class BuildOptimisation:
    """status: "optimal" (proven), "infeasible" (proven) or "cancelled" (the best so far). results: best first.
    present: the build as it is, None where its gear is not whole. sensitivity: what 5 more points of each attribute
    would add to the best result's objective, without regard to the constraints. notes: what was assumed; unknown:
    effects that the game data don't tell enough about to be counted."""

    status: str
    objective: str
    game_mode: str
    boons: Mapping[str, int]
    constraints: Mapping[str, float]
    prefixes: tuple[str, ...]
    profile: DamageProfile | None
    present: Outcome | None
    results: tuple[Outcome, ...]
    sensitivity: Mapping[str, float]
    combinations: int
    evaluated: int
    seconds: float
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "status": self.status,
            "objective": self.objective,
            "game_mode": self.game_mode,
            "boons": dict(self.boons),
            "constraints": dict(self.constraints),
            "prefixes": list(self.prefixes),
            "profile": None if self.profile is None else profile_json(self.profile),
            "present": None if self.present is None else self.present.as_json(),
            "results": [result.as_json() for result in self.results],
            "sensitivity": dict(self.sensitivity),
            # Infusions make numbers that most readers of JSON refuse as whole ones.
            "combinations": self.combinations if self.combinations < 2**63 else float(self.combinations),
            "evaluated": self.evaluated,
            "seconds": self.seconds,
            "notes": list(self.notes),
            "unknown": list(self.unknown),
        }


def profile_json(profile: DamageProfile) -> dict[str, Any]:
    return {
        "power_coefficient": profile.power_coefficient,
        "power2_coefficient": profile.power2_coefficient,
        "condition_coefficients": dict(profile.condition_coefficients),
        "skill_attack_rate": profile.skill_attack_rate,
        "source": profile.source,
    }
