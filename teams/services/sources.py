"""The builds that places were filled from: which are open to whom, and which have moved on."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from builds.models import Build
from gw2optimizer.errors import InvalidInput
from teams.layout import Layout, Placed, Source
from teams.models import Team, TeamSlot
from teams.spec import GroupSpec, TeamSpec

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
    if user.is_authenticated and build.owner_id == user.pk:
        return True
    open_to_all = build.visibility == Build.Visibility.PUBLIC
    return open_to_all and (not build.is_hidden or (user.is_authenticated and user.may_moderate))


def sources_open_to(user: "User | AnonymousUser", layout: Layout) -> set[uuid.UUID]:
    ids = {placed.source.build_id for placed in layout.placed() if placed.source and placed.source.build_id}
    return set(Build.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))


def copied_in(
    team: TeamSpec, wanted: Mapping[tuple[int, int], uuid.UUID], user: "User | AnonymousUser"
) -> tuple[TeamSpec, dict[tuple[int, int], Source]]:
    """The team with copies of the builds that are wanted at its places (indices from 0), in one query. Raises
    InvalidInput that names the places whose build is not the user's to see."""
    found = Build.objects.visible_to(user).in_bulk(set(wanted.values()))
    closed = [place for place, key in wanted.items() if key not in found]
    if closed:
        fields = {f"groups.{i}.slots.{j}.build_id": [_CLOSED] for i, j in closed}
        raise InvalidInput(_CLOSED, fields=fields)
    sources = {}
    groups = [list(group.slots) for group in team.groups]
    for (i, j), key in wanted.items():
        placed = placed_from(found[key], Placed(groups[i][j]))
        groups[i][j], sources[i, j] = placed.slot, placed.source
    filled = replace(team, groups=tuple(GroupSpec(tuple(slots)) for slots in groups))
    return filled, {place: source for place, source in sources.items() if source}


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
