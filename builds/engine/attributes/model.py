"""The panel as a value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """amount: in the unit of the attribute. trait: id where a trait gives it."""

    source: str
    amount: float
    trait: int | None = None


@dataclass(frozen=True, slots=True)
class Attribute:
    """value: points, or a fraction for chances and durations; the sum of its parts."""

    value: float
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Switch:
    """A conditional effect of one of the build's traits. on: counted in the panel, for whatever reason; chosen: because
    the user switched it on. boon: that it needs, "" for none. amount: None where the number can't be told in this
    mode."""

    trait: int
    name: str
    attribute: str
    amount: float | None
    share_of: str
    condition: str
    on: bool
    chosen: bool
    boon: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """An effect that may touch the panel and is not in it. attribute: "" where not even that is known."""

    source: str
    attribute: str
    reason: str


@dataclass(frozen=True, slots=True)
class AttributePanel:
    """missing: paths of the build, such as `gear.helm`, without which the panel is not whole."""

    attributes: Mapping[str, Attribute]
    switches: tuple[Switch, ...]
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    unknown: tuple[Unknown, ...]
    game_mode: str
    weapon_set: int
    boons: Mapping[str, int]

    def __getitem__(self, attribute: str) -> float:
        return self.attributes[attribute].value

    def as_json(self) -> dict[str, Any]:
        return {
            "panel": {
                name: {
                    "value": attribute.value,
                    "parts": [{"source": part.source, "amount": part.amount} for part in attribute.parts],
                }
                for name, attribute in self.attributes.items()
            },
            "missing": list(self.missing),
            "notes": list(self.notes),
            "unknown": [
                {"source": u.source, "attribute": u.attribute or None, "reason": u.reason} for u in self.unknown
            ],
            "switches": [
                {
                    "trait": s.trait,
                    "name": s.name,
                    "attribute": s.attribute,
                    "amount": s.amount,
                    "share_of": s.share_of or None,
                    "condition": s.condition,
                    "on": s.on,
                }
                for s in self.switches
            ],
            "game_mode": self.game_mode,
            "weapon_set": self.weapon_set,
            "boons": dict(self.boons),
        }
