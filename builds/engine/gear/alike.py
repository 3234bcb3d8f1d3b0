"""Variants that nothing tells apart: what the objective and the limits read is the same, down to the order of the
operations. One of them is searched for all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from builds.engine.gear import names
from builds.engine.gear.problem import GearProblem, Scenario

_LIMITS = {
    "min_boon_duration": ("boon_duration",),
    "min_quickness_duration": ("boon_duration", "quickness_duration"),
    "min_critical_chance": ("critical_chance",),
    "min_outgoing_healing": ("outgoing_healing",),
    "min_toughness": ("toughness",),
    "max_toughness": ("toughness",),
    "min_health": ("health",),
    "min_healing_power": ("healing_power",),
}
# What step 4 of the contract makes of what, the last made first.
_DERIVED = (
    ("alternative_critical_damage", ("critical_damage", "alternative_ferocity")),
    ("alternative_critical_chance", ("critical_chance", "alternative_precision")),
    ("alternative_power", ("power",)),
    ("phantasm_critical_damage", ("ferocity",)),
    ("phantasm_critical_chance", ("precision",)),
    ("clone_critical_chance", ("precision",)),
    ("armor", ("toughness",)),
    ("health", ("vitality", "maximum_health")),
    ("condition_duration", ("expertise",)),
    ("boon_duration", ("concentration",)),
    ("critical_damage", ("ferocity",)),
    ("critical_chance", ("precision",)),
)
_STRIKE_FACTORS = tuple(
    name
    for name in names.MULTIPLIERS
    if name not in {"outgoing_condition_damage", "outgoing_siphon_damage", "incoming_strike_damage"}
    and name not in {f"outgoing_{condition}_damage" for condition in names.DAMAGING_CONDITIONS}
)
_COEFFICIENTS = (
    "power_coefficient",
    "noncrit_power_coefficient",
    "power2_coefficient",
    "siphon_base_coefficient",
    "siphon_coefficient",
    "flat_dps",
    *(f"{condition}_coefficient" for condition in names.DAMAGING_CONDITIONS),
)


@dataclass(frozen=True, slots=True)
class _Reads:
    """What the score and the limits of a scenario are computed from."""

    base: tuple[str, ...]
    panel: frozenset[str]
    factors: tuple[str, ...]

    def key(self, scenario: Scenario) -> tuple[Any, ...]:
        base, factors, panel = scenario.base, scenario.multipliers, self.panel
        return (
            scenario.weight,
            self,
            tuple([base.get(name, 0.0) for name in self.base]),
            tuple([factors.get(name, 1.0) for name in self.factors]),
            tuple([bonus for bonus in scenario.bonuses if bonus[0] in panel]),
            tuple([step for step in scenario.conversions if step[0] in panel]),
            tuple([step for step in scenario.conversions_after_bonuses if step[0] in panel]),
        )


def alike_variants(problem: GearProblem) -> list[list[int]]:
    """Numbers of variants, those together that score the same, and are allowed the same, in any gear."""
    if len(problem.variants) == 1:
        return [[0]]
    reads = _reader(problem)
    classes: dict[tuple[Any, ...], list[int]] = {}
    for number, variant in enumerate(problem.variants):
        key = tuple([reads(scenario).key(scenario) for scenario in variant.scenarios])
        classes.setdefault(key, []).append(number)
    return list(classes.values())


def _reader(problem: GearProblem) -> Callable[[Scenario], _Reads]:
    """Scenarios differ in numbers more often than in what is read."""
    of_gear = {name for slot in problem.slots for option in slot.options for name in option.attributes}
    known: dict[tuple[Any, ...], _Reads] = {}

    def reads(scenario: Scenario) -> _Reads:
        base = scenario.base
        kind = (
            tuple([name for name in _COEFFICIENTS if base.get(name)]),
            tuple([to for to, _ in scenario.bonuses]),
            scenario.conversions,
            scenario.conversions_after_bonuses,
        )
        found = known.get(kind)
        if found is None:
            found = known[kind] = _reads(problem, scenario, of_gear)
        return found

    return reads


def _reads(problem: GearProblem, scenario: Scenario, of_gear: set[str]) -> _Reads:
    changed = {to for to, _ in scenario.bonuses}
    changed |= {to for to, _, _ in (*scenario.conversions, *scenario.conversions_after_bonuses)}
    panel: set[str] = set()
    factors: dict[str, None] = {}
    for limit in problem.constraints:
        panel.update(_LIMITS.get(limit, ()))
    scores = {problem.objective, *(name.removeprefix("min_") for name in problem.constraints)}
    if "damage" in scores:
        given = {name for name in _COEFFICIENTS if scenario.base.get(name) or name in of_gear or name in changed}
        of_damage, of_factors = _damage(problem, given)
        panel |= of_damage
        factors.update(dict.fromkeys(of_factors))
    if "survivability" in scores:
        panel |= {"health", "armor"}
        factors["incoming_strike_damage"] = None
    if "healing" in scores:
        panel |= {"healing_power", "outgoing_healing"}
    for to, source, _ in reversed(scenario.conversions_after_bonuses):
        if to in panel:
            panel.add(source)
    for to, sources in _DERIVED:
        if to in panel:
            panel.update(sources)
    base = panel | {source for to, source, _ in scenario.conversions if to in panel}
    return _Reads(tuple(sorted(base)), frozenset(panel), tuple(factors))


def _damage(problem: GearProblem, given: Iterable[str]) -> tuple[set[str], set[str]]:
    """Attributes and multipliers that damage reads, where only the given coefficients can be other than 0."""
    found, factors = set(given), set()
    if "power_coefficient" in found:
        found |= {"power", "critical_chance", "critical_damage"}
    if "noncrit_power_coefficient" in found or "siphon_coefficient" in found:
        found |= {"power"}
    if "power2_coefficient" in found and problem.profession == "Mesmer":
        found |= {"power", "phantasm_critical_chance", "phantasm_critical_damage"}
    elif "power2_coefficient" in found:
        found |= {"alternative_power", "alternative_critical_chance", "alternative_critical_damage"}
    if found & {"power_coefficient", "noncrit_power_coefficient", "power2_coefficient"}:
        factors |= set(_STRIKE_FACTORS)
    if found & {"siphon_base_coefficient", "siphon_coefficient"}:
        factors.add("outgoing_siphon_damage")
    for condition in names.DAMAGING_CONDITIONS:
        if f"{condition}_coefficient" in found:
            inferno = condition == "burning" and problem.inferno_burning_damage
            found |= {"power" if inferno else "condition_damage", f"{condition}_duration", "condition_duration"}
            found.add("condition_duration_uncapped")
            factors |= {"outgoing_condition_damage", f"outgoing_{condition}_damage"}
    return found, factors
