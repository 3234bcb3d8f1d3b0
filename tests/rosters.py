"""Rosters for tests and the bench."""

import random
from collections.abc import Mapping
from typing import Any

from teams.roster import RosterSpec, parse_roster
from tests.packaged import packaged

ROLES = ("healer", "damage", "stability_support", "boon_support", "strip")


def plays(specialization: str = "", role: str = "", gladness: int = 3) -> dict[str, Any]:
    return {"specialization": specialization or None, "role": role or None, "gladness": gladness}


def player(name: str, *entries: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    return {"name": name, "plays": list(entries), **fields}


def roster_of(*players: Mapping[str, Any], mode: str = "wvw") -> RosterSpec:
    return parse_roster({"game_mode": mode, "players": list(players)}, packaged())


def guild(size: int, chance: random.Random, *, mode: str = "wvw") -> RosterSpec:
    """As guilds are: everybody plays three to six specializations, each as gladly as it happens."""
    elites = sorted(one.name for one in packaged().specializations.values() if one.elite)
    return roster_of(
        *(
            player(f"Player {i}", *(plays(name, gladness=chance.randint(1, 5)) for name in chance.sample(elites, k)))
            for i in range(size)
            for k in [chance.randint(3, 6)]
        ),
        mode=mode,
    )
