"""From a problem to its proven optimum."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from builds.engine.gear import names
from builds.engine.gear.arrays import Floats, Group, Ints, gear_attributes, groups_of, world_of
from builds.engine.gear.bounds import tune
from builds.engine.gear.halves import multiset_sums, multisets, plant
from builds.engine.gear.problem import GearProblem
from builds.engine.gear.reference import evaluate
from builds.engine.gear.relax import compile_variant
from builds.engine.gear.result import Choice, GearResult, Progress
from builds.engine.gear.search import EVALUATED, SIZE, climb, enter_around, run

# Boxes between two looks at the clock and at `cancelled`.
STRIDE = 50_000
# Boxes that a variant gets before multipliers of its own are worth their time.
GLANCE = 64
# A part of more sums than this is not laid out; more parts are made instead.
MOST_ROWS = 70_000
MOST_STARTS = 16
# Above this many exchanges of one option, pairs of them take longer than they save.
MOST_MOVES = 400
# Measured on random problems of six prefixes and fourteen slots, as were the other two figures.
LEAF = 20
# Rows of a leaf are combined with those of the other parts' leaves: of many parts, each has few.
MOST_TUPLES = 10_000
# Of all parts together; their trees take about a hundred bytes a row.
MOST_ROWS_IN_ALL = 400_000
EXTENT_SCALE = 3.0
Told = Callable[[Progress], None]


@dataclass(slots=True)
class Parts:
    """The groups dealt into parts of like size. sums: for each part, one row a combination."""

    groups: list[list[int]]
    sums: list[Floats]
    split: tuple[Any, ...]
    gear: tuple[Any, ...]


class Search:
    """One problem on its way to the answer."""

    def __init__(self, problem: GearProblem) -> None:
        self.problem = problem
        self.objective = names.OBJECTIVES.index(problem.objective)
        self.world = world_of(problem)
        self.scenarios = self.world.as_tuple()
        attributes = gear_attributes(problem)
        groups = groups_of(problem, attributes)
        low = np.zeros(len(attributes))
        high = np.zeros(len(attributes))
        for group in groups:
            low += len(group.slots) * group.points.min(axis=0)
            high += len(group.slots) * group.points.max(axis=0)
        places = np.array(attributes, dtype=np.int64)
        of = self.world.scenario_of
        compiled = [
            compile_variant(self.scenarios, of[v], of[v + 1], places, low, high, self.objective)
            for v in range(len(problem.variants))
        ]
        relevant = np.zeros(len(attributes), dtype=bool)
        irregular = False
        for lines, _, _, _, _, _, _, rules, _, touched in compiled:
            relevant |= lines.any(axis=0) | rules.any(axis=0) | touched[:-1]
            irregular |= bool(touched[-1])
        self.programs = [self._program(parts, relevant) for parts in compiled]
        self.places = places
        self.relevant = relevant
        if problem.top == 1 and not irregular:
            fixed = np.zeros(int(relevant.sum()), dtype=bool)
            if "max_toughness" in problem.constraints:
                for program in self.programs:
                    fixed |= (program[7] < 0.0).any(axis=0)
            groups = [without_dominated(group, relevant, fixed) for group in groups]
        self.groups = groups
        slots = len(problem.slots)
        self.pool = (
            np.full(problem.top, -np.inf),
            np.zeros(problem.top, dtype=np.int64),
            np.zeros((problem.top, slots), dtype=np.uint8),
            np.zeros(1, dtype=np.int64),
        )
        self.state = np.zeros(3, dtype=np.int64)
        self.leaf = LEAF

    def _program(self, parts: tuple[Any, ...], relevant: Any) -> tuple[Any, ...]:
        lines, constant, slack, caps, factors, weights, owner, rules, margins, _ = parts
        shares = np.zeros(3)
        shares[self.objective] = 1.0
        return (
            np.ascontiguousarray(lines[:, relevant]), constant, slack, caps, factors, weights, owner,
            np.ascontiguousarray(rules[:, relevant]), margins,
            np.where(np.isinf(caps), 1.0, 0.5), np.zeros(margins.size + 3), shares,
        )  # fmt: skip

    def task(self, variant: int) -> tuple[Any, ...]:
        of = self.world.scenario_of
        return (
            self.scenarios, variant, of[variant], of[variant + 1], self.places, self.objective,
            self.world.limits, self.leaf,
        )  # fmt: skip

    def work(self, progress: Told | None, cancelled: Callable[[], bool] | None, began: float) -> bool:
        """Whether the search came to its end."""
        groups, families = divided(self.groups)
        parts = lay_out(groups, families, self.relevant, len(self.problem.slots))
        self.leaf = leaf_of(len(parts.sums))
        stride = STRIDE // len(parts.sums)
        gear = parts.gear
        order, answers = self.first_answers(gear)
        d = int(self.relevant.sum())
        marks = np.zeros(d)
        for variant in order[:3]:
            enter_around(self.task(variant), gear, self.pool, self.state, answers[variant])
        self.tune(order[0], answers[order[0]], gear, marks)
        tree = grow_trees(parts, marks, self.leaf)
        # A width of the trees' boxes matters by what it is worth, the extent along the gradient most.
        scale = np.append(np.abs(marks), EXTENT_SCALE)
        stack = np.zeros((64 * len(parts.sums) + 64, len(parts.sums)), dtype=np.int64)
        tops = np.zeros(len(stack))
        spare = np.zeros(d)
        for done, variant in enumerate(order):
            stack[0] = np.arange(len(parts.sums))
            tops[0] = np.inf
            self.state[SIZE] = 1
            # Most variants are beaten at once by the multipliers of the best one; only others deserve their own.
            tuned = done == 0 or not self.borrow(order[0], variant)
            if done and tuned:
                self.tune(variant, answers[variant], gear, spare)
            while self.state[SIZE] > 0:
                run(
                    self.programs[variant], self.task(variant), gear, parts.split, tree, self.pool, self.state,
                    stack, tops, marks, scale, stride if tuned else GLANCE,
                )  # fmt: skip
                if not tuned:
                    self.tune(variant, answers[variant], gear, spare)
                    tuned = True
                    continue
                if progress is not None:
                    progress(self.progress(done, len(order), tops, began))
                left = self.state[SIZE] > 0 or done + 1 < len(order)
                if left and cancelled is not None and cancelled():
                    return False
        return True

    def progress(self, done: int, variants: int, tops: Floats, began: float) -> Progress:
        best = float(self.pool[0][0])
        bound = math.inf
        # What the variants after this one may reach is not known yet.
        if done + 1 == variants:
            bound = max([best, *tops[: self.state[SIZE]].tolist()])
        return Progress(
            best=best if math.isfinite(best) else None,
            bound=bound if math.isfinite(bound) else None,
            done=float(done + (self.state[SIZE] == 0)) / variants,
            evaluated=int(self.state[EVALUATED]),
            seconds=time.perf_counter() - began,
        )

    def borrow(self, source: int, variant: int) -> bool:
        """Gives a variant the multipliers of another if it has the same ones. All are valid for any."""
        given, own = self.programs[source], self.programs[variant]
        same = all(given[i].shape == own[i].shape for i in (3, 7)) and bool(np.array_equal(given[3], own[3]))
        if same:
            for i in (9, 10, 11):
                own[i][:] = given[i]
        return same

    def tune(self, variant: int, answer: Any, gear: tuple[Any, ...], marks: Floats) -> None:
        program = self.programs[variant]
        points, offsets, slot_group = gear[:3]
        forms = program[1].size + 1
        scratch = tuple(np.empty(forms) for _ in range(5))
        x = points[offsets[slot_group] + answer].sum(axis=0)
        tune(program, self.world.limits, self.objective, x, points, offsets, slot_group, marks, scratch)

    def first_answers(self, gear: tuple[Any, ...]) -> tuple[list[int], list[Any]]:
        """Variants, the most promising first, and a good choice of gear for each."""
        limits, objective = self.world.limits, self.objective
        starts = self.starts()
        answers: list[Any] = []
        values: list[tuple[float, float]] = []
        for program in self.programs:
            best, answer = (math.inf, math.inf), starts[0]
            for start in starts if len(self.programs) <= 4 or not answers else starts[:1]:
                choice = start.copy()
                lack, value = climb(program, limits, objective, gear, choice, False)
                if (lack, -value) < best:
                    best, answer = (lack, -value), choice
            answers.append(answer)
            values.append(best)
            if len(answers) == 1:
                # What is best for one variant is a good start for all.
                starts.insert(0, answer)
        order = sorted(range(len(values)), key=values.__getitem__)
        moves = sum(len(group.points) * len(group.slots) for group in self.groups)
        for variant in order[:3]:
            climb(self.programs[variant], limits, objective, gear, answers[variant], moves <= MOST_MOVES)
        return order, answers

    def starts(self) -> list[Any]:
        """One prefix in all slots that offer it, for each prefix."""
        prefixes: dict[str, None] = {}
        for slot in self.problem.slots:
            prefixes.update((option.prefix, None) for option in slot.options)
        starts = []
        for prefix in list(prefixes)[:MOST_STARTS]:
            choice = np.zeros(len(self.problem.slots), dtype=np.uint8)
            for group in self.groups:
                for number, options in zip(group.slots, group.options, strict=True):
                    offered = self.problem.slots[number].options
                    for place, option in enumerate(options):
                        if offered[option].prefix == prefix:
                            choice[number] = place
            starts.append(choice)
        return starts

    def results(self) -> tuple[Choice, ...]:
        """The pool's choices, as the reference evaluates them, best first."""
        of_slot = {}
        for group in self.groups:
            for slot, options in zip(group.slots, group.options, strict=True):
                of_slot[slot] = options
        _, variants, choices, count = self.pool
        found = []
        for i in range(count[0]):
            choice = tuple(of_slot[slot][int(place)] for slot, place in enumerate(choices[i]))
            found.append(self.result(int(variants[i]), choice))
        return tuple(sorted(found, key=lambda result: -result.objective))

    def result(self, variant: int, choice: tuple[int, ...]) -> Choice:
        problem = self.problem
        evaluation = evaluate(problem, problem.variants[variant], choice)
        scores = evaluation.scores
        shown = problem.variants[variant].scenarios[0].base.keys() | {
            name for slot in problem.slots for option in slot.options for name in option.attributes
        }
        attributes = {name: value for name, value in evaluation.attributes.items() if value or name in shown}
        return Choice(
            variant=problem.variants[variant].name,
            prefixes=tuple(slot.options[place].prefix for slot, place in zip(problem.slots, choice, strict=True)),
            choice=choice,
            objective=scores[problem.objective],
            damage=scores["damage"],
            survivability=scores["survivability"],
            healing=scores["healing"],
            attributes={**scores, **attributes},
        )


