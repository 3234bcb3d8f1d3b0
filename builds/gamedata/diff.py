"""What one snapshot has and another has not."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

SHOWN = 20

# They say when and whence a fact came, not what it is.
_BESIDE = {"api_digest", "facts_as_of"}

Diff = dict[str, dict[str, dict[str, Any]]]
"""Kind to "added", "removed", "changed", "renamed" to {"count": n, "names": the first SHOWN}. Of what was there before
also "ids", all of them, as texts and in the order of the names: by them builds are told what changed for them."""


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> Diff:
    old, new = _things(before), _things(after)
    found: Diff = {}
    for kind in sorted({*old, *new}):
        one, two = old.get(kind, {}), new.get(kind, {})
        both = [id_ for id_ in one if id_ in two]
        changes = {
            "added": [(two[id_][0], id_) for id_ in two if id_ not in one],
            "removed": [(one[id_][0], id_) for id_ in one if id_ not in two],
            "renamed": [(f"{one[i][0]} → {two[i][0]}", i) for i in both if one[i][0] != two[i][0]],
            "changed": [(two[i][0], i) for i in both if one[i][1] != two[i][1]],
        }
        kept = {what: _entry(what, named) for what, named in changes.items() if named}
        if kept:
            found[kind] = kept
    return found


def _entry(what: str, named: list[tuple[str, str]]) -> dict[str, Any]:
    """named: name and id of each."""
    named = sorted(named)
    entry: dict[str, Any] = {"count": len(named), "names": [name for name, _ in named[:SHOWN]]}
    if what != "added":
        entry["ids"] = [id_ for _, id_ in named]
    return entry


def lines(diff: Diff) -> list[str]:
    """One line a kind and sort of change, for people."""
    told = []
    for kind, changes in diff.items():
        for what, entry in changes.items():
            more = entry["count"] - len(entry["names"])
            names = ", ".join(entry["names"]) + (f" and {more} more" if more else "")
            told.append(f"{kind}: {entry['count']} {what}: {names}")
    return told


def summary(diff: Diff) -> str:
    totals: dict[str, int] = {}
    for changes in diff.values():
        for what, entry in changes.items():
            totals[what] = totals.get(what, 0) + entry["count"]
    return ", ".join(f"{count} {what}" for what, count in totals.items()) or "nothing new"


def same_content(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether they hold the same facts, whenever and from whichever game build they were taken."""
    beside = {"game_build", "taken_on", "sources", "seen"}
    return all(before.get(key) == after.get(key) for key in {*before, *after} - beside)


def _things(document: Mapping[str, Any]) -> dict[str, dict[str, tuple[str, Any]]]:
    """Kind to id to name and content."""
    found: dict[str, dict[str, tuple[str, Any]]] = {}
    for kind, id_, name, content in _each(document):
        found.setdefault(kind, {})[str(id_)] = (name, content)
    return found


def _each(document: Mapping[str, Any]) -> Iterator[tuple[str, Any, str, Any]]:
    for kind in ("profession", "specialization", "legend", "pet", "amulet"):
        for entry in document[f"{kind}s"]:
            yield kind, entry["id"], entry["name"], {**entry, "name": None}
    for entry in document["prefixes"]:
        yield "prefix", entry["name"], entry["name"], entry
    for kind in ("trait", "skill"):
        for row in document[f"{kind}s"]:
            yield kind, row[0], row[1], (row[2:-1], _facts(row[-1]))
    for table in ("upgrades", "consumables"):
        for row in document[table]:
            yield row[1], row[0], row[2], (row[3:-1], _facts(row[-1]))
    for mark in document.get("unverified", ()):
        yield "unverified", mark, mark, None
    for language, kinds in document.get("names", {}).items():
        for kind, names in kinds.items():
            for id_, name in names.items():
                yield f"names in {language}", f"{kind}:{id_}", name, None


def _facts(detail: str) -> dict[str, Any]:
    return {key: value for key, value in orjson.loads(detail).items() if key not in _BESIDE}
