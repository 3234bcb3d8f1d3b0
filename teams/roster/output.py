"""From a RosterSpec to `roster/1`: with names for people and scripts, or bare ids for a row."""

from collections.abc import Callable
from typing import Any

from builds.gamedata import Catalogue
from builds.spec import BuildSpec, build_json, plain_json
from teams.roster.model import Player, RosterSpec
from teams.roster.times import Window, clock

_Printed = Callable[[BuildSpec], dict[str, Any]]


def roster_json(roster: RosterSpec, catalogue: Catalogue) -> dict[str, Any]:
    return _document(roster, lambda build: build_json(build, catalogue))


def plain_roster_json(roster: RosterSpec) -> dict[str, Any]:
    return _document(roster, plain_json)


def player_json(player: Player, printed: _Printed = plain_json) -> dict[str, Any]:
    return {
        "name": player.name,
        "note": player.note,
        "away": player.away,
        "plays": [_play(play.who.profession, play.who.elite, play.who.role, play.build, play.gladness, printed)
                  for play in player.plays],
        "available": [_window(window) for window in player.available],
    }  # fmt: skip


def _document(roster: RosterSpec, printed: _Printed) -> dict[str, Any]:
    return {
        "schema": "roster/1",
        "name": roster.name,
        "game_mode": roster.game_mode,
        "time_zone": roster.time_zone,
        "players": [player_json(player, printed) for player in roster.players],
    }


def _play(
    profession: str, elite: str, role: str, build: BuildSpec | None, gladness: int, printed: _Printed
) -> dict[str, Any]:
    if build is not None:
        return {"build": printed(build), "gladness": gladness}
    return {
        "profession": profession or None,
        "specialization": elite or None,
        "role": role or None,
        "gladness": gladness,
    }


def _window(window: Window) -> dict[str, str]:
    return {"day": window.day, "from": clock(window.begins), "until": clock(window.ends)}
