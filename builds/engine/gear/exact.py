"""The compiled twin of `reference`: the same operations in the same order, so that both give the same bits."""

from typing import Any

import numpy as np

from builds.engine import formulas as shared
from builds.engine.gear import formulas, names
from builds.engine.gear.compiled import njit

A = names.ATTRIBUTE_INDEX
M = names.MULTIPLIER_INDEX
LIMIT = {name: index for index, name in enumerate(names.CONSTRAINTS)}

ROUNDED = len(names.POINT_ATTRIBUTES)
FIRST_CHANCE, LAST_CHANCE = A[names.CRITICAL_CHANCES[0]], A[names.CRITICAL_CHANCES[-1]]
POWER, PRECISION, TOUGHNESS, VITALITY, FEROCITY, CONDITION_DAMAGE, EXPERTISE, CONCENTRATION, HEALING_POWER = (
    A[name] for name in names.POINT_ATTRIBUTES[:9]
)
ARMOR, HEALTH, MAXIMUM_HEALTH, OUTGOING_HEALING = (
    A[name] for name in ("armor", "health", "maximum_health", "outgoing_healing")
)
CHANCE, CLONE_CHANCE, PHANTASM_CHANCE, ALTERNATIVE_CHANCE = (A[name] for name in names.CRITICAL_CHANCES)
CRITICAL, PHANTASM_CRITICAL, ALTERNATIVE_CRITICAL = (
    A[name] for name in ("critical_damage", "phantasm_critical_damage", "alternative_critical_damage")
)
CONDITION_DURATION, UNCAPPED, BOON_DURATION, QUICKNESS = (
    A[name] for name in ("condition_duration", "condition_duration_uncapped", "boon_duration", "quickness_duration")
)
STRIKES, SECOND_STRIKES, NONCRITICAL, SIPHON_BASE, SIPHON, FLAT = (
    A[name]
    for name in (
        "power_coefficient",
        "power2_coefficient",
        "noncrit_power_coefficient",
        "siphon_base_coefficient",
        "siphon_coefficient",
        "flat_dps",
    )
)
ALTERNATIVE_POWER, ALTERNATIVE_PRECISION, ALTERNATIVE_FEROCITY = (
    A[name] for name in ("alternative_power", "alternative_precision", "alternative_ferocity")
)
CONDITIONS = len(names.DAMAGING_CONDITIONS)
STACKS, OWN_DURATION = A["bleeding_coefficient"], A["bleeding_duration"]
BLEEDING, BURNING, POISON, TORMENT, CONFUSION = range(CONDITIONS)
STRIKE_X, CONDITION_X, SIPHON_X, INCOMING_X, CRITICAL_X = (M[name] for name in names.MULTIPLIERS[:5])
PHANTASM_X, PHANTASM_CRITICAL_X, SECOND_X, SECOND_CRITICAL_X = (M[name] for name in names.MULTIPLIERS[5:9])
OWN_CONDITION_X = M["outgoing_bleeding_damage"]
MESMER, INFERNO, MOVING, ATTACK_RATE = range(4)
MOST_TOUGHNESS = LIMIT["max_toughness"]

clamp = njit(formulas.clamp)
critical_chance = njit(shared.critical_chance)
critical_damage = njit(shared.critical_damage)
duration = njit(shared.duration)
health_before_rounding = njit(formulas.health_before_rounding)
alternative_chance_gain = njit(formulas.alternative_chance_gain)
alternative_damage_gain = njit(formulas.alternative_damage_gain)
siphon_damage = njit(formulas.siphon_damage)
bleeding_tick = njit(formulas.bleeding_tick)
burning_tick = njit(formulas.burning_tick)
inferno_burning_tick = njit(formulas.inferno_burning_tick)
poison_tick = njit(formulas.poison_tick)
torment_tick = njit(formulas.torment_tick)
confusion_tick = njit(formulas.confusion_tick)
condition_damage_per_second = njit(formulas.condition_damage_per_second)
survivability = njit(formulas.survivability)
healing = njit(formulas.healing)


def _with_compiled_clamp(formula: Any) -> Any:
    """The formula compiled, with the `clamp` that it calls compiled, too."""
    namespace = {**formula.__globals__, "clamp": clamp}
    return njit(type(formula)(formula.__code__, namespace, formula.__name__))


strike_damage = _with_compiled_clamp(formulas.strike_damage)
phantasm_damage = _with_compiled_clamp(formulas.phantasm_damage)
alternative_strike_damage = _with_compiled_clamp(formulas.alternative_strike_damage)
condition_stacks = _with_compiled_clamp(formulas.condition_stacks)


@njit
def converted(to: int, amount: float) -> float:
    return np.rint(amount) if to < ROUNDED else amount


