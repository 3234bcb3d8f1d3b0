"""What facts hint at and do not tell. A skill or trait that reads as nothing is said to be unknown, unless its facts
speak of damage or attributes alone, which are read elsewhere."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from builds.engine.effects.model import EntityEffects, Unknown
from builds.gamedata.fact_shapes import AURAS, BOONS, CONDITIONS, OTHER_EFFECTS, Raw, key_of
from builds.gamedata.model import Skill, Trait

NAMED_ONLY = "the data names this effect and not what it does"
NO_EFFECT = "its facts name no effect: only its reach, times and numbers"
IN_CHARGES = "the data tells it with skill {id}, its charges"
WHICH = "the data does not say which"

MANTRA, SIGNET, CHARGES = "Mantra", "Signet", "Charges"
# Numbers that speak of boons without a name.
_BOONS_UNNAMED = frozenset({"boons per pulse", "gain all boons for base duration", "maximum boon stacks copied"})
_READ_ELSEWHERE = frozenset({"Damage", "Percent", "BuffConversion", "AttributeConversion"})
_KNOWN = frozenset((*BOONS, *CONDITIONS, *AURAS, *OTHER_EFFECTS))
PARTS = (
    "boons", "conditions", "counts", "cc", "fields", "finishers", "healing", "barrier", "life_siphon", "auras",
    "others", "superspeed", "stealth", "stun_break", "unblockable", "evade", "block", "blocks_missiles",
    "reflects_missiles", "unknown",
)  # fmt: skip
"""Fields of EntityEffects that say something about what it does."""


def with_the_unsaid(effects: EntityEffects, entity: Skill | Trait, facts: Iterable[Raw]) -> EntityEffects:
    """facts: those that hold in the mode."""
    raws = list(facts)
    unsaid = [*_charges(entity), *_unnamed_boons(raws)]
    # Beside something else a trait or signet names its attributes, most often, which the panel reads.
    if isinstance(entity, Skill) and SIGNET not in entity.categories:
        unsaid += _named(raws)
    if not unsaid and not any(getattr(effects, part) for part in PARTS):
        unsaid = [*_named(raws)] or [*_nothing(raws)]
    return replace(effects, unknown=(*effects.unknown, *unsaid)) if unsaid else effects


def _charges(entity: Skill | Trait) -> Iterator[Unknown]:
    if isinstance(entity, Skill) and MANTRA in entity.categories and (charge := entity.details.get("flip_skill")):
        yield Unknown(CHARGES, IN_CHARGES.format(id=charge))


def _unnamed_boons(raws: Iterable[Raw]) -> Iterator[Unknown]:
    for raw in raws:
        if str(raw.get("text")).casefold() in _BOONS_UNNAMED:
            yield Unknown(str(raw["text"]), WHICH)


def _named(raws: list[Raw]) -> Iterator[Unknown]:
    named = [name for kind, name in map(key_of, raws) if kind in {"Buff", "Mention"} and name and name not in _KNOWN]
    yield from (Unknown(name, NAMED_ONLY) for name in dict.fromkeys(named))


def _nothing(raws: list[Raw]) -> Iterator[Unknown]:
    if not any(raw.get("type") in _READ_ELSEWHERE or key_of(raw)[0] == "AttributeAdjust" for raw in raws):
        yield Unknown("everything", NO_EFFECT)
