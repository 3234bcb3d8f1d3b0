"""All that the estimates of a build's effects take for granted, in numbers and in words. Nothing of the kind stands
anywhere else: the numbers are used from here, and the words are shown with each result."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CAST_SECONDS = 0.75
"""No source gives cast times; three quarters of a second is what most instant-to-one-second skills take."""
QUICKNESS_SPEED = 1.5
"""Actions under quickness: +50 % speed (in-game description)."""
ALACRITY_RECHARGE = 0.8
"""Share of the recharge left under alacrity: +25 % recharge rate (in-game description)."""

WEAPON_SET_SECONDS = 10.0
"""In hand before a swap: the game's recharge of the swap."""
ATTUNEMENT_SECONDS = 5.0
LEGEND_SECONDS = 10.0
"""The recharge of the swap."""
ENERGY_PER_SECOND = 5.0
"""A revenant's energy in a fight (in-game)."""
PETS_IN_TURN = 2
TRAIT_SECONDS = 3.0
"""The least from one time to the next at which a trait acts: a recharge of a second is there against bursts, and what
sets the trait off (an evade, a critical hit beside allies) does not happen each second."""

DURATION_CAP = 30.0
"""Seconds of a boon that one can have in store (game wiki, "Boons")."""
SWIFTNESS_CAP = 60.0
STACK_CAP = 25
INTENSITY_BOONS = frozenset({"Might", "Stability"})
"""The two boons of which several stacks work at once."""

STABILITY_WINDOW = 30.0
"""Seconds over which stability's applications and control are summed."""

REGENERATION_BASE = 130.0
REGENERATION_COEFFICIENT = 0.125
"""Healing a second at level 80: 130 + 0.125 x healing power (in-game description)."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the build is played with. boon_duration: a fraction, 0.5 for 50 %. healing_power: points. of_boon: what a
    single boon lasts longer beside that, by its name."""

    boon_duration: float = 0.0
    healing_power: float = 0.0
    quickness: bool = False
    alacrity: bool = False
    of_boon: Mapping[str, float] = field(default_factory=dict)

    def duration_of(self, boon: str) -> float:
        return self.boon_duration + self.of_boon.get(boon, 0.0)


def in_words(given: Circumstances) -> tuple[str, ...]:
    """For the player, in the order in which they matter."""
    speed = " Quickness shortens it by a third." if given.quickness else ""
    recharge = " Alacrity is held all the time: recharges are four fifths." if given.alacrity else ""
    return (
        "Each skill with a recharge is used as soon as it is ready, for its effects alone: what a player does "
        f"in a real fight is less.{recharge}",
        "A use takes three quarters of a second, for the data holds no cast times." + speed,
        f"Boons last {given.boon_duration:.0%} longer, and heals count {given.healing_power:.0f} healing power where "
        "the data gives its share; where it does not, the amount without healing power is a lower bound.",
        f"Two weapon sets are in hand by turns of {WEAPON_SET_SECONDS:g} seconds, attunements of "
        f"{ATTUNEMENT_SECONDS:g}, legends of {LEGEND_SECONDS:g}; a revenant's skills also wait for their energy. Two "
        "pets take turns.",
        "Skills with charges are used once each time a charge returns.",
        f"Uptime adds up the seconds of all uses and ends at all the time: overlaps are stored up to "
        f"{DURATION_CAP:g} seconds ({SWIFTNESS_CAP:g} of swiftness). Might and stability are averages of stacks, at "
        f"most {STACK_CAP}. The number is for each one who is reached, at most the targets named. Aegis and stability "
        "are used up by what they ward off, which is not looked at.",
        "Skills that pulse give their boons with each pulse only where the data names an interval of boons.",
        "Removals count once a use, also where a skill pulses.",
        "A trait with a recharge or interval acts as often as that lets it, and not more than each "
        f"{TRAIT_SECONDS:g} seconds; what else has to happen is not looked at. Traits without one, what needs an "
        "attunement, a stance or little health, and skills without a recharge are listed and not counted.",
        "Skills that take another's place (charges of a mantra, kits, tomes, shrouds, bundles) and combos are not "
        "counted, nor is anything under water.",
    )
