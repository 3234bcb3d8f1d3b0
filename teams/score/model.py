"""The score of a team, and what would mend it."""

from dataclasses import dataclass, fields
from typing import Any

from builds.engine.effects.model import Shown
from builds.spec import BuildSpec
from teams.spec import Place


@dataclass(frozen=True, slots=True)
class PartScore(Shown):
    """number: as measured, in `unit`; of a part that is judged by subgroup the mean over the players. value: 0 to 1.
    points: of the score. groups: the value of each subgroup, in order, None for an empty one; none at all for a part of
    the whole squad. sentence: all of it for the player."""

    name: str
    title: str
    number: float
    target: float
    unit: str
    weight: float
    value: float
    points: float
    groups: tuple[float | None, ...]
    why: str
    source: str
    sentence: str

    @property
    def lost(self) -> float:
        return self.weight - self.points


@dataclass(frozen=True, slots=True)
class TeamScore(Shown):
    """total: 0 to 100. engine: what it was made by; a stored score with another value is old. parts: the heaviest
    first."""

    total: float
    grade: str
    style: str
    title: str
    engine: str
    parts: tuple[PartScore, ...]
    strengths: tuple[str, ...]
    weaknesses: tuple[str, ...]
    notes: tuple[str, ...]

    def part(self, name: str) -> PartScore:
        return next(part for part in self.parts if part.name == name)


@dataclass(frozen=True, slots=True)
class Mend(Shown):
    """One change that was tried. part: the weakness. kind: sigil, trait, skill or build. before, after: in the
    catalogue's words. score: of the team with it; gain: against the team as it is. number: of the part with it. mended:
    whether the part then is no weakness any more. build: the player's changed build, with its code."""

    part: str
    kind: str
    place: Place
    player: str
    before: str
    after: str
    score: float
    grade: str
    gain: float
    number: float
    mended: bool
    sentence: str
    build: BuildSpec

    def as_json(self) -> dict[str, Any]:
        """Without the build, which the caller prints with or without names."""
        told: dict[str, Any] = {
            field.name: getattr(self, field.name) for field in fields(self) if field.name not in ("build", "place")
        }
        return told | {"group": self.place.group, "slot": self.place.slot}
