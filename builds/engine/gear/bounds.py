"""Bounds of a program over a box, its value at a point, and the multipliers that make the bounds tight."""

from typing import Any

import numpy as np

from builds.engine.gear.compiled import entry, njit

# Rules are judged on sums of a few numbers of this relative exactness; the exact evaluation has the last word.
EPSILON = 1e-9
# A limit counts as no limit in a box whose centre keeps it by so many half widths of the box.
ROOM = 1.0


@njit
def polynomial(program: Any, values: Any, widths: Any, gradient: Any, shares: Any) -> float:
    """Sum of the products at `values`, plus the most that products can exceed their tangent there while each
    form is within its width. gradient: becomes the derivatives by form. shares: of each score."""
    factors, weights, owner = program[4], program[5], program[6]
    gradient[: values.size] = 0.0
    total = 0.0
    for j in range(weights.size):
        share = weights[j] * shares[owner[j]]
        if share == 0.0:
            continue
        x, y, z = factors[j, 0], factors[j, 1], factors[j, 2]
        if x < 0:
            total += share
        elif y < 0:
            total += share * values[x]
            gradient[x] += share
        elif z < 0:
            total += share * (values[x] * values[y] + widths[x] * widths[y])
            gradient[x] += share * values[y]
            gradient[y] += share * values[x]
        else:
            a, b, c = values[x], values[y], values[z]
            u, v, w = widths[x], widths[y], widths[z]
            total += share * (a * b * c + u * v * c + u * w * b + v * w * a + u * v * w)
            gradient[x] += share * b * c
            gradient[y] += share * a * c
            gradient[z] += share * a * b
    return total


@njit
def highest(program: Any, values: Any, score: int) -> float:
    """A score where the forms have these values."""
    factors, weights, owner = program[4], program[5], program[6]
    total = 0.0
    for j in range(weights.size):
        if owner[j] == score:
            value = weights[j]
            for i in range(3):
                if factors[j, i] >= 0:
                    value *= values[factors[j, i]]
            total += value
    return total


@njit
def bound(program: Any, limits: Any, centre: Any, width: Any, g: Any, scratch: Any) -> float:
    """The tangent of a function that is above the objective wherever gear is allowed in the box centre +- width:
    its value at the centre with all that curvature can add; g: becomes its gradient. -inf: nothing is allowed."""
    lines, constant, slack, caps, _, _, _, rules, margins, bends, prices, shares = program
    values, widths, gradient, tops, _ = scratch
    d = centre.size
    total = 0.0
    for k in range(d):
        g[k] = 0.0
    for i in range(margins.size):
        middle, spread = margins[i], 0.0
        for k in range(d):
            middle += rules[i, k] * centre[k]
            spread += abs(rules[i, k]) * width[k]
        if middle + spread < -EPSILON:
            return -np.inf
        # Where the limit is kept with room to spare, its price would only add to the bound.
        if prices[i] != 0.0 and middle < ROOM * spread:
            total += prices[i] * (middle + EPSILON)
            for k in range(d):
                g[k] += prices[i] * rules[i, k]
    slopes = scratch[4]
    for j in range(constant.size):
        middle, spread = constant[j] + slack[j], 0.0
        for k in range(d):
            middle += lines[j, k] * centre[k]
            spread += lines[j, k] * width[k]
        cap = caps[j]
        slope = 1.0
        tops[j] = min(cap, middle + spread)
        if middle + spread > cap:
            slope = 0.0 if middle - spread >= cap else bends[j]
            middle = cap + slope * (middle - cap)
            spread *= slope
        values[j], widths[j], slopes[j] = middle, spread, slope
    for score in range(3):
        if limits[8 + score] > 0.0 and highest(program, tops, score) < limits[8 + score] * (1.0 - EPSILON):
            return -np.inf
    total += polynomial(program, values, widths, gradient, shares)
    for score in range(3):
        if limits[8 + score] > 0.0:
            total -= prices[margins.size + score] * limits[8 + score] * (1.0 - EPSILON)
    for j in range(constant.size):
        share = gradient[j] * slopes[j]
        if share != 0.0:
            for k in range(d):
                g[k] += share * lines[j, k]
    return total


@njit
def ceiling(program: Any, limits: Any, objective: int, x: Any, values: Any) -> float:
    """The objective at the gear's sums x if every rounding went up; -inf if x can't be allowed."""
    lines, constant, slack, caps, _, _, _, rules, margins, _, _, _ = program
    d = x.size
    for i in range(margins.size):
        middle = margins[i]
        for k in range(d):
            middle += rules[i, k] * x[k]
        if middle < -EPSILON:
            return -np.inf
    for j in range(constant.size):
        value = constant[j] + slack[j]
        for k in range(d):
            value += lines[j, k] * x[k]
        values[j] = min(caps[j], value)
    for score in range(3):
        if limits[8 + score] > 0.0 and highest(program, values, score) < limits[8 + score] * (1.0 - EPSILON):
            return -np.inf
    return highest(program, values, objective)


