"""The damage profile of a build, estimated from the facts of its own skills and traits.

The rotation: each skill with a recharge is used as often as `uses_of` says, best damage for its time first, until the
time is used up; what is left goes to the best auto attack, with its chain. Traits act by their own recharge and take
no time. A thief's initiative goes to the skill that makes most of it. All numbers that this takes for granted stand
in this module and in builds.engine.effects.assumptions, and ASSUMPTIONS tells them to the player."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from builds.engine.effects import assumptions
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.equipped import Use, uses_of
from builds.engine.effects.reading import EntityKey, facts_of
from builds.engine.gear.names import DAMAGING_CONDITIONS
from builds.gamedata import Catalogue
from builds.gamedata.facts_by_mode import facts_in, traits_that_matter
from builds.gamedata.model import BALANCE_OF_MODE, Skill, Trait
from builds.spec.model import BuildSpec, DamageProfile

POWER_SCALE = 3.2
CONDITION_SCALE = 3.1
"""What the facts miss of published rotations, for all builds alike: cast times, forms, bundles, procs, vulnerability.
Tuned by tests.bench.damage_profile on two thirds of the published builds with measured damage."""
STRENGTH_WITHOUT_WEAPON = 690.5
"""Of skills that no weapon gives, at level 80 (in-game: tooltips of utility skills)."""
INITIATIVE_PER_SECOND = 1.0
HIT_SECONDS = 0.4
"""A strike of many hits is a channel: it takes so long for each, before quickness. Tuned like the scales."""
TARGET_SKILLS_PER_SECOND = 0.4
"""How often the target uses skills, for confusion: what the solved gear problems take."""
STRIKE_WORTH = 2.2
"""Damage of a point of strength x coefficient, against which conditions are weighed when skills are put in order: 2700
power with three critical strikes of four."""
STACK_SECOND_WORTH: Mapping[str, float] = {
    "bleeding": 110.0, "burning": 360.0, "poison": 125.0, "torment": 165.0, "confusion": 95.0,
}  # fmt: skip
"""Damage of a stack in a second at 1500 condition damage, by the contract's formulas."""
_INSTEAD = ("level ", "minimum", "maximum", "clone", "without", "with ", "under", "above", " vs", "boon", "unmarked")
"""Words of strikes that come one instead of another; the hardest counts."""
ASSUMPTIONS = (
    "The damage profile is estimated from the facts of the build's own skills and traits, under quickness and "
    "alacrity.",
    f"A skill takes {assumptions.CAST_SECONDS:g} seconds before quickness; each is used when it is ready, the best for "
    "its time first, and auto attacks fill the rest.",
    "Skills of forms, kits, tomes and bundles, phantasms, minions and pets, and effects of relics are not in it.",
)
SOURCE = "estimated from skills' facts"


@dataclass(frozen=True, slots=True)
class Blow:
    """What one use does. strikes: strength x coefficient. stack_seconds: by condition. cast: seconds."""

    strikes: float
    stack_seconds: Mapping[str, float]
    cast: float = assumptions.CAST_SECONDS / assumptions.QUICKNESS_SPEED

    @property
    def worth(self) -> float:
        conditions = (STACK_SECOND_WORTH[name] * amount for name, amount in self.stack_seconds.items())
        return self.strikes * STRIKE_WORTH + sum(conditions)


def estimated_profile(build: BuildSpec, catalogue: Catalogue, mode: str) -> DamageProfile:
    given = Circumstances(quickness=True, alacrity=True)
    uses = uses_of(build, catalogue, mode, given)
    held = frozenset(use.entity.id for use in uses if isinstance(use.entity, Trait))
    strength = _Strength(catalogue)
    blows = [(use, blow_of(use.entity, mode, held, strength)) for use in uses]
    strikes, stacks, left = 0.0, dict.fromkeys(DAMAGING_CONDITIONS, 0.0), 1.0

    def act(blow: Blow, per_second: float) -> None:
        nonlocal strikes
        strikes += blow.strikes * per_second
        for name, amount in blow.stack_seconds.items():
            stacks[name] += amount * per_second

    for use, blow in sorted(_timed(blows), key=lambda one: -one[1].worth / one[1].cast):
        share = 0.0 if isinstance(use.entity, Trait) else blow.cast
        per_second = use.per_second if not share else min(use.per_second, left / share)
        act(blow, per_second)
        left -= per_second * share
    if (spender := _best_spender(blows)) is not None:
        blow, per_second = spender
        per_second = min(per_second, left / blow.cast)
        act(blow, per_second)
        left -= per_second * blow.cast
    if left > 0 and (auto := _best_auto(blows, catalogue, mode, held, strength)) is not None:
        act(auto, left / auto.cast)
    return DamageProfile(
        round(strikes * POWER_SCALE, 3),
        0.0,
        {name: round(amount * CONDITION_SCALE, 5) for name, amount in stacks.items() if amount},
        TARGET_SKILLS_PER_SECOND,
        SOURCE,
    )


