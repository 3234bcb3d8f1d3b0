"""`optimize_build`: from a build and a wish to its proven best gear."""

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builds.engine import gear as optimiser
from builds.engine.attributes import checked_boons
from builds.engine.gear import Choice, GearResult, Progress, parse_problem
from builds.engine.gear.names import DAMAGING_CONDITIONS, SCHEMA
from builds.engine.optimise.choices import GearChoices, Goal, checked_choices, checked_goal, refuse
from builds.engine.optimise.estimate import ASSUMPTIONS, estimated_profile
from builds.engine.optimise.model import BuildOptimisation, Change, Outcome, Upgrades
from builds.engine.optimise.objectives import NEEDS_PROFILE, Weighted, contract_objective, judged_profile, weighted
from builds.engine.optimise.problem import (
    Body,
    Circumstances,
    body_of,
    dressed,
    piece_points,
    searched_slots,
    without_infusions,
)
from builds.gamedata import Catalogue
from builds.gamedata.model import MODES
from builds.spec.model import ATTRIBUTES, BuildSpec, DamageProfile, GearPiece
from gw2optimizer.errors import InvalidInput

TOP = 10
SENSITIVITY_POINTS = 5
USUAL_BOONS: Mapping[str, float] = {"might": 25, "fury": 1}
"""Where no boons are named: what a group gives, and what published damage is measured with."""
NO_GEAR_IN_PVP = "In PvP there is no gear to choose: attributes come from the amulet."


@dataclass(slots=True)
class _Variant:
    """One combination of rune, sigils, food and utility on the build."""

    name: str
    build: BuildSpec
    body: Body


@dataclass(slots=True)
class _Task:
    build: BuildSpec
    catalogue: Catalogue
    now: Circumstances
    goal: Goal
    choices: GearChoices
    profile: DamageProfile | None
    slots: tuple[str, ...]
    variants: dict[str, _Variant]
    own: _Variant
    """The build as it is, with its own upgrades and infusions."""
    points: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)

    @property
    def wvw(self) -> bool:
        return self.now.balance == "wvw"

    def document(
        self, slots: list[dict[str, Any]], variants: list[dict[str, Any]], constraints: Mapping[str, float], top: int
    ) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "profession": self.build.profession,
            "objective": contract_objective(self.goal.objective),
            "constraints": dict(constraints),
            "skill_attack_rate": self.profile.skill_attack_rate if self.profile else 0.0,
            "slots": slots,
            "variants": variants,
            "top": top,
        }


