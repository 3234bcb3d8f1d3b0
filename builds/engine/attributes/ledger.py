"""The account that a panel is written from: who gives how much of what, and what can't be told."""

from collections.abc import Mapping
from typing import TypeVar

from builds.engine.attributes.model import Attribute, Part, Unknown

T = TypeVar("T")
K = TypeVar("K", int, str)


class Ledger:
    """`pool` is what every conversion reads; `trait_points` what some conversions of traits read beside it."""

    def __init__(self) -> None:
        self.parts: dict[str, list[Part]] = {}
        self.pool: dict[str, float] = {}
        self.trait_points: dict[str, float] = {}
        self.missing: list[str] = []
        self.notes: list[str] = []
        self.unknown: list[Unknown] = []

    def add(self, attribute: str, amount: float, source: str, *, trait: int | None = None) -> None:
        if amount:
            self.parts.setdefault(attribute, []).append(Part(source, amount, trait))

    def add_to_pool(self, attribute: str, amount: float, source: str) -> None:
        self.add(attribute, amount, source)
        self.pool[attribute] = self.pool.get(attribute, 0.0) + amount

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def find(self, table: Mapping[K, T], key: K, kind: str) -> T | None:
        """None for a thing that a stored build has and these game data don't: it is named as unknown."""
        found = table.get(key)
        if found is None:
            self.unknown.append(Unknown(f"{kind} {key}", "", "It is not in the game data."))
        return found

    def sum(self, attribute: str) -> float:
        return sum(part.amount for part in self.parts.get(attribute, ()))

    def attribute(self, name: str) -> Attribute:
        return Attribute(self.sum(name), tuple(self.parts.get(name, ())))
