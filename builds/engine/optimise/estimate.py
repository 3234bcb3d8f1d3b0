"""The damage profile of a build, estimated from the facts of its own skills and traits.

The rotation: each skill with a recharge is used as often as `uses_of` says, best damage for its time first, until the
time is used up or auto attacks do more in it; those, with their chains, take the rest, shared among the weapon sets.
Traits act by their own recharge and take no time. A thief's initiative goes to the skill that makes most of it, a
revenant's energy to the best skills. Two rotations are tried, as in gear for strikes and as in gear for conditions, and
the one that does more damage counts: so the gear that the build wears says nothing about the profile. All numbers that
this takes for granted stand here, in builds.engine.optimise.blows and in builds.engine.effects.assumptions, and
ASSUMPTIONS tells them to the player."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from builds.engine.effects import assumptions
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.equipped import Turn, Use, skill_period, uses_of
from builds.engine.effects.reading import facts_of
from builds.engine.gear.names import DAMAGING_CONDITIONS
from builds.engine.optimise.blows import CAST_SECONDS, Blow, Strength, auto_attack, blow_of
from builds.gamedata import Catalogue
from builds.gamedata.model import Skill, Trait
from builds.spec.model import BuildSpec, DamageProfile

POWER_SCALE = 5.1
CONDITION_SCALE = 2.9
"""What the facts miss of published rotations, for all builds alike: forms, bundles, procs, vulnerability, traits.
Tuned by tests.bench.damage_profile on two thirds of the published builds with measured damage."""
UNSEEN = 1.5
"""The part of both scales that multiplies all damage, such as vulnerability: what relic and sigils add to an estimate
is multiplied with it, too."""
INITIATIVE_PER_SECOND = 1.0
HITS_PER_SECOND = 2.5
"""For traits that act with a chance a hit or each so many hits. Tuned like the scales, as is the next."""
TRAIT_SECONDS = 4.0
"""From one time to the next of a trait whose facts say neither a recharge nor a chance."""
MOST_OF_TRAIT = 400.0
"""Worth a second, by `Kind` and without the scales, of one trait at most: about a twentieth of a published build's. The
facts do not say what sets a trait off (an interrupt, a lost boon, heat), and what strikes hard is set off seldom."""
_CHANCES = {"chance on critical hit": 0.75, "chance on hit": 1.0}
"""Words of facts, and the share of hits that count."""
GIVEN = Circumstances(quickness=True, alacrity=True)
_AUTO = ("Weapon_1", "Downed_1")
_ENDINGS = ("Stow", "Detonate")
FORM = Turn(10.0, 2)
"""A necromancer's shroud is there half of the time."""
TARGET_SKILLS_PER_SECOND = 0.4
"""How often the target uses skills, for confusion: what the solved gear problems take."""
ASSUMPTIONS = (
    "The damage profile is estimated from the facts of the build's own skills and traits, under quickness and "
    "alacrity.",
    f"A skill takes {assumptions.CAST_SECONDS:g} seconds before quickness, longer the more it does; each is used when "
    "it is ready, the best for its time first, and the auto attacks of both weapon sets fill the rest.",
    f"A trait that says no recharge acts each {TRAIT_SECONDS:g} seconds, one with a chance by {HITS_PER_SECOND:g} hits "
    "a second, and none does more than about a twentieth of a build's damage.",
    "Skills of kits, tomes, forges and other bundles, phantasms, minions and pets are not in it. Relic and sigils add "
    "what their facts tell.",
)
SOURCE = "estimated from skills' facts"


@dataclass(frozen=True, slots=True)
class Kind:
    """A build's way to do damage. strike: damage of a point of strength x coefficient. stack_second: of a stack of a
    condition in a second of its plain duration."""

    strike: float
    stack_second: Mapping[str, float]

    def worth(self, blow: Blow) -> float:
        return self.of(blow.strikes, blow.stack_seconds)

    def of(self, strikes: float, stack_seconds: Mapping[str, float]) -> float:
        return self.strike * strikes + sum(self.stack_second[name] * x for name, x in stack_seconds.items())


KINDS = (
    Kind(2.75, {"bleeding": 67.0, "burning": 247.0, "poison": 78.0, "torment": 99.0, "confusion": 72.0}),
    Kind(1.5, {"bleeding": 290.0, "burning": 880.0, "poison": 310.0, "torment": 440.0, "confusion": 310.0}),
)
"""By the contract's formulas: 3500 power, four critical strikes of five at 230 %, 750 condition damage; and 2900 power,
two of three at 150 %, 2500 condition damage, conditions 70 % longer."""


@dataclass(frozen=True, slots=True)
class Move:
    """per_second: at most. cast: seconds, 0 for a trait. energy: a use."""

    blow: Blow
    per_second: float
    cast: float
    energy: float = 0.0


@dataclass(frozen=True, slots=True)
class Moves:
    """spenders: of initiative, of which one is used. autos: by main hand, of each of which one fills its share of the
    time that is left."""

    timed: tuple[Move, ...]
    spenders: tuple[Move, ...]
    autos: tuple[tuple[Blow, ...], ...]


def estimated_profile(build: BuildSpec, catalogue: Catalogue, mode: str) -> DamageProfile:
    moves = _moves(build, catalogue, mode)
    rotations = [(kind, *_rotation(moves, kind)) for kind in KINDS]
    _, strikes, stacks = max(
        rotations,
        key=lambda one: one[0].of(one[1] * POWER_SCALE, {name: x * CONDITION_SCALE for name, x in one[2].items()}),
    )
    return DamageProfile(
        round(strikes * POWER_SCALE, 3),
        0.0,
        {name: round(amount * CONDITION_SCALE, 5) for name, amount in stacks.items() if amount},
        TARGET_SKILLS_PER_SECOND,
        SOURCE,
    )


