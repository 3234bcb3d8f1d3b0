"""The names of the contract and their places in the arrays of the search."""

from typing import Final

SCHEMA: Final = "gear-problem/1"
RESULT_SCHEMA: Final = "gear-result/1"

PROFESSIONS: Final = (
    "Elementalist",
    "Engineer",
    "Guardian",
    "Mesmer",
    "Necromancer",
    "Ranger",
    "Revenant",
    "Thief",
    "Warrior",
)
OBJECTIVES: Final = ("damage", "survivability", "healing")
TWEAKS: Final = ("inferno_burning_damage",)

# Conversions into these are rounded half to even. They stand first in ATTRIBUTES.
POINT_ATTRIBUTES: Final = (
    "power",
    "precision",
    "toughness",
    "vitality",
    "ferocity",
    "condition_damage",
    "expertise",
    "concentration",
    "healing_power",
    "agony_resistance",
    "armor",
)
# As a source of a conversion after bonuses these are clamped to 0..1 first.
CRITICAL_CHANCES: Final = (
    "critical_chance",
    "clone_critical_chance",
    "phantasm_critical_chance",
    "alternative_critical_chance",
)
DAMAGING_CONDITIONS: Final = ("bleeding", "burning", "poison", "torment", "confusion")
OTHER_CONDITIONS: Final = (
    "blind",
    "chilled",
    "crippled",
    "fear",
    "immobile",
    "slow",
    "taunt",
    "vulnerability",
    "weakness",
)
BOONS: Final = (
    "aegis",
    "alacrity",
    "fury",
    "might",
    "protection",
    "quickness",
    "regeneration",
    "resistance",
    "resolution",
    "stability",
    "swiftness",
    "vigor",
)
ATTRIBUTES: Final = (
    *POINT_ATTRIBUTES,
    *CRITICAL_CHANCES,
    "critical_damage",
    "phantasm_critical_damage",
    "alternative_critical_damage",
    "condition_duration",
    "condition_duration_uncapped",
    "boon_duration",
    "health",
    "maximum_health",
    "outgoing_healing",
    "power_coefficient",
    "power2_coefficient",
    "noncrit_power_coefficient",
    "siphon_base_coefficient",
    "siphon_coefficient",
    "flat_dps",
    "alternative_power",
    "alternative_precision",
    "alternative_ferocity",
    *(f"{condition}_coefficient" for condition in DAMAGING_CONDITIONS),
    *(f"{condition}_duration" for condition in DAMAGING_CONDITIONS),
    *(f"{condition}_duration" for condition in OTHER_CONDITIONS),
    *(f"{boon}_duration" for boon in BOONS),
)
MULTIPLIERS: Final = (
    "outgoing_strike_damage",
    "outgoing_condition_damage",
    "outgoing_siphon_damage",
    "incoming_strike_damage",
    "outgoing_critical_damage",
    "outgoing_phantasm_damage",
    "outgoing_phantasm_critical_damage",
    "outgoing_alternative_damage",
    "outgoing_alternative_critical_damage",
    *(f"outgoing_{condition}_damage" for condition in DAMAGING_CONDITIONS),
)
# Judged on the attributes of the first scenario.
ATTRIBUTE_CONSTRAINTS: Final = (
    "min_boon_duration",
    "min_quickness_duration",
    "min_critical_chance",
    "min_outgoing_healing",
    "min_toughness",
    "max_toughness",
    "min_health",
    "min_healing_power",
)
# Judged on the weighted sums.
SCORE_CONSTRAINTS: Final = ("min_damage", "min_survivability", "min_healing")
CONSTRAINTS: Final = (*ATTRIBUTE_CONSTRAINTS, *SCORE_CONSTRAINTS)

ATTRIBUTE_INDEX: Final = {name: index for index, name in enumerate(ATTRIBUTES)}
MULTIPLIER_INDEX: Final = {name: index for index, name in enumerate(MULTIPLIERS)}
