"""What a search may choose from and what it is judged by; every limit of a request is told here."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from builds.engine.gear.names import CONSTRAINTS
from builds.gamedata import Catalogue
from builds.spec.model import ATTRIBUTES, MAX_INFUSIONS, DamageProfile
from gw2optimizer.errors import InvalidInput

OBJECTIVES = ("damage", "power", "condition", "healing", "boon_support", "survivability", "weighted")
"""damage: strikes and conditions as the profile has them; power and condition: one of the two alone; boon_support:
healing with a minimum of boon duration; weighted: a mix of damage, healing and survivability."""
WEIGHTED = ("damage", "healing", "survivability")
LEAST_WEIGHT = 0.001
"""Less would be lost beside the others."""

MOST_PREFIXES = 6
MOST_VARIANTS = 2000
MOST_OFFERED = 300
"""Of all that make variants: for each the build's panel is worked out once."""
MOST_INFUSED = 4
"""Attributes on offer for infusions."""

_BOONS = ("Diviner's", "Ritualist's")
DEFAULT_PREFIXES: Mapping[str, tuple[str, ...]] = {
    "damage": ("Berserker's", "Assassin's", "Dragon's", "Viper's", "Sinister", "Grieving"),
    "power": ("Berserker's", "Assassin's", "Dragon's", "Marauder"),
    "condition": ("Viper's", "Sinister", "Grieving", "Trailblazer's"),
    "healing": ("Harrier's", "Magi's", "Cleric's", "Minstrel's", "Giver's", "Zealot's"),
    "boon_support": ("Harrier's", "Magi's", "Cleric's", "Minstrel's", "Giver's", "Diviner's"),
    "survivability": ("Nomad's", "Soldier's", "Sentinel's", "Minstrel's", "Trailblazer's", "Wanderer's"),
    "weighted": ("Berserker's", "Viper's", "Harrier's", "Minstrel's", "Marauder", "Celestial"),
}
"""Source: the prefixes of the published builds of each kind, widened by their nearest alternatives."""


@dataclass(frozen=True, slots=True)
class GearChoices:
    """prefixes: names. runes, relics, foods, utilities: ids; sigils: pairs of ids, for weapon set 1. Where a list is
    empty, the build keeps what it has. infusions: attributes on offer in place of the build's own infusions, of which
    `infusion_count` are worn. keep_second_set: whether the weapons of set 2 keep their prefixes; they follow set 1
    else."""

    prefixes: tuple[str, ...] = ()
    runes: tuple[int, ...] = ()
    sigils: tuple[tuple[int, ...], ...] = ()
    foods: tuple[int, ...] = ()
    utilities: tuple[int, ...] = ()
    infusions: tuple[str, ...] = ()
    infusion_count: int = 18
    relics: tuple[int, ...] = ()
    keep_second_set: bool = False

    @property
    def of_variants(self) -> tuple[tuple[object, ...], ...]:
        return self.runes, self.sigils, self.relics, self.foods, self.utilities

    @property
    def variants(self) -> int:
        return math.prod(max(1, len(offered)) for offered in self.of_variants)


@dataclass(frozen=True, slots=True)
class Goal:
    """weights: of a weighted objective, by WEIGHTED."""

    objective: str
    constraints: Mapping[str, float] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)


def refuse(name: str, message: str) -> InvalidInput:
    return InvalidInput("The gear of this build can't be optimised so.", fields={name: [message]})


def checked_goal(objective: str, constraints: Mapping[str, float] | None, weights: Mapping[str, float] | None) -> Goal:
    if objective not in OBJECTIVES:
        raise refuse("objective", f"There is no objective “{objective[:40]}”. They are {', '.join(OBJECTIVES)}.")
    for name, limit in (constraints or {}).items():
        if name not in CONSTRAINTS:
            raise refuse("constraints", f"There is no constraint “{name[:40]}”. They are {', '.join(CONSTRAINTS)}.")
        _check_number(f"constraints.{name}", limit, 1e9)
    for name, weight in (weights or {}).items():
        if name not in WEIGHTED:
            raise refuse("weights", f"There is no weight “{name[:40]}”. They are {', '.join(WEIGHTED)}.")
        _check_number(f"weights.{name}", weight, 100.0)
        if 0 < weight < LEAST_WEIGHT:
            raise refuse(f"weights.{name}", f"must be 0 or at least {LEAST_WEIGHT:g}")
    if objective == "weighted" and "min_damage" in (constraints or {}):
        raise refuse(
            "constraints", "A weighted mix is searched as damage, so it takes no min_damage; weigh damage more."
        )
    if (objective == "weighted") != any((weights or {}).values()):
        raise refuse("weights", "Weights above 0 belong to the objective “weighted”, and only to it.")
    return Goal(objective, dict(constraints or {}), dict(weights or {}))


