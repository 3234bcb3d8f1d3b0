"""The exact search: branch and bound over tuples of boxes, one from the tree of each part of the gear."""

from typing import Any

import numpy as np

from builds.engine.gear.bounds import bound, ceiling, highest
from builds.engine.gear.compiled import entry, njit
from builds.engine.gear.exact import evaluate
from builds.engine.gear.halves import children, widest

# A bound this much (relative) above the best answer proves nothing more; sums are exact to about 1e-15.
PROOF = 1e-11
SIZE, EVALUATED, BOXES = range(3)
LEAF_ROWS = 64


@njit
def to_beat(pool: Any) -> float:
    """What a result must exceed to be among the best; -inf while there are too few."""
    values, _, _, count = pool
    if count[0] < values.size:
        return -np.inf
    worst: float = values[values.size - 1]
    return worst + abs(worst) * PROOF


@njit
def enter(pool: Any, value: float, variant: int, choice: Any) -> None:
    """Keeps the best distinct results, best first."""
    values, variants, choices, count = pool
    n = count[0]
    if n == values.size and value <= values[n - 1]:
        return
    for i in range(n):
        if variants[i] == variant and np.array_equal(choices[i], choice):
            return
    place = n if n < values.size else n - 1
    while place > 0 and values[place - 1] < value:
        if place < values.size:
            values[place], variants[place] = values[place - 1], variants[place - 1]
            choices[place] = choices[place - 1]
        place -= 1
    values[place], variants[place] = value, variant
    choices[place] = choice
    count[0] = min(n + 1, values.size)


@njit
def in_order(gear: Any, choice: Any) -> None:
    """Slots that are alike carry their options in ascending order, so that one multiset is one choice."""
    family = gear[3]
    for i in range(choice.size):
        for j in range(i + 1, choice.size):
            if family[i] == family[j] and choice[j] < choice[i]:
                choice[i], choice[j] = choice[j], choice[i]


@njit
def sums_of(points: Any, gear: Any, choice: Any, x: Any) -> None:
    """points: the relevant ones, `gear[0]`, or all, `gear[4]`; added in the order of the slots."""
    offsets, slot_group = gear[1], gear[2]
    x[:] = 0.0
    for slot in range(choice.size):
        row = offsets[slot_group[slot]] + choice[slot]
        for k in range(x.size):
            x[k] += points[row, k]


@njit
def try_choice(task: Any, gear: Any, pool: Any, state: Any, choice: Any, room: Any) -> float:
    """Scores a choice in full and enters it. Returns its value, -inf where a limit forbids it."""
    world, variant, first, last, places, objective, _, _, _ = task
    b, a, scores, x = room
    sums_of(gear[4], gear, choice, x)
    state[EVALUATED] += 1
    if not evaluate(world, first, last, places, x, b, a, scores):
        return -np.inf
    value: float = scores[objective]
    if value > to_beat(pool):
        in_order(gear, choice)
        enter(pool, value, variant, choice)
    return value


@njit
def decode(split: Any, part: int, number: int, choice: Any) -> None:
    """number: of a choice of the part; writes the options of the part's slots."""
    part_groups, part_offsets, sizes, tables, table_offsets, group_slots, slot_offsets, _ = split
    for place in range(part_offsets[part + 1] - 1, part_offsets[part] - 1, -1):
        group = part_groups[place]
        row = number % sizes[group]
        number //= sizes[group]
        many = slot_offsets[group + 1] - slot_offsets[group]
        start = table_offsets[group] + row * many
        for i in range(many):
            choice[group_slots[slot_offsets[group] + i]] = tables[start + i]


