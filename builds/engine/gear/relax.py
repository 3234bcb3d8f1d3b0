"""What a bound may be computed from: for each variant, a sum of positive products of at most three forms, and
forms that are affine in the gear's attributes, some capped from above.

It never says less than the exact evaluation: a rounding adds at most one half (kept apart as `slack`), a sum
below nothing is replaced by the line above it, and what is not a product of three (a coefficient that gear
changes, say) by its highest value. Exactness is not its business; that is what `exact` is for."""

from typing import Any

import numpy as np

from builds.engine.formulas import TARGET_ARMOR
from builds.engine.gear import exact as e
from builds.engine.gear.affine import (
    CHANCE_COLUMNS,
    NO_CAP,
    add_form,
    fill_rows,
    high_of,
    low_of,
    note_penalty,
    use_highest,
    without_chances,
)
from builds.engine.gear.compiled import entry, njit
from builds.engine.gear.exact import (
    bleeding_tick,
    burning_tick,
    confusion_tick,
    inferno_burning_tick,
    poison_tick,
    torment_tick,
)  # fmt: skip

# A book has room for this many a scenario; more can't come about.
FORMS, PRODUCTS = 48, 2048
# Equal products are looked for among this many last ones.
LOOK_BACK = 256


@njit
def parts_of(book: Any, row: Any, chance_forms: Any, places: Any, weights: Any) -> int:
    """A factor as a sum of weight x form; place -1 is the number 1. Returns how many."""
    d = book[0].size
    n = 0
    plain = row[: d + 2].copy()
    place, value = add_form(book, plain, NO_CAP)
    if place >= 0:
        places[0], weights[0], n = place, 1.0, 1
    elif value > 0.0:
        places[0], weights[0], n = -1, value, 1
    for k in range(CHANCE_COLUMNS):
        if row[d + 2 + k] > 0.0:
            places[n], weights[n] = chance_forms[k], row[d + 2 + k]
            n += 1
    return n


@njit
def add_product(book: Any, score: int, weight: float, x: int, y: int, z: int) -> None:
    """weight x the forms at x, y, z (-1: none) into the score's polynomial; equal products merge."""
    _, _, count, _, _, _, _, factors, weights, owner, _ = book
    if weight <= 0.0:
        return
    if x < y:
        x, y = y, x
    if y < z:
        y, z = z, y
    if x < y:
        x, y = y, x
    n = count[1]
    for j in range(max(0, n - LOOK_BACK), n):
        if factors[j, 0] == x and factors[j, 1] == y and factors[j, 2] == z and owner[j] == score:
            weights[j] += weight
            return
    factors[n, 0], factors[n, 1], factors[n, 2], owner[n] = x, y, z, score
    weights[n] = weight
    count[1] = n + 1


@njit
def add_products(book: Any, score: int, weight: float, rows: Any, factors: int, chance_forms: Any) -> None:
    """weight x the product of the first `factors` of the rows."""
    places = np.full((3, CHANCE_COLUMNS + 1), -1)
    weights = np.ones((3, CHANCE_COLUMNS + 1))
    counts = np.ones(3, dtype=np.int64)
    for i in range(factors):
        counts[i] = parts_of(book, rows[i], chance_forms, places[i], weights[i])
    for i in range(counts[0]):
        for j in range(counts[1]):
            for k in range(counts[2]):
                share = weight * weights[0, i] * weights[1, j] * weights[2, k]
                add_product(book, score, share, places[0, i], places[1, j], places[2, k])


@njit
def add_strikes(
    book: Any, score: int, weight: float, power: Any, chance: Any, critical: Any, chance_forms: Any
) -> None:
    """weight x power x (1 + clamp(chance) x critical); critical: critical damage less 1."""
    if weight <= 0.0:
        return
    powers, power_weights = np.full(CHANCE_COLUMNS + 1, -1), np.ones(CHANCE_COLUMNS + 1)
    bonuses, bonus_weights = np.full(CHANCE_COLUMNS + 1, -1), np.ones(CHANCE_COLUMNS + 1)
    many = parts_of(book, power, chance_forms, powers, power_weights)
    several = parts_of(book, critical, chance_forms, bonuses, bonus_weights)
    place, value = add_form(book, without_chances(book, chance, chance_forms), 1.0)
    for i in range(many):
        add_product(book, score, weight * power_weights[i], powers[i], -1, -1)
        for j in range(several):
            share = weight * power_weights[i] * bonus_weights[j]
            add_product(book, score, share if place >= 0 else share * value, powers[i], place, bonuses[j])


