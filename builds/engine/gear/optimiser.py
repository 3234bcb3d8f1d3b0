"""From a problem to its proven optimum."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from builds.engine.gear import names
from builds.engine.gear.alike import alike_variants
from builds.engine.gear.arrays import Floats, Group, gear_attributes, groups_of, world_of
from builds.engine.gear.bounds import tune
from builds.engine.gear.parts import LEAF, Wanted, divided, grow_trees, lay_out, leaf_of
from builds.engine.gear.problem import GearProblem
from builds.engine.gear.reference import evaluate
from builds.engine.gear.relax import compile_variant
from builds.engine.gear.result import UNWATCHED, Choice, GearResult, Progress, StoppedError, Watch
from builds.engine.gear.search import EVALUATED, SIZE, climb, enter_around, run

# Boxes between two looks at the clock and at `cancelled`.
STRIDE = 50_000
# Boxes that a variant gets before multipliers of its own are worth their time.
GLANCE = 64
MOST_STARTS = 16
# Above this many exchanges of one option, pairs of them take longer than they save.
MOST_MOVES = 400
# Measured on random problems of six prefixes and fourteen slots.
EXTENT_SCALE = 3.0
Told = Callable[[Progress], None]


class Search:
    """One problem on its way to the answer."""

    def __init__(self, problem: GearProblem, watch: Watch = UNWATCHED) -> None:
        """Raises StoppedError where the watch is told to stop, as does `work`."""
        self.problem, self.watch = problem, watch
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
        # By class of variants that are alike: number, first and last scenario of each. The first is searched.
        self.classes = [
            np.array([(v, of[v], of[v + 1]) for v in alike], dtype=np.int64) for alike in alike_variants(problem)
        ]
        compiled = [
            compile_variant(self.scenarios, int(alike[0, 1]), int(alike[0, 2]), places, low, high, self.objective)
            for alike in watch.over(self.classes)
        ]
        relevant = np.zeros(len(attributes), dtype=bool)
        irregular = False
        for lines, _, _, _, _, _, _, rules, _, touched in compiled:
            relevant |= lines.any(axis=0) | rules.any(axis=0) | touched[:-1]
            irregular |= bool(touched[-1])
        self.programs = [self._program(parts, relevant) for parts in compiled]
        self.places = places
        self.relevant = relevant
        up, down = np.zeros((2, int(relevant.sum())), dtype=bool)
        if not irregular:
            for lines, _, _, _, _, _, _, rules, _, touched in compiled:
                up |= (lines.any(axis=0) | (rules > 0.0).any(axis=0) | touched[:-1])[relevant]
                down |= (rules < 0.0).any(axis=0)[relevant]
        self.wanted = Wanted(up, down, problem.top, not irregular)
        if problem.top == 1 and not irregular:
            groups = [without_dominated(group, relevant, up, down) for group in groups]
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

    def task(self, number: int) -> tuple[Any, ...]:
        """number: of the class of variants."""
        alike = self.classes[number]
        variant, first, last = alike[0]
        return (
            self.scenarios, variant, first, last, self.places, self.objective, self.world.limits, self.leaf, alike,
        )  # fmt: skip

    def work(self, progress: Told | None, cancelled: Callable[[], bool] | None, began: float) -> bool:
        """Whether the search came to its end."""
        groups, families = divided(self.groups)
        parts = lay_out(groups, families, self.relevant, len(self.problem.slots), self.wanted)
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
        for program in self.watch.over(self.programs):
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


def without_dominated(group: Group, relevant: Any, up: Any, down: Any) -> Group:
    """The group without options nowhere better than another; up, down: as those of `Wanted`."""
    points = group.points[:, relevant]
    as_good = (points[:, None, up] >= points[None, :, up]).all(axis=2)
    as_good &= (points[:, None, down] <= points[None, :, down]).all(axis=2)
    # Of options that are as good as each other, the first one stays.
    first = np.arange(len(points))[:, None] < np.arange(len(points))[None, :]
    beaten = (as_good & (~as_good.T | first)).any(axis=0)
    keep = np.flatnonzero(~beaten).tolist()
    return Group(group.slots, [[row[i] for i in keep] for row in group.options], group.points[keep])


def optimize(
    problem: GearProblem, *, progress: Told | None = None, cancelled: Callable[[], bool] | None = None
) -> GearResult:
    """The proven best choices of gear and variant, `problem.top` of them. `progress` is told now and then; once
    `cancelled` says yes, the best so far is the answer, if there is one yet, with the status "cancelled"."""
    began = time.perf_counter()
    try:
        search = Search(problem, Watch(progress, cancelled))
        finished = search.work(progress, cancelled, began)
    except StoppedError:
        return GearResult("cancelled", (), problem.combinations, 0, time.perf_counter() - began)
    results = search.results()
    status = "cancelled" if not finished else "optimal" if results else "infeasible"
    return GearResult(status, results, problem.combinations, int(search.state[EVALUATED]), time.perf_counter() - began)
