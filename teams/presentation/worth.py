"""What a team has, as pages draw it: the score with its parts, and the heat map of boons and rates by subgroup."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from builds.presentation.glyphs import EFFECTS
from teams.coverage import RATES, Cover, GivenBy, TeamCoverage
from teams.presentation.board import boon_amount
from teams.score import PartScore, TeamScore

STEPS = 10
"""Of the heat map's colours."""
RATE_NAMES = {
    "stability_per_30_s": "Stability, times in 30 s", "superspeed": "Superspeed",
    "cleanses_per_second": "Cleanses a second", "healing_per_second": "Healing a second",
    "barrier_per_second": "Barrier a second", "own_healing_per_second": "Healing for oneself a second",
    "strips_per_second": "Boons stripped a second", "defiance_per_30_s": "Defiance broken in 30 s",
    "soft_defiance_per_30_s": "Defiance by conditions in 30 s", "stun_breaks": "Stun breaks", "reflects": "Reflects",
    "missile_blocks": "Missile blocks", "pulls": "Pulls", "movement_skills": "Movement skills",
}  # fmt: skip
_SHARES = frozenset({"superspeed"})
_PART_OF_RATE = {
    "superspeed": "superspeed", "cleanses_per_second": "cleanse", "healing_per_second": "healing",
    "barrier_per_second": "barrier", "strips_per_second": "strip", "defiance_per_30_s": "control",
    "stun_breaks": "stun_breaks", "reflects": "reflects", "pulls": "pulls", "movement_skills": "movement",
}  # fmt: skip
_MOST_SOURCES = 12


@dataclass(frozen=True, slots=True)
class Segment:
    """Of the bar of a hundred: where it begins, how wide the part's weight is, and how much of it is reached."""

    x: float
    width: float
    filled: float
    tone: str


@dataclass(frozen=True, slots=True)
class PartView:
    name: str
    title: str
    points: str
    weight: str
    percent: int
    grade: str
    sentence: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class ScoreView:
    """weakest: the three parts that lose most."""

    total: str
    grade: str
    title: str
    parts: tuple[PartView, ...]
    weakest: tuple[PartView, ...]
    strengths: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    who: str
    what: str
    amount: str


@dataclass(frozen=True, slots=True)
class Cell:
    """step: 0 to STEPS, None where there is no target to judge by. text: "" for an empty subgroup."""

    text: str
    step: int | None


@dataclass(frozen=True, slots=True)
class HeatRow:
    """cells: the squad's, then one a subgroup."""

    name: str
    glyph: str
    tone: str
    cells: tuple[Cell, ...]
    sources: tuple[SourceLine, ...]
    more: int


@dataclass(frozen=True, slots=True)
class HeatMap:
    """tables: title and rows. facts: name and text."""

    groups: tuple[int, ...]
    tables: tuple[tuple[str, tuple[HeatRow, ...]], ...]
    combos: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UntoldLine:
    """names: of what the reason is true, each once, whoever brings it."""

    reason: str
    names: tuple[str, ...]


def untold_view(found: TeamCoverage) -> tuple[UntoldLine, ...]:
    lines: dict[str, dict[str, None]] = {}
    for one in found.unknown:
        name = f"{one.source}, {one.effect}" if one.effect else one.source
        lines.setdefault(one.reason, {})[name] = None
    return tuple(UntoldLine(reason, tuple(names)) for reason, names in lines.items())


def score_view(told: TeamScore) -> ScoreView:
    parts = []
    x = 0.0
    for part in told.parts:
        parts.append(_part(part, x))
        x += part.weight
    by_loss = sorted(zip(told.parts, parts, strict=True), key=lambda pair: -pair[0].lost)
    return ScoreView(
        total=f"{told.total:.1f}",
        grade=told.grade,
        title=told.title,
        parts=tuple(parts),
        weakest=tuple(view for part, view in by_loss[:3] if part.lost >= 0.5),
        strengths=told.strengths,
        notes=told.notes,
    )


def _part(part: PartScore, x: float) -> PartView:
    tone = "good" if part.value >= 0.95 else "fair" if part.value >= 0.6 else "poor"
    return PartView(
        name=part.name,
        title=part.title,
        points=f"{part.points:.1f}",
        weight=f"{part.weight:.0f}",
        percent=round(100 * part.value),
        grade=tone,
        sentence=part.sentence,
        segment=Segment(round(x, 2), round(part.weight, 2), round(part.points, 2), tone),
    )


