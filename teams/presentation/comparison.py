"""Two teams beside each other, and two states of one team, as pages draw them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from builds.gamedata import Catalogue
from teams.compose import slot_facts
from teams.presentation.board import boon_amount
from teams.presentation.worth import RATE_NAMES, rate_text
from teams.spec import SlotSpec, TeamSpec

_OTHER_NAMES = {
    "damage": "Damage a second", "power_share": "Of it by strikes", "effective_health": "Effective health",
    "mobility": "Swift or faster",
}  # fmt: skip
type Said = Callable[[float], str]

_SHARES = frozenset({"power_share", "mobility"})


@dataclass(frozen=True, slots=True)
class Line:
    """better: "first", "second" or "" where they are alike or there is no saying."""

    name: str
    first: str
    second: str
    difference: str
    better: str


@dataclass(frozen=True, slots=True)
class ComparisonView:
    first: Mapping[str, Any]
    second: Mapping[str, Any]
    tables: tuple[tuple[str, tuple[Line, ...]], ...]


@dataclass(frozen=True, slots=True)
class SlotChange:
    """number: of the place in the new team, from 1. before, after: "" for nobody."""

    number: int
    group: int
    place: int
    player: str
    before: str
    after: str
    profession: str


def comparison_view(told: Mapping[str, Any]) -> ComparisonView:
    """told: as `compare_teams` gives it."""
    parts = [_line(one["title"], one, "{:.1f}".format) for one in told["parts"]]
    boons = [_line(one["name"], one, _boon(one["name"])) for one in told["boons"]]
    rates = [_line(RATE_NAMES[one["name"]], one, _rate(one["name"])) for one in told["rates"]]
    others = [_line(_OTHER_NAMES[one["name"]], one, _other(one["name"])) for one in told["others"]]
    return ComparisonView(
        told["first"],
        told["second"],
        (
            ("Parts of the score", tuple(parts)),
            ("Boons", tuple(boons)),
            ("What else they do", tuple(rates)),
            ("Damage and health", tuple(others)),
        ),
    )


def _line(name: str, one: Mapping[str, Any], said: Said) -> Line:
    first, second, difference = (one[key] for key in ("first", "second", "difference"))
    words = [said(value) if value is not None else "not judged" for value in (first, second)]
    if difference is None:
        return Line(name, words[0], words[1], "–", "")
    if words[0] == words[1]:
        return Line(name, words[0], words[1], "same", "")
    sign = "+" if difference > 0 else "−"
    return Line(name, words[0], words[1], f"{sign}{said(abs(difference))}", "second" if difference > 0 else "first")


def _boon(name: str) -> Said:
    return lambda amount: boon_amount(name, amount)


def _rate(name: str) -> Said:
    return lambda amount: rate_text(name, amount)


def _other(name: str) -> Said:
    return lambda amount: f"{amount:.0%}" if name in _SHARES else f"{amount:,.0f}"


def changes_between(before: TeamSpec, after: TeamSpec, catalogue: Catalogue) -> tuple[SlotChange, ...]:
    """Place by place; who only moved is told at both places."""
    was = {(place.group, place.slot): slot for place, slot in before.places()}
    now = {(place.group, place.slot): slot for place, slot in after.places()}
    numbers = {place: number for number, place in enumerate(now, start=1)}
    changes = []
    for place in sorted(was.keys() | now.keys()):
        old, new = was.get(place), now.get(place)
        if _build(old) == _build(new) and (old is None) == (new is None):
            continue
        told = slot_facts(_build(new), catalogue)
        changes.append(
            SlotChange(
                numbers.get(place, 0),
                place[0] + 1,
                place[1] + 1,
                (new.player if new else None) or (old.player if old else None) or "",
                _words(old, catalogue),
                _words(new, catalogue),
                told["profession"] or "",
            )
        )
    return tuple(changes)


def _build(slot: SlotSpec | None) -> Any:
    return slot.build if slot else None


def _words(slot: SlotSpec | None, catalogue: Catalogue) -> str:
    if slot is None:
        return ""
    if slot.build is None:
        return "empty"
    facts = slot_facts(slot.build, catalogue)
    return f"{facts['specialization']}, {facts['build_name']}"
