"""The contract's evaluation of one choice, in plain Python and in its order. It gives the final results; the
compiled twin in `exact` is held to it bit by bit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from builds.engine import formulas as shared
from builds.engine.gear import formulas as f
from builds.engine.gear import names
from builds.engine.gear.problem import GearProblem, Scenario, Variant

POINTS = frozenset(names.POINT_ATTRIBUTES)
CHANCES = frozenset(names.CRITICAL_CHANCES)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """scores: weighted sums over the scenarios of damage, its parts (`power_dps` ...), survivability and
    healing. attributes: all those of the first scenario."""

    scores: Mapping[str, float]
    attributes: Mapping[str, float]


def evaluate(problem: GearProblem, variant: Variant, choice: Sequence[int]) -> Evaluation:
    """choice: for each slot, which of its options."""
    points: dict[str, float] = {}
    for slot, index in zip(problem.slots, choice, strict=True):
        for name, amount in slot.options[index].attributes.items():
            points[name] = points.get(name, 0.0) + amount
    sums: dict[str, float] = {}
    first: Mapping[str, float] = {}
    for index, scenario in enumerate(variant.scenarios):
        attributes = panel(problem, scenario, points)
        for name, value in score(problem, scenario, attributes).items():
            sums[name] = sums.get(name, 0.0) + scenario.weight * value
        if index == 0:
            first = attributes
    return Evaluation(sums, first)


def allowed(problem: GearProblem, evaluation: Evaluation) -> bool:
    """Whether all constraints hold: those of attributes in the first scenario, those of scores in the sum."""
    a = evaluation.attributes
    has = {
        "min_boon_duration": a["boon_duration"],
        "min_quickness_duration": a["boon_duration"] + a["quickness_duration"],
        "min_critical_chance": a["critical_chance"],
        "min_outgoing_healing": a["outgoing_healing"],
        "min_toughness": a["toughness"],
        "max_toughness": a["toughness"],
        "min_health": a["health"],
        "min_healing_power": a["healing_power"],
        "min_damage": evaluation.scores["damage"],
        "min_survivability": evaluation.scores["survivability"],
        "min_healing": evaluation.scores["healing"],
    }
    return all(
        has[name] <= limit if name.startswith("max_") else has[name] >= limit
        for name, limit in problem.constraints.items()
    )


def panel(problem: GearProblem, scenario: Scenario, points: Mapping[str, float]) -> dict[str, float]:
    """points: of all chosen options; returns every attribute, steps 1 to 5."""
    b = dict.fromkeys(names.ATTRIBUTES, 0.0)
    b.update(scenario.base)
    for name, amount in points.items():
        b[name] += amount
    a = dict(b)
    for to, source, share in scenario.conversions:
        a[to] += converted(to, share * b[source])
    for to, amount in scenario.bonuses:
        a[to] += amount
    derive(a, mesmer=problem.profession == "Mesmer")
    for to, source, share in scenario.conversions_after_bonuses:
        value = f.clamp(a[source]) if source in CHANCES else a[source]
        a[to] += converted(to, share * value)
    return a


def converted(to: str, amount: float) -> float:
    """The game converts into whole points, half to even. Source: the contract, step 2."""
    return float(round(amount)) if to in POINTS else amount


def derive(a: dict[str, float], *, mesmer: bool) -> None:
    """Step 4: what the panel derives from points."""
    chance = shared.critical_chance(a["precision"])
    damage = shared.critical_damage(a["ferocity"])
    a["critical_chance"] += chance
    a["critical_damage"] += damage
    a["boon_duration"] += shared.duration(a["concentration"])
    a["condition_duration"] += shared.duration(a["expertise"])
    a["health"] = float(round(f.health_before_rounding(a["health"], a["vitality"], a["maximum_health"])))
    a["armor"] += a["toughness"]
    if mesmer:
        a["clone_critical_chance"] += chance
        a["phantasm_critical_chance"] += chance
        a["phantasm_critical_damage"] += damage
    else:
        a["alternative_power"] += a["power"]
        a["alternative_critical_chance"] += f.alternative_chance_gain(a["critical_chance"], a["alternative_precision"])
        a["alternative_critical_damage"] += f.alternative_damage_gain(a["critical_damage"], a["alternative_ferocity"])


def score(problem: GearProblem, scenario: Scenario, a: Mapping[str, float]) -> dict[str, float]:
    """Returns damage, its parts (`power_dps`, `bleeding_dps` ...), survivability and healing."""
    m = dict.fromkeys(names.MULTIPLIERS, 1.0)
    m.update(scenario.multipliers)
    parts = {
        "power_dps": f.strike_damage(
            a["power_coefficient"],
            a["noncrit_power_coefficient"],
            a["power"],
            a["critical_chance"],
            a["critical_damage"],
            m["outgoing_critical_damage"],
            m["outgoing_strike_damage"],
        ),
        "power2_dps": second_strike(problem, a, m),
        "siphon_dps": f.siphon_damage(
            a["siphon_base_coefficient"], a["siphon_coefficient"], a["power"], m["outgoing_siphon_damage"]
        ),
        "other_dps": a["flat_dps"],
    }
    for condition in names.DAMAGING_CONDITIONS:
        stacks = f.condition_stacks(
            a[f"{condition}_coefficient"],
            a[f"{condition}_duration"],
            a["condition_duration"],
            a["condition_duration_uncapped"],
        )
        parts[f"{condition}_dps"] = f.condition_damage_per_second(
            stacks,
            tick(problem, condition, a),
            m["outgoing_condition_damage"],
            m[f"outgoing_{condition}_damage"],
        )
    damage = 0.0
    for part in parts.values():
        damage += part
    return {
        "damage": damage,
        "survivability": f.survivability(a["health"], a["armor"], m["incoming_strike_damage"]),
        "healing": f.healing(a["healing_power"], a["outgoing_healing"]),
        **parts,
    }


def second_strike(problem: GearProblem, a: Mapping[str, float], m: Mapping[str, float]) -> float:
    """power2_coefficient: a mesmer's phantasms, others' strikes with the second set of attributes."""
    coefficient = a["power2_coefficient"]
    if coefficient == 0.0:
        return 0.0
    if problem.profession == "Mesmer":
        return f.phantasm_damage(
            coefficient,
            a["power"],
            a["phantasm_critical_chance"],
            a["phantasm_critical_damage"],
            m["outgoing_phantasm_critical_damage"],
            m["outgoing_phantasm_damage"],
        )
    return f.alternative_strike_damage(
        coefficient,
        a["alternative_power"],
        a["alternative_critical_chance"],
        a["alternative_critical_damage"],
        m["outgoing_critical_damage"],
        m["outgoing_alternative_critical_damage"],
        m["outgoing_strike_damage"],
        m["outgoing_alternative_damage"],
    )


def tick(problem: GearProblem, condition: str, a: Mapping[str, float]) -> float:
    """Damage of one stack in a second."""
    points = a["condition_damage"]
    if condition == "bleeding":
        return f.bleeding_tick(points)
    if condition == "burning":
        return f.inferno_burning_tick(a["power"]) if problem.inferno_burning_damage else f.burning_tick(points)
    if condition == "poison":
        return f.poison_tick(points)
    if condition == "torment":
        return f.torment_tick(points, problem.target_moving)
    return f.confusion_tick(points, problem.skill_attack_rate)
