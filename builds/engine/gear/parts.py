"""The gear dealt into parts: their sums, without those that can't matter, and the trees over them."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from builds.engine.gear.arrays import Floats, Group, Ints
from builds.engine.gear.dominated import sift
from builds.engine.gear.halves import multiset_sums, multisets, plant

# A part of more sums than this is not laid out; more parts are made instead.
MOST_ROWS = 70_000
# Measured on random problems of six prefixes and fourteen slots.
LEAF = 20
# Rows of a leaf are combined with those of the other parts' leaves: of many parts, each has few.
MOST_TUPLES = 10_000
# Of all parts together; their trees take about a hundred bytes a row.
MOST_ROWS_IN_ALL = 400_000
# More rows are not looked through for those that can't matter: that would take longer than it saves.
MOST_SIFTED = 6_000
# Where more results are asked for, hardly a row can't matter.
MOST_WANTED = 50
# Smaller spaces are searched sooner than looked through.
LEAST_SPACE = 10_000_000
# Sums of whole multiples of this are exact, so that none seems as good as another that it isn't.
GRAIN = 1 / 1024


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one sum may be better in than another. up, down: by attribute, whether less or more of it may be worse.
    top: results asked for. regular: whether that is all there is to say of it."""

    up: Any
    down: Any
    top: int
    regular: bool

    def sifted(self, sums: Floats, copies: Ints) -> tuple[Floats, Ints]:
        if not 1 < len(sums) <= MOST_SIFTED or self.top > MOST_WANTED:
            return sums, copies
        rows, copies = sift(sums, copies, self.up, self.down, self.top)
        return np.ascontiguousarray(sums[rows]), copies


def warm_sifting() -> None:
    """Compiles or loads what small problems do without."""
    counts = np.ones(1, dtype=bool)
    Wanted(counts, ~counts, 1, True).sifted(np.zeros((2, 1)), np.arange(2).reshape(-1, 1))


@dataclass(slots=True)
class Parts:
    """The groups dealt into parts of like size. sums: for each part, one row for each choice that may matter;
    split: how to find what is worn."""

    groups: list[list[int]]
    sums: list[Floats]
    split: tuple[Any, ...]
    gear: tuple[Any, ...]


def multisets_of(options: int, slots: int) -> int:
    """How many there are."""
    return math.comb(options + slots - 1, slots)


def deal(sizes: list[int]) -> list[list[int]]:
    """Group indices by part: two parts of like size, more where those would be too large to lay out. sizes: rows of
    each group."""
    whole = sum(math.log(size) for size in sizes)
    count = 2
    while whole / count > math.log(min(MOST_ROWS, MOST_ROWS_IN_ALL / count)) and count < len(sizes):
        count += 1
    while True:
        parts: list[list[int]] = [[] for _ in range(count)]
        loads = [0.0] * count
        for index in sorted(range(len(sizes)), key=lambda i: -sizes[i]):
            lightest = loads.index(min(loads))
            parts[lightest].append(index)
            loads[lightest] += math.log(sizes[index])
        if max(loads) <= math.log(4 * MOST_ROWS) or count >= len(sizes):
            return [part for part in parts if part]
        count += 1


def divided(groups: list[Group]) -> tuple[list[Group], list[int]]:
    """Groups of so many multisets that they can't be laid out, cut into groups of fewer slots.
    Returns the family of each, which is the group that it was cut from."""
    cut: list[Group] = []
    families: list[int] = []
    for family, group in enumerate(groups):
        waiting = [(group.slots, group.options)]
        while waiting:
            slots, options = waiting.pop()
            half = len(slots) // 2
            if multisets_of(len(group.points), len(slots)) > MOST_ROWS and half:
                waiting += [(slots[:half], options[:half]), (slots[half:], options[half:])]
                continue
            cut.append(Group(slots, options, group.points))
            families.append(family)
    return cut, families


