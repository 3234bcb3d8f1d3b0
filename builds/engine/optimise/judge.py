"""Gear that is given, judged by the same contract as the search: the answer around its results."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from builds.engine import gear as optimiser
from builds.engine.gear import Choice, GearResult, parse_problem
from builds.engine.optimise.model import Change, Outcome, Upgrades
from builds.engine.optimise.objectives import Weighted
from builds.engine.optimise.problem import dressed
from builds.engine.optimise.task import OWN, Task
from builds.engine.optimise.variants import Variant
from builds.spec.model import ATTRIBUTES

SENSITIVITY_POINTS = 5


def copied(scenario: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: dict(part) if isinstance(part, dict) else list(part) if isinstance(part, list) else part
        for name, part in scenario.items()
    }


def reference(task: Task, present_gear: Mapping[str, str] | None) -> Mapping[str, float]:
    """Damage, healing, health and armor that a weighted mix is measured by: of the present gear, else of the first
    prefix on offer."""
    gear = present_gear
    if gear is None:
        gear = {slot: next((p for p in task.choices.prefixes if task.points_of(slot, p)), "") for slot in task.slots}
    judged = Judge(task, None).scores({"reference": (task.own, gear, {})})["reference"]
    return {
        "damage": judged.damage,
        "healing": judged.healing,
        **{name: judged.attributes[name] for name in ("health", "armor", "outgoing_healing")},
    }


Asked = tuple[Variant, Mapping[str, str], Mapping[str, float]]
"""A variant, its gear by slot, and points beside it."""


class Judge:
    """Evaluates given gear, many sets at once, by the same contract as the search."""

    def __init__(self, task: Task, scale: Weighted | None) -> None:
        self.task = task
        self.scale = scale

    def scores(self, asked: Mapping[str, Asked], *, scale: Weighted | None = None) -> dict[str, Choice]:
        """Without constraints: what is asked for is judged, allowed or not."""
        slots = [{"slot": "all", "options": [{"prefix": "worn", "attributes": {}}]}]
        variants = []
        for name, (variant, gear, points) in asked.items():
            scenario = copied(variant.scenario)
            for attribute, amount in self._sum(gear, points).items():
                scenario["base"][attribute] = scenario["base"].get(attribute, 0.0) + amount
            if scale is not None:
                scale.apply(scenario)
            variants.append({"name": name, "scenarios": [scenario]})
        found = optimiser.optimize(parse_problem(self.task.document(slots, variants, {}, len(variants))))
        return {choice.variant: choice for choice in found.results}

    def _sum(self, gear: Mapping[str, str], points: Mapping[str, float]) -> Counter[str]:
        total: Counter[str] = Counter()
        for slot, prefix in gear.items():
            total.update(self.task.points_of(slot, prefix))
        total.update(points)
        return total

    def _objective(self, asked: Mapping[str, Asked], plain: Mapping[str, Choice]) -> dict[str, float]:
        if self.scale is None:
            return {name: choice.objective for name, choice in plain.items()}
        scaled = self.scores(asked, scale=self.scale)
        return {name: choice.objective / self.scale.unit for name, choice in scaled.items()}

    def answer(
        self, result: GearResult, present_gear: Mapping[str, str] | None
    ) -> tuple[Outcome | None, tuple[Outcome, ...], dict[str, float]]:
        found = [self._chosen(choice) for choice in result.results]
        asked: dict[str, Asked] = {f"result {n}": (v, gear, points) for n, (v, gear, points) in enumerate(found)}
        if present_gear is not None:
            asked["present"] = (self.task.own, present_gear, {})
            for n, (variant, gear, points) in enumerate(found):
                for slot in gear:
                    reverted = {**gear, slot: present_gear[slot]}
                    if reverted != gear:
                        asked[f"result {n} {slot}"] = (variant, reverted, points)
        if found:
            variant, gear, points = found[0]
            for name in ATTRIBUTES:
                asked[f"more {name}"] = (variant, gear, _with(points, name, SENSITIVITY_POINTS))
        if not asked:
            return None, (), {}
        plain = self.scores(asked)
        judged = self._objective(asked, plain)
        present = None
        if present_gear is not None:
            present = self._outcome(plain["present"], judged["present"], asked["present"], None)
        outcomes = []
        for n, one in enumerate(found):
            key = f"result {n}"
            outcome = self._outcome(plain[key], judged[key], one, present)
            outcomes.append(replace(outcome, changes=tuple(self._changes(key, one, judged))))
        more = {}
        if found:
            more = {name: round(judged[f"more {name}"] - judged["result 0"], 6) for name in ATTRIBUTES}
        return present, tuple(outcomes), more

    def _chosen(self, choice: Choice) -> Asked:
        gear = dict(zip(self.task.slots, choice.prefixes, strict=False))
        points = {name: 5.0 * n for name, n in Counter(choice.prefixes[len(gear) :]).items()}
        return self.task.variants[choice.variant], gear, points

    def _outcome(self, choice: Choice, objective: float, asked: Asked, present: Outcome | None) -> Outcome:
        variant, gear, points = asked
        infusions: dict[str | int, int] = {name: round(amount / 5) for name, amount in points.items()}
        worn = dressed(variant.build, dict(gear))
        if infusions:
            worn = replace(worn, infusions=dict(infusions))
        panel = self.task.now.panel(worn, self.task.catalogue)
        upgrades = Upgrades(
            worn.rune,
            worn.sigils[0] if worn.sigils else (),
            worn.relic,
            worn.food,
            worn.utility,
            infusions if self.task.choices.infusions and variant.name != OWN else None,
        )
        return Outcome(
            gear if variant.name == OWN else self.task.with_second_set(gear),
            upgrades,
            objective,
            choice.damage,
            choice.survivability,
            choice.healing,
            {name: attribute.value for name, attribute in panel.attributes.items()},
            objective / present.objective - 1 if present is not None and present.objective else None,
        )

    def _changes(self, key: str, one: Asked, judged: Mapping[str, float]) -> Iterable[Change]:
        for slot, after in self.task.with_second_set(one[1]).items():
            piece = self.task.build.gear.get(slot)
            before = piece.prefix if piece else None
            if before != after:
                reverted = judged.get(f"{key} {slot}")
                yield Change(slot, before, after, None if reverted is None else judged[key] - reverted)


def _with(points: Mapping[str, float], name: str, more: float) -> dict[str, float]:
    return {**points, name: points.get(name, 0.0) + more}
