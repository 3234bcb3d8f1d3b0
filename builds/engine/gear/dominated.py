"""Rows of sums that enough others are as good as, and rows that are the same: of both, most need no search.

Take any choice of gear and exchange one row of it, keeping the rest. Where as many other rows as results are asked for
are nowhere worse in what counts, so many distinct choices are at least as good as that one, whatever the rest is: then
no choice with that row is needed."""

from typing import Any

import numpy as np

from builds.engine.gear.compiled import entry, njit

# Rows are held against this many of the first ones, and a few for each result asked for.
MOST_LEADERS = 32


@njit
def as_good(sums: Any, i: int, j: int, up: Any, down: Any) -> int:
    """Whether row i is nowhere worse than row j: 0 no, 1 yes, 2 the same."""
    same = 2
    for k in range(up.size):
        a, b = sums[i, k], sums[j, k]
        if a == b:
            continue
        if (up[k] and a < b) or (down[k] and a > b):
            return 0
        same = 1
    return same


@entry
def sift(sums: Any, copies: Any, up: Any, down: Any, most: int) -> Any:
    """sums: (rows, attributes), exact. copies: (rows, .): numbers of the choices that a row stands for, -1 after the
    last. up, down: by attribute, whether less or more of it may be worse. Returns the rows to keep, in the order of
    the first, and what each stands for now, at most `most` choices."""
    n, d = sums.shape
    worth = np.zeros(n)
    for k in range(d):
        spread = sums[:, k].max() - sums[:, k].min()
        if spread > 0.0 and up[k] != down[k]:
            share = (1.0 if up[k] else -1.0) / spread
            for i in range(n):
                worth[i] -= share * sums[i, k]
    order = np.argsort(worth, kind="mergesort")
    limit = MOST_LEADERS + 4 * most
    leaders, counts = np.empty(limit, dtype=np.int64), np.empty(limit, dtype=np.int64)
    leading = 0
    # Where a row goes: -1 nowhere, itself, or to the row that is the same.
    goal = np.full(n, -1)
    widths = np.zeros(n, dtype=np.int64)
    for place in range(n):
        i = order[place]
        size = 0
        while size < copies.shape[1] and copies[i, size] >= 0:
            size += 1
        better, same = 0, -1
        for j in range(leading):
            good = as_good(sums, leaders[j], i, up, down)
            if good > 0:
                better += counts[j]
                if good == 2:
                    same = j
                if better >= most:
                    break
        if better >= most:
            continue
        if same >= 0:
            goal[i] = leaders[same]
            counts[same] += size
            widths[leaders[same]] += size
            continue
        goal[i] = i
        widths[i] = size
        if leading < limit:
            leaders[leading], counts[leading] = i, size
            leading += 1
    wide = 1
    for i in range(n):
        wide = max(wide, min(most, widths[i]))
    row_of = np.full(n, -1)
    kept = 0
    for i in range(n):
        if goal[i] == i:
            row_of[i] = kept
            kept += 1
    rows, filled = np.empty(kept, dtype=np.int64), np.zeros(kept, dtype=np.int64)
    merged = np.full((kept, wide), -1)
    for i in range(n):
        if goal[i] < 0:
            continue
        row = row_of[goal[i]]
        if goal[i] == i:
            rows[row] = i
        for c in range(copies.shape[1]):
            if copies[i, c] >= 0 and filled[row] < wide:
                merged[row, filled[row]] = copies[i, c]
                filled[row] += 1
    return rows, merged