@njit
def enter_alike(
    task: Any, gear: Any, split: Any, found: Any, value: float, pool: Any, state: Any, at: Any, choice: Any, room: Any
) -> None:
    """Enters what is worth as much as the choice found: all that its rows stand for, for all variants that are alike.
    found: the row of each part."""
    world, _, _, _, places, objective, limits, leaf, alike = task
    copies = split[7]
    for v in range(alike.shape[0]):
        own = (world, alike[v, 0], alike[v, 1], alike[v, 2], places, objective, limits, leaf, alike)
        at[: found.size] = 0
        p = 0
        while p < found.size:
            if to_beat(pool) >= value:
                return
            for part in range(found.size):
                decode(split, part, copies[found[part], at[part]], choice)
            try_choice(own, gear, pool, state, choice, room)
            p = 0
            while p < found.size:
                at[p] += 1
                if at[p] < copies.shape[1] and copies[found[p], at[p]] >= 0:
                    break
                at[p] = 0
                p += 1


@njit
def box_bound(program: Any, limits: Any, tree: Any, nodes: Any, marks: Any, g: Any, room: Any) -> float:
    """The bound of all sums of one row from each node; g: becomes the gradient. marks: the direction of which
    the trees know the extent in their last column."""
    low, high = tree[3], tree[4]
    centre, width, scratch = room
    d = centre.size
    centre[:] = 0.0
    width[:] = 0.0
    for p in range(nodes.size):
        node = nodes[p]
        for k in range(d):
            centre[k] += 0.5 * (low[node, k] + high[node, k])
            width[k] += 0.5 * (high[node, k] - low[node, k])
    total = bound(program, limits, centre, width, g, scratch)
    if total == -np.inf:
        return total
    along = length = 0.0
    for k in range(d):
        along += g[k] * marks[k]
        length += marks[k] * marks[k]
    share = max(0.0, along / length) if length > 0.0 else 0.0
    for p in range(nodes.size):
        node = nodes[p]
        box = aside = 0.0
        reach = high[node, d]
        for k in range(d):
            half = 0.5 * (high[node, k] - low[node, k])
            box += abs(g[k]) * half
            aside += abs(g[k] - share * marks[k]) * half
            reach -= marks[k] * 0.5 * (low[node, k] + high[node, k])
        total += min(box, share * reach + aside)
    return total


@njit
def search_leaves(
    program: Any, task: Any, gear: Any, split: Any, tree: Any, nodes: Any, pool: Any, state: Any, room: Any
) -> None:
    """Every tuple of rows of the nodes whose tangent does not rule it out."""
    rows, ids, bounds = tree[0], tree[1], tree[2]
    limits, objective = task[6], task[5]
    centre, width, g, scratch, above, highest_below, chosen, at, x, choice, exact_room, found, turn = room
    d = centre.size
    parts = nodes.size
    total = bound(program, limits, centre, width, g, scratch)
    # Level p: what the rows of parts below it can add at most, and what those chosen above it add.
    highest_below[0] = 0.0
    for p in range(parts):
        start, end = bounds[nodes[p], 0], bounds[nodes[p], 1]
        most = -np.inf
        for i in range(start, end):
            value = 0.0
            for k in range(d):
                value += g[k] * rows[i, k]
            above[p, i - start] = value
            most = max(most, value)
        highest_below[p + 1] = highest_below[p] + most
    for k in range(d):
        total -= g[k] * centre[k]
    beat = to_beat(pool)
    level = parts - 1
    at[level] = -1
    chosen[parts] = total
    while level < parts:
        at[level] += 1
        if at[level] == bounds[nodes[level], 1] - bounds[nodes[level], 0]:
            level += 1
            continue
        value = chosen[level + 1] + above[level, at[level]]
        if value + highest_below[level] <= beat:
            continue
        if level > 0:
            chosen[level] = value
            level -= 1
            at[level] = -1
            continue
        x[:] = 0.0
        for p in range(parts):
            row = bounds[nodes[p], 0] + at[p]
            for k in range(d):
                x[k] += rows[row, k]
        if ceiling(program, limits, objective, x, scratch[0]) > beat:
            for p in range(parts):
                found[p] = ids[bounds[nodes[p], 0] + at[p]]
                decode(split, p, split[7][found[p], 0], choice)
            value = try_choice(task, gear, pool, state, choice, exact_room)
            if value > beat:
                enter_alike(task, gear, split, found, value, pool, state, turn, choice, exact_room)
            beat = to_beat(pool)


