"""What a build gives for each part of a score, in numbers: by the same readings as `builds.engine.effects`.

The estimates of effects leave open what no fact tells: whom a boon reaches, and how often a trait acts that has no
recharge. A score has to put a number to it, or the traits that a published build lives by would be worth nothing.
Those numbers stand in the assumptions of effects, and `ASSUMPTIONS` tells them to the player."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from builds.engine.effects import assumptions
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.build import applications, healed, heals_always, lasting, regeneration_healing
from builds.engine.effects.equipped import Use, uses_of
from builds.engine.effects.model import ALLIES, EntityEffects
from builds.engine.improve.roles import HELD_BOONS
from builds.gamedata import Catalogue
from builds.gamedata.fact_shapes import BOONS
from builds.spec.model import BuildSpec

PERHAPS = assumptions.PERHAPS
OPEN_UPTIME = assumptions.OPEN_UPTIME
WINDOW = 30.0
"""Seconds over which stability, removals and control are summed."""
ASSUMPTIONS = (
    f"A boon or heal of which no fact says that it reaches allies counts for {PERHAPS:.0%}.",
    f"A boon that comes only from sources whose rate no fact tells counts for {OPEN_UPTIME:.0%} of the time, and "
    "longer with boon duration.",
    "Damage is estimated from facts, with the boons of the group; forms, kits and tomes are not in it. For power "
    "damage conditions count half, for condition damage strikes do. Beyond what good published builds were measured "
    "with, a quarter of an estimate is believed.",
)
_REMOVED = ("conditions_removed", "conditions_converted", "conditions_transferred")
_STRIPPED = ("boons_removed", "boons_corrupted", "boons_stolen")
_NAMED_ONLY = "named without"


@dataclass(frozen=True, slots=True)
class Stream:
    """A boon as one source gives it: stacks a second, each of `seconds`, before boon duration. share: that counts."""

    stacks: float
    seconds: float
    share: float


@dataclass(frozen=True, slots=True)
class Given:
    """What skills and traits give by themselves, whatever the attributes. boons: by name in lower case; open: share of
    the best source whose rate is not told. healing: points a second, and points a second for each point of healing
    power. stability, cleanse, strip, control: in WINDOW seconds. stun_breaks: number of skills and traits."""

    boons: Mapping[str, tuple[Stream, ...]]
    open: Mapping[str, float]
    healing: tuple[float, float]
    stability: float
    cleanse: float
    strip: float
    control: float
    stun_breaks: int

    def held(self, boon: str, duration: float) -> float:
        """Share of the time, or average stacks. duration: a fraction, of the boon."""
        name = boon.capitalize()
        total = sum(one.share * one.stacks * lasting(name, one.seconds, duration) for one in self.boons.get(boon, ()))
        if name in assumptions.INTENSITY_BOONS:
            return min(total, float(assumptions.STACK_CAP))
        return min(1.0, total + OPEN_UPTIME * self.open.get(boon, 0.0) * (1.0 + max(0.0, duration)))

    def healed(self, healing_power: float, regeneration: float) -> float:
        """regeneration: share of the time."""
        flat, share = self.healing
        return flat + share * healing_power + regeneration * regeneration_healing(healing_power)


def given_by(build: BuildSpec, catalogue: Catalogue, mode: str, *, quickness: bool, alacrity: bool) -> Given:
    uses = uses_of(build, catalogue, mode, Circumstances(quickness=quickness, alacrity=alacrity))
    boons: dict[str, list[Stream]] = {}
    open_shares: dict[str, float] = {}
    flat = share = stability = cleanse = strip = control = 0.0
    stun_breaks = 0
    for use in uses:
        effects, often = use.effects, use.per_second
        for boon in effects.boons:
            name, counts = boon.name.lower(), _share(boon.to == ALLIES)
            if boon.when or not often:
                open_shares[name] = max(open_shares.get(name, 0.0), counts)
                continue
            stacks = often * applications(effects) * boon.stacks
            boons.setdefault(name, []).append(Stream(stacks, boon.seconds, counts))
            if boon.name == "Stability":
                stability += WINDOW * stacks * counts
        for name in _not_told(effects):
            open_shares[name] = max(open_shares.get(name, 0.0), PERHAPS)
        stun_breaks += effects.stun_break
        if often:
            cleanse += WINDOW * often * _sum(effects, _REMOVED)
            strip += WINDOW * often * _sum(effects, _STRIPPED)
            control += WINDOW * often * effects.defiance
            amount, by_power = _healing(use)
            flat, share = flat + often * amount, share + often * by_power
    return Given(
        {name: tuple(streams) for name, streams in boons.items()},
        {name: counts for name, counts in open_shares.items() if name in HELD_BOONS},
        (flat, share),
        stability,
        cleanse,
        strip,
        control,
        stun_breaks,
    )


def _share(reaches: bool) -> float:
    return 1.0 if reaches else PERHAPS


def _sum(effects: EntityEffects, names: Iterable[str]) -> float:
    return float(sum(getattr(effects, name) or 0.0 for name in names))


def _not_told(effects: EntityEffects) -> Iterable[str]:
    """Boons of which a source has several numbers and nothing tells which."""
    for entry in effects.unknown:
        name = entry.effect.partition(",")[0]
        if name in BOONS and _NAMED_ONLY not in entry.effect:
            yield name.lower()


def _healing(use: Use) -> tuple[float, float]:
    """Points of one use, and points for each point of healing power."""
    effects = use.effects
    heals = [heal for heal in (*effects.healing, *effects.life_siphon, *effects.barrier) if heals_always(heal.label)]
    if not heals:
        return 0.0, 0.0
    counts = _share(effects.targets_of == ALLIES)
    amount = sum(healed(heal, effects, 0.0) for heal in heals)
    return counts * amount, counts * (sum(healed(heal, effects, 1.0) for heal in heals) - amount)
