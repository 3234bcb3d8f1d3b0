"""The gear's sums: all multisets of a group, all sums of a part of the groups, and a tree of boxes over them
that is built only where the search looks."""

from typing import Any

import numpy as np

from builds.engine.gear.compiled import entry, njit


@entry
def multisets(options: int, slots: int, rows: int) -> Any:
    """All non-decreasing sequences of `slots` numbers below `options`, in order; `rows` is how many there are."""
    table = np.zeros((rows, slots), dtype=np.uint8)
    for row in range(1, rows):
        place = slots - 1
        while table[row - 1, place] == options - 1:
            place -= 1
        raised = table[row - 1, place] + 1
        for i in range(slots):
            table[row, i] = table[row - 1, i] if i < place else raised
    return table


@entry
def multiset_sums(table: Any, points: Any) -> Any:
    """table: (multisets, slots) of options; points: (options, attributes)."""
    sums = np.zeros((table.shape[0], points.shape[1]))
    for row in range(table.shape[0]):
        for i in range(table.shape[1]):
            option = table[row, i]
            for k in range(points.shape[1]):
                sums[row, k] += points[option, k]
    return sums


@njit
def new_node(tree: Any, start: int, end: int) -> int:
    """A node over the rows start to end - 1, with their box."""
    rows, _, bounds, low, high, child, count = tree
    node: int = count[0]
    count[0] = node + 1
    bounds[node, 0], bounds[node, 1] = start, end
    child[node] = -1
    for k in range(rows.shape[1]):
        least = most = rows[start, k]
        for i in range(start + 1, end):
            value = rows[i, k]
            if value < least:
                least = value
            elif value > most:
                most = value
        low[node, k], high[node, k] = least, most
    return node


@njit
def _swap(rows: Any, ids: Any, i: int, j: int) -> None:
    for k in range(rows.shape[1]):
        rows[i, k], rows[j, k] = rows[j, k], rows[i, k]
    ids[i], ids[j] = ids[j], ids[i]


@njit
def split_rows(rows: Any, ids: Any, start: int, end: int, middle: int, k: int) -> None:
    """Reorders rows start to end - 1 so that none before `middle` exceeds one after it in column k."""
    left, right = start, end - 1
    while left < right:
        a, b, c = rows[left, k], rows[(left + right) // 2, k], rows[right, k]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = left, right
        while i <= j:
            while rows[i, k] < pivot:
                i += 1
            while rows[j, k] > pivot:
                j -= 1
            if i <= j:
                if i != j:
                    _swap(rows, ids, i, j)
                i += 1
                j -= 1
        if middle <= j:
            right = j
        elif middle >= i:
            left = i
        else:
            return


@njit
def widest(tree: Any, node: int, scale: Any) -> Any:
    """The column in which the node's box is widest, each by its scale, and how wide."""
    _, _, _, low, high, _, _ = tree
    best, width = 0, -1.0
    for k in range(scale.size):
        value = scale[k] * (high[node, k] - low[node, k])
        if value > width:
            best, width = k, value
    return best, width


@njit
def children(tree: Any, node: int, scale: Any) -> int:
    """The first of the node's two children, which are made at the first call."""
    rows, ids, bounds, _, _, child, _ = tree
    if child[node] < 0:
        start, end = bounds[node, 0], bounds[node, 1]
        column, _ = widest(tree, node, scale)
        middle = (start + end) // 2
        split_rows(rows, ids, start, end, middle, column)
        first = new_node(tree, start, middle)
        new_node(tree, middle, end)
        child[node] = first
    place: int = child[node]
    return place


@entry
def plant(tree: Any, spans: Any) -> None:
    """Nodes 0, 1, ...: the roots over these spans of rows."""
    for p in range(spans.shape[0]):
        new_node(tree, spans[p, 0], spans[p, 1])