@entry
def run(
    program: Any, task: Any, gear: Any, split: Any, tree: Any, pool: Any, state: Any, stack: Any, tops: Any,
    marks: Any, scale: Any, budget: int
) -> None:  # fmt: skip
    """Works the stack of tuples of nodes off, until it is empty or `budget` boxes have been bounded.
    stack: (depth, parts); tops: the bound of each entry; state: entries, evaluated, boxes."""
    limits = task[6]
    low, bounds = tree[3], tree[2]
    parts = stack.shape[1]
    d = low.shape[1] - 1
    forms = program[1].size + 1
    scratch = (np.empty(forms), np.empty(forms), np.empty(forms), np.empty(forms), np.empty(forms))
    centre, width, g, x = np.empty(d), np.empty(d), np.empty(d), np.empty(d)
    box_room = (centre, width, scratch)
    choice = np.zeros(gear[2].size, dtype=np.uint8)
    width_of = task[0][1].shape[1]
    exact_room = (np.empty(width_of), np.empty(width_of), np.empty(3), np.empty(task[4].size))
    leaf_room = (
        centre, width, g, scratch, np.empty((parts, LEAF_ROWS)), np.empty(parts + 1), np.empty(parts + 1),
        np.zeros(parts, dtype=np.int64), x, choice, exact_room, np.zeros(parts, dtype=np.int64),
        np.zeros(parts, dtype=np.int64),
    )  # fmt: skip
    nodes = np.empty(parts, dtype=np.int64)
    end = state[BOXES] + budget
    while state[SIZE] > 0 and state[BOXES] < end:
        top = state[SIZE] - 1
        state[SIZE] = top
        if tops[top] <= to_beat(pool):
            continue
        nodes[:] = stack[top]
        chosen, most = -1, -1.0
        for p in range(parts):
            if bounds[nodes[p], 1] - bounds[nodes[p], 0] > task[7]:
                _, width_here = widest(tree, nodes[p], scale)
                if width_here > most:
                    chosen, most = p, width_here
        if chosen < 0:
            centre[:] = 0.0
            width[:] = 0.0
            for p in range(parts):
                for k in range(d):
                    centre[k] += 0.5 * (low[nodes[p], k] + tree[4][nodes[p], k])
                    width[k] += 0.5 * (tree[4][nodes[p], k] - low[nodes[p], k])
            search_leaves(program, task, gear, split, tree, nodes, pool, state, leaf_room)
            state[BOXES] += 1
            continue
        first = children(tree, nodes[chosen], scale)
        nodes[chosen] = first
        left = box_bound(program, limits, tree, nodes, marks, g, box_room)
        nodes[chosen] = first + 1
        right = box_bound(program, limits, tree, nodes, marks, g, box_room)
        state[BOXES] += 2
        beat = to_beat(pool)
        # The better one last, so that it is taken first.
        for turn in range(2):
            take_left = (left <= right) == (turn == 0)
            value = left if take_left else right
            if value > beat:
                stack[state[SIZE]] = nodes
                stack[state[SIZE], chosen] = first if take_left else first + 1
                tops[state[SIZE]] = value
                state[SIZE] += 1