# --- the rotation ----------------------------------------------------------------------------------
def _rotation(moves: Moves, kind: Kind) -> tuple[float, dict[str, float]]:
    """Strikes (strength x coefficient) and stack-seconds by condition, each a second."""
    strikes, stacks = 0.0, dict.fromkeys(DAMAGING_CONDITIONS, 0.0)
    left, energy = 1.0, assumptions.ENERGY_PER_SECOND

    def act(blow: Blow, per_second: float) -> None:
        nonlocal strikes
        strikes += blow.strikes * per_second
        for name, amount in blow.stack_seconds.items():
            stacks[name] += amount * per_second

    autos = [max(held, key=lambda blow: kind.worth(blow) / blow.cast) for held in moves.autos] or [Blow()]
    least = sum(kind.worth(auto) / auto.cast for auto in autos) / len(autos)
    for move in sorted(moves.timed, key=lambda one: -kind.worth(one.blow) / (one.cast or CAST_SECONDS)):
        if move.cast and kind.worth(move.blow) / move.cast < least:
            continue
        per_second = min(
            move.per_second,
            left / move.cast if move.cast else MOST_OF_TRAIT / kind.worth(move.blow),
            energy / move.energy if move.energy else math.inf,
        )
        act(move.blow, per_second)
        left -= per_second * move.cast
        energy -= per_second * move.energy
    if moves.spenders:
        spender = max(moves.spenders, key=lambda one: kind.worth(one.blow) * one.per_second)
        per_second = min(spender.per_second, left / spender.cast)
        act(spender.blow, per_second)
        left -= per_second * spender.cast
    for auto in autos:
        act(auto, left / len(autos) / auto.cast)
    return strikes, stacks


# --- what there is to use --------------------------------------------------------------------------
def _moves(build: BuildSpec, catalogue: Catalogue, mode: str) -> Moves:
    uses = uses_of(build, catalogue, mode, GIVEN)
    held = frozenset(use.entity.id for use in uses if isinstance(use.entity, Trait))
    strength = Strength(catalogue)

    def blow(entity: Skill | Trait) -> Blow:
        return blow_of(entity, mode, held, strength)

    timed: list[Move] = []
    spenders: list[Move] = []
    autos: dict[str, tuple[Blow, ...]] = {}
    for use in (*uses, *_shroud(build, catalogue, mode, held)):
        entity, found = use.entity, blow(use.entity)
        if isinstance(entity, Trait):
            timed.append(Move(found, 1.0 / (use.period or untold_period(entity)), 0.0))
        elif use.period:
            timed.append(Move(found, use.per_second, found.cast, entity.details.get("cost") or 0.0))
            if (second := _second_part(entity, catalogue)) is not None:
                following = blow(second)
                timed.append(Move(following, use.per_second, following.cast))
        elif initiative := entity.details.get("initiative"):
            spenders.append(Move(found, INITIATIVE_PER_SECOND / initiative, found.cast))
        elif entity.slot in _AUTO:
            weapon = use.place.partition(",")[0]
            chain = auto_attack([blow(skill) for skill in _chain(entity, catalogue)])
            autos[weapon] = (*autos.get(weapon, ()), chain)
    return Moves(tuple(move for move in timed if move.blow), tuple(spenders), tuple(autos.values()))


def _shroud(build: BuildSpec, catalogue: Catalogue, mode: str, held: frozenset[int]) -> Iterator[Use]:
    """What an elite specialization of the necromancer has in its shroud."""
    lines = {line.specialization for line in build.specializations if line}
    if build.profession != "Necromancer":
        return
    keys = [catalogue.skills[id_] for id_ in catalogue.professions[build.profession].skills if id_ in catalogue.skills]
    for key in (key for key in keys if key.slot == "Profession_1"):
        for id_ in key.details.get("transform_skills", ()):
            skill = catalogue.skills.get(id_)
            if skill is not None and skill.specialization in lines:
                effects = facts_of(skill, mode, held)
                yield Use(skill, key.name, effects, skill_period(skill, effects, FORM, GIVEN))


def _second_part(skill: Skill, catalogue: Catalogue) -> Skill | None:
    """What lies on the key after a use, and is used at once; a copy or a way to end the first part is not."""
    second = catalogue.skills.get(skill.details.get("flip_skill") or 0)
    if second is None or second.name == skill.name or second.name.startswith(_ENDINGS):
        return None
    return second


def untold_period(trait: Trait) -> float:
    """Seconds from one time to the next of a trait whose facts name no recharge."""
    for fact in trait.facts:
        words = str(fact.get("text", "")).casefold()
        if words in _CHANCES and fact.get("percent"):
            return 100.0 / float(fact["percent"]) / (HITS_PER_SECOND * _CHANCES[words])
        if words == "number of attacks to trigger" and fact.get("value"):
            return float(fact["value"]) / HITS_PER_SECOND
    return TRAIT_SECONDS


def _chain(skill: Skill, catalogue: Catalogue) -> list[Skill]:
    found = [skill]
    while (following := catalogue.skills.get(found[-1].details.get("next_chain") or 0)) and following not in found:
        found.append(following)
    return found
