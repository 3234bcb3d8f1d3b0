"""Builds of the library that are nearest to one: by traits, skills, role and mode."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from builds.library.entry import fingerprint
from builds.models import Build

MOST_SHOWN = 4
# Newest of each kind that are looked at, each from the start of an index of the lists.
_SAME_ELITE, _SAME_ROLE = 150, 100
_TRAITS, _SKILLS, _ROLE, _MODE = 0.5, 0.25, 0.15, 0.1
_LEAST = 0.3
"""Below, a build has little more in common than the profession."""


@dataclass(frozen=True, slots=True)
class Similar:
    """nearness: 0 to 1. why: what the two have in common, and what not, in words."""

    build: Build
    nearness: float
    why: str


def similar_to(build: Build) -> list[Similar]:
    """Nearest first; never the build itself, nor what is not in the library."""
    public = Build.objects.public().filter(profession=build.profession).exclude(pk=build.pk).order_by(
        "-is_fresh", "-as_of", "-id"
    )  # fmt: skip
    rows: dict[Any, tuple[Any, ...]] = {}
    for some in (
        public.filter(elite_specialization=build.elite_specialization)[:_SAME_ELITE],
        public.filter(role=build.role, game_mode=build.game_mode)[:_SAME_ROLE],
    ):
        columns = some.values_list("pk", "role", "game_mode", "elite_specialization", "entry__traits", "entry__skills")
        rows.update((row[0], row[1:]) for row in columns)
    own = fingerprint(build.spec)
    ranked = sorted(((_near(build, own, row), str(key), key) for key, row in rows.items()), reverse=True)
    best = [(near, key) for near, _, key in ranked[:MOST_SHOWN] if near >= _LEAST]
    found = Build.objects.public().for_list().in_bulk([key for _, key in best])
    return [Similar(found[key], near, _why(build, own, rows[key])) for near, key in best if key in found]


def _near(build: Build, own: tuple[Sequence[int], Sequence[int]], row: tuple[Any, ...]) -> float:
    role, mode, _, traits, skills = row
    near = _TRAITS * _shared(own[0], traits or ()) + _SKILLS * _shared(own[1], skills or ())
    return float(near + _ROLE * (role == build.role) + _MODE * (mode == build.game_mode))


def _shared(one: Sequence[int], other: Sequence[int]) -> float:
    """0 to 1: what both have, of what either has."""
    either = set(one) | set(other)
    return len(set(one) & set(other)) / len(either) if either else 0.0


def _why(build: Build, own: tuple[Sequence[int], Sequence[int]], row: tuple[Any, ...]) -> str:
    role, mode, elite, traits, skills = row
    parts = []
    if own[0] and traits:
        parts.append(f"{len(set(own[0]) & set(traits))} of {len(own[0])} traits")
    if own[1] and skills:
        parts.append(f"{len(set(own[1]) & set(skills))} of {len(own[1])} skills")
    alike = [
        *(["specialization"] if elite == build.elite_specialization else []),
        *(["role"] if role and role == build.role else []),
        *(["game mode"] if mode == build.game_mode else []),
    ]
    if alike:
        parts.append("same " + (", ".join(alike[:-1]) + " and " + alike[-1] if len(alike) > 1 else alike[0]))
    return ", ".join(parts)