@njit
def fill_panel(world: Any, s: int, places: Any, points: Any, b: Any, a: Any) -> None:
    """Steps 1 to 5 for scenario s. points: of the gear, at `places` among the attributes; a is the result."""
    _, base, _, offsets, bonus_to, bonus, before, before_share, after, after_share, switches, _ = world
    for i in range(b.size):
        b[i] = base[s, i]
    for k in range(places.size):
        b[places[k]] += points[k]
    for i in range(b.size):
        a[i] = b[i]
    for i in range(offsets[s, 1], offsets[s + 1, 1]):
        a[before[i, 0]] += converted(before[i, 0], before_share[i] * b[before[i, 1]])
    for i in range(offsets[s, 0], offsets[s + 1, 0]):
        a[bonus_to[i]] += bonus[i]
    chance = critical_chance(a[PRECISION])
    damage = critical_damage(a[FEROCITY])
    a[CHANCE] += chance
    a[CRITICAL] += damage
    a[BOON_DURATION] += duration(a[CONCENTRATION])
    a[CONDITION_DURATION] += duration(a[EXPERTISE])
    a[HEALTH] = np.rint(health_before_rounding(a[HEALTH], a[VITALITY], a[MAXIMUM_HEALTH]))
    a[ARMOR] += a[TOUGHNESS]
    if switches[MESMER] != 0.0:
        a[CLONE_CHANCE] += chance
        a[PHANTASM_CHANCE] += chance
        a[PHANTASM_CRITICAL] += damage
    else:
        a[ALTERNATIVE_POWER] += a[POWER]
        a[ALTERNATIVE_CHANCE] += alternative_chance_gain(a[CHANCE], a[ALTERNATIVE_PRECISION])
        a[ALTERNATIVE_CRITICAL] += alternative_damage_gain(a[CRITICAL], a[ALTERNATIVE_FEROCITY])
    for i in range(offsets[s, 2], offsets[s + 1, 2]):
        source = after[i, 1]
        value = a[source]
        if FIRST_CHANCE <= source <= LAST_CHANCE:
            value = clamp(value)
        a[after[i, 0]] += converted(after[i, 0], after_share[i] * value)


@njit
def tick_of(condition: int, a: Any, switches: Any) -> float:
    points = a[CONDITION_DAMAGE]
    if condition == BLEEDING:
        return bleeding_tick(points)
    if condition == BURNING:
        if switches[INFERNO] != 0.0:
            return inferno_burning_tick(a[POWER])
        return burning_tick(points)
    if condition == POISON:
        return poison_tick(points)
    if condition == TORMENT:
        return torment_tick(points, switches[MOVING])
    return confusion_tick(points, switches[ATTACK_RATE])


@njit
def damage_of(world: Any, s: int, a: Any) -> float:
    _, _, multipliers, _, _, _, _, _, _, _, switches, _ = world
    m = multipliers[s]
    total: float = strike_damage(
        a[STRIKES], a[NONCRITICAL], a[POWER], a[CHANCE], a[CRITICAL], m[CRITICAL_X], m[STRIKE_X]
    )
    if a[SECOND_STRIKES] != 0.0:
        if switches[MESMER] != 0.0:
            total += phantasm_damage(
                a[SECOND_STRIKES], a[POWER], a[PHANTASM_CHANCE], a[PHANTASM_CRITICAL],
                m[PHANTASM_CRITICAL_X], m[PHANTASM_X],
            )  # fmt: skip
        else:
            total += alternative_strike_damage(
                a[SECOND_STRIKES], a[ALTERNATIVE_POWER], a[ALTERNATIVE_CHANCE], a[ALTERNATIVE_CRITICAL],
                m[CRITICAL_X], m[SECOND_CRITICAL_X], m[STRIKE_X], m[SECOND_X],
            )  # fmt: skip
    total += siphon_damage(a[SIPHON_BASE], a[SIPHON], a[POWER], m[SIPHON_X])
    total += a[FLAT]
    for c in range(CONDITIONS):
        stacks = condition_stacks(a[STACKS + c], a[OWN_DURATION + c], a[CONDITION_DURATION], a[UNCAPPED])
        total += condition_damage_per_second(stacks, tick_of(c, a, switches), m[CONDITION_X], m[OWN_CONDITION_X + c])
    return total


@njit
def evaluate(world: Any, first: int, last: int, places: Any, points: Any, b: Any, a: Any, scores: Any) -> bool:
    """scores: becomes damage, survivability, healing, summed over scenarios first to last - 1.
    Returns whether all constraints hold."""
    weight, _, multipliers, _, _, _, _, _, _, _, _, limits = world
    scores[:] = 0.0
    good = True
    for s in range(first, last):
        fill_panel(world, s, places, points, b, a)
        scores[0] += weight[s] * damage_of(world, s, a)
        scores[1] += weight[s] * survivability(a[HEALTH], a[ARMOR], multipliers[s, INCOMING_X])
        scores[2] += weight[s] * healing(a[HEALING_POWER], a[OUTGOING_HEALING])
        if s == first:
            # A limit that is not there is NaN, and no comparison with it holds.
            good = not (
                a[BOON_DURATION] < limits[0]
                or a[BOON_DURATION] + a[QUICKNESS] < limits[1]
                or a[CHANCE] < limits[2]
                or a[OUTGOING_HEALING] < limits[3]
                or a[TOUGHNESS] < limits[4]
                or a[TOUGHNESS] > limits[5]
                or a[HEALTH] < limits[6]
                or a[HEALING_POWER] < limits[7]
            )
            if not good:
                return False
    return good and not (scores[0] < limits[8] or scores[1] < limits[9] or scores[2] < limits[10])