def without_dominated(group: Group, relevant: Any, fixed: Any) -> Group:
    """The group without options nowhere better than another; fixed: attributes of which more may be worse."""
    points = group.points[:, relevant]
    as_good = (points[:, None, :] >= points[None, :, :]).all(axis=2)
    as_good &= (points[:, None, fixed] == points[None, :, fixed]).all(axis=2)
    # Of options that are as good as each other, the first one stays.
    first = np.arange(len(points))[:, None] < np.arange(len(points))[None, :]
    beaten = (as_good & (~as_good.T | first)).any(axis=0)
    keep = np.flatnonzero(~beaten).tolist()
    return Group(group.slots, [[row[i] for i in keep] for row in group.options], group.points[keep])


def deal(groups: list[Group]) -> list[list[int]]:
    """Group indices by part: two parts of like size, more where those would be too large to lay out."""
    sizes = [math.comb(len(group.points) + len(group.slots) - 1, len(group.slots)) for group in groups]
    whole = sum(math.log(size) for size in sizes)
    count = 2
    while whole / count > math.log(min(MOST_ROWS, MOST_ROWS_IN_ALL / count)) and count < len(groups):
        count += 1
    while True:
        parts: list[list[int]] = [[] for _ in range(count)]
        loads = [0.0] * count
        for index in sorted(range(len(groups)), key=lambda i: -sizes[i]):
            lightest = loads.index(min(loads))
            parts[lightest].append(index)
            loads[lightest] += math.log(sizes[index])
        if max(loads) <= math.log(4 * MOST_ROWS) or count >= len(groups):
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
            if math.comb(len(group.points) + len(slots) - 1, len(slots)) > MOST_ROWS and half:
                waiting += [(slots[:half], options[:half]), (slots[half:], options[half:])]
                continue
            cut.append(Group(slots, options, group.points))
            families.append(family)
    return cut, families


