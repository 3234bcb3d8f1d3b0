"""What a chain of snapshots did to single things of the game."""

from collections.abc import Iterable
from dataclasses import dataclass

from builds.gamedata.diff import SHOWN, Diff

Part = tuple[str, str]
"""Kind as a diff names it, and id as text."""

# A later one says more than an earlier one; removed says all.
_HOW = ("changed", "renamed", "removed")


@dataclass(frozen=True, slots=True)
class Touch:
    """how: "changed", "renamed" or "removed". name: as the diff has it, "" where it names only the first of many."""

    how: str
    name: str


def touched(diffs: Iterable[Diff]) -> dict[Part, Touch]:
    """diffs: oldest first, each with ids. What is there again after it was removed counts as changed."""
    found: dict[Part, Touch] = {}
    for diff in diffs:
        for kind, changes in diff.items():
            for how in _HOW:
                entry = changes.get(how, {})
                for place, id_ in enumerate(entry.get("ids", ())):
                    found[kind, id_] = Touch(how, entry["names"][place] if place < SHOWN else "")
    return found
