"""Fields and finishers that really meet: each is there for a share of the time, and both have to be there at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, prod

from builds.engine.effects import EntityEffects, combo
from builds.engine.effects.equipped import Use
from teams.coverage import rules
from teams.coverage.model import ComboCover

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PlayerCombos:
    """fields: type to the share of the time that one of the player's is there. own: meetings among the player's own,
    (field, finisher) to times a second. free: finisher to uses a second that meet no own field. skills_of: type of a
    field, or finisher, to the skills. untold: (skill, type) of fields whose duration or recharge no fact tells."""

    fields: Mapping[str, float]
    own: Mapping[Pair, float]
    free: Mapping[str, float]
    skills_of: Mapping[str, tuple[str, ...]]
    untold: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Field:
    skill: int
    type: str
    share: float


def combos_of(uses: Iterable[Use]) -> PlayerCombos:
    uses = list(uses)
    fields, untold = _fields(uses)
    own: dict[Pair, float] = {}
    free: dict[str, float] = {}
    for use in uses:
        others = [field for field in fields if field.skill != use.entity.id]
        for finisher in use.effects.finishers if use.period else ():
            often = use.per_second * finisher.percent / 100.0
            met = _shares([(field.type, field.share) for field in others])
            for type_, share in met.items():
                own[type_, finisher.finisher] = own.get((type_, finisher.finisher), 0.0) + often * share
            free[finisher.finisher] = free.get(finisher.finisher, 0.0) + often * (1.0 - fsum(met.values()))
    types = sorted({field.type for field in fields})
    return PlayerCombos(
        {type_: _any(field.share for field in fields if field.type == type_) for type_ in types},
        own,
        free,
        _skills(uses),
        tuple(dict.fromkeys(untold)),
    )


def _fields(uses: Sequence[Use]) -> tuple[list[_Field], list[tuple[str, str]]]:
    found, untold = [], []
    for use in uses:
        seconds = _lasts(use.effects)
        for type_ in use.effects.fields:
            if seconds and use.period:
                found.append(_Field(use.entity.id, type_, min(1.0, seconds / use.period)))
            else:
                untold.append((use.entity.name, type_))
    return found, untold


def _lasts(effects: EntityEffects) -> float | None:
    """Pulses each interval say how long, where no duration does."""
    if effects.duration is None and effects.interval and effects.pulses:
        return effects.interval * effects.pulses
    return effects.duration


def _skills(uses: Sequence[Use]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for use in uses:
        for name in (*use.effects.fields, *(one.finisher for one in use.effects.finishers)):
            found.setdefault(name, []).append(use.entity.name)
    return {name: tuple(dict.fromkeys(skills)) for name, skills in found.items()}


def _any(shares: Iterable[float]) -> float:
    """That at least one of several is there, each by chance of the others."""
    return 1.0 - prod(sorted(1.0 - share for share in shares))


def _shares(fields: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Type to the chance that a finisher meets it: the chance that any is there, dealt by how often each is."""
    total = fsum(share for _, share in fields)
    if not total:
        return {}
    chance = _any(share for _, share in fields)
    types = sorted({type_ for type_, _ in fields})
    return {type_: chance * fsum(share for t, share in fields if t == type_) / total for type_ in types}


_Member = tuple[str, PlayerCombos]


def meetings(members: Sequence[_Member]) -> tuple[ComboCover, ...]:
    """members: who, and what they bring, of one subgroup. The most frequent first."""
    found: dict[Pair, list[float]] = {}
    by: dict[Pair, tuple[set[str], set[str]]] = {}

    def meet(pair: Pair, often: float, owners: Iterable[_Member], who: str, mine: PlayerCombos) -> None:
        found.setdefault(pair, []).append(often)
        fields, finishers = by.setdefault(pair, (set(), set()))
        fields |= {f"{one}: {skill}" for one, theirs in owners for skill in theirs.skills_of.get(pair[0], ())}
        finishers |= {f"{who}: {skill}" for skill in mine.skills_of.get(pair[1], ())}

    for index, (who, mine) in enumerate(members):
        for pair, often in mine.own.items():
            meet(pair, often, [(who, mine)], who, mine)
        others = [*members[:index], *members[index + 1 :]]
        met = _shares([(type_, share) for _, theirs in others for type_, share in theirs.fields.items()])
        for finisher, often in mine.free.items():
            for type_, share in met.items():
                owners = [one for one in others if type_ in one[1].fields]
                meet((type_, finisher), often * share, owners, who, mine)
    covers = [
        ComboCover(
            field, finisher, combo(field, finisher).text, rules.WINDOW * fsum(often),
            tuple(sorted(by[field, finisher][0])), tuple(sorted(by[field, finisher][1])),
        )
        for (field, finisher), often in found.items()
        if fsum(often) > 0
    ]  # fmt: skip
    return tuple(sorted(covers, key=lambda one: (-one.per_30_s, one.field, one.finisher)))