@njit
def tick_line(condition: int, switches: Any) -> Any:
    """The tick is a line in condition damage (or power): its value at nothing, and its slope."""
    if condition == e.BLEEDING:
        return bleeding_tick(0.0), bleeding_tick(1.0) - bleeding_tick(0.0)
    if condition == e.BURNING:
        if switches[e.INFERNO] != 0.0:
            return inferno_burning_tick(0.0), inferno_burning_tick(1.0) - inferno_burning_tick(0.0)
        return burning_tick(0.0), burning_tick(1.0) - burning_tick(0.0)
    if condition == e.POISON:
        return poison_tick(0.0), poison_tick(1.0) - poison_tick(0.0)
    if condition == e.TORMENT:
        start = torment_tick(0.0, switches[e.MOVING])
        return start, torment_tick(1.0, switches[e.MOVING]) - start
    start = confusion_tick(0.0, switches[e.ATTACK_RATE])
    return start, confusion_tick(1.0, switches[e.ATTACK_RATE]) - start


@njit
def add_condition(
    book: Any, score: int, weight: float, condition: int, a: Any, switches: Any, chance_forms: Any
) -> None:
    low, high, _, _, _, _, _, _, _, _, _ = book
    d = low.size
    coefficient = a[e.STACKS + condition]
    note_penalty(book, coefficient)
    if weight <= 0.0 or high_of(coefficient, high) <= 0.0:
        return
    # The tick: start + slope x points, as two factors that other conditions share.
    start, slope = tick_line(condition, switches)
    inferno = condition == e.BURNING and switches[e.INFERNO] != 0.0
    points = a[e.POWER] if inferno else a[e.CONDITION_DAMAGE]
    lasting = without_chances(book, a[e.OWN_DURATION + condition] + a[e.CONDITION_DURATION], chance_forms)
    place, value = add_form(book, lasting, 1.0)
    # 1 + the uncapped duration + what the cap leaves constant; then the capped form by itself.
    rest = a[e.UNCAPPED].copy()
    rest[d] += 1.0 if place >= 0 else 1.0 + value
    rows = np.zeros((3, coefficient.size))
    for factors, share in ((2, start), (3, slope)):
        rows[0], rows[1], rows[2] = coefficient, rest, points
        add_products(book, score, weight * share, rows, factors, chance_forms)
        if place >= 0:
            _with_form(book, score, weight * share, coefficient, points, factors, place, chance_forms)


@njit
def _with_form(
    book: Any, score: int, weight: float, coefficient: Any, points: Any, factors: int, place: int, chance_forms: Any
) -> None:
    """weight x coefficient x the form at place [x points, for three factors]."""
    stacks, stack_weights = np.full(CHANCE_COLUMNS + 1, -1), np.ones(CHANCE_COLUMNS + 1)
    ticks, tick_weights = np.full(CHANCE_COLUMNS + 1, -1), np.ones(CHANCE_COLUMNS + 1)
    many = parts_of(book, coefficient, chance_forms, stacks, stack_weights)
    several = 1
    if factors == 3:
        several = parts_of(book, points, chance_forms, ticks, tick_weights)
    for i in range(many):
        for j in range(several):
            add_product(book, score, weight * stack_weights[i] * tick_weights[j], stacks[i], place, ticks[j])


@njit
def add_damage(book: Any, world: Any, s: int, a: Any, chance_forms: Any) -> None:
    low, high, _, _, _, _, _, _, _, _, _ = book
    d = low.size
    weight, _, multipliers, _, _, _, _, _, _, _, switches, _ = world
    m, w = multipliers[s], weight[s]
    rows = np.zeros((3, a.shape[1]))
    for coefficient in (e.STRIKES, e.NONCRITICAL, e.SECOND_STRIKES, e.SIPHON):
        note_penalty(book, a[coefficient])
    critical = a[e.CRITICAL] * m[e.CRITICAL_X]
    critical[d] -= 1.0
    strikes = w * use_highest(book, a[e.STRIKES], high) / TARGET_ARMOR * m[e.STRIKE_X]
    add_strikes(book, 0, strikes, a[e.POWER], a[e.CHANCE], critical, chance_forms)
    rows[0] = a[e.POWER]
    add_products(
        book, 0, w * use_highest(book, a[e.NONCRITICAL], high) / TARGET_ARMOR * m[e.STRIKE_X], rows, 1, chance_forms
    )
    second = w * use_highest(book, a[e.SECOND_STRIKES], high) / TARGET_ARMOR
    if second > 0.0 and switches[e.MESMER] != 0.0:
        critical = a[e.PHANTASM_CRITICAL] * m[e.PHANTASM_CRITICAL_X]
        critical[d] -= 1.0
        add_strikes(book, 0, second * m[e.PHANTASM_X], a[e.POWER], a[e.PHANTASM_CHANCE], critical, chance_forms)
    elif second > 0.0:
        critical = a[e.ALTERNATIVE_CRITICAL] * (m[e.CRITICAL_X] * m[e.SECOND_CRITICAL_X])
        critical[d] -= 1.0
        second *= m[e.STRIKE_X] * m[e.SECOND_X]
        add_strikes(book, 0, second, a[e.ALTERNATIVE_POWER], a[e.ALTERNATIVE_CHANCE], critical, chance_forms)
    rows[0] = a[e.SIPHON_BASE]
    add_products(book, 0, w * m[e.SIPHON_X], rows, 1, chance_forms)
    rows[0] = a[e.POWER]
    add_products(book, 0, w * m[e.SIPHON_X] * use_highest(book, a[e.SIPHON], high), rows, 1, chance_forms)
    rows[0] = a[e.FLAT]
    add_products(book, 0, w, rows, 1, chance_forms)
    for condition in range(e.CONDITIONS):
        share = w * m[e.CONDITION_X] * m[e.OWN_CONDITION_X + condition]
        add_condition(book, 0, share, condition, a, switches, chance_forms)


