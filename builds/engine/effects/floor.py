"""What PvE gives at least, of boons of which the data has the seconds of WvW alone."""

from dataclasses import replace

from builds.engine.effects.model import EntityEffects, Unknown
from builds.engine.effects.reading import facts_of
from builds.gamedata.fact_shapes import BOONS
from builds.gamedata.facts_by_mode import ONLY_WVW
from builds.gamedata.model import BALANCE_OF_MODE, Skill, Trait

SOURCE = "WvW, at least"
LEAST_COUNTS = "the data holds several lengths; the least counts"


def at_least(entity: Skill | Trait, effects: EntityEffects, mode: str, traits: frozenset[int]) -> EntityEffects:
    """In PvE with the seconds of WvW, where the data has no others: of the 1036 single boons of which it has both,
    PvE has as much or more in 1022 (measured over the packaged snapshot)."""
    if BALANCE_OF_MODE[mode] != "pve":
        return effects
    if isinstance(entity, Skill):
        effects = _least_of_two_modes(entity, effects, traits)
    missing = {entry.effect for entry in effects.unknown if entry.reason == ONLY_WVW and entry.effect in BOONS}
    if not missing:
        return effects
    boons = tuple(
        replace(boon, source=SOURCE) for boon in facts_of(entity, "wvw", traits).boons if boon.name in missing
    )
    told = {boon.name for boon in boons}
    unknown = tuple(e for e in effects.unknown if not (e.reason == ONLY_WVW and e.effect in told))
    to = effects.targets_of
    return replace(effects, boons=(*effects.boons, *(replace(boon, to=to) for boon in boons)), unknown=unknown)


def _least_of_two_modes(skill: Skill, effects: EntityEffects, traits: frozenset[int]) -> EntityEffects:
    """Of a boon that WvW lacks, several lengths of as many stacks are those of PvE and PvP, unlabelled."""
    lengths: dict[tuple[str, str, int], list[float]] = {}
    for boon in effects.boons:
        lengths.setdefault((boon.name, boon.when, boon.stacks), []).append(boon.seconds)
    if len(lengths) == len(effects.boons) or not (skill.splits.get("wvw") or {}).get("complete"):
        return effects
    there = {boon.name for boon in facts_of(skill, "wvw", traits).boons}
    longer = [
        boon
        for boon in effects.boons
        if boon.name not in there and boon.seconds > min(lengths[boon.name, boon.when, boon.stacks])
    ]
    if not longer:
        return effects
    unknown = (Unknown(f"Longer {name}", LEAST_COUNTS) for name in dict.fromkeys(boon.name for boon in longer))
    boons = tuple(boon for boon in effects.boons if boon not in longer)
    return replace(effects, boons=boons, unknown=(*effects.unknown, *unknown))
