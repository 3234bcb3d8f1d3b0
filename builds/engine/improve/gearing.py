"""The prefixes of a build by the exact optimiser, with the role's score as its objective.

A score is no objective of the contract, but near one build it is damage and a sum of attributes: damage enters as it
is, healing power, health and armor by what a point of them adds to the score here. What boon duration is worth bends
too much for that, so for roles that live by boons the problem is solved at several minimums of it. Each answer is then
judged by the true score."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from builds.engine import gear as optimiser
from builds.engine.gear import parse_problem
from builds.engine.gear.names import SCHEMA
from builds.engine.improve.judge import SCALE, SURVIVAL_ARMOR, Judge, SpentError
from builds.engine.improve.locks import Locks
from builds.engine.improve.measure import Given
from builds.engine.optimise.objectives import Weighted
from builds.engine.optimise.problem import dressed, searched_slots
from builds.spec.model import BuildSpec

MOST_PREFIXES = 5
BOON_MINIMUMS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
ROUNDS = 2
"""Of solving near the best so far: what healing and survivability are worth changes with how much there is. Amid a
search once is enough."""
UNIT = 100.0
"""The sum is searched in this unit, so that no coefficient gets lost beside the others."""


class Gearing:
    """For one judge and what the user keeps. worn_by_others: published builds, whose prefixes are offered, too."""

    def __init__(self, judge: Judge, locks: Locks, worn_by_others: Iterable[BuildSpec] = ()) -> None:
        self.judge, self.locks = judge, locks
        common: Counter[str] = Counter()
        for build in worn_by_others:
            common.update({piece.prefix for piece in build.gear.values() if piece.prefix})
        self.offered = tuple(dict.fromkeys((*judge.role.gear, *(name for name, _ in common.most_common(4)))))
        self.solved = 0

    @property
    def searches(self) -> bool:
        return self.judge.balance != "pvp" and "gear" not in self.locks.names

    def best(self, build: BuildSpec, rounds: int = 1) -> BuildSpec:
        """The build in the best gear that was found; the build itself where that is none better, or where no more may
        be judged."""
        slots, best = self.free(build), build
        if not self.searches or not slots:
            return build
        try:
            uniform = self._uniform(build, slots)
            best = max([build, *uniform.values()], key=self.judge.total)
            prefixes = self._chosen(uniform)
            for _ in range(rounds):
                before = best
                for found in self._solved(before, slots, prefixes):
                    best = max(best, found, key=self.judge.total)
                if self.judge.total(best) <= self.judge.total(before) + 1e-9:
                    break
        except SpentError:
            pass
        return best

    def uniform(self, build: BuildSpec) -> BuildSpec:
        """The build in the best single prefix, or as it is: quick, to compare builds whose gear says nothing."""
        slots = self.free(build)
        if not self.searches or not slots:
            return build
        return max([build, *self._uniform(build, slots).values()], key=self.judge.total)

    def free(self, build: BuildSpec) -> tuple[str, ...]:
        return tuple(slot for slot in searched_slots(build) if not self.locks.touches(f"gear.{slot}"))

    # --- candidates ------------------------------------------------------------------------------
    def _uniform(self, build: BuildSpec, slots: tuple[str, ...]) -> dict[str, BuildSpec]:
        found = {}
        for prefix in self.offered:
            gear = {slot: prefix for slot in slots if self.judge.piece(build, slot, prefix)}
            if gear:
                found[prefix] = self._worn(build, gear)
        return found

    def _chosen(self, uniform: Mapping[str, BuildSpec]) -> tuple[str, ...]:
        """The best by themselves, and for roles with boons the best that gives boon duration."""
        ranked = sorted(uniform, key=lambda prefix: -self.judge.total(uniform[prefix]))
        chosen = ranked[:MOST_PREFIXES]
        if self.judge.role.boons:
            bare = min(self.judge.panel(build)["boon_duration"] for build in uniform.values())
            giving = [p for p in ranked if self.judge.panel(uniform[p])["boon_duration"] > bare + 0.05]
            if giving and not set(giving) & set(chosen):
                chosen[-1:] = giving[:1]
        return tuple(chosen)

    def _solved(self, build: BuildSpec, slots: tuple[str, ...], prefixes: tuple[str, ...]) -> Iterator[BuildSpec]:
        scenario = self._scenario(build, slots)
        options = []
        for slot in slots:
            pieces = ((prefix, self.judge.piece(build, slot, prefix)) for prefix in prefixes)
            fitting = [{"prefix": prefix, "attributes": dict(points)} for prefix, points in pieces if points]
            if not fitting:
                return
            options.append({"slot": slot, "options": fitting})
        reached = -1.0
        for minimum in BOON_MINIMUMS if self.judge.role.boons else (0.0,):
            if minimum and minimum <= reached + 1e-9:
                continue
            document = {
                "schema": SCHEMA,
                "profession": build.profession,
                "objective": "damage",
                "constraints": {"min_boon_duration": minimum} if minimum else {},
                "skill_attack_rate": self.judge.profile(build).skill_attack_rate,
                "slots": options,
                "variants": [{"name": "own", "scenarios": [scenario]}],
            }
            self.solved += 1
            result = optimiser.optimize(parse_problem(document))
            if not result.results:
                return
            found = self._worn(build, dict(zip(slots, result.results[0].prefixes, strict=True)))
            reached = self.judge.panel(found)["boon_duration"]
            yield found

    def _scenario(self, build: BuildSpec, slots: tuple[str, ...]) -> dict[str, Any]:
        scenario = self.judge.scenario(build)
        for slot in searched_slots(build):
            piece = build.gear.get(slot)
            if slot not in slots and piece is not None and piece.prefix:
                for name, points in self.judge.piece(build, slot, piece.prefix).items():
                    scenario["base"][name] = scenario["base"].get(name, 0.0) + points
        self._mix(build).apply(scenario)
        return scenario

    def _mix(self, build: BuildSpec) -> Weighted:
        """Points of the score, in UNIT, for each point of damage, healing power, health, armor and boon duration."""
        judge, numbers, panel = self.judge, self.judge.numbers(build), self.judge.panel(build)

        def worth(part: str) -> float:
            weight = judge.weights.get(part, 0.0)
            return UNIT * SCALE * weight * judge.parts[part].slope(numbers[part], judge.balance) if weight else 0.0

        given: Given = judge.given(build)
        duration = panel["boon_duration"] + panel["regeneration_duration"]
        regeneration = given.held("regeneration", duration)
        heals = given.healed(1.0, regeneration) - given.healed(0.0, regeneration)
        survival = worth("survivability") / SURVIVAL_ARMOR
        shares = {
            "healing_power": worth("healing") * heals,
            "health": survival * panel["armor"],
            "armor": survival * panel["health"],
            "boon_duration": worth("boon_duration"),
        }
        return Weighted(worth("damage"), 0.0, tuple((name, share) for name, share in shares.items() if share > 0.0))

    def _worn(self, build: BuildSpec, gear: Mapping[str, str]) -> BuildSpec:
        """The second weapon set wears what the first one does."""
        worn: dict[str, str | None] = dict(gear)
        main = gear.get("weapon_1_main")
        if main and len(build.weapon_sets) > 1:
            for hand, name in (("main", build.weapon_sets[1].main_hand), ("off", build.weapon_sets[1].off_hand)):
                slot = f"weapon_2_{hand}"
                if name and not self.locks.touches(f"gear.{slot}"):
                    worn[slot] = main
        return dressed(build, worn)