@njit
def add_survivability(book: Any, world: Any, s: int, a: Any, chance_forms: Any) -> None:
    weight, _, multipliers, _, _, _, _, _, _, _, _, _ = world
    rows = np.zeros((3, a.shape[1]))
    rows[0], rows[1] = a[e.HEALTH], a[e.ARMOR]
    add_products(book, 1, weight[s] / multipliers[s, e.INCOMING_X] / 1967.0, rows, 2, chance_forms)


@njit
def add_healing(book: Any, world: Any, s: int, a: Any, chance_forms: Any) -> None:
    low, _, _, _, _, _, _, _, _, _, _ = book
    d = low.size
    rows = np.zeros((3, a.shape[1]))
    rows[0], rows[1] = a[e.HEALING_POWER] * 0.3, a[e.OUTGOING_HEALING]
    rows[0, d] += 390.0
    rows[1, d] += 1.0
    add_products(book, 2, world[0][s], rows, 2, chance_forms)


@njit
def add_rules(world: Any, a: Any, low: Any, rules: Any, margins: Any, book: Any, chance_forms: Any) -> int:
    """Limits of attributes as rules: line . gear + margin >= 0 for all that may be allowed. Returns how many."""
    limits = world[11]
    d = low.size
    n = 0
    quick = a[e.BOON_DURATION] + a[e.QUICKNESS]
    for i in range(8):
        if np.isnan(limits[i]):
            continue
        if i == 1:
            row = quick
        else:
            row = a[
                (e.BOON_DURATION, 0, e.CHANCE, e.OUTGOING_HEALING, e.TOUGHNESS, e.TOUGHNESS, e.HEALTH,
                 e.HEALING_POWER)[i]
            ]  # fmt: skip
        if i == e.MOST_TOUGHNESS:
            rules[n] = -row[:d]
            for k in range(d + 2, row.size):
                # More of a chance is more toughness in a way that the rule doesn't show.
                if row[k] != 0.0:
                    book[10][d] = True
            margins[n] = limits[i] - row[d] + row[d + 1]
            n += 1
        elif low_of(row, low) < limits[i] * (1.0 + 1e-12):
            plain = without_chances(book, row, chance_forms)
            rules[n] = plain[:d]
            margins[n] = plain[d] + plain[d + 1] - limits[i]
            n += 1
    return n


@entry
def compile_variant(world: Any, first: int, last: int, places: Any, low: Any, high: Any, objective: int) -> Any:
    """The program of scenarios first to last - 1. places: the gear's attributes; low, high: their sums' range.

    Returns lines (forms, attributes), constant, slack, caps; factors (products, 3), weights, owner (a score);
    rules (limits, attributes), margins; touched: whether an attribute matters in a way that the lines don't
    show, and last whether more of all may score less."""
    d = low.size
    scenarios = last - first
    count = np.zeros(2, dtype=np.int64)
    book = (
        low,
        high,
        count,
        np.zeros((FORMS * scenarios, d)),
        np.zeros(FORMS * scenarios),
        np.zeros(FORMS * scenarios),
        np.zeros(FORMS * scenarios),
        np.zeros((PRODUCTS * scenarios, 3), dtype=np.int64),
        np.zeros(PRODUCTS * scenarios),
        np.zeros(PRODUCTS * scenarios, dtype=np.int64),
        np.zeros(d + 1, dtype=np.bool_),
    )
    limits = world[11]
    a = np.zeros((world[1].shape[1], d + 2 + CHANCE_COLUMNS))
    chance_forms = np.full(CHANCE_COLUMNS, -1)
    rules, margins = np.zeros((8, d)), np.zeros(8)
    rule_count = 0
    for s in range(first, last):
        chance_forms[:] = -1
        fill_rows(book, world, s, places, a, chance_forms)
        if s == first:
            rule_count = add_rules(world, a, low, rules, margins, book, chance_forms)
        if objective == 0 or not np.isnan(limits[8]):
            add_damage(book, world, s, a, chance_forms)
        if objective == 1 or not np.isnan(limits[9]):
            add_survivability(book, world, s, a, chance_forms)
        if objective == 2 or not np.isnan(limits[10]):
            add_healing(book, world, s, a, chance_forms)
    forms, products = count[0], count[1]
    return (
        book[3][:forms].copy(),
        book[4][:forms].copy(),
        book[5][:forms].copy(),
        book[6][:forms].copy(),
        book[7][:products].copy(),
        book[8][:products].copy(),
        book[9][:products].copy(),
        rules[:rule_count].copy(),
        margins[:rule_count].copy(),
        book[10],
    )