@njit
def tangent(program: Any, x: Any, g: Any, scratch: Any) -> float:
    """As `bound` at a point, with each cap's line in force on both sides of the cap."""
    lines, constant, slack, caps, _, _, _, rules, margins, bends, prices, shares = program
    values, widths, gradient, _, slopes = scratch
    d = x.size
    total = 0.0
    g[:] = 0.0
    for i in range(margins.size):
        middle = margins[i]
        for k in range(d):
            middle += rules[i, k] * x[k]
            g[k] += prices[i] * rules[i, k]
        total += prices[i] * middle
    for j in range(constant.size):
        value = constant[j] + slack[j]
        for k in range(d):
            value += lines[j, k] * x[k]
        slope = 1.0
        if caps[j] != np.inf:
            slope = bends[j]
            value = caps[j] + slope * (value - caps[j])
        values[j], widths[j], slopes[j] = value, 0.0, slope
    total += polynomial(program, values, widths, gradient, shares)
    for j in range(constant.size):
        share = gradient[j] * slopes[j]
        for k in range(d):
            g[k] += share * lines[j, k]
    return total


@njit
def dual(program: Any, limits: Any, x: Any, points: Any, offsets: Any, slot_group: Any, g: Any, scratch: Any) -> float:
    """The highest value of the tangent at x over all choices of gear: what multipliers are to make small."""
    margins, prices = program[8], program[10]
    total = tangent(program, x, g, scratch)
    for score in range(3):
        if limits[8 + score] > 0.0:
            total -= prices[margins.size + score] * limits[8 + score]
    for k in range(x.size):
        total -= g[k] * x[k]
    for slot in range(slot_group.size):
        group = slot_group[slot]
        best = -np.inf
        for option in range(offsets[group], offsets[group + 1]):
            value = 0.0
            for k in range(x.size):
                value += g[k] * points[option, k]
            best = max(best, value)
        total += best
    return total


@njit
def _set(program: Any, limits: Any, place: int, value: float, objective: int) -> None:
    """Multiplier `place`: first the bends of the forms, then the prices of rules, then those of scores."""
    constant, margins, bends, prices, shares = program[1], program[8], program[9], program[10], program[11]
    if place < constant.size:
        bends[place] = value
    else:
        prices[place - constant.size] = value
        score = place - constant.size - margins.size
        if score >= 0:
            shares[score] = value + (1.0 if score == objective else 0.0)


@entry
def tune(
    program: Any, limits: Any, objective: int, x: Any, points: Any, offsets: Any, slot_group: Any, g: Any, scratch: Any
) -> None:
    """Sets the bends of caps and the prices of limits to what bounds best at x, one after the other, twice.
    Any bend in 0..1 and any price >= 0 is valid; these are good. g: becomes the gradient at x."""
    lines, constant, slack, caps, _, _, _, rules, margins, bends, prices, shares = program
    d = x.size
    priced = margins.size + 3
    for j in range(constant.size):
        value = constant[j] + slack[j]
        for k in range(d):
            value += lines[j, k] * x[k]
        bends[j] = 1.0 if value < caps[j] else 0.0
    prices[:] = 0.0
    shares[:] = 0.0
    shares[objective] = 1.0
    tangent(program, x, g, scratch)
    steep = g.copy()
    worth = 0.0
    for k in range(d):
        worth = max(worth, steep[k])
    for _ in range(2):
        for place in range(constant.size + priced):
            most = 1.0
            if place < constant.size:
                if caps[place] == np.inf:
                    continue
            elif place < constant.size + margins.size:
                line = 0.0
                for k in range(d):
                    line = max(line, abs(rules[place - constant.size, k]))
                if line == 0.0:
                    continue
                most = 4.0 * worth / line
            else:
                score = place - constant.size - margins.size
                if not limits[8 + score] > 0.0 or score == objective:
                    continue
                shares[score] += 1.0
                own = shares[objective]
                shares[objective] = 0.0
                tangent(program, x, g, scratch)
                shares[score] -= 1.0
                shares[objective] = own
                line = 0.0
                for k in range(d):
                    line = max(line, g[k])
                if line == 0.0:
                    continue
                most = 4.0 * worth / line
            left, right = 0.0, most
            for _ in range(24):
                a, b = left + 0.382 * (right - left), right - 0.382 * (right - left)
                _set(program, limits, place, a, objective)
                at_a = dual(program, limits, x, points, offsets, slot_group, g, scratch)
                _set(program, limits, place, b, objective)
                at_b = dual(program, limits, x, points, offsets, slot_group, g, scratch)
                if at_a <= at_b:
                    right = b
                else:
                    left = a
            best, at_best = 0.0, np.inf
            for choice in (0.0, 0.5 * (left + right), most if place < constant.size else 0.0):
                _set(program, limits, place, choice, objective)
                value = dual(program, limits, x, points, offsets, slot_group, g, scratch)
                if value < at_best:
                    best, at_best = choice, value
            _set(program, limits, place, best, objective)
    tangent(program, x, g, scratch)
