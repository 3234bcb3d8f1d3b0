"""Factors of damage and healing that sigils, food, utility and traits give, as far as their facts tell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from builds.engine.attributes.readings import Balance
from builds.engine.attributes.traits import traits_of
from builds.gamedata import Catalogue
from builds.gamedata.model import Trait
from builds.spec.model import BuildSpec

STRIKE = "outgoing_strike_damage"
CONDITION = "outgoing_condition_damage"
CRITICAL = "outgoing_critical_damage"
_OF_ITEMS = {"damage": STRIKE, "strike damage": STRIKE}
_OF_TRAITS = {
    "damage increase": STRIKE,
    "strike damage increase": STRIKE,
    "condition damage increase": CONDITION,
    "critical damage increase": CRITICAL,
}
"""The words of a fact, lower case. A fact says neither when it holds nor whether conditions profit too."""
_MAYBE = ("damage increase", "bonus damage", "damage per", "damage bonus")
TRAIT_UPTIME = 0.45
"""Share of its number that a trait's damage increase counts for: most are conditional. Tuned like the scales of the
estimate; builds whose facts promise more have, by their published multipliers, little more than the others."""
MOST_PERCENT = 30
"""A greater number is about one strike of the trait's own."""
HEALING = "healing increase to others"


@dataclass(frozen=True, slots=True)
class Multipliers:
    """factors: by the names of the contract. outgoing_healing: a fraction. healing_from: (attribute, share a point)
    that adds to outgoing healing. unknown: effects on damage that are not counted, in words."""

    factors: Mapping[str, float]
    outgoing_healing: float
    healing_from: tuple[tuple[str, float], ...]
    unknown: tuple[str, ...]


def multipliers_of(build: BuildSpec, catalogue: Catalogue, balance: Balance) -> Multipliers:
    factors: dict[str, float] = {}
    healing, sources, unknown = 0.0, [], []
    for bonus in _item_bonuses(build, catalogue):
        if bonus["kind"] == "outgoing_healing_per" and bonus["from"] == "Healing":
            sources.append(("healing_power", bonus["value"] / 100 / bonus["per"]))
        name = _OF_ITEMS.get(str(bonus.get("label", "")).lower()) if "when" not in bonus else None
        if name and bonus.get("percent"):
            factors[name] = factors.get(name, 1.0) * (1 + bonus["value"] / 100)
    for trait in (catalogue.traits[id_] for id_ in traits_of(build, catalogue) if id_ in catalogue.traits):
        for words, percent in _percents(trait, balance):
            if words.startswith(HEALING) and "per" not in words:
                healing += percent / 100
            counted = words in _OF_TRAITS and percent <= MOST_PERCENT
            if counted:
                name = _OF_TRAITS[words]
                factors[name] = factors.get(name, 1.0) * (1 + TRAIT_UPTIME * percent / 100)
            elif words in _OF_TRAITS or words.startswith(_MAYBE):
                unknown.append(f"{trait.name}: {words}, {percent:g} %")
    return Multipliers(factors, round(healing, 9), tuple(sources), tuple(dict.fromkeys(unknown)))


def _item_bonuses(build: BuildSpec, catalogue: Catalogue) -> Iterator[Mapping[str, Any]]:
    sigils = build.sigils[0] if build.sigils else ()
    tables = [(catalogue.sigils, sigil) for sigil in dict.fromkeys(sigils)]
    worn: list[Any] = [table.get(id_) for table, id_ in tables]
    worn += [catalogue.runes.get(build.rune or 0)]
    worn += [catalogue.foods.get(build.food or 0), catalogue.utilities.get(build.utility or 0)]
    for item in worn:
        yield from item.bonuses if item is not None else ()


def _percents(trait: Trait, balance: Balance) -> Iterator[tuple[str, float]]:
    """Words and number of each percentage. Of several numbers with the same words, which stand for modes or for
    conditions that no fact tells apart, the least: a lower bound."""
    told: dict[str, list[float]] = {}
    for fact in trait.facts:
        if fact.get("type") == "Percent" and isinstance(fact.get("percent"), int | float):
            told.setdefault(str(fact.get("text")).lower(), []).append(fact["percent"])
    # The values by mode hold percentages as durations of effects.
    labelled = {
        str(fact.get("text")).lower(): fact["duration"]
        for fact in trait.splits.get(balance, {}).get("facts", ())
        if fact.get("type") == "Buff" and isinstance(fact.get("duration"), int | float)
    }
    for words, numbers in told.items():
        yield words, labelled.get(words, min(numbers))
