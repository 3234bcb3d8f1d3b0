"""The attributes of a scenario as rows: for each attribute of the gear its coefficient, then a constant, the slack
of roundings, and coefficients of critical chances that conversions read after bonuses."""

from typing import Any

import numpy as np

from builds.engine.gear import exact as e
from builds.engine.gear.compiled import njit
from builds.engine.gear.exact import converted

# Chances that conversions read after bonuses; each takes a column beside the gear's attributes.
CHANCE_COLUMNS = 4
NO_CAP = np.inf


@njit
def low_of(row: Any, low: Any) -> float:
    d = low.size
    value: float = row[d] - row[d + 1]
    for k in range(d):
        value += row[k] * low[k]
    return value


@njit
def high_of(row: Any, high: Any) -> float:
    d = high.size
    value: float = row[d] + row[d + 1]
    for k in range(d):
        value += row[k] * high[k]
    for k in range(d + 2, row.size):
        value += row[k]
    return value


@njit
def varies(row: Any, d: int) -> bool:
    found = False
    for k in range(row.size):
        found = found or (k != d and row[k] != 0.0)
    return found


@njit
def use_highest(book: Any, row: Any, high: Any) -> float:
    """The highest value of a row in place of the row. What it depends on stays relevant, and gear that is more
    in all may score less."""
    touched = book[10]
    for k in range(high.size):
        if row[k] != 0.0:
            touched[k] = touched[high.size] = True
    return high_of(row, high)


@njit
def note_penalty(book: Any, row: Any) -> None:
    """What is multiplied by less than nothing may score less the more there is of it."""
    low, touched = book[0], book[10]
    if low_of(row, low) < 0.0:
        touched[low.size] = True


@njit
def add_form(book: Any, row: Any, cap: float) -> Any:
    """Enters min(cap, row), at least 0; row without chance columns. Returns its place, or -1 and its value
    where that is the same for all gear."""
    low, high, count, lines, constant, slack, caps, _, _, _, _ = book
    d = low.size
    least, most = low_of(row, low), high_of(row, high)
    if least >= cap:
        return -1, cap
    if not varies(row, d):
        if cap == NO_CAP:
            note_penalty(book, row)
        return -1, max(0.0, min(cap, most))
    if least < 0.0:
        use_highest(book, row, high)
    if most <= 0.0:
        return -1, 0.0
    shift = scale = 0.0
    if least < 0.0:
        reach = min(cap, most)
        scale = reach / (reach - least)
        shift = least
    else:
        scale = 1.0
    n = count[0]
    for k in range(d):
        lines[n, k] = scale * row[k]
    constant[n] = scale * (row[d] - shift)
    slack[n] = scale * row[d + 1]
    caps[n] = NO_CAP if most <= cap else cap
    for j in range(n):
        same = caps[j] == caps[n] and constant[j] == constant[n] and slack[j] == slack[n]
        if same:
            for k in range(d):
                if lines[j, k] != lines[n, k]:
                    same = False
                    break
        if same:
            return j, 0.0
    count[0] = n + 1
    return n, 0.0


@njit
def without_chances(book: Any, row: Any, chance_forms: Any) -> Any:
    """The row with each chance column replaced by what is never below it: its line, or 1 if that goes higher."""
    low, _, _, lines, constant, slack, caps, _, _, _, touched = book
    d = low.size
    result = row[: d + 2].copy()
    for k in range(CHANCE_COLUMNS):
        share = row[d + 2 + k]
        if share != 0.0:
            form = chance_forms[k]
            if caps[form] == NO_CAP:
                for i in range(d):
                    result[i] += share * lines[form, i]
                result[d] += share * constant[form]
                result[d + 1] += share * slack[form]
            else:
                for i in range(d):
                    if lines[form, i] != 0.0:
                        touched[i] = True
                result[d] += share
    return result


