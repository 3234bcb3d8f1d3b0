"""What an objective means in the contract of gear problems, which knows damage, survivability and healing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from builds.engine.optimise.choices import Goal, refuse
from builds.spec.model import DamageProfile

NEEDS_PROFILE = frozenset({"damage", "power", "condition", "weighted"})
_CONTRACT = {"healing": "healing", "boon_support": "healing", "survivability": "survivability"}
HEALING_BASE, HEALING_SHARE = 390.0, 0.3
"""Source: the contract of gear problems: healing = 390 + 0.3 x healing power."""
UNIT = 10_000.0
"""The weighted mix is searched in this unit, so that no coefficient gets lost beside the others."""


def contract_objective(objective: str) -> str:
    return _CONTRACT.get(objective, "damage")


def judged_profile(profile: DamageProfile, objective: str) -> DamageProfile:
    """The part of the profile that the objective is about. Raises InvalidInput where that is nothing."""
    conditions = {name: c for name, c in profile.condition_coefficients.items() if c}
    if objective == "power":
        profile = replace(profile, condition_coefficients={})
    elif objective == "condition":
        profile = replace(profile, power_coefficient=0.0, power2_coefficient=0.0)
    if objective in NEEDS_PROFILE - {"weighted"} and not (
        profile.power_coefficient or profile.power2_coefficient or (objective != "power" and conditions)
    ):
        raise refuse("profile", f"The damage profile holds nothing for the objective “{objective}”.")
    return profile


@dataclass(frozen=True, slots=True)
class Weighted:
    """The mix as damage of the contract. The damage's factors shrink to its weight over the reference; healing, health
    and armor become damage that is there without a target. Survivability, a product of health and armor, counts by
    the mean of the two ratios: near the reference that is half its relative gain."""

    damage: float
    flat: float
    conversions: tuple[tuple[str, float], ...]
    unit: float = UNIT

    def apply(self, scenario: dict[str, Any]) -> None:
        base, factors = scenario["base"], scenario["multipliers"]
        for name in ("power_coefficient", "power2_coefficient", "siphon_base_coefficient", "siphon_coefficient"):
            base[name] = base.get(name, 0.0) * self.damage
        factors["outgoing_condition_damage"] = factors.get("outgoing_condition_damage", 1.0) * self.damage
        base["flat_dps"] = base.get("flat_dps", 0.0) + self.flat
        scenario["conversions_after_bonuses"] = [
            *scenario["conversions_after_bonuses"],
            *(["flat_dps", [[name, share]]] for name, share in self.conversions),
        ]


def weighted(goal: Goal, reference: Mapping[str, float]) -> Weighted:
    """reference: damage, healing, outgoing_healing, health and armor that count as 1."""
    weights = {name: goal.weights.get(name, 0.0) for name in ("damage", "healing", "survivability")}
    if weights["damage"] and not reference["damage"]:
        raise refuse("profile", "The damage profile holds no damage to weigh.")
    healing = UNIT * weights["healing"] * (1 + reference["outgoing_healing"]) / reference["healing"]
    return Weighted(
        UNIT * weights["damage"] / reference["damage"] if weights["damage"] else 0.0,
        HEALING_BASE * healing,
        (
            ("healing_power", HEALING_SHARE * healing),
            ("health", UNIT * weights["survivability"] / 2 / reference["health"]),
            ("armor", UNIT * weights["survivability"] / 2 / reference["armor"]),
        ),
    )