def optimize_build(
    build: BuildSpec,
    catalogue: Catalogue,
    *,
    objective: str,
    constraints: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
    choices: GearChoices | None = None,
    mode: str | None = None,
    boons: Mapping[str, float] | None = None,
    switches: frozenset[int] = frozenset(),
    profile: DamageProfile | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BuildOptimisation:
    """The ten best sets of gear for armor, trinkets and weapon set 1. objective: of OBJECTIVES. constraints: as in the
    contract of gear problems; boon_support without one keeps the boon duration of the present gear. weights: of a
    weighted objective. mode: the build's own where None. boons: name to stacks; might and fury where None. switches:
    traits whose conditional effects count. profile: the build's own where
    None, and where it has none an estimate.
    Raises InvalidInput for what there is not, what a build in PvP asks, and for more than MOST_PREFIXES prefixes or
    MOST_VARIANTS variants."""
    began = time.perf_counter()
    now = _circumstances(build, mode, boons, switches)
    goal = checked_goal(objective, constraints, weights)
    chosen = checked_choices(choices, objective, catalogue)
    notes: list[str] = []
    if boons is None:
        notes.append("With 25 stacks of might and fury, as a group gives them.")
    known, more = _profile(build, catalogue, goal, now, profile)
    task = _task(build, catalogue, now, goal, chosen, known)
    present_gear = _present_gear(task)
    task.goal = _with_boon_minimum(task, present_gear)
    scale = weighted(task.goal, _reference(task, present_gear)) if objective == "weighted" else None
    slots, variants = _space(task)
    if scale is not None:
        for variant in variants:
            scale.apply(variant["scenarios"][0])
    result = optimiser.optimize(
        parse_problem(task.document(slots, variants, task.goal.constraints, TOP)),
        progress=progress,
        cancelled=cancelled,
    )
    judge = _Judge(task, scale)
    present, outcomes, sensitivity = judge.answer(result, present_gear)
    unknown = dict.fromkeys(
        (*task.own.body.multipliers.unknown, *(f"{u.source}: {u.reason}" for u in task.own.body.panel.unknown))
    )
    return BuildOptimisation(
        result.status,
        objective,
        now.mode,
        now.boons,
        task.goal.constraints,
        chosen.prefixes,
        known,
        present,
        outcomes,
        sensitivity,
        result.combinations,
        result.evaluated,
        time.perf_counter() - began,
        (*notes, *more, *_notes(task, present_gear)),
        tuple(unknown),
    )


# --- the wish --------------------------------------------------------------------------------------
def _circumstances(
    build: BuildSpec, mode: str | None, boons: Mapping[str, float] | None, switches: frozenset[int]
) -> Circumstances:
    asked = mode or build.game_mode
    if asked not in MODES:
        raise refuse("mode", f"There is no game mode “{asked[:40]}”. The modes are {', '.join(MODES)}.")
    now = Circumstances(asked, checked_boons(USUAL_BOONS if boons is None else boons), switches)
    if now.balance == "pvp":
        raise InvalidInput(NO_GEAR_IN_PVP)
    return now


def _profile(
    build: BuildSpec, catalogue: Catalogue, goal: Goal, now: Circumstances, given: DamageProfile | None
) -> tuple[DamageProfile | None, tuple[str, ...]]:
    """The profile that the objective is judged by, and notes about it."""
    profile = given or build.damage_profile
    notes: list[str] = []
    if profile is None:
        if goal.objective not in NEEDS_PROFILE and "min_damage" not in goal.constraints:
            return None, ()
        profile = estimated_profile(build, catalogue, now.mode)
        notes += ASSUMPTIONS
    strange = profile.condition_coefficients.keys() - set(DAMAGING_CONDITIONS)
    if strange:
        notes.append(f"No damage is known of {', '.join(sorted(strange))}.")
        known = {name: value for name, value in profile.condition_coefficients.items() if name not in strange}
        profile = replace(profile, condition_coefficients=known)
    return judged_profile(profile, goal.objective), tuple(notes)


def _with_boon_minimum(task: _Task, present_gear: Mapping[str, str] | None) -> Goal:
    limits = task.goal.constraints
    if task.goal.objective != "boon_support" or {"min_boon_duration", "min_quickness_duration"} & limits.keys():
        return task.goal
    if present_gear is None:
        raise refuse("constraints", "Give min_boon_duration: the build's own gear is not whole.")
    owned = task.now.panel(task.build, task.catalogue)["boon_duration"]
    return replace(task.goal, constraints={**limits, "min_boon_duration": round(min(1.0, owned), 6)})


# --- the space -------------------------------------------------------------------------------------
def _task(
    build: BuildSpec,
    catalogue: Catalogue,
    now: Circumstances,
    goal: Goal,
    choices: GearChoices,
    profile: DamageProfile | None,
) -> _Task:
    body = body_of(build, catalogue, now, profile)
    own = _Variant("own", build, body)
    base = without_infusions(build) if choices.infusions else build
    variants = {}
    first_set = build.sigils[0] if build.sigils else ()
    for number, (rune, sigils, food, utility) in enumerate(
        itertools.product(
            choices.runes or (None,),
            choices.sigils or (first_set,),
            choices.foods or (build.food,),
            choices.utilities or (build.utility,),
        )
    ):
        changed = replace(base, sigils=(sigils, *build.sigils[1:]), food=food, utility=utility)
        if rune is not None:
            worn = {slot: replace(piece, upgrade=None) for slot, piece in base.gear.items()}
            changed = replace(changed, rune=rune, gear=worn)
        variants[str(number)] = _Variant(str(number), changed, body_of(changed, catalogue, now, profile))
    return _Task(build, catalogue, now, goal, choices, profile, searched_slots(build), variants, own)


def _space(task: _Task) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    slots = []
    for slot in task.slots:
        options = [{"prefix": prefix, "attributes": _points(task, slot, prefix)} for prefix in task.choices.prefixes]
        offered = [option for option in options if option["attributes"]]
        if not offered:
            raise refuse("prefixes", f"The game offers none of these prefixes for the slot {slot}.")
        slots.append({"slot": slot, "options": offered})
    if task.choices.infusions:
        options = [{"prefix": name, "attributes": {name: 5.0}} for name in task.choices.infusions]
        slots += [{"slot": f"infusion_{n + 1}", "options": options} for n in range(task.choices.infusion_count)]
    return slots, [{"name": v.name, "scenarios": [_copied(v.body.scenario)]} for v in task.variants.values()]


def _copied(scenario: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: dict(part) if isinstance(part, dict) else list(part) if isinstance(part, list) else part
        for name, part in scenario.items()
    }


def _points(task: _Task, slot: str, prefix: str) -> dict[str, float]:
    known = task.points.get((slot, prefix))
    if known is None:
        known = piece_points(task.build, task.catalogue, slot, prefix, wvw=task.wvw)
        task.points[slot, prefix] = known
    return known


def _present_gear(task: _Task) -> dict[str, str] | None:
    worn = {slot: (task.build.gear.get(slot) or GearPiece(None)).prefix for slot in task.slots}
    return {slot: prefix for slot, prefix in worn.items() if prefix} if all(worn.values()) else None


def _notes(task: _Task, present_gear: Mapping[str, str] | None) -> Iterable[str]:
    if not task.build.weapon_sets:
        yield "The build names no weapons, so theirs are not among the slots."
    if present_gear is None:
        yield "The present gear is not whole, so there is nothing to compare with."
    if missing := [name for name in task.own.body.panel.missing if not name.startswith("gear")]:
        yield f"The build lacks {', '.join(missing)}; what they would give is not counted."


# --- the judgement ---------------------------------------------------------------------------------
def _reference(task: _Task, present_gear: Mapping[str, str] | None) -> Mapping[str, float]:
    """Damage, healing, health and armor that a weighted mix is measured by: of the present gear, else of the first
    prefix on offer."""
    gear = present_gear
    if gear is None:
        gear = {slot: next((p for p in task.choices.prefixes if _points(task, slot, p)), "") for slot in task.slots}
    judged = _Judge(task, None).scores({"reference": (task.own, gear, {})})["reference"]
    return {
        "damage": judged.damage,
        "healing": judged.healing,
        **{name: judged.attributes[name] for name in ("health", "armor", "outgoing_healing")},
    }


Asked = tuple[_Variant, Mapping[str, str], Mapping[str, float]]
"""A variant, its gear by slot, and points beside it."""


class _Judge:
    """Evaluates given gear, many sets at once, by the same contract as the search."""

    def __init__(self, task: _Task, scale: Weighted | None) -> None:
        self.task = task
        self.scale = scale

    def scores(self, asked: Mapping[str, Asked], *, scale: Weighted | None = None) -> dict[str, Choice]:
        """Without constraints: what is asked for is judged, allowed or not."""
        slots = [{"slot": "all", "options": [{"prefix": "worn", "attributes": {}}]}]
        variants = []
        for name, (variant, gear, points) in asked.items():
            scenario = _copied(variant.body.scenario)
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
            total.update(_points(self.task, slot, prefix))
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
            worn.food,
            worn.utility,
            infusions if self.task.choices.infusions and variant is not self.task.own else None,
        )
        return Outcome(
            gear,
            upgrades,
            objective,
            choice.damage,
            choice.survivability,
            choice.healing,
            {name: attribute.value for name, attribute in panel.attributes.items()},
            objective / present.objective - 1 if present is not None and present.objective else None,
        )

    def _changes(self, key: str, one: Asked, judged: Mapping[str, float]) -> Iterable[Change]:
        for slot, after in one[1].items():
            piece = self.task.build.gear.get(slot)
            before = piece.prefix if piece else None
            if before != after:
                reverted = judged.get(f"{key} {slot}")
                yield Change(slot, before, after, None if reverted is None else judged[key] - reverted)


def _with(points: Mapping[str, float], name: str, more: float) -> dict[str, float]:
    return {**points, name: points.get(name, 0.0) + more}
