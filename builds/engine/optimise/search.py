"""`optimize_build`: from a build and a wish to its proven best gear."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from builds.engine import gear as optimiser
from builds.engine.attributes import checked_boons
from builds.engine.gear import Progress, StoppedError, Watch, parse_problem
from builds.engine.gear.names import DAMAGING_CONDITIONS
from builds.engine.optimise.choices import GearChoices, Goal, checked_choices, checked_goal, checked_profile, refuse
from builds.engine.optimise.estimate import ASSUMPTIONS, estimated_profile
from builds.engine.optimise.judge import Judge, reference
from builds.engine.optimise.model import BuildOptimisation, Outcome
from builds.engine.optimise.objectives import NEEDS_PROFILE, judged_profile, weighted
from builds.engine.optimise.problem import Circumstances
from builds.engine.optimise.procs import of_relic
from builds.engine.optimise.task import Task, notes_of, space_of, task_of
from builds.gamedata import Catalogue
from builds.gamedata.model import MODES
from builds.spec.model import BuildSpec, DamageProfile
from gw2optimizer.errors import InvalidInput

TOP = 10
USUAL_BOONS: Mapping[str, float] = {"might": 25, "fury": 1}
"""Where no boons are named: what a group gives, and what published damage is measured with."""
NO_GEAR_IN_PVP = "In PvP there is no gear to choose: attributes come from the amulet."


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
    """The ten best sets of gear for armor, trinkets and weapons, judged with weapon set 1 in hand. objective: of
    OBJECTIVES. constraints: as in the contract of gear problems; boon_support without one keeps the boon duration of
    the present gear. weights: of a weighted objective. mode: the build's own where None. boons: name to stacks; might
    and fury where None. switches: traits whose conditional effects count. profile: the build's own where None, and
    where it has none an estimate.
    Raises InvalidInput for what there is not, what a build in PvP asks, and for more than MOST_PREFIXES prefixes or
    MOST_VARIANTS variants."""
    began = time.perf_counter()
    now = replace(
        _circumstances(build, mode, boons, switches),
        damage=objective if objective in ("power", "condition") else "damage",
    )
    goal = checked_goal(objective, constraints, weights)
    chosen = checked_choices(choices, objective, catalogue)
    notes: list[str] = []
    if boons is None:
        notes.append("With 25 stacks of might and fury, as a group gives them.")
    chosen, of_relics = _with_known_relics(chosen, objective, catalogue)
    known, more = _profile(build, catalogue, goal, now, profile)
    notes += [*of_relics, *more]
    try:
        found = _searched(build, catalogue, now, goal, chosen, known, progress, cancelled)
    except StoppedError:
        found = _Found("cancelled", goal)
    return BuildOptimisation(
        found.status,
        objective,
        now.mode,
        now.boons,
        found.goal.constraints,
        chosen.prefixes,
        known,
        found.present,
        found.outcomes,
        found.sensitivity,
        found.combinations,
        found.evaluated,
        time.perf_counter() - began,
        (*notes, *found.notes),
        found.unknown,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the search says; without an answer where it was stopped while it was prepared."""

    status: str
    goal: Goal
    present: Outcome | None = None
    outcomes: tuple[Outcome, ...] = ()
    sensitivity: Mapping[str, float] = field(default_factory=dict)
    combinations: int = 0
    evaluated: int = 0
    notes: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def _searched(
    build: BuildSpec,
    catalogue: Catalogue,
    now: Circumstances,
    goal: Goal,
    chosen: GearChoices,
    profile: DamageProfile | None,
    progress: Callable[[Progress], None] | None,
    cancelled: Callable[[], bool] | None,
) -> _Found:
    watch = Watch(progress, cancelled)
    task = task_of(build, catalogue, now, goal, chosen, profile, watch)
    present_gear = task.present_gear()
    task.goal = _with_boon_minimum(task, present_gear)
    scale = weighted(task.goal, reference(task, present_gear)) if goal.objective == "weighted" else None
    variants = list(task.variants.documents())
    if scale is not None:
        for variant in variants:
            scale.apply(variant["scenarios"][0])
    document = task.document(space_of(task), variants, task.goal.constraints, TOP)
    result = optimiser.optimize(parse_problem(document, watch), progress=progress, cancelled=cancelled)
    body = task.body
    unknown = (*body.multipliers.unknown, *(f"{u.source}: {u.reason}" for u in body.panel.unknown), *body.procs.unknown)
    return _Found(
        result.status,
        task.goal,
        *Judge(task, scale).answer(result, present_gear),
        result.combinations,
        result.evaluated,
        tuple(notes_of(task)),
        tuple(dict.fromkeys((*unknown, *task.variants.unknown))),
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
    checked_profile(profile)
    strange = profile.condition_coefficients.keys() - set(DAMAGING_CONDITIONS)
    if strange:
        notes.append(f"No damage is known of {', '.join(sorted(strange))}.")
        known = {name: value for name, value in profile.condition_coefficients.items() if name not in strange}
        profile = replace(profile, condition_coefficients=known)
    return judged_profile(profile, goal.objective), tuple(notes)


def _with_boon_minimum(task: Task, present_gear: Mapping[str, str] | None) -> Goal:
    limits = task.goal.constraints
    if task.goal.objective != "boon_support" or {"min_boon_duration", "min_quickness_duration"} & limits.keys():
        return task.goal
    if present_gear is None:
        raise refuse("constraints", "Give min_boon_duration: the build's own gear is not whole.")
    owned = task.now.panel(task.build, task.catalogue)["boon_duration"]
    return replace(task.goal, constraints={**limits, "min_boon_duration": round(min(1.0, owned), 6)})


def _with_known_relics(
    choices: GearChoices, objective: str, catalogue: Catalogue
) -> tuple[GearChoices, tuple[str, ...]]:
    """Relics are ranked only where something is known of what they do to the objective."""
    silent = [id_ for id_ in choices.relics if not of_relic(catalogue.relics[id_]).matter_for(objective)]
    if not silent:
        return choices, ()
    if len(silent) == len(choices.relics):
        note = f"No effect on the objective “{objective}” is known of any relic on offer; the build keeps its own."
        return replace(choices, relics=()), (note,)
    named = ", ".join(catalogue.relics[id_].name for id_ in silent)
    return choices, (
        f"No effect on the objective “{objective}” is known of {named}; they are counted as doing nothing.",
    )