@njit
def fill_rows(book: Any, world: Any, s: int, places: Any, a: Any, chance_forms: Any) -> None:
    """Steps 1 to 5 of scenario s on rows: coefficients of the gear's attributes, constant, slack, chances."""
    low, high, _, _, _, _, _, _, _, _, _ = book
    _, base, _, offsets, bonus_to, bonus, before, before_share, after, after_share, switches, _ = world
    d = low.size
    a[:] = 0.0
    for i in range(a.shape[0]):
        a[i, d] = base[s, i]
    for k in range(d):
        a[places[k], k] = 1.0
    b = a.copy()
    for i in range(offsets[s, 1], offsets[s + 1, 1]):
        add_converted(a, before[i, 0], b[before[i, 1]], before_share[i], d)
    for i in range(offsets[s, 0], offsets[s + 1, 0]):
        a[bonus_to[i], d] += bonus[i]
    add_derived(book, a, switches[e.MESMER] != 0.0)
    chances = 0
    for i in range(offsets[s, 2], offsets[s + 1, 2]):
        source = after[i, 1]
        row = a[source].copy()
        if e.FIRST_CHANCE <= source <= e.LAST_CHANCE:
            place, value = -1, 0.0
            if chances < CHANCE_COLUMNS:
                place, value = add_form(book, without_chances(book, row, chance_forms), 1.0)
            else:
                value = max(0.0, min(1.0, use_highest(book, row, high)))
            row[:] = 0.0
            if place < 0:
                row[d] = value
            else:
                column = 0
                while column < chances and chance_forms[column] != place:
                    column += 1
                chance_forms[column] = place
                chances = max(chances, column + 1)
                row[d + 2 + column] = 1.0
        add_converted(a, after[i, 0], row, after_share[i], d)


@njit
def add_converted(a: Any, to: int, source: Any, share: float, d: int) -> None:
    if not varies(source, d):
        a[to, d] += converted(to, share * source[d])
    elif share != 0.0:
        for k in range(source.size):
            a[to, k] += share * source[k]
        if to < e.ROUNDED:
            a[to, d + 1] += 0.5


@njit
def add_derived(book: Any, a: Any, mesmer: bool) -> None:
    low, high, _, _, _, _, _, _, _, _, _ = book
    d = low.size
    chance, damage = a[e.PRECISION] / 2100.0, a[e.FEROCITY] / 1500.0
    chance[d] -= 1000.0 / 2100.0
    a[e.CHANCE] += chance
    a[e.CRITICAL] += damage
    a[e.BOON_DURATION] += a[e.CONCENTRATION] / 1500.0
    a[e.CONDITION_DURATION] += a[e.EXPERTISE] / 1500.0
    health, more = a[e.HEALTH] + 10.0 * a[e.VITALITY], a[e.MAXIMUM_HEALTH]
    if varies(health, d) or varies(more, d):
        # Where gear changes the share, too, its highest value is above all.
        factor = 1.0 + use_highest(book, more, high)
        if low_of(health, low) < 0.0 or factor < 0.0:
            most = max(0.0, use_highest(book, health, high)) * max(0.0, factor)
            a[e.HEALTH] = 0.0
            a[e.HEALTH, d] = most + 0.5
        else:
            a[e.HEALTH] = health * factor
            a[e.HEALTH, d + 1] += 0.5
    else:
        a[e.HEALTH] = 0.0
        a[e.HEALTH, d] = np.rint(health[d] * (1.0 + more[d]))
    a[e.ARMOR] += a[e.TOUGHNESS]
    if mesmer:
        a[e.CLONE_CHANCE] += chance
        a[e.PHANTASM_CHANCE] += chance
        a[e.PHANTASM_CRITICAL] += damage
    else:
        a[e.ALTERNATIVE_POWER] += a[e.POWER]
        a[e.ALTERNATIVE_CHANCE] += a[e.CHANCE] + a[e.ALTERNATIVE_PRECISION] / 2100.0
        a[e.ALTERNATIVE_CRITICAL] += a[e.CRITICAL] + a[e.ALTERNATIVE_FEROCITY] / 1500.0
