"""The answer of `improve`: which build, what changed, and what each change is worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builds.engine.improve.judge import PartScore, Score
from builds.spec.model import BuildSpec


@dataclass(frozen=True, slots=True)
class Change:
    """part: as locks call it. before, after: in the catalogue's names, None for nothing. gain: points of the score that
    the result would lose with `before` in its place; moved: the same by part, the greatest first. why: in words."""

    part: str
    before: str | None
    after: str | None
    gain: float
    moved: Mapping[str, float]
    why: str

    def as_json(self) -> dict[str, Any]:
        return {
            "part": self.part,
            "before": self.before,
            "after": self.after,
            "gain": round(self.gain, 4),
            "moved": {name: round(points, 4) for name, points in self.moved.items()},
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Improvement:
    """build: the best that was found, with its code; the one given where nothing better was. before: its score, None
    where no build was given. changes: against the build given, or against `started_from`. status: "done", or
    "stopped" where the time ran out first. evaluations: builds that were judged."""

    build: BuildSpec
    role: str
    mode: str
    before: Score | None
    after: Score
    changes: tuple[Change, ...]
    status: str
    seed: int
    evaluations: int
    seconds: float
    started_from: str = ""
    notes: tuple[str, ...] = ()

    @property
    def gain(self) -> float:
        return self.after.total - self.before.total if self.before else 0.0

    def as_json(self) -> dict[str, Any]:
        """Without the build, which the caller prints with or without names."""
        return {
            "role": self.role,
            "mode": self.mode,
            "status": self.status,
            "before": None if self.before is None else score_json(self.before),
            "after": score_json(self.after),
            "changes": [change.as_json() for change in self.changes],
            "started_from": self.started_from or None,
            "seed": self.seed,
            "evaluations": self.evaluations,
            "seconds": round(self.seconds, 3),
            "notes": list(self.notes),
        }


def score_json(score: Score) -> dict[str, Any]:
    return {
        "role": score.role,
        "mode": score.mode,
        "total": round(score.total, 4),
        "parts": [_part(part) for part in score.parts],
        "notes": list(score.notes),
        "assumptions": list(score.assumptions),
    }


def _part(part: PartScore) -> dict[str, Any]:
    return {
        "name": part.name,
        "title": part.title,
        "number": round(part.number, 4),
        "unit": part.unit,
        "weight": part.weight,
        "value": round(part.value, 4),
        "contribution": round(part.contribution, 4),
        "sentence": part.sentence,
    }
