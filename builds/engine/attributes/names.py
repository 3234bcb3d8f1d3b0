"""The attributes of the panel and how the game's data call them."""

from builds.spec.model import ATTRIBUTES

POINTS = (*ATTRIBUTES, "agony_resistance")
"""In points; everything else but health, armor and the effective values is a fraction."""

ATTRIBUTE_OF = {
    "Power": "power", "Precision": "precision", "Toughness": "toughness", "Vitality": "vitality",
    "CritDamage": "ferocity", "Ferocity": "ferocity", "ConditionDamage": "condition_damage",
    "Condition Damage": "condition_damage", "ConditionDuration": "expertise", "Expertise": "expertise",
    "BoonDuration": "concentration", "Concentration": "concentration", "Healing": "healing_power",
    "Healing Power": "healing_power", "AgonyResistance": "agony_resistance",
}  # fmt: skip
"""Names of the API's facts, items and of the values by game mode."""

BOONS = (
    "might", "stability", "fury", "quickness", "alacrity", "protection", "resolution", "regeneration", "vigor",
    "resistance", "aegis", "swiftness",
)  # fmt: skip
STACKING = {"might": 25, "stability": 25}

CONDITIONS = (
    "bleeding", "burning", "confusion", "poison", "torment", "vulnerability", "weakness", "chill", "cripple", "fear",
    "immobilize", "slow", "blind", "taunt", "stun", "daze",
)  # fmt: skip

DURATIONS = {f"{name} duration": f"{name}_duration" for name in (*BOONS, *CONDITIONS)}
"""Label of an item's bonus, lower case, to the attribute."""

DERIVED = (
    "critical_chance", "critical_damage", "boon_duration", "condition_duration", "health", "armor",
    "effective_power", "effective_health",
)  # fmt: skip
PANEL = (*POINTS, *DERIVED, *DURATIONS.values())