def lay_out(groups: list[Group], families: list[int], relevant: Any, slots: int) -> Parts:
    tables, sums = [], []
    for group in groups:
        rows = math.comb(len(group.points) + len(group.slots) - 1, len(group.slots))
        table = multisets(len(group.points), len(group.slots), rows)
        tables.append(table)
        sums.append(multiset_sums(table, np.ascontiguousarray(group.points[:, relevant])))
    dealt = deal(groups)
    laid = []
    for part in dealt:
        total = sums[part[0]]
        for index in part[1:]:
            more = sums[index]
            rows = len(total) * len(more)
            total = (total[:, None, :] + more[None, :, :]).reshape(rows, total.shape[1])
        laid.append(total)
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
    )
    gear = (
        np.ascontiguousarray(np.concatenate([group.points[:, relevant] for group in groups])),
        _offsets(len(group.points) for group in groups),
        slot_group,
        family,
        np.ascontiguousarray(np.concatenate([group.points for group in groups])),
    )
    return Parts(dealt, laid, split, gear)


def _offsets(sizes: Any) -> Ints:
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
        ids[start:end] = np.arange(len(sums))
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


def optimize(
    problem: GearProblem, *, progress: Told | None = None, cancelled: Callable[[], bool] | None = None
) -> GearResult:
    """The proven best choices of gear and variant, `problem.top` of them. `progress` is told now and then; once
    `cancelled` says yes, the best so far is the answer, with the status "cancelled"."""
    began = time.perf_counter()
    search = Search(problem)
    finished = search.work(progress, cancelled, began)
    results = search.results()
    status = "cancelled" if not finished else "optimal" if results else "infeasible"
    return GearResult(status, results, problem.combinations, int(search.state[EVALUATED]), time.perf_counter() - began)
