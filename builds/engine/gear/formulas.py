"""What attributes do, one formula a function. Points are attribute points; chances, durations, shares and
multipliers are fractions; damage is per second. The search compiles these same functions, so that a formula
is written once; they keep to plain arithmetic on floats for that. What the hero panel shows as well is in
builds.engine.formulas.

Sources: the attribute pages of the Guild Wars 2 wiki (Power, Precision, Ferocity, Expertise, Concentration,
Vitality, Critical hit, Condition Damage); the order of operations is that of the gear problem's contract."""

from builds.engine.formulas import TARGET_ARMOR


def clamp(value: float) -> float:
    """To 0..1."""
    return min(1.0, max(0.0, value))


def health_before_rounding(health: float, vitality: float, maximum_health: float) -> float:
    """health: the profession's base; maximum_health: share added. Source: wiki, Vitality."""
    return (health + 10.0 * vitality) * (1.0 + maximum_health)


def alternative_chance_gain(critical_chance: float, alternative_precision: float) -> float:
    """What a second set of attributes (a kit, a form) has over the hero's own. Source: the contract, step 4."""
    return critical_chance + alternative_precision / 2100.0


def alternative_damage_gain(critical_damage: float, alternative_ferocity: float) -> float:
    """Source: the contract, step 4."""
    return critical_damage + alternative_ferocity / 1500.0


def strike_damage(
    coefficient: float,
    noncrit_coefficient: float,
    power: float,
    critical_chance: float,
    critical_damage: float,
    critical_multiplier: float,
    multiplier: float,
) -> float:
    """coefficient: sum of coefficient x weapon strength, per second; noncrit_coefficient: of strikes that
    can't be critical. Source: wiki, Damage calculation."""
    average = 1.0 + clamp(critical_chance) * (critical_damage * critical_multiplier - 1.0)
    return (coefficient * power * average + noncrit_coefficient * power) / TARGET_ARMOR * multiplier


def phantasm_damage(
    coefficient: float,
    power: float,
    critical_chance: float,
    critical_damage: float,
    critical_multiplier: float,
    multiplier: float,
) -> float:
    """Source: wiki, Illusion: phantasms strike with their master's power and their own critical hits."""
    average = 1.0 + clamp(critical_chance) * (critical_damage * critical_multiplier - 1.0)
    return coefficient / TARGET_ARMOR * power * average * multiplier


def alternative_strike_damage(
    coefficient: float,
    power: float,
    critical_chance: float,
    critical_damage: float,
    critical_multiplier: float,
    alternative_critical_multiplier: float,
    multiplier: float,
    alternative_multiplier: float,
) -> float:
    """Strikes made with the second set of attributes. Source: the contract, power2_coefficient."""
    bonus = critical_damage * critical_multiplier * alternative_critical_multiplier - 1.0
    average = 1.0 + clamp(critical_chance) * bonus
    return coefficient / TARGET_ARMOR * power * average * multiplier * alternative_multiplier


def siphon_damage(base: float, coefficient: float, power: float, multiplier: float) -> float:
    """Life stealing: never critical, ignores armor. Source: wiki, Life siphon."""
    return (base + coefficient * power) * multiplier


def bleeding_tick(condition_damage: float) -> float:
    """Source: wiki, Bleeding, level 80."""
    return 22.0 + 0.06 * condition_damage


def burning_tick(condition_damage: float) -> float:
    """Source: wiki, Burning, level 80."""
    return 131.0 + 0.155 * condition_damage


def inferno_burning_tick(power: float) -> float:
    """Source: wiki, Inferno (trait): burning follows power."""
    return 131.0 + 0.0825 * power


def poison_tick(condition_damage: float) -> float:
    """Source: wiki, Poisoned, level 80."""
    return 33.5 + 0.06 * condition_damage


def torment_tick(condition_damage: float, moving: float) -> float:
    """moving: share of time that the target moves. Source: wiki, Torment, level 80."""
    standing = 31.8 + 0.09 * condition_damage
    return standing * (1.0 - moving) + (22.0 + 0.06 * condition_damage) * moving


def confusion_tick(condition_damage: float, attack_rate: float) -> float:
    """attack_rate: the target's skill uses per second. Source: wiki, Confusion, level 80."""
    return 18.25 + 0.05 * condition_damage + (16.34 + 0.0325 * condition_damage) * attack_rate


def condition_stacks(coefficient: float, own_duration: float, duration: float, uncapped: float) -> float:
    """Average stacks: coefficient is stack-seconds per second at the base duration; a condition lasts at most
    twice as long, plus what is not capped. Source: wiki, Condition Duration."""
    return coefficient * (1.0 + clamp(own_duration + duration) + uncapped)


def condition_damage_per_second(stacks: float, tick: float, multiplier: float, own_multiplier: float) -> float:
    """tick: damage of one stack in a second. Source: wiki, Condition Damage."""
    return stacks * tick * multiplier * own_multiplier


def survivability(health: float, armor: float, incoming: float) -> float:
    """incoming: multiplier of strike damage taken. 1967 is the armor that the figure is relative to.
    Source: the contract."""
    return health * armor / incoming / 1967.0


def healing(healing_power: float, outgoing: float) -> float:
    """One heal of base 390 and coefficient 0.3. outgoing: share added. Source: the contract."""
    return (0.3 * healing_power + 390.0) * (1.0 + outgoing)
