"""A use of a skill or trait, and how often it comes at best."""

import math
from dataclasses import dataclass

from builds.engine.effects import assumptions
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.model import EntityEffects
from builds.gamedata.model import Skill, Trait

HEALTH_THRESHOLD = "health threshold"
REVENANT = "Revenant"


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that is at hand for `seconds` out of every `seconds x shares`, in turn with its like."""

    seconds: float
    shares: int


@dataclass(frozen=True, slots=True)
class Use:
    """place: where it comes from, such as "Utility" or "Staff, Fire". period: seconds from one use to the next, None
    where nothing says how often it happens. rate: what tells the period where it is not its own recharge, "" else. A
    trait whose parts are set off by different things comes once for each."""

    entity: Skill | Trait
    place: str
    effects: EntityEffects
    period: float | None
    rate: str = ""

    @property
    def per_second(self) -> float:
        return 1.0 / self.period if self.period else 0.0


def cast_seconds(given: Circumstances) -> float:
    return assumptions.CAST_SECONDS / (assumptions.QUICKNESS_SPEED if given.quickness else 1.0)


def skill_period(skill: Skill, effects: EntityEffects, turn: Turn | None, given: Circumstances) -> float | None:
    """Seconds from one use to the next; None without recharge, energy or upkeep, for then it depends on everything
    else."""
    recharge = effects.count_recharge if effects.ammo and effects.count_recharge else effects.recharge
    cost = skill.details.get("cost", 0) if REVENANT in skill.professions else 0
    if not recharge and not cost:
        return _upkept(skill, effects, turn)
    ready = (recharge or 0.0) * (assumptions.ALACRITY_RECHARGE if given.alacrity else 1.0)
    return in_turn(max(ready, cost / assumptions.ENERGY_PER_SECOND) + cast_seconds(given), turn)


def _upkept(skill: Skill, effects: EntityEffects, turn: Turn | None) -> float | None:
    """A facet acts each interval, all through its legend's turn."""
    if REVENANT not in skill.professions or effects.interval is None or (skill.slot or "").startswith("Weapon_"):
        return None
    return effects.interval * (turn.shares if turn else 1)


def in_turn(ready: float, turn: Turn | None) -> float:
    """ready: seconds from one use to the next while it is at hand. A use comes at the beginning of a turn, and again
    within it where it is ready in time."""
    if turn is None or turn.shares < 2:
        return ready
    cycle = turn.seconds * turn.shares
    if ready < turn.seconds:
        return cycle / math.ceil(turn.seconds / ready)
    return math.ceil(ready / cycle) * cycle


def trait_period(trait: Trait, effects: EntityEffects) -> float | None:
    """Of a trait of which nothing tells what sets it off. Alacrity does not hasten traits. None also for those that
    wait for little health."""
    if any(str(raw.get("text", "")).casefold() == HEALTH_THRESHOLD for raw in trait.facts):
        return None
    ready = effects.recharge or effects.interval
    return max(ready, assumptions.TRAIT_SECONDS) if ready else None
