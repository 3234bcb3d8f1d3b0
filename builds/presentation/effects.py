"""What a build gives and does, as pages draw it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from builds.engine.effects import BuildEffects
from builds.engine.effects.assumptions import INTENSITY_BOONS, STACK_CAP
from builds.engine.effects.build import BoonUptime, CountRate, Does, HealRate, Source
from builds.presentation.glyphs import EFFECTS

_NEVER = 0.005
"""Less of a boon or condition than half a percent rounds to nothing."""
_MOST_NAMES = 4
_COUNTED = {
    "conditions_removed": "Conditions removed",
    "conditions_converted": "Conditions turned into boons",
    "conditions_transferred": "Conditions sent to foes",
    "boons_removed": "Boons removed",
    "boons_corrupted": "Boons corrupted",
    "boons_stolen": "Boons stolen",
}


@dataclass(frozen=True, slots=True)
class BoonRow:
    """percent: how far the bar is drawn, 0 to 100. amount: "84 %" or "3.4 stacks". givers: who gives it, most
    first, and of whom nothing says how often. reach: who gets it, "" where the data does not say. delta: "+12 %"
    against before; was: its bar before."""

    name: str
    glyph: str
    tone: str
    percent: int
    amount: str
    givers: str
    reach: str
    delta: str = ""
    was: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """was: another value before, "" where it is the same."""

    label: str
    value: str
    sources: str
    was: str = ""


@dataclass(frozen=True, slots=True)
class EffectsView:
    """now_and_then: boons of which nothing says how often they come; value: what a score counts of them. unknown:
    source, and what is not known of it."""

    boons: tuple[BoonRow, ...]
    now_and_then: tuple[Row, ...]
    rows: tuple[Row, ...]
    unknown: tuple[Row, ...]
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def empty(self) -> bool:
        return not (self.boons or self.now_and_then or self.rows)


def effects_view(found: BuildEffects, before: BuildEffects | None = None) -> EffectsView:
    """before: what boons and rows are compared with; what it gave and is gone is named, too."""
    return EffectsView(
        boons=tuple(_boons(found, before)),
        now_and_then=tuple(
            Row(one.boon, _assumed(one), named(source.source for source in one.given_by))
            for one in found.boons
            if one.uptime < _NEVER
        ),
        rows=tuple(_compared(tuple(_rows(found)), None if before is None else tuple(_rows(before)))),
        unknown=_unknown(found),
        assumptions=found.assumptions,
        notes=found.notes,
    )


def named(sources: Iterable[Source]) -> str:
    """Names, each once; of a long list the first few and how many more."""
    names = list(dict.fromkeys(source.name for source in sources))
    if len(names) > _MOST_NAMES + 1:
        names = [*names[:_MOST_NAMES], f"{len(names) - _MOST_NAMES} more"]
    return ", ".join(names)


def _boons(found: BuildEffects, before: BuildEffects | None) -> Iterable[BoonRow]:
    now = {one.boon: one for one in found.boons if one.uptime >= _NEVER}
    was = {one.boon: one for one in before.boons if one.uptime >= _NEVER} if before else {}
    for name in (*now, *(name for name in was if name not in now)):
        yield _boon(name, now.get(name), was.get(name), compare=before is not None)


def _boon(name: str, one: BoonUptime | None, was: BoonUptime | None, *, compare: bool) -> BoonRow:
    glyph, tone = EFFECTS.get(name, ("circle-dot", "steel"))
    counted = [source.source for source in one.given_by if source.share > 0] if one else []
    open_ = [source.source for source in one.given_by if source.not_counted] if one else []
    beside = f"; {named(open_)}: how often is not known" if open_ else ""
    return BoonRow(
        name,
        glyph,
        tone,
        _percent(one),
        _amount(name, one),
        named(counted) + beside,
        "to allies" if one is not None and one.to == "allies" else "",
        _difference(name, one, was) if compare else "",
        _percent(was),
    )


def _assumed(one: BoonUptime) -> str:
    return f"a score assumes {round(100 * one.assumed)} %" if one.assumed else "a score counts nothing"


def _percent(one: BoonUptime | None) -> int:
    if one is None:
        return 0
    return round(100 * one.stacks / STACK_CAP) if one.boon in INTENSITY_BOONS else max(1, round(100 * one.uptime))


def _amount(name: str, one: BoonUptime | None) -> str:
    if name in INTENSITY_BOONS:
        return f"{one.stacks if one else 0:.1f} stacks"
    return f"{_percent(one)} %"


def _difference(name: str, one: BoonUptime | None, was: BoonUptime | None) -> str:
    if name in INTENSITY_BOONS:
        now, then = (round(boon.stacks, 1) if boon else 0.0 for boon in (one, was))
        return f"{now - then:+.1f}".replace("-", "\N{MINUS SIGN}") if now != then else ""
    more = _percent(one) - _percent(was)
    return f"{more:+d} %".replace("-", "\N{MINUS SIGN}") if more else ""


def _compared(rows: Sequence[Row], before: Sequence[Row] | None) -> Iterable[Row]:
    if before is None:
        yield from rows
        return
    was = {row.label: row for row in before}
    for row in rows:
        then = was.pop(row.label, None)
        if then is None:
            yield replace(row, was="nothing")
        else:
            yield replace(row, was=then.value) if then.value != row.value else row
    for row in was.values():
        yield Row(row.label, "none", "", row.value or "yes")


def _rows(found: BuildEffects) -> Iterable[Row]:
    if found.stability_per_30_s:
        stability = next(one for one in found.boons if one.boon == "Stability")
        yield Row(
            "Stability", f"{found.stability_per_30_s:.1f} times in 30 s", named(s.source for s in stability.given_by)
        )
    if found.stun_breaks:
        yield Row("Breaks stuns", "", named(found.stun_breaks))
    if found.control:
        points = f"{found.defiance_per_30_s:.0f} defiance damage in 30 s"
        yield Row("Control", points, _acting(found.control))
    for rate in found.counts:
        yield Row(_COUNTED[rate.effect], _per_minute(rate), named(rate.given_by))
    for label, healing in (("Healing", found.healing), ("Barrier", found.barrier)):
        if healing.given_by:
            yield Row(label, _per_second(healing), named(healing.given_by))
    if found.regeneration_per_second:
        yield Row("Regeneration", f"{found.regeneration_per_second:.0f} a second", "")
    conditions = [f"{one.condition} {one.stacks:.1f}" for one in found.conditions if one.stacks >= 0.05]
    if conditions:
        yield Row("Conditions on a foe", "stacks at a time", ", ".join(conditions))
    for label, does in (
        ("Combo fields", found.combo_fields),
        ("Combo finishers", found.finishers),
        ("Beside that", found.others),
    ):
        if does:
            yield Row(label, "", _acting(does))


def _per_minute(rate: CountRate) -> str:
    return f"{60 * rate.per_second:.0f} a minute" if rate.per_second else "how often is not known"


def _per_second(rate: HealRate) -> str:
    least = "at least " if rate.at_least else ""
    return f"{least}{rate.per_second:.0f} a second" if rate.per_second else "how often is not known"


def _acting(does: Sequence[Does]) -> str:
    """Each effect with who does it: "Pull (Blazing Edge), Daze (Symbol of Vengeance)"."""
    by_effect: dict[str, list[Source]] = {}
    for one in does:
        by_effect.setdefault(one.effect, []).append(one.source)
    return ", ".join(f"{effect} ({named(sources)})" for effect, sources in by_effect.items())


def _unknown(found: BuildEffects) -> tuple[Row, ...]:
    by_source: dict[tuple[str, int], tuple[str, list[str]]] = {}
    for entry in found.unknown:
        _, effects = by_source.setdefault((entry.source.kind, entry.source.id), (entry.source.name, []))
        effects.append(f"{entry.effect} ({' or '.join(entry.candidates)})" if entry.candidates else entry.effect)
    return tuple(Row(name, "", ", ".join(dict.fromkeys(effects))) for name, effects in by_source.values())
