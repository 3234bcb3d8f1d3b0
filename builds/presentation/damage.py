"""The estimate of a build's damage as rows beside its attributes."""

from builds.engine.optimise.damage import Damage
from builds.presentation.attributes import AttributeRow, filled

FULL = 50_000.0
"""Where a bar is full: the highest measured damage of published builds lies a little below."""


def damage_rows(damage: Damage, before: Damage | None = None) -> tuple[AttributeRow, ...]:
    pairs = (
        ("Together", damage.total, before.total if before else None),
        ("Strikes", damage.strikes, before.strikes if before else None),
        ("Conditions", damage.conditions, before.conditions if before else None),
    )
    return tuple(_row(name, value, was) for name, value, was in pairs)


def _row(name: str, value: float, was: float | None) -> AttributeRow:
    delta = "" if was is None or round(value) == round(was) else f"{value - was:+,.0f}".replace("-", "\N{MINUS SIGN}")
    return AttributeRow(name, f"{value:,.0f}", filled(value, FULL), (), delta, filled(was or 0.0, FULL))