@njit
def worth(program: Any, limits: Any, objective: int, x: Any, values: Any) -> Any:
    """How far x is from allowed (0: it is), and the objective there, roundings aside."""
    lines, constant, _, caps, _, _, _, rules, margins, _, _, _ = program
    d = x.size
    lack = 0.0
    for i in range(margins.size):
        middle, size = margins[i], 1e-9
        for k in range(d):
            middle += rules[i, k] * x[k]
            size = max(size, abs(rules[i, k]))
        if middle < 0.0:
            lack -= middle / size
    for j in range(constant.size):
        value = constant[j]
        for k in range(d):
            value += lines[j, k] * x[k]
        values[j] = min(caps[j], value)
    for score in range(3):
        if limits[8 + score] > 0.0:
            value = highest(program, values, score)
            if value < limits[8 + score]:
                lack += 1000.0 * (1.0 - value / limits[8 + score])
    return lack, highest(program, values, objective)


@njit
def _better(lack: float, value: float, than_lack: float, than_value: float) -> bool:
    if lack < than_lack - 1e-9:
        return True
    return lack <= than_lack + 1e-9 and value > than_value + abs(than_value) * 1e-12


@njit
def same_before(family: Any, choice: Any, slot: int) -> bool:
    """Whether a slot before this one is alike and carries the same."""
    found = False
    for other in range(slot):
        found = found or (family[other] == family[slot] and choice[other] == choice[slot])
    return found


@entry
def climb(program: Any, limits: Any, objective: int, gear: Any, choice: Any, pairs: bool) -> Any:
    """Exchanges one option, or with `pairs` two, while that helps. choice is changed; returns what `worth` does."""
    points, offsets, slot_group, family, _ = gear
    slots, d = choice.size, points.shape[1]
    values = np.empty(program[1].size + 1)
    x, y, z = np.empty(d), np.empty(d), np.empty(d)
    sums_of(points, gear, choice, x)
    lack, value = worth(program, limits, objective, x, values)
    while True:
        best_slot, best_option, best_lack, best_value = -1, 0, lack, value
        for slot in range(slots):
            if same_before(family, choice, slot):
                continue
            start = offsets[slot_group[slot]]
            for option in range(offsets[slot_group[slot] + 1] - start):
                if option != choice[slot]:
                    for k in range(d):
                        y[k] = x[k] + points[start + option, k] - points[start + choice[slot], k]
                    far, much = worth(program, limits, objective, y, values)
                    if _better(far, much, best_lack, best_value):
                        best_slot, best_option, best_lack, best_value = slot, option, far, much
        if best_slot >= 0:
            choice[best_slot] = best_option
            sums_of(points, gear, choice, x)
            lack, value = worth(program, limits, objective, x, values)
            continue
        if not pairs:
            return lack, value
        found = False
        for slot in range(slots):
            start = offsets[slot_group[slot]]
            for option in range(offsets[slot_group[slot] + 1] - start):
                if option == choice[slot] or found:
                    continue
                for k in range(d):
                    y[k] = x[k] + points[start + option, k] - points[start + choice[slot], k]
                for other in range(slot + 1, slots):
                    begin = offsets[slot_group[other]]
                    for second in range(offsets[slot_group[other] + 1] - begin):
                        if second == choice[other] or found:
                            continue
                        for k in range(d):
                            z[k] = y[k] + points[begin + second, k] - points[begin + choice[other], k]
                        far, much = worth(program, limits, objective, z, values)
                        if _better(far, much, lack, value):
                            choice[slot], choice[other] = option, second
                            lack, value, found = far, much, True
        if not found:
            return lack, value
        sums_of(points, gear, choice, x)


@entry
def enter_around(task: Any, gear: Any, pool: Any, state: Any, choice: Any) -> None:
    """Scores a choice and all that differ from it in one slot in full, and enters them."""
    offsets, slot_group = gear[1], gear[2]
    width_of = task[0][1].shape[1]
    room = (np.empty(width_of), np.empty(width_of), np.empty(3), np.empty(task[4].size))
    near = choice.copy()
    try_choice(task, gear, pool, state, near, room)
    for slot in range(choice.size):
        group = slot_group[slot]
        for option in range(offsets[group + 1] - offsets[group]):
            if option != choice[slot]:
                near[:] = choice
                near[slot] = option
                try_choice(task, gear, pool, state, near, room)
