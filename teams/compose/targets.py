"""What a subgroup is given credit for, and how much of it is enough. The composer maximises this sum; the score of a
team judges the result by its own, finer parts."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Target:
    """enough: of a subgroup, in the metric's unit; more counts nothing. weight: of having it all."""

    enough: float
    weight: float


# Boons: share of the time, might in stacks. stability: applications in 30 s. cleanse, strip, healing, barrier: a second
# over the subgroup. control: points off a defiance bar in 30 s.
_PVE: Mapping[str, Target] = {
    "Quickness": Target(1.0, 3.0), "Alacrity": Target(1.0, 3.0), "Might": Target(25.0, 2.0), "Fury": Target(1.0, 1.2),
    "Protection": Target(0.6, 0.6), "Regeneration": Target(0.8, 0.3), "Vigor": Target(0.6, 0.2),
    "Resolution": Target(0.5, 0.2), "stability": Target(2.0, 0.3), "cleanse": Target(1.0, 0.3),
    "healing": Target(8000.0, 1.2), "barrier": Target(2000.0, 0.2), "control": Target(2000.0, 0.5),
}  # fmt: skip
_WVW: Mapping[str, Target] = {
    "stability": Target(12.0, 4.0), "cleanse": Target(4.0, 2.0), "strip": Target(1.5, 1.5),
    "healing": Target(10000.0, 2.0), "barrier": Target(3000.0, 0.6), "control": Target(1500.0, 0.4),
    "Protection": Target(0.8, 0.9), "Resistance": Target(0.5, 0.7), "Might": Target(20.0, 0.7),
    "Fury": Target(0.8, 0.4), "Quickness": Target(0.6, 0.9), "Alacrity": Target(0.4, 0.4), "Aegis": Target(0.3, 0.4),
    "Resolution": Target(0.5, 0.4), "Swiftness": Target(0.8, 0.2), "Vigor": Target(0.5, 0.2),
    "superspeed": Target(0.3, 0.4),
}  # fmt: skip
DAMAGE_WEIGHT = {"pve": 2.5, "wvw": 1.5, "pvp": 1.5}
"""Of one player who does as much as the best candidate."""
OBJECTIVE_WEIGHT = 4.0
"""Of one player who gives as much as the best candidate of what is to be maximal: above all else but the wish."""
ROLE_WEIGHT, FIT_WEIGHT, MODE_WEIGHT, STYLE_WEIGHT, FRESH_WEIGHT, GEAR_WEIGHT = 1.5, 2.5, 1.5, 1.0, 0.3, 3.0
"""Of one player: does what his role is for as well as the best; was published for the role; for the mode; for the style
of WvW; since the last change of the game; in the gear that was asked for."""


def targets_of(balance: str) -> Mapping[str, Target]:
    """balance: pve, wvw or pvp."""
    return _PVE if balance == "pve" else _WVW


DURATION_BOONS = (
    "Fury", "Quickness", "Alacrity", "Protection", "Resistance", "Regeneration", "Vigor", "Resolution", "Aegis",
    "Swiftness",
)  # fmt: skip
METRIC_OF_OBJECTIVE: Mapping[str, str] = {
    "stability": "stability", "healing": "healing", "cleanse": "cleanse", "strip": "strip", "damage": "damage",
    "boons": "boons", "quickness": "Quickness", "alacrity": "Alacrity", "might": "Might", "control": "control",
    "barrier": "barrier",
}  # fmt: skip
METRIC_OF_ROLE: Mapping[str, str] = {
    "damage": "damage", "dps": "damage", "condi_dps": "damage", "quickness": "Quickness", "alacrity": "Alacrity",
    "healer": "healing", "healer_quickness": "healing", "healer_alacrity": "healing", "boon_support": "boons",
    "stability_support": "stability", "strip": "strip", "cleanse": "cleanse", "tank": "health",
}  # fmt: skip
