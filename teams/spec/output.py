"""From a TeamSpec to `team/1`: with names for people and scripts, or ids alone for a row."""

from collections.abc import Callable
from typing import Any

from builds.gamedata import Catalogue
from builds.spec import BuildSpec, build_json, plain_json
from teams.spec.model import SlotSpec, TeamSpec


def team_json(team: TeamSpec, catalogue: Catalogue) -> dict[str, Any]:
    """`team/1` where each thing of the game is {"id", "name"}."""
    return _document(team, lambda build: build_json(build, catalogue))


def plain_team_json(team: TeamSpec) -> dict[str, Any]:
    """`team/1` with bare ids: what a row stores."""
    return _document(team, plain_json)


def _document(team: TeamSpec, printed: Callable[[BuildSpec], dict[str, Any]]) -> dict[str, Any]:
    document: dict[str, Any] = {"schema": "team/1", "name": team.name, "game_mode": team.game_mode}
    if team.wvw_style:
        document["wvw_style"] = team.wvw_style
    document["groups"] = [{"slots": [_slot(slot, printed) for slot in group.slots]} for group in team.groups]
    return document


def _slot(slot: SlotSpec, printed: Callable[[BuildSpec], dict[str, Any]]) -> dict[str, Any]:
    told: dict[str, Any] = {"player": slot.player, "role": slot.role, "priority": slot.priority}
    if slot.build is not None:
        told["build"] = printed(slot.build)
    if slot.locked:
        told["locked"] = True
    return told