def lay_out(groups: list[Group], families: list[int], relevant: Any, slots: int, wanted: Wanted) -> Parts:
    """families: as `divided` returns them. relevant: by attribute of the gear; slots: how many there are."""
    points = [np.ascontiguousarray(group.points[:, relevant]) for group in groups]
    sizes = [multisets_of(len(group.points), len(group.slots)) for group in groups]
    promising = _promising(points, wanted) if math.prod(sizes) >= LEAST_SPACE else [False] * len(groups)
    tables, sums, copies = [], [], []
    for group, own, rows, beats in zip(groups, points, sizes, promising, strict=True):
        table = multisets(len(own), len(group.slots), rows)
        tables.append(table)
        every = multiset_sums(table, own), np.arange(len(table)).reshape(-1, 1)
        found, numbers = wanted.sifted(*every) if beats else every
        sums.append(found)
        copies.append(numbers)
    dealt = deal([len(rows) for rows in sums])
    # Of a group that was cut, two rows may be the same choice, and would count twice.
    sifting = any(promising) and len(set(families)) == len(families)
    laid, worn = [], []
    for part in dealt:
        total, numbers = sums[part[0]], copies[part[0]]
        for index in part[1:]:
            total, numbers = _product(total, numbers, sums[index], copies[index], len(tables[index]), wanted.top)
            if sifting:
                total, numbers = wanted.sifted(total, numbers)
        laid.append(total)
        worn.append(numbers)
    slot_group = np.zeros(slots, dtype=np.int64)
    family = np.zeros(slots, dtype=np.int64)
    for index, group in enumerate(groups):
        slot_group[group.slots] = index
        family[group.slots] = families[index]
    split = (
        np.array([index for part in dealt for index in part], dtype=np.int64),
        _offsets(len(part) for part in dealt),
        np.array([len(table) for table in tables], dtype=np.int64),
        np.concatenate([table.ravel() for table in tables]),
        _offsets(table.size for table in tables),
        np.array([slot for group in groups for slot in group.slots], dtype=np.int64),
        _offsets(len(group.slots) for group in groups),
        _stacked(worn),
    )
    gear = (
        np.ascontiguousarray(np.concatenate([group.points[:, relevant] for group in groups])),
        _offsets(len(group.points) for group in groups),
        slot_group,
        family,
        np.ascontiguousarray(np.concatenate([group.points for group in groups])),
    )
    return Parts(dealt, laid, split, gear)


def _promising(points: list[Floats], wanted: Wanted) -> list[bool]:
    """For each group, whether an option is as good as another: where none is, hardly a sum is."""
    # Of one result, `without_dominated` has left no such option.
    exact = (
        wanted.regular and wanted.top > 1 and all(bool((own == np.rint(own / GRAIN) * GRAIN).all()) for own in points)
    )
    return [exact and _may_beat(own, wanted) for own in points]


def _may_beat(points: Floats, wanted: Wanted) -> bool:
    more, less = points[:, wanted.up], points[:, wanted.down]
    good = (more[:, None] >= more[None]).all(axis=2) & (less[:, None] <= less[None]).all(axis=2)
    return int(good.sum()) > len(points)


def _product(sums: Floats, copies: Ints, more: Floats, more_copies: Ints, rows: int, top: int) -> tuple[Floats, Ints]:
    """Each row of one with each of the other. rows: how many numbers the other's choices have."""
    many = len(sums) * len(more)
    total = (sums[:, None, :] + more[None, :, :]).reshape(many, sums.shape[1])
    if copies.shape[1] == more_copies.shape[1] == 1:
        return total, (copies * rows + more_copies.T).reshape(many, 1)
    first, second = copies[:, None, :, None], more_copies[None, :, None, :]
    numbers = np.where((first >= 0) & (second >= 0), first * rows + second, -1).reshape(many, -1)
    # Those that are there first; more than are asked for are never needed.
    return total, np.ascontiguousarray(-np.sort(-numbers, axis=1)[:, :top])


def _stacked(copies: list[Ints]) -> Ints:
    """Those of all parts, one below the other."""
    if all(numbers.shape[1] == 1 for numbers in copies):
        return np.concatenate(copies)
    stacked = np.full((sum(map(len, copies)), max(numbers.shape[1] for numbers in copies)), -1)
    start = 0
    for numbers in copies:
        stacked[start : start + len(numbers), : numbers.shape[1]] = numbers
        start += len(numbers)
    return stacked


def _offsets(sizes: Iterable[int]) -> Ints:
    return np.cumsum([0, *sizes], dtype=np.int64)


def leaf_of(parts: int) -> int:
    """Rows of a leaf, for so many parts."""
    return max(1, min(LEAF, int(MOST_TUPLES ** (1 / parts))))


def grow_trees(parts: Parts, marks: Floats, leaf: int) -> tuple[Any, ...]:
    """A root for each part; the rows' last column is their extent along `marks`."""
    d = marks.size
    rows = np.empty((sum(len(sums) for sums in parts.sums), d + 1))
    ids = np.empty(len(rows), dtype=np.int64)
    start = 0
    most_nodes = 0
    spans = []
    for sums in parts.sums:
        end = start + len(sums)
        rows[start:end, :d] = sums
        rows[start:end, d] = sums @ marks
        ids[start:end] = np.arange(start, end)
        spans.append((start, end))
        # Halves of what is more than a leaf are at least half a leaf.
        most_nodes += 2 * (len(sums) // max(1, (leaf + 1) // 2)) + 4
        start = end
    tree = (
        rows, ids, np.empty((most_nodes, 2), dtype=np.int64), np.empty((most_nodes, d + 1)),
        np.empty((most_nodes, d + 1)), np.empty(most_nodes, dtype=np.int64), np.zeros(1, dtype=np.int64),
    )  # fmt: skip
    plant(tree, np.array(spans, dtype=np.int64))
    return tree
