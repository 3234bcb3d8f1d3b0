"""Names in the other languages of the game."""

from collections.abc import Iterable
from typing import Any

from builds.gamedata.api import Entry, GameApi
from builds.gamedata.merging import item_ids
from builds.gamedata.validation import plain_name

Names = dict[str, dict[str, str]]
"""Kind to id, as text, to name."""


def fetch_names(api: GameApi, present: dict[str, Any]) -> Names:
    """Of what the present snapshot holds. Names that the API leaves empty or full of markup are left out: the
    English ones stand in for them. Weapon types have no entry in the API, so no name."""
    skills = _named(api.many("skills", (row[0] for row in present["skills"])))
    items = _named(api.many("items", item_ids(present)))
    stats = _named(api.many("itemstats", (line["id"] for p in present["prefixes"] for line in _lines(p))))
    names: Names = {
        kind: _named(api.all(endpoint))
        for kind, endpoint in (
            ("profession", "professions"), ("specialization", "specializations"), ("pet", "pets"),
            ("amulet", "pvp/amulets"),
        )
    }  # fmt: skip
    names["trait"] = _named(api.many("traits", (row[0] for row in present["traits"])))
    names["skill"] = skills
    names["legend"] = {
        legend["id"]: skills[str(legend["swap"])] for legend in present["legends"] if str(legend["swap"]) in skills
    }
    names["prefix"] = {
        prefix["name"]: stats[str(line["id"])]
        for prefix in present["prefixes"]
        for line in _lines(prefix)
        if str(line["id"]) in stats
    }
    for table in ("upgrades", "consumables"):
        for row in present[table]:
            if name := items.get(str(row[0])):
                names.setdefault(row[1], {})[str(row[0])] = name
    return {kind: dict(sorted(table.items())) for kind, table in sorted(names.items()) if table}


def _lines(prefix: Entry) -> list[Entry]:
    return [line for line in (prefix["trinket"], prefix["armor_weapon"]) if line]


def _named(entries: Iterable[Entry]) -> dict[str, str]:
    return {str(entry["id"]): entry["name"] for entry in entries if plain_name(entry.get("name"))}
