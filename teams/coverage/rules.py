"""All that coverage takes for granted beside builds.engine.effects.assumptions, in numbers and in words. The sources
are told in docs/teams.md."""

from builds.engine.effects import assumptions
from builds.engine.effects.model import ALLIES
from teams.spec import GROUP_SIZE

WINDOW = 30.0
"""Seconds over which stability and control are summed."""

SELF = "self"
PERHAPS = "perhaps"
NO_ALLY = ""
REACHES = (ALLIES, PERHAPS, SELF)
"""allies: a fact names the number of allies. perhaps: the facts name targets or a radius, and not whose. self: the
facts name neither, so that only the giver is sure to have it. What is done to foes, or by being there, reaches none."""
PERHAPS_SHARE = assumptions.PERHAPS
"""Share that counts of what perhaps reaches allies: most of it does."""
USUAL_TARGETS = GROUP_SIZE
"""Where a radius stands without a number: 5 in 125 of the 141 facts that name allied targets."""

OPEN_UPTIME = assumptions.OPEN_UPTIME
"""Share of the time that a player holds a boon whose sources say no recharge, before boon duration."""
GROUP_MODES = frozenset({"fractals", "raids", "strikes"})
"""Where recharges and casts are taken under alacrity and quickness, as groups there hold both."""

RANGED_FROM = 600
"""Units of range of a weapon's first skill, from which a weapon set is a ranged one: half of the usual 1200."""

SUMMED, SHARED, PER_MEMBER = "summed", "shared", "per member"
RATES = {
    "stability_per_30_s": (SHARED, "applications of stability in 30 s on each player"),
    "superspeed": (SHARED, "share of the time with superspeed"),
    "cleanses_per_second": (PER_MEMBER, "conditions taken off a second, over all players reached"),
    "healing_per_second": (PER_MEMBER, "points of health a second, over all players reached"),
    "barrier_per_second": (PER_MEMBER, "points of barrier a second, over all players reached"),
    "own_healing_per_second": (SUMMED, "points of health and barrier a second that players give themselves alone"),
    "strips_per_second": (SUMMED, "boons taken off a foe a second: removed, corrupted or stolen"),
    "defiance_per_30_s": (SUMMED, "points off a defiance bar in 30 s by hard control"),
    "soft_defiance_per_30_s": (SUMMED, "points off a defiance bar in 30 s by conditions"),
    "stun_breaks": (SUMMED, "skills that break stuns"),
    "reflects": (SUMMED, "skills and traits that reflect missiles"),
    "missile_blocks": (SUMMED, "skills and traits that stop missiles"),
    "pulls": (SUMMED, "skills that pull"),
    "movement_skills": (SUMMED, "skills that move their user: leaps and evades"),
}
"""Name to how it spreads over a subgroup, and its unit. summed: each player's adds up. shared: what each of a subgroup
has, by the rule of targets. per member: times the players that are there and reached."""

ASSUMPTIONS = (
    "A boon reaches as many players as its facts name, those of the giver's subgroup first. A subgroup counts as one "
    f"of {GROUP_SIZE}: three targets are three fifths of it, however many are there.",
    "Targets that are left over when the giver's subgroup is full, or not whole, reach the other subgroups alike.",
    f"What names targets or a radius and not whose counts for {PERHAPS_SHARE:.0%}; what names neither counts for its "
    "giver alone.",
    f"A boon of whose sources nothing tells how often they act counts for {OPEN_UPTIME:.0%} of the time and longer "
    "with boon duration; might and stability from such a source are named and count nothing.",
    "Charges of mantras count, each time one returns. Other skills that take a skill's place (tomes, kits, shrouds, "
    "overloads) are named and count nothing.",
    "In fractals, raids and strikes recharges are those under alacrity and casts those under quickness; elsewhere not.",
    "Strips are those of one foe. Cleanses and heals reach those who are there.",
    "A field and a finisher meet in one subgroup, each used when it is ready and without regard to the other; a "
    "player's own fields go first. A field whose duration is not known is named and meets nothing.",
    "Damage is what each build does by its profile under the usual boons, on one target, its first weapon set in hand.",
)
"""For the player, in the order in which they matter."""
