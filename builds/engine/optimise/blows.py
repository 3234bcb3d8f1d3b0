"""What one use of a skill or trait does, from its facts: strikes, and stack-seconds of conditions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from builds.engine.effects import assumptions
from builds.engine.effects.reading import EntityKey, facts_of
from builds.engine.gear.names import DAMAGING_CONDITIONS
from builds.gamedata import Catalogue
from builds.gamedata.fact_shapes import key_of
from builds.gamedata.facts_by_mode import FactsOfMode, facts_in, traits_that_matter
from builds.gamedata.model import BALANCE_OF_MODE, Skill, Trait

STRENGTH_WITHOUT_WEAPON = 690.5
"""Of skills that no weapon gives, at level 80 (in-game: tooltips of utility skills)."""
HIT_SECONDS = 0.5
"""Many hits are a channel: it takes so long for each, before quickness. Tuned like the scales."""
CAST_SECONDS = assumptions.CAST_SECONDS / assumptions.QUICKNESS_SPEED
AUTO_STRENGTH, SKILL_STRENGTH = 1000.0, 1400.0
"""Strikes (strength x coefficient) in a second of casting, before quickness, of auto attacks and of other skills: no
source gives cast times, but what does more takes longer. Without it a search finds the slow hard blows, and counts them
as quick. Tuned like the scales."""
AS_STRIKES = {"bleeding": 24.0, "burning": 90.0, "poison": 28.0, "torment": 36.0, "confusion": 26.0}
"""Strikes that a stack-second takes as long as: by what both do in gear for strikes."""
_INSTEAD = (
    "level ", "minimum", "maximum", "clone", "without", "with ", "under", "above", "below", " vs", "boon", "unmarked",
    " to controlled", "front", "back ",
)  # fmt: skip
"""Words of strikes that come one instead of another; the hardest counts."""


@dataclass(frozen=True, slots=True)
class Blow:
    """strikes: strength x coefficient. stack_seconds: by condition. cast: seconds."""

    strikes: float = 0.0
    stack_seconds: Mapping[str, float] = field(default_factory=dict)
    cast: float = CAST_SECONDS

    def __bool__(self) -> bool:
        return bool(self.strikes or self.stack_seconds)


class Strength:
    """Mean strength of ascended weapons."""

    def __init__(self, catalogue: Catalogue) -> None:
        table = catalogue.item_slots["weapon_strength"]["Ascended"]
        self.known = {name.casefold(): (entry["min"] + entry["max"]) / 2 for name, entry in table.items()}
        self.known["spear"] = self.known["harpoon"]

    def of(self, entity: Skill | Trait) -> float:
        weapon = (entity.weapon_type or "").casefold() if isinstance(entity, Skill) else ""
        return float(self.known.get(weapon, STRENGTH_WITHOUT_WEAPON))


def blow_of(entity: Skill | Trait, mode: str, held: frozenset[int], strength: Strength) -> Blow:
    """held: ids of the build's traits."""
    found = _of_one(EntityKey(entity), mode, traits_that_matter(entity, held))
    return _at_most(replace(found, strikes=found.strikes * strength.of(entity)), SKILL_STRENGTH) if found else found


def auto_attack(blows: list[Blow]) -> Blow:
    """Of a chain: one use of each, in the mean."""
    names = {name for blow in blows for name in blow.stack_seconds}
    stacks = {name: sum(blow.stack_seconds.get(name, 0.0) for blow in blows) / len(blows) for name in names}
    strikes, cast = sum(blow.strikes for blow in blows), sum(blow.cast for blow in blows)
    return _at_most(Blow(strikes / len(blows), stacks, cast / len(blows)), AUTO_STRENGTH)


def _at_most(blow: Blow, in_a_second: float) -> Blow:
    """As slow as what it does makes it. in_a_second: strikes, before quickness."""
    amount = blow.strikes + sum(AS_STRIKES[name] * stacks for name, stacks in blow.stack_seconds.items())
    return replace(blow, cast=max(blow.cast, amount / in_a_second / assumptions.QUICKNESS_SPEED))


@lru_cache(maxsize=8192)
def _of_one(key: EntityKey, mode: str, held: frozenset[int]) -> Blow:
    """Per point of weapon strength. A search over whole builds asks the same few hundred again and again."""
    entity = key.entity
    effects = facts_of(entity, mode, held)
    found = facts_in(entity, BALANCE_OF_MODE[mode], held)
    pulses = float(effects.pulses or 1)
    if effects.pulses is None and effects.interval and effects.duration:
        pulses = max(1.0, effects.duration / effects.interval)
    stacks: dict[str, float] = {}
    told = [(one.name, one.stacks * one.seconds) for one in effects.conditions if not one.when]
    # The data gives conditions of a whole use, but for few.
    for name, amount in (*told, *_open_conditions(found)):
        condition = name.casefold().replace("poisoned", "poison")
        if condition in DAMAGING_CONDITIONS:
            stacks[condition] = stacks.get(condition, 0.0) + amount
    coefficient, hits = _coefficient(found, pulses)
    cast = max(assumptions.CAST_SECONDS, HIT_SECONDS * hits) / assumptions.QUICKNESS_SPEED
    return Blow(coefficient, stacks, cast)


def _open_conditions(found: FactsOfMode) -> Iterator[tuple[str, float]]:
    """Of numbers that no source tells apart, the greatest, as with strikes."""
    for entry in found.undecided:
        told: dict[str, float] = {}
        for raw in entry.candidates:
            kind, name = key_of(raw)
            if kind == "Buff" and "prefix" not in raw:
                told[name] = max(told.get(name, 0.0), float(raw["duration"]) * float(raw.get("apply_count") or 1))
        yield from told.items()


def _coefficient(found: FactsOfMode, pulses: float) -> tuple[float, float]:
    """Of one use, and its hits; of strikes that exclude each other, those of the hardest."""
    strikes = [fact.raw for fact in found.facts if fact.raw.get("type") == "Damage"]
    open_ones = [[raw for raw in entry.candidates if raw.get("type") == "Damage"] for entry in found.undecided]
    # Of numbers that no source tells apart, PvE has the greater in all but a few.
    strikes += [max(raws, key=_of_fact) for raws in open_ones if raws]
    always, hits = 0.0, 0.0
    instead = (0.0, 0.0)
    for raw in strikes:
        count = float(raw.get("hit_count", 1))
        amount = _of_fact(raw) * (pulses if count == 1 else 1.0)
        if any(word in str(raw.get("text", "")).casefold() for word in _INSTEAD):
            instead = max(instead, (amount, count))
        else:
            always, hits = always + amount, hits + count
    return always + instead[0], hits + instead[1]


def _of_fact(raw: Mapping[str, object]) -> float:
    coefficient, hits = raw.get("dmg_multiplier"), raw.get("hit_count", 1)
    return (
        float(coefficient) * float(hits)
        if isinstance(coefficient, int | float) and isinstance(hits, int | float)
        else 0.0
    )
