"""Formulas of the hero panel, one a function. Points in, points or fractions out. The gear optimiser compiles
those that it shares, which keep to plain arithmetic on floats for that."""

import math

TARGET_ARMOR = 2597
"""Source: the armor that the game's tooltips reckon strikes against; also in the contract of gear problems."""
HEALTH_WITHOUT_VITALITY = {
    **dict.fromkeys(("Warrior", "Necromancer"), 9212),
    **dict.fromkeys(("Revenant", "Engineer", "Ranger", "Mesmer"), 5922),
    **dict.fromkeys(("Guardian", "Thief", "Elementalist"), 1645),
}
"""Source: hero panel at level 80. The API does not carry it, and gathered tables that go by armor weight are wrong for
three professions (a Necromancer would have the health of an Elementalist)."""


def half_up(value: float) -> float:
    """Source: published panels; the game rounds points of items and of utility conversions this way."""
    return float(math.floor(value + 0.5))


def item_points(adjustment: float, multiplier: float, value: float) -> float:
    """Points of one attribute of one item. Source: official API, itemstats, with the adjustment of the item."""
    return half_up(adjustment * multiplier + value)


def converted(points: float, share: float, rounding: str) -> float:
    """Points that a conversion gives. rounding: round (half up), floor or none. Source: published panels."""
    product = points * share
    if rounding == "floor":
        # A product such as 0.13 x 2300 may lie a hair below its true value.
        return float(math.floor(product + 1e-9))
    return half_up(product + 1e-9) if rounding == "round" else product


def critical_chance(precision: float) -> float:
    """Fraction that precision gives beside the base of 5 %: 21 points above 1000 are 1 %. Source: hero panel at level
    80; wiki, Precision."""
    return (precision - 1000) / 2100


def critical_damage(ferocity: float) -> float:
    """Fraction that ferocity gives beside the base of 150 %: 15 points are 1 %. Source: hero panel at level 80; wiki,
    Ferocity."""
    return ferocity / 1500


def duration(points: float) -> float:
    """Fraction that concentration or expertise give: 15 points are 1 %. Source: hero panel at level 80; wiki,
    Concentration and Expertise."""
    return points / 1500


def health_of_vitality(vitality: float) -> float:
    """Source: hero panel at level 80."""
    return 10 * vitality


def effective_power(power: float, chance: float, damage: float) -> float:
    """Power that would strike as hard on average without critical strikes. chance, damage: fractions; a chance
    above 1 counts as 1. Source: damage of a strike = power x coefficient, x critical damage where it is critical."""
    return power * (1 + min(1.0, max(0.0, chance)) * (damage - 1))


def effective_health(health: float, armor: float) -> float:
    """Health that would stand as long with the armor of the tooltips' target. Source: damage of a strike is
    divided by armor."""
    return health * armor / TARGET_ARMOR