def _timed(blows: Iterable[tuple[Use, Blow]]) -> Iterator[tuple[Use, Blow]]:
    return ((use, blow) for use, blow in blows if use.period and blow.worth)


def _best_spender(blows: Iterable[tuple[Use, Blow]]) -> tuple[Blow, float] | None:
    """The skill that makes most of initiative, and how often there is enough of it."""
    found = [
        (blow, INITIATIVE_PER_SECOND / use.entity.details["initiative"])
        for use, blow in blows
        if isinstance(use.entity, Skill) and use.entity.details.get("initiative") and not use.period
    ]
    return max(found, key=lambda one: one[0].worth * one[1], default=None)


def _best_auto(
    blows: Iterable[tuple[Use, Blow]], catalogue: Catalogue, mode: str, held: frozenset[int], strength: "_Strength"
) -> Blow | None:
    chains = []
    for use, _ in blows:
        if isinstance(use.entity, Skill) and use.entity.slot == "Weapon_1" and not use.period:
            chain = [blow_of(skill, mode, held, strength) for skill in _chain(use.entity, catalogue)]
            chains.append(_mean(chain))
    return max(chains, key=lambda blow: blow.worth / blow.cast, default=None)


def _chain(skill: Skill, catalogue: Catalogue) -> list[Skill]:
    found = [skill]
    while (following := catalogue.skills.get(found[-1].details.get("next_chain") or 0)) and following not in found:
        found.append(following)
    return found


def _mean(blows: list[Blow]) -> Blow:
    names = {name for blow in blows for name in blow.stack_seconds}
    stacks = {name: sum(blow.stack_seconds.get(name, 0.0) for blow in blows) / len(blows) for name in names}
    strikes, cast = sum(blow.strikes for blow in blows), sum(blow.cast for blow in blows)
    return Blow(strikes / len(blows), stacks, cast / len(blows))


class _Strength:
    """Mean strength of ascended weapons."""

    def __init__(self, catalogue: Catalogue) -> None:
        table = catalogue.item_slots["weapon_strength"]["Ascended"]
        self.known = {name.casefold(): (entry["min"] + entry["max"]) / 2 for name, entry in table.items()}
        self.known["spear"] = self.known["harpoon"]

    def of(self, entity: Skill | Trait) -> float:
        weapon = (entity.weapon_type or "").casefold() if isinstance(entity, Skill) else ""
        return float(self.known.get(weapon, STRENGTH_WITHOUT_WEAPON))


def blow_of(entity: Skill | Trait, mode: str, held: frozenset[int], strength: _Strength) -> Blow:
    """held: ids of the build's traits."""
    found = _blow_of_one(EntityKey(entity), mode, traits_that_matter(entity, held))
    return replace(found, strikes=found.strikes * strength.of(entity))


@lru_cache(maxsize=8192)
def _blow_of_one(key: EntityKey, mode: str, held: frozenset[int]) -> Blow:
    """Per point of weapon strength. A search over whole builds asks the same few hundred again and again."""
    entity = key.entity
    effects = facts_of(entity, mode, held)
    pulses = float(effects.pulses or 1)
    if effects.pulses is None and effects.interval and effects.duration:
        pulses = max(1.0, effects.duration / effects.interval)
    stacks: dict[str, float] = {}
    for applied in effects.conditions:
        name = applied.name.casefold().replace("poisoned", "poison")
        if name in DAMAGING_CONDITIONS and not applied.when:
            stacks[name] = stacks.get(name, 0.0) + applied.stacks * applied.seconds
    coefficient, hits = _coefficient(entity, mode, held, pulses)
    cast = max(assumptions.CAST_SECONDS, HIT_SECONDS * hits) / assumptions.QUICKNESS_SPEED
    # The data gives conditions of a whole use, but for few.
    return Blow(coefficient, stacks, cast)


def _coefficient(entity: Skill | Trait, mode: str, held: frozenset[int], pulses: float) -> tuple[float, float]:
    """Of one use, and the most hits of one strike."""
    found = facts_in(entity, BALANCE_OF_MODE[mode], held)
    strikes = [fact.raw for fact in found.facts if fact.raw.get("type") == "Damage"]
    open_ones = [[raw for raw in entry.candidates if raw.get("type") == "Damage"] for entry in found.undecided]
    # Of numbers that no source tells apart, PvE has the greater in all but a few.
    strikes += [max(raws, key=_of_fact) for raws in open_ones if raws]
    always, instead = 0.0, 0.0
    for raw in strikes:
        amount = _of_fact(raw) * (pulses if raw.get("hit_count", 1) == 1 else 1.0)
        if any(word in str(raw.get("text", "")).casefold() for word in _INSTEAD):
            instead = max(instead, amount)
        else:
            always += amount
    return always + instead, max((float(raw.get("hit_count", 1)) for raw in strikes), default=1.0)


def _of_fact(raw: Mapping[str, object]) -> float:
    coefficient, hits = raw.get("dmg_multiplier"), raw.get("hit_count", 1)
    return (
        float(coefficient) * float(hits)
        if isinstance(coefficient, int | float) and isinstance(hits, int | float)
        else 0.0
    )
