"""The places of a team as one reader may see them."""

from typing import Any

from builds.gamedata import Catalogue
from builds.spec import build_json
from gw2optimizer.errors import NotFound
from teams.compose import slot_facts
from teams.models import Team, TeamSlot
from teams.services.sources import source_view


def slots_json(team: Team, user: Any, catalogue: Catalogue) -> list[dict[str, Any]]:
    """team: with its slots (`TeamQuerySet.with_slots`)."""
    return [_slot(row, number, team, user, catalogue) for number, row in enumerate(rows_of(team), start=1)]


def slot_json(team: Team, number: int, user: Any, catalogue: Catalogue) -> dict[str, Any]:
    """One place, with its build. Raises NotFound."""
    rows = rows_of(team)
    if not 1 <= number <= len(rows):
        raise NotFound(f"This team has no place {number}.")
    row = rows[number - 1]
    build = row.value
    return _slot(row, number, team, user, catalogue) | {"build": build and build_json(build, catalogue)}


def rows_of(team: Team) -> list[TeamSlot]:
    return sorted(team.slots.all(), key=lambda row: (row.subgroup, row.place))


def _slot(row: TeamSlot, number: int, team: Team, user: Any, catalogue: Catalogue) -> dict[str, Any]:
    view = source_view(row, team, user)
    source = view and {
        "state": view.state,
        "version": view.version,
        "build_id": str(view.build_id) if view.build_id else None,
        "name": view.name,
        "latest": view.latest,
    }
    return {
        "number": number,
        "subgroup": row.subgroup,
        "place": row.place,
        "player": row.player or None,
        "role": row.role or None,
        "priority": row.priority,
        "locked": row.locked,
        **slot_facts(row.value, catalogue),
        "source": source,
    }
