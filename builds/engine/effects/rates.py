"""How often traits act: by what sets them off where that is known, else by their own recharge or interval."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from builds.engine.effects.events import Events, Rate
from builds.engine.effects.floor import LEAST_COUNTS
from builds.engine.effects.model import Boon, EntityEffects, Unknown
from builds.engine.effects.triggers import LEAST, MOST, Trigger, triggers
from builds.engine.effects.turns import Use, trait_period
from builds.gamedata.model import Trait

NOTHING_DOES = "nothing that the build brings sets it off"
PLACE = "Trait"
ROLE_BOONS = {
    "quickness": "Quickness", "healer_quickness": "Quickness", "alacrity": "Alacrity", "healer_alacrity": "Alacrity",
    "stability_support": "Stability",
}  # fmt: skip
"""The boon that a role promises."""
_ATTUNEMENT, _STANCE = " Attunement", "Legendary "


def trait_uses(traits: Sequence[tuple[Trait, EntityEffects]], events: Events) -> list[Use]:
    """In the order given; a trait comes once for each thing that sets a part of it off. Traits that are set off by
    what others do are rated after those."""
    found: dict[int, list[Use]] = {}
    later = [pair for pair in traits if _follows(pair[0])]
    for trait, effects in (*(pair for pair in traits if pair not in later), *later):
        uses = list(_uses(trait, effects, events))
        found[trait.id] = uses
        events.traits += uses if (trait, effects) not in later else []
    return [use for trait, _ in traits for use in found[trait.id]]


def _follows(trait: Trait) -> bool:
    lines = triggers().by_trait.get(trait.id, ())
    return any(word.startswith("boon:") or word in {"aura", "barrier", "cleanse"} for line in lines for word in line.on)


def _uses(trait: Trait, effects: EntityEffects, events: Events) -> Iterator[Use]:
    lines = triggers().by_trait.get(trait.id, ())
    period, words = trait_period(trait, effects), ""
    if not lines and not any(boon.when for boon in effects.boons):
        yield Use(trait, PLACE, effects, period)
        return
    left = list(effects.boons)
    unknown: list[Unknown] = []
    parts: list[Use] = []
    for line in lines:
        rate = events.of(line.on)
        taken = _taken(line, left, events)
        if rate.per_second:
            if line.whole:
                period, words = _period(line, rate, effects), rate.words
                always = [boon for boon in taken if not boon.when]
                longer = [boon for boon in always if boon not in _surest(always)]
                unknown += [Unknown(f"Longer {name}", LEAST_COUNTS) for name in _names(longer)]
                left = [boon for boon in left if boon not in longer]
                taken = [boon for boon in taken if boon.when]
            parts += _by_when(trait, effects, taken, line, rate, events)
            left = [boon for boon in left if boon not in taken]
        elif not rate.open:
            left = [boon for boon in left if boon not in taken]
            unknown += [Unknown(f"{name} from {trait.name}", NOTHING_DOES) for name in _names(taken)]
            period = None if line.whole else period
    for boon in [boon for boon in left if boon.when]:
        rate = events.named(boon.when)
        if rate.per_second:
            left.remove(boon)
            parts.append(_part(trait, effects, [replace(boon, when="")], _spaced(rate, effects), rate.words))
    if unknown or len(left) < len(effects.boons):
        effects = replace(effects, boons=tuple(left), unknown=(*effects.unknown, *unknown))
    yield Use(trait, PLACE, effects, period, words)
    yield from parts


# --- Which boons a line is about -----------------------------------------------------------------
def _taken(line: Trigger, left: Iterable[Boon], events: Events) -> list[Boon]:
    fitting = [boon for boon in left if not line.boons or boon.name in line.boons]
    if line.role_decides:
        wanted = ROLE_BOONS.get(events.build.role or "")
        return [boon for boon in fitting if boon.name == wanted][:1]
    fitting = [boon for boon in fitting if _of_the_event(boon)]
    if line.seconds:
        return [boon for boon in fitting if boon.seconds in line.seconds]
    if line.part:
        return list(_extremes(fitting, line.part))
    return fitting


def _of_the_event(boon: Boon) -> bool:
    """Not what waits for a skill of its own."""
    return not boon.when or boon.when.endswith(_ATTUNEMENT) or boon.when.startswith(_STANCE)


def _names(boons: Iterable[Boon]) -> Iterable[str]:
    return dict.fromkeys(boon.name for boon in boons)


def _size(boon: Boon) -> float:
    return boon.seconds * boon.stacks


def _extremes(boons: Iterable[Boon], part: str) -> Iterator[Boon]:
    by_name: dict[str, list[Boon]] = {}
    for boon in boons:
        by_name.setdefault(boon.name, []).append(boon)
    pick = {LEAST: min, MOST: max}[part]
    yield from (pick(alike, key=_size) for alike in by_name.values())


# --- How often -----------------------------------------------------------------------------------
def _period(line: Trigger, rate: Rate, effects: EntityEffects) -> float:
    often = rate.per_second / line.per * ((effects.pulses or 1) if line.pulses else 1)
    ready = (effects.recharge or effects.interval or 0.0) if line.gap else 0.0
    return max(ready, 1.0 / often)


def _spaced(rate: Rate, effects: EntityEffects) -> float:
    return max(effects.recharge or 0.0, 1.0 / rate.per_second)


def _by_when(
    trait: Trait, effects: EntityEffects, taken: Sequence[Boon], line: Trigger, rate: Rate, events: Events
) -> Iterator[Use]:
    """Of boons that need an attunement or a legend, each comes in the turn of its own."""
    period = _period(line, rate, effects)
    always = [boon for boon in taken if not boon.when or line.role_decides]
    if always:
        yield _part(trait, effects, _surest([replace(boon, when="") for boon in always]), period, rate.words)
    for when in dict.fromkeys(boon.when for boon in taken if boon not in always):
        if shares := _shares(when, events):
            boons = _surest([replace(boon, when="") for boon in taken if boon.when == when])
            yield _part(trait, effects, boons, period * shares, f"{rate.words}, in {when}")


def _surest(boons: Sequence[Boon]) -> list[Boon]:
    """Of several lengths of one boon the least: the others may be of another mode or event."""
    return list(_extremes(boons, LEAST))


def _shares(when: str, events: Events) -> int:
    """In how many turns one is the named one; 0 where it never comes."""
    if when.endswith(_ATTUNEMENT):
        return events.attunements
    legends = [
        events.catalogue.legends[id_].name for id_ in events.build.legends_land if id_ in events.catalogue.legends
    ]
    return len(legends) if when in legends else 0


def _part(trait: Trait, effects: EntityEffects, boons: Sequence[Boon], period: float, words: str) -> Use:
    """Only the boons: all else comes with the trait itself."""
    only = EntityEffects(
        effects.kind, effects.id, effects.name, effects.mode, tuple(boons),
        targets=effects.targets, targets_of=effects.targets_of, radius=effects.radius,
    )  # fmt: skip
    return Use(trait, PLACE, only, period, words)
