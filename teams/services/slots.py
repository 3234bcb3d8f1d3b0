"""Changing one place of a team. Numbers of places count from 1 through the whole team, those of subgroups from 1.
All raise NotFound for a place that there is not, and TeamConflict where somebody saved since `version`."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from builds.models import Build
from builds.spec import BuildSpec
from teams.layout import Layout, Placed
from teams.models import Team
from teams.services.sources import newer_version, placed_from
from teams.services.writing import State, write
from teams.spec import SlotSpec
from teams.spec.parse import parse_slot_fields

if TYPE_CHECKING:
    from accounts.models import User

SLOT_FIELDS = frozenset({"player", "role", "priority", "locked"})


def set_slot(
    *,
    team_id: uuid.UUID,
    author: "User",
    version: int | None,
    number: int,
    build: BuildSpec | None = None,
    source: Build | None = None,
    clear: bool = False,
    **fields: Any,
) -> Team:
    """build: a plain value; source: a build that the author may see, copied in. With neither, what is there stays, or
    goes if `clear`. fields: player, role, priority, locked. Raises InvalidInput for what `team/1` does not allow."""
    told = _fields(fields)

    def change(layout: Layout) -> Layout:
        placed = layout.at(number)
        if clear:
            placed = Placed(replace(placed.slot, build=None, role=None))
        return layout.with_slot(number, _filled(placed, build, source, told))

    return _write(team_id, author, version, change, f"Place {number} cleared" if clear else f"Place {number}")


def add_slot(
    *,
    team_id: uuid.UUID,
    author: "User",
    version: int | None,
    subgroup: int,
    build: BuildSpec | None = None,
    source: Build | None = None,
    **fields: Any,
) -> Team:
    """One place more at the end of the subgroup, or in a new one. Raises InvalidInput where the subgroup or the team is
    full."""
    placed = _filled(Placed(), build, source, _fields(fields))
    return _write(
        team_id,
        author,
        version,
        lambda layout: layout.with_place(subgroup, placed),
        f"New place in subgroup {subgroup}",
    )


def clear_slot(*, team_id: uuid.UUID, author: "User", version: int | None, number: int) -> Team:
    """The place stays, empty; so does who plays there and whether it is locked."""
    return set_slot(team_id=team_id, author=author, version=version, number=number, clear=True)


def remove_slot(*, team_id: uuid.UUID, author: "User", version: int | None, number: int) -> Team:
    """With its place. Raises InvalidInput for the only one."""
    return _write(team_id, author, version, lambda layout: layout.without_place(number), f"Place {number} taken out")


def move_slot(
    *,
    team_id: uuid.UUID,
    author: "User",
    version: int | None,
    number: int,
    subgroup: int,
    place: int | None = None,
) -> Team:
    """The two places change what they hold; without `place` it goes to the end of the subgroup, which may be a new
    one. Raises InvalidInput where there is no room."""
    return _write(
        team_id, author, version, lambda layout: layout.moved(number, subgroup, place), f"Place {number} moved"
    )


def take_newer(*, team_id: uuid.UUID, author: "User", version: int | None, number: int | None = None) -> Team:
    """The source's present version takes the place of the copy; number None: in all places whose source has moved on
    and is open to the author. Raises InvalidInput for one place whose source is gone."""

    def change(layout: Layout) -> Layout:
        if number is not None:
            return layout.with_slot(number, newer_version(layout.at(number), author))
        return _all_newer(layout, author)

    return _write(team_id, author, version, change, "Took newer versions of builds")


def _all_newer(layout: Layout, author: "User") -> Layout:
    ids = {placed.source.build_id for placed in layout.placed() if placed.source}
    builds = Build.objects.visible_to(author).in_bulk([one for one in ids if one])

    def newer(placed: Placed) -> Placed:
        build = builds.get(placed.source.build_id) if placed.source and placed.source.build_id else None
        if build is None or placed.source is None or build.version <= placed.source.version:
            return placed
        return placed_from(build, placed)

    return layout.mapped(newer)


def _fields(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := fields.keys() - SLOT_FIELDS:
        raise TypeError(f"a place has no {', '.join(sorted(unknown))}")
    return parse_slot_fields(fields)


def _filled(placed: Placed, build: BuildSpec | None, source: Build | None, told: dict[str, Any]) -> Placed:
    if source is not None:
        placed = placed_from(source, Placed(replace(placed.slot, role=None)))
    elif build is not None:
        slot: SlotSpec = replace(placed.slot, build=build, role=build.role)
        placed = Placed(slot)
    return replace(placed, slot=replace(placed.slot, **told))


def _write(
    team_id: uuid.UUID, author: "User", version: int | None, change: Callable[[Layout], Layout], note: str
) -> Team:
    def of_state(state: State) -> State:
        return replace(state, layout=change(state.layout))

    return write(team_id=team_id, author=author, version=version, change=of_state, note=note)
