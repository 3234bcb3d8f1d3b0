"""What a search for gear may choose from, as choices of its form."""

from collections.abc import Callable, Iterable
from typing import Any

from builds.engine.attributes.names import ATTRIBUTE_OF
from builds.gamedata import Catalogue
from builds.gamedata.model import Consumable, Prefix
from builds.spec import BuildSpec

Choices = list[tuple[str, str]]

FULL_LEVEL = 80


def prefix_words(prefix: Prefix) -> str:
    """Its attributes, the strongest first."""
    line = prefix.armor_weapon or prefix.trinket
    if line is None:
        return ""
    ranked = sorted(line.attributes, key=lambda entry: -entry[1])
    return ", ".join(name.replace("_", " ") for name, *_ in ranked)


def upgrade_choices(catalogue: Catalogue, kind: str) -> Choices:
    """kind: rune, sigil or relic. Without the words that all of them share."""
    every: Iterable[Any] = catalogue.table(kind).values()
    return sorted(((str(one.id), short_name(one.name)) for one in every), key=lambda choice: choice[1])


def short_name(name: str) -> str:
    for head in ("Superior Rune of ", "Superior Sigil of ", "Relic of "):
        if name.startswith(head):
            name = name.removeprefix(head)
            return name.removeprefix("the ")
    return name


def food_choices(catalogue: Catalogue, spec: BuildSpec) -> Choices:
    return _consumables(catalogue.foods.values(), spec.food, _food_gives)


def utility_choices(catalogue: Catalogue, spec: BuildSpec) -> Choices:
    return _consumables(catalogue.utilities.values(), spec.utility, _utility_gives)


Given = dict[tuple[str, str], float]
"""From what (empty: nothing) to which attribute, and how much."""


def _food_gives(item: Consumable) -> Given:
    return {
        ("", ATTRIBUTE_OF[bonus["attribute"]]): bonus["value"]
        for bonus in item.bonuses
        if bonus["kind"] == "stat" and bonus.get("attribute") in ATTRIBUTE_OF
    }


def _utility_gives(item: Consumable) -> Given:
    shares = {
        (ATTRIBUTE_OF[bonus["from"]], ATTRIBUTE_OF[bonus["to"]]): bonus["value"]
        for bonus in item.bonuses
        if bonus["kind"] == "convert" and {bonus["from"], bonus["to"]} <= ATTRIBUTE_OF.keys()
    }
    return shares or _food_gives(item)


def _consumables(items: Iterable[Consumable], own: int | None, gives: Callable[[Consumable], Given]) -> Choices:
    """Of each set of attributes the item that gives most, and the build's own."""
    best: dict[frozenset[tuple[str, str]], Consumable] = {}
    kept: dict[int, Consumable] = {}
    for item in items:
        given = gives(item)
        if item.id == own:
            kept[item.id] = item
        if (item.level or 0) < FULL_LEVEL or not given:
            continue
        rival = best.setdefault(frozenset(given), item)
        # Of equals the ascended one: it lasts longest.
        if (sum(given.values()), item.rarity == "Ascended") > (sum(gives(rival).values()), rival.rarity == "Ascended"):
            best[frozenset(given)] = item
    kept |= {item.id: item for item in best.values()}
    return sorted(
        ((str(item.id), f"{item.name}: {_words(gives(item))}" if gives(item) else item.name) for item in kept.values()),
        key=lambda choice: choice[1],
    )


def _words(given: Given) -> str:
    return ", ".join(
        f"{value:g} % of {source.replace('_', ' ')} as {to.replace('_', ' ')}"
        if source
        else f"+{value:g} {to.replace('_', ' ')}"
        for (source, to), value in given.items()
    )
