"""What newer game data means for builds that were saved before it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import User
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.gamedata.touched import Part, Touch, touched
from builds.models import Build, GameDataSnapshot
from builds.spec import parse_build
from builds.spec.parts import parts_of
from gw2optimizer.errors import InvalidInput

MOST_LOOKED_AT = 40
"""Of one player's builds, last changed first: each is checked anew."""


@dataclass(frozen=True, slots=True)
class Change:
    kind: str
    name: str
    how: str


@dataclass(frozen=True, slots=True)
class TouchedBuild:
    """problems: why the game data doesn't allow it any more; empty for one that is still valid."""

    build: Build
    changes: tuple[Change, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Patches:
    """builds: invalid ones first, then last saved first. looked_at: how many were saved before the newest game data.
    taken_on: of that; None where there is none that is newer than another."""

    builds: tuple[TouchedBuild, ...] = ()
    looked_at: int = 0
    taken_on: date | None = None


def patches_for(user: User) -> Patches:
    """Two questions, however many builds."""
    steps = _steps()
    newest = steps[0]["created_at"] if steps else None
    rows = Build.objects.filter(owner=user, updated_at__lt=newest) if newest else Build.objects.none()
    builds = list(rows.order_by("-updated_at", "-id")[:MOST_LOOKED_AT])
    catalogue = current_catalogue()
    since: dict[int, dict[Part, Touch]] = {}
    found = []
    for build in builds:
        later = _later_than(build.updated_at, steps)
        if later not in since:
            since[later] = touched(step["diff"] for step in reversed(steps[:later]))
        told = _touched_build(build, since[later], catalogue)
        if told.changes or told.problems:
            found.append(told)
    found.sort(key=lambda told: not told.problems)
    return Patches(tuple(found), len(builds), steps[0]["taken_on"] if steps else None)


def _steps() -> list[dict[str, Any]]:
    """The active snapshot and those that it came from, newest first, as far as each says what it changed. By what came
    from what and not by when it was activated: going back to an older one brings nothing new."""
    fields = ("pk", "previous_id", "created_at", "taken_on", "diff", "is_active")
    rows = {row["pk"]: row for row in GameDataSnapshot.objects.order_by().values(*fields)}
    row = next((row for row in rows.values() if row["is_active"]), None)
    steps: list[dict[str, Any]] = []
    while row and row["diff"]:
        steps.append(row)
        row = rows.get(row["previous_id"])
    return steps


def _later_than(moment: datetime, steps: list[dict[str, Any]]) -> int:
    """How many of the steps, which are the first ones."""
    return sum(step["created_at"] > moment for step in steps)


def _touched_build(build: Build, touches: dict[Part, Touch], catalogue: Catalogue) -> TouchedBuild:
    spec = build.value
    changes = [
        Change(part[0], name or touches[part].name or f"{part[0]} {part[1]}", touches[part].how)
        for part, name in parts_of(spec, catalogue).items()
        if part in touches
    ]
    # What became of its weapons and palettes stands with the profession.
    suspect = changes or ("profession", spec.profession) in touches
    return TouchedBuild(build, tuple(changes), problems_of(build, catalogue) if suspect else ())


def problems_of(build: Build, catalogue: Catalogue) -> tuple[str, ...]:
    """Sentences about what the game data doesn't allow in a stored build."""
    try:
        parse_build(build.spec, catalogue)
    except InvalidInput as error:
        return tuple(text for texts in error.fields.values() for text in texts)
    return ()
