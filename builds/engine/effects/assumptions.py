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
OVERLOAD_SECONDS = 10.0
"""Of a tempest's attunement: it has to be held for some seconds before the overload, whose channel takes as long."""
DODGE_SECONDS = 10.0
"""Endurance for a dodge, 50 at 5 a second (in-game)."""
MOST_CLONES = 3
"""Illusions that a mesmer can have at a time (in-game)."""
FAMILIAR_CHARGES = 6
"""Weapon skills that make an evoker's familiar ready (Kadenar/gw2-combat-simulator)."""
TRAIT_SECONDS = 3.0
"""The least from one time to the next at which a trait acts: a recharge of a second is there against bursts, and what
sets the trait off (an evade, a critical hit beside allies) does not happen each second."""

OPEN_UPTIME = 0.7
"""Share of the time for which a score counts a boon whose sources tell no rate, without boon duration: the published
builds that live by such a trait reach all the time with the 30 to 45 % boon duration that they wear. Might and
stability from such sources count nothing."""
PERHAPS = 0.7
"""Share that a score counts of a boon or heal that no fact says reaches allies: in most cases it does."""

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


def open_uptime(boon: str, duration: float) -> float:
    """What a score counts for a boon from sources that tell no rate. duration: a fraction, of the boon."""
    return 0.0 if boon in INTENSITY_BOONS else min(1.0, OPEN_UPTIME * (1.0 + max(0.0, duration)))


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
        f"{ATTUNEMENT_SECONDS:g} (a tempest's of {OVERLOAD_SECONDS:g}, with an overload each), legends of "
        f"{LEGEND_SECONDS:g}; a revenant's skills also wait for their energy, and facets are held all through their "
        "legend's turn. What skills cost beside energy is not looked at. Two pets take turns.",
        "A trait of which it is known what sets it off acts each time that this happens: with each use of such a "
        f"skill, each swap, each dodge (one in {DODGE_SECONDS:g} seconds). Clones are shattered as often as skills "
        f"make them, {MOST_CLONES} at a time. Forms are entered as soon as they may be, and each of their skills is "
        f"used once. An evoker's familiar is the one that the role asks for, ready after {FAMILIAR_CHARGES} weapon "
        "skills.",
        "Where the data has a boon's seconds of WvW alone, PvE counts as many: of a thousand boons of which it has "
        "both, PvE has less in fourteen. Of several lengths of a boon of which the data does not say when or where "
        "each holds the least counts.",
        "Skills with charges are used once each time a charge returns.",
        f"Uptime adds up the seconds of all uses and ends at all the time: overlaps are stored up to "
        f"{DURATION_CAP:g} seconds ({SWIFTNESS_CAP:g} of swiftness). Might and stability are averages of stacks, at "
        f"most {STACK_CAP}. The number is for each one who is reached, at most the targets named. Aegis and stability "
        "are used up by what they ward off, which is not looked at.",
        "Skills that pulse give their boons with each pulse only where the data names an interval of boons.",
        "Removals count once a use, also where a skill pulses.",
        "Of a trait of which it is not known what sets it off, the recharge or interval counts, and not more than each "
        f"{TRAIT_SECONDS:g} seconds. Where there is neither, and for what needs a stance or little health, how often "
        f"is not known: it is listed, and only where a score needs a number does such a boon count for "
        f"{OPEN_UPTIME:.0%} of the time, longer with boon duration; might and stability count nothing.",
        "Charges of a mantra are used each time one returns. Other skills that take another's place (kits, tomes, "
        "shrouds, bundles) are named and not counted; combos are not counted, nor is anything under water.",
    )
