"""The builds that places were filled from: which are open to whom, and which have moved on."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from builds.models import Build
from gw2optimizer.errors import InvalidInput, NotFound
from teams.layout import Layout, Placed, Source
from teams.models import Team, TeamSlot

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

CURRENT, NEWER, GONE = "current", "newer", "gone"
_CLOSED = "There is no such build, or it is not open to you."


@dataclass(frozen=True, slots=True)
class SourceView:
    """Of a source as one reader may know it. state: gone where the build was deleted or is closed to the team's owner
    now; the copy in the team stays. build_id, name, latest: None then."""

    state: str
    version: int
    build_id: uuid.UUID | None = None
    name: str | None = None
    latest: int | None = None


def source_view(slot: TeamSlot, team: Team, user: "User | AnonymousUser") -> SourceView | None:
    """slot: with its source (`TeamQuerySet.with_slots`). None where the place has no source, and for whoever is not the
    team's owner also where the source is not theirs to see: then nothing of it is told."""
    if slot.source_version is None:
        return None
    build = slot.source
    if build is None or not _may_see(build, user):
        return SourceView(GONE, slot.source_version) if team.owner_id == user.pk else None
    state = NEWER if build.version > slot.source_version else CURRENT
    return SourceView(state, slot.source_version, build.pk, build.name, build.version)


def _may_see(build: Build, user: "User | AnonymousUser") -> bool:
    """As `BuildQuerySet.visible_to`, of a build that is at hand already."""
    return build.visibility == Build.Visibility.PUBLIC or (user.is_authenticated and build.owner_id == user.pk)


def sources_open_to(user: "User | AnonymousUser", layout: Layout) -> set[uuid.UUID]:
    ids = {placed.source.build_id for placed in layout.placed() if placed.source and placed.source.build_id}
    return set(Build.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def builds_open_to(user: "User | AnonymousUser", ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Build]:
    """In one query. Raises NotFound if one of them is not the user's to see."""
    wanted = set(ids)
    found = Build.objects.visible_to(user).in_bulk(wanted)
    if len(found) != len(wanted):
        raise NotFound(_CLOSED)
    return found


def placed_from(build: Build, placed: Placed) -> Placed:
    """The place with a copy of the build; who plays it stays, and the role where one is told there."""
    value = build.value
    slot = replace(placed.slot, build=value, role=placed.slot.role or value.role)
    return Placed(slot, Source(build.pk, build.version))


def newer_version(placed: Placed, user: "User | AnonymousUser") -> Placed:
    """The place with its source as that is now. Raises InvalidInput where there is no source any more to take."""
    if placed.source is None:
        raise InvalidInput("This place has no source: its build was put in as it is.")
    build_id = placed.source.build_id
    build = Build.objects.visible_to(user).filter(pk=build_id).first() if build_id else None
    if build is None:
        raise InvalidInput("The source of this place is gone, or no longer open to you. The team keeps its copy.")
    return placed_from(build, placed)