def _check_number(name: str, value: float, most: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise refuse(name, f"must be a number from 0 to {most:g}")


def checked_profile(profile: DamageProfile) -> DamageProfile:
    """Raises InvalidInput for numbers that no damage profile holds."""
    for name, most in (("power_coefficient", 1e6), ("power2_coefficient", 1e6), ("skill_attack_rate", 1e3)):
        _check_number(f"profile.{name}", getattr(profile, name), most)
    for condition, coefficient in profile.condition_coefficients.items():
        _check_number(f"profile.{condition[:40]}", coefficient, 1e6)
    return profile


def checked_choices(choices: GearChoices | None, objective: str, catalogue: Catalogue) -> GearChoices:
    """With the prefixes filled in by the objective where none are given, and nothing twice."""
    given = choices or GearChoices()
    prefixes = tuple(dict.fromkeys(given.prefixes)) or DEFAULT_PREFIXES[objective]
    if len(prefixes) > MOST_PREFIXES:
        raise refuse("prefixes", f"These are {len(prefixes)}; the most is {MOST_PREFIXES}.")
    _check_known("prefixes", prefixes, catalogue.prefixes, "prefix")
    _check_known("runes", given.runes, catalogue.runes, "rune")
    _check_known("sigils", [sigil for pair in given.sigils for sigil in pair], catalogue.sigils, "sigil")
    _check_known("relics", given.relics, catalogue.relics, "relic")
    _check_known("foods", given.foods, catalogue.foods, "food")
    _check_known("utilities", given.utilities, catalogue.utilities, "utility")
    if any(not 1 <= len(pair) <= 2 for pair in given.sigils):
        raise refuse("sigils", "Each choice is one sigil or a pair.")
    _check_infusions(given)
    checked = replace(
        given,
        prefixes=prefixes,
        runes=tuple(dict.fromkeys(given.runes)),
        sigils=tuple(dict.fromkeys(given.sigils)),
        relics=tuple(dict.fromkeys(given.relics)),
        foods=tuple(dict.fromkeys(given.foods)),
        utilities=tuple(dict.fromkeys(given.utilities)),
        infusions=tuple(dict.fromkeys(given.infusions)),
    )
    offered = sum(map(len, checked.of_variants))
    if offered > MOST_OFFERED:
        message = f"These are {offered} runes, sigils, relics, foods and utilities; the most is {MOST_OFFERED}."
        raise refuse("variants", message)
    if checked.variants > MOST_VARIANTS:
        message = f"Runes x sigils x relics x foods x utilities make {checked.variants} variants"
        raise refuse("variants", f"{message}; the most is {MOST_VARIANTS}.")
    return checked


def _check_known(
    name: str, given: Iterable[int | str], table: Mapping[int, object] | Mapping[str, object], kind: str
) -> None:
    for one in given:
        if one not in table:
            raise refuse(name, f"There is no {kind} “{str(one)[:40]}” in the game data.")


def _check_infusions(given: GearChoices) -> None:
    if len(set(given.infusions)) > MOST_INFUSED:
        raise refuse("infusions", f"These are {len(set(given.infusions))} attributes; the most is {MOST_INFUSED}.")
    for name in given.infusions:
        if name not in ATTRIBUTES:
            raise refuse("infusions", f"There is no infusion of “{name[:40]}”. They are {', '.join(ATTRIBUTES)}.")
    if type(given.infusion_count) is not int or not 0 < given.infusion_count <= MAX_INFUSIONS:
        raise refuse("infusion_count", f"must be a number from 1 to {MAX_INFUSIONS}")