def heat_map(found: TeamCoverage, told: TeamScore) -> HeatMap:
    """Boons by their targets where the style has one, else by the whole of the time."""
    parts = {part.name: part for part in told.parts}
    groups = [cover for cover in found.groups if cover.group is not None]
    rows = [_boon_row(boon, found.squad, groups, parts) for boon in found.squad.boons]
    rates = [
        _rate_row(name, found.squad, groups, parts)
        for name in RATES
        if found.squad.rates[name].number > 0 or _PART_OF_RATE.get(name) in parts
    ]
    return HeatMap(
        groups=tuple(range(1, len(groups) + 1)),
        tables=(("Boons", tuple(sorted(rows, key=lambda row: row.name))), ("What else", tuple(rates))),
        combos=tuple(
            f"{one.field} field and {one.finisher.lower()}: {one.effect}, {one.per_30_s:.1f} times in 30 s"
            for one in found.squad.combos
            if one.per_30_s >= 0.1
        ),
        facts=tuple(_facts(found)),
    )


def _boon_row(boon: str, squad: Cover, groups: Sequence[Cover], parts: Mapping[str, PartScore]) -> HeatRow:
    part = parts.get(boon.lower())
    target = part.target if part else (25.0 if boon == "Might" else 1.0)
    glyph, tone = EFFECTS.get(boon, ("circle-dot", "steel"))
    cells = [
        _cell(boon_amount(boon, cover.boons[boon].stacks), cover, cover.boons[boon].stacks / target)
        for cover in (squad, *groups)
    ]
    sources = [one for cover in groups for one in cover.boons[boon].sources if not one.beyond]
    return _row(boon, glyph, tone, cells, sources, lambda amount: boon_amount(boon, amount))


def _rate_row(name: str, squad: Cover, groups: Sequence[Cover], parts: Mapping[str, PartScore]) -> HeatRow:
    part = parts.get(_PART_OF_RATE.get(name, ""))
    values = dict(enumerate(part.groups)) if part else {}
    cells = [_cell(rate_text(name, squad.rates[name].number), squad, part.value if part else None)]
    for index, cover in enumerate(groups):
        cells.append(_cell(rate_text(name, cover.rates[name].number), cover, values.get(index)))
    sources = [one for cover in groups for one in cover.rates[name].sources if not one.beyond]
    return _row(RATE_NAMES[name], "", "steel", cells, sources, lambda amount: rate_text(name, amount))


def _row(
    name: str, glyph: str, tone: str, cells: Sequence[Cell], sources: Sequence[GivenBy], said: Callable[[float], str]
) -> HeatRow:
    ordered = sorted(sources, key=lambda one: (-one.amount, one.group, one.slot, one.origin.name))
    lines = [
        SourceLine(
            f"{one.player or 'Player'}, group {one.group + 1}",
            f"{one.origin.name} ({one.origin.place})" if one.origin.place else one.origin.name,
            said(one.amount) if one.basis == "counted" else f"how often is not known; counted as {said(one.amount)}",
        )
        for one in ordered[:_MOST_SOURCES]
    ]
    return HeatRow(name, glyph, tone, tuple(cells), tuple(lines), max(0, len(ordered) - _MOST_SOURCES))


def _cell(text: str, cover: Cover, value: float | None) -> Cell:
    if not cover.players:
        return Cell("", None)
    return Cell(text, None if value is None else max(0, min(STEPS, round(STEPS * value))))


def rate_text(name: str, number: float) -> str:
    if name in _SHARES:
        return f"{number:.0%}"
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}".removesuffix(".0")


def _facts(found: TeamCoverage) -> list[tuple[str, str]]:
    squad = found.squad
    facts = [("Players", f"{squad.players} of {found.size}")]
    if squad.power_share is not None:
        facts.append(("Damage a second", f"{squad.damage:,.0f}"))
        facts.append(("By strikes and conditions", f"{squad.power_share:.0%} and {1 - squad.power_share:.0%}"))
    if squad.effective_health is not None and squad.least_effective_health is not None:
        facts.append(
            ("Effective health", f"{squad.effective_health:,.0f} on average, {squad.least_effective_health:,.0f} least")
        )
    facts.append(("Ranged and melee", f"{squad.ranged} and {squad.melee}"))
    facts.append(("Swift or faster", f"{squad.mobility:.0%} of the time"))
    return facts
