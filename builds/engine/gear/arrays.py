"""A gear problem as arrays: what the compiled code reads. Attributes and multipliers stand at their index in
`names`; scenarios of all variants follow one another."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from builds.engine.gear import names
from builds.engine.gear.problem import GearProblem

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

CONSTRAINT_INDEX = {name: index for index, name in enumerate(names.CONSTRAINTS)}
ATTRIBUTE = names.ATTRIBUTE_INDEX


@dataclass(slots=True)
class Group:
    """Slots with the same options: only how many carry which matters.
    options: for each slot, the index of each of the group's options in that slot's own list."""

    slots: list[int]
    options: list[list[int]]
    points: Floats  # (options, attributes of gear)


@dataclass(slots=True)
class World:
    """The scenarios of all variants; `offsets` say where a scenario's rows of a list begin and end."""

    scenario_of: Ints  # (variants + 1), offsets
    weight: Floats
    base: Floats  # (scenarios, attributes)
    multipliers: Floats  # (scenarios, multipliers)
    offsets: Ints  # (scenarios + 1, 3): bonuses, conversions, conversions after bonuses
    bonus_to: Ints
    bonus: Floats
    before: Ints  # (conversions, 2): to, from
    before_share: Floats
    after: Ints
    after_share: Floats
    switches: Floats  # mesmer, inferno_burning_damage, target_moving, skill_attack_rate
    limits: Floats  # by constraint; NaN where there is none

    def as_tuple(self) -> tuple[Any, ...]:
        return (
            self.weight, self.base, self.multipliers, self.offsets, self.bonus_to, self.bonus,
            self.before, self.before_share, self.after, self.after_share, self.switches, self.limits,
        )  # fmt: skip


def world_of(problem: GearProblem) -> World:
    scenarios = [scenario for variant in problem.variants for scenario in variant.scenarios]
    base = np.zeros((len(scenarios), len(names.ATTRIBUTES)))
    multipliers = np.ones((len(scenarios), len(names.MULTIPLIERS)))
    offsets = np.zeros((len(scenarios) + 1, 3), dtype=np.int64)
    bonuses: list[tuple[str, float]] = []
    before: list[tuple[str, str, float]] = []
    after: list[tuple[str, str, float]] = []
    for index, scenario in enumerate(scenarios):
        base[index, [ATTRIBUTE[name] for name in scenario.base]] = list(scenario.base.values())
        multipliers[index, [names.MULTIPLIER_INDEX[name] for name in scenario.multipliers]] = list(
            scenario.multipliers.values()
        )
        bonuses += scenario.bonuses
        before += scenario.conversions
        after += scenario.conversions_after_bonuses
        offsets[index + 1] = len(bonuses), len(before), len(after)
    limits = np.full(len(names.CONSTRAINTS), np.nan)
    for name, limit in problem.constraints.items():
        limits[CONSTRAINT_INDEX[name]] = limit
    return World(
        scenario_of=np.cumsum([0, *(len(variant.scenarios) for variant in problem.variants)], dtype=np.int64),
        weight=np.array([scenario.weight for scenario in scenarios]),
        base=base,
        multipliers=multipliers,
        offsets=offsets,
        bonus_to=np.array([ATTRIBUTE[to] for to, _ in bonuses], dtype=np.int64),
        bonus=np.array([points for _, points in bonuses], dtype=np.float64),
        before=_places(before),
        before_share=np.array([share for _, _, share in before], dtype=np.float64),
        after=_places(after),
        after_share=np.array([share for _, _, share in after], dtype=np.float64),
        switches=np.array(
            [
                problem.profession == "Mesmer",
                problem.inferno_burning_damage,
                problem.target_moving,
                problem.skill_attack_rate,
            ],
            dtype=np.float64,
        ),
        limits=limits,
    )


def _places(steps: list[tuple[str, str, float]]) -> Ints:
    places = [(ATTRIBUTE[to], ATTRIBUTE[source]) for to, source, _ in steps]
    return np.array(places, dtype=np.int64).reshape(len(places), 2)


def gear_attributes(problem: GearProblem) -> list[int]:
    """Indices of all attributes that some option gives, ascending."""
    found = {name for slot in problem.slots for option in slot.options for name in option.attributes}
    return sorted(ATTRIBUTE[name] for name in found)


def groups_of(problem: GearProblem, attributes: list[int]) -> list[Group]:
    """In the order of their first slots. Two slots are alike if they offer the same prefixes at the same points,
    in whatever order."""
    named = [names.ATTRIBUTES[index] for index in attributes]
    groups: dict[tuple[Any, ...], Group] = {}
    for place, slot in enumerate(problem.slots):
        rows = [
            (tuple(option.attributes.get(name, 0.0) for name in named), option.prefix, index)
            for index, option in enumerate(slot.options)
        ]
        rows.sort()
        key = tuple(row[:2] for row in rows)
        group = groups.get(key)
        if group is None:
            points = np.array([row[0] for row in rows], dtype=np.float64).reshape(len(rows), len(attributes))
            group = groups[key] = Group([], [], points)
        group.slots.append(place)
        group.options.append([row[2] for row in rows])
    return list(groups.values())
