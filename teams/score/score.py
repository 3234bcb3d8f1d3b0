"""How well a team fits together, by targets for what it plays: `score`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import fsum

from teams.coverage import Cover, TeamCoverage
from teams.score.model import PartScore, TeamScore
from teams.score.targets import (
    BOON,
    EACH_HAS,
    PER_FIVE,
    PER_PLAYER,
    WITHOUT_BEST,
    Target,
    digest,
    packaged_targets,
    style_of,
)
from teams.spec import GROUP_SIZE

ENGINE_VERSION = f"2-{digest()}"
"""Stored with each score. The first part counts changes of coverage and of the formula, and is raised with them; the
second changes with the file of targets."""
STRONG, WEAK = 0.95, 0.8
"""Values from which a part is a strength, and below which it is a weakness."""
MOST_TOLD = 6


@dataclass(frozen=True, slots=True)
class _Measured:
    """number: None where nothing is known. groups: of each subgroup, None for an empty one."""

    number: float | None
    groups: tuple[float | None, ...] = ()


def score(found: TeamCoverage) -> TeamScore:
    """0 to 100: the sum over the parts of weight x min(1, number / target). Parts of which nothing is known (damage
    where there is no panel) are left out, and the others make up the hundred."""
    targets = packaged_targets()
    style = targets.styles[style_of(found.game_mode, found.wvw_style)]
    measured = [(target, measure(target, found)) for target in style.targets]
    known = [(target, number) for target, number in measured if number.number is not None]
    left_out = [target.part.title for target, number in measured if number.number is None]
    scale = fsum(target.weight for target, _ in known) / 100.0
    parts = tuple(_part(target, number, target.weight / scale, found) for target, number in known)
    total = min(100.0, fsum(part.points for part in parts))
    strong = sorted((p for p in parts if p.value >= STRONG), key=lambda p: (-p.weight, p.name))
    weak = weaknesses(parts)
    notes = [f"Not judged, for nothing is known of it: {', '.join(left_out)}."] if found.size and left_out else []
    if found.game_mode == "pvp":
        notes.append("There are no published targets for PvP: these are those of roaming.")
    if not found.size:
        notes.append("Nobody is in the team.")
    return TeamScore(
        total=total,
        grade=targets.grade(total),
        style=style.name,
        title=style.title,
        engine=ENGINE_VERSION,
        parts=parts,
        strengths=tuple(part.sentence for part in strong[:MOST_TOLD]),
        weaknesses=tuple(part.sentence for part in weak[:MOST_TOLD]) if found.size else (),
        notes=tuple(notes),
    )


def weaknesses(parts: Sequence[PartScore]) -> list[PartScore]:
    """What loses most first."""
    return sorted((part for part in parts if part.value < WEAK), key=lambda part: (-part.lost, part.name))


# --- Numbers -------------------------------------------------------------------------------------
def measure(target: Target, found: TeamCoverage) -> _Measured:
    part, squad = target.part, found.squad
    by_group = _of_group(part.measure, part.of)
    if by_group is not None:
        return _by_group(by_group, found.groups)
    if part.measure == PER_FIVE:
        return _Measured(squad.rates[part.of].number * GROUP_SIZE / found.size if found.size else 0.0)
    if part.measure == "effective_health":
        return _Measured(squad.effective_health if found.size else 0.0)
    if not found.size:
        return _Measured(0.0)
    if part.measure == "damage":
        return _Measured(None if squad.power_share is None else squad.damage / found.size)
    return _Measured(squad.ranged / found.size)


def _of_group(kind: str, of: str) -> Callable[[Cover], float] | None:
    """How to measure one subgroup; None for what is of the whole squad."""
    found: dict[str, Callable[[Cover], float]] = {
        BOON: lambda group: group.boons[of].stacks,
        WITHOUT_BEST: lambda group: group.boons[of].without_best,
        EACH_HAS: lambda group: group.rates[of].number,
        PER_PLAYER: lambda group: group.rates[of].number / group.players,
        "mobility": lambda group: group.mobility,
    }
    return found.get(kind)


def _by_group(number: Callable[[Cover], float], groups: Sequence[Cover]) -> _Measured:
    numbers = tuple(number(group) if group.players else None for group in groups)
    return _Measured(_mean(numbers, groups), numbers)


def _mean(numbers: Sequence[float | None], groups: Sequence[Cover]) -> float:
    players = sum(group.players for group in groups)
    told = [number * group.players for number, group in zip(numbers, groups, strict=True) if number is not None]
    return fsum(told) / players if players else 0.0


# --- Points --------------------------------------------------------------------------------------
def _part(target: Target, measured: _Measured, weight: float, found: TeamCoverage) -> PartScore:
    number = measured.number or 0.0
    values = tuple(None if one is None else min(1.0, one / target.number) for one in measured.groups)
    value = _mean(values, found.groups) if measured.groups else min(1.0, number / target.number)
    part = target.part
    return PartScore(
        name=part.name,
        title=part.title,
        number=number,
        target=target.number,
        unit=part.unit,
        weight=weight,
        value=value,
        points=weight * value,
        groups=values,
        why=part.why,
        source=target.source,
        sentence=_sentence(target, number, values),
    )


def _sentence(target: Target, number: float, values: Sequence[float | None]) -> str:
    part = target.part
    told = f"{part.title}: {_amount(number, part.unit)} {part.unit}, {_amount(target.number, part.unit)} wanted."
    there = [(value, i) for i, value in enumerate(values) if value is not None]
    if len(there) > 1 and (least := min(there))[0] < WEAK <= max(there)[0]:
        told += f" Least in group {least[1] + 1}."
    return f"{told} {part.why}"


def _amount(number: float, unit: str) -> str:
    if unit.startswith("of the"):
        return f"{number:.0%}"
    return f"{number:,.0f}" if number >= 100 else f"{number:.2f}".rstrip("0").rstrip(".")
