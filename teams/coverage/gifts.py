"""From one use of a skill or trait to what it gives, to whom and to how many."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from builds.engine.effects import EntityEffects, assumptions
from builds.engine.effects.assumptions import Circumstances
from builds.engine.effects.build import applications, healed, heals_always, lasting
from builds.engine.effects.equipped import Use
from builds.engine.effects.model import ALLIES, Boon, Heal
from builds.gamedata.fact_shapes import BOONS
from builds.gamedata.model import Skill
from teams.coverage import rules
from teams.coverage.model import OPEN, Gift, Origin

_CLEANSES = ("conditions_removed", "conditions_converted", "conditions_transferred")
_STRIPS = ("boons_removed", "boons_corrupted", "boons_stolen")
_SELF_WORDS = ("self", "personal")
_HOW_OFTEN = "how often is not known"
_SEVERAL = "the data names several durations"


def reach_of(effects: EntityEffects) -> tuple[str, int]:
    """Of rules.REACHES, and to how many."""
    if effects.targets_of == ALLIES:
        return ALLIES, effects.targets or rules.USUAL_TARGETS
    if effects.targets or effects.radius:
        return rules.PERHAPS, effects.targets or rules.USUAL_TARGETS
    return rules.SELF, 1


def origin_of(use: Use) -> Origin:
    return Origin(use.effects.kind, use.entity.id, use.entity.name, use.place, use.period)


# --- Boons ---------------------------------------------------------------------------------------
def boon_gifts(uses: Iterable[Use], given: Circumstances) -> dict[str, tuple[Gift, ...]]:
    """Boon to what gives it, in the game's order of boons. amount: share of the time, or average stacks."""
    counted: dict[str, list[Gift]] = {}
    open_: dict[str, list[Gift]] = {}
    for use in uses:
        for boon in use.effects.boons:
            gift = _boon_gift(use, boon, given)
            (open_ if gift.basis == OPEN else counted).setdefault(boon.name, []).append(gift)
        for name in _of_several_lengths(use.effects):
            open_.setdefault(name, []).append(_open_gift(use, name, given, _SEVERAL))
    return {
        name: (*counted.get(name, ()), *_best_counts(open_.get(name, ())))
        for name in BOONS
        if name in counted or name in open_
    }


def _boon_gift(use: Use, boon: Boon, given: Circumstances) -> Gift:
    if boon.when or not use.period:
        return _open_gift(use, boon.name, given, f"only with {boon.when}" if boon.when else _HOW_OFTEN, boon)
    seconds = lasting(boon.name, boon.seconds, given.duration_of(boon.name))
    share = use.per_second * applications(use.effects) * boon.stacks * seconds
    reach, targets = reach_of(use.effects)
    return Gift(origin_of(use), share, reach, targets, seconds, boon.stacks)


def _open_gift(use: Use, name: str, given: Circumstances, why: str, boon: Boon | None = None) -> Gift:
    duration = given.duration_of(name)
    seconds = lasting(name, boon.seconds, duration) if boon else 0.0
    counts = assumptions.open_uptime(name, duration)
    reach, targets = reach_of(use.effects)
    return Gift(origin_of(use), counts, reach, targets, seconds, boon.stacks if boon else 1, OPEN, why)


def _best_counts(gifts: Iterable[Gift]) -> Iterator[Gift]:
    """Of sources without a rate the one that reaches most counts; the others are there, at nothing."""
    order = {reach: i for i, reach in enumerate(rules.REACHES)}
    ranked = sorted(gifts, key=lambda gift: (order[gift.reach], -gift.targets, gift.origin.kind, gift.origin.id))
    yield from ranked[:1]
    yield from (replace(gift, amount=0.0) for gift in ranked[1:])


def _of_several_lengths(effects: EntityEffects) -> Iterator[str]:
    """What is only named may as well be taken from foes, so that it is not among these."""
    return iter(dict.fromkeys(entry.effect for entry in effects.unknown if entry.effect in BOONS))


# --- Everything that adds up ---------------------------------------------------------------------
def rate_gifts(
    uses: Iterable[Use], boons: dict[str, tuple[Gift, ...]], given: Circumstances
) -> dict[str, tuple[Gift, ...]]:
    """By rules.RATES, in their units."""
    found: dict[str, list[Gift]] = {}
    for use in uses:
        for name, amount, reach, targets in (*_in_time(use, given), *_there(use)):
            if amount:
                found.setdefault(name, []).append(Gift(origin_of(use), amount, reach, targets))
    stability = [_applications(gift) for gift in boons.get("Stability", ()) if gift.basis != OPEN]
    found |= {"stability_per_30_s": stability} if stability else {}
    return {name: tuple(gifts) for name, gifts in found.items()}


def _applications(gift: Gift) -> Gift:
    """All stacks of a use or pulse at once."""
    per_second = gift.amount / gift.seconds / gift.stacks if gift.seconds else 0.0
    return replace(gift, amount=rules.WINDOW * per_second)


_Found = tuple[str, float, str, int]


def _in_time(use: Use, given: Circumstances) -> Iterator[_Found]:
    """What needs to be known how often."""
    effects, often = use.effects, use.per_second
    if not often:
        return
    reach, targets = reach_of(effects)
    for effect in _CLEANSES:
        labels = [count.label for count in effects.counts if count.effect == effect]
        own = bool(labels) and all(map(_is_own, labels))
        amount = often * (getattr(effects, effect) or 0.0)
        yield "cleanses_per_second", amount, *((rules.SELF, 1) if own else (reach, targets))
    for name, heals in (
        ("healing_per_second", (*effects.healing, *effects.life_siphon)),
        ("barrier_per_second", effects.barrier),
    ):
        for heal in (heal for heal in heals if heals_always(heal.label)):
            points = often * _points(heal, effects, given)
            if heal in effects.life_siphon or reach == rules.SELF or _is_own(heal.label):
                yield "own_healing_per_second", points, rules.SELF, 1
            else:
                yield name, points, reach, targets
    yield "strips_per_second", often * sum(getattr(effects, one) or 0.0 for one in _STRIPS), rules.NO_ALLY, 1
    yield "defiance_per_30_s", rules.WINDOW * often * effects.defiance, rules.NO_ALLY, 1
    yield "soft_defiance_per_30_s", rules.WINDOW * often * effects.soft_defiance, rules.NO_ALLY, 1
    yield "superspeed", min(1.0, often * (effects.superspeed or 0.0)), reach, targets


def _points(heal: Heal, effects: EntityEffects, given: Circumstances) -> float:
    return healed(heal, effects, given.healing_power)


def _is_own(label: str) -> bool:
    return any(word in label.casefold() for word in _SELF_WORDS)


def _there(use: Use) -> Iterator[_Found]:
    """What counts by being there."""
    effects = use.effects
    moves = isinstance(use.entity, Skill) and (
        effects.evade is not None or any(one.finisher == "Leap" for one in effects.finishers)
    )
    yield "stun_breaks", float(effects.stun_break), rules.NO_ALLY, 1
    yield "reflects", float(effects.reflects_missiles), rules.NO_ALLY, 1
    yield "missile_blocks", float(effects.blocks_missiles and not effects.reflects_missiles), rules.NO_ALLY, 1
    yield "pulls", float(any(control.effect == "Pull" for control in effects.cc)), rules.NO_ALLY, 1
    yield "movement_skills", float(moves), rules.NO_ALLY, 1
