"""What one search works on: the build, the wish, the slots and what they may hold."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from builds.engine.gear import Watch
from builds.engine.gear.names import SCHEMA
from builds.engine.optimise.choices import GearChoices, Goal, refuse
from builds.engine.optimise.objectives import contract_objective
from builds.engine.optimise.problem import Body, Circumstances, body_of, piece_points, searched_slots, without_infusions
from builds.engine.optimise.variants import Variant, Variants
from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec, DamageProfile, GearPiece, WeaponSet

OWN = "own"


@dataclass(slots=True)
class Task:
    """body, own: the build as it is, with its own upgrades and infusions."""

    build: BuildSpec
    catalogue: Catalogue
    now: Circumstances
    goal: Goal
    choices: GearChoices
    profile: DamageProfile | None
    slots: tuple[str, ...]
    variants: Variants
    body: Body
    points: dict[tuple[str, str], dict[str, float]] = field(default_factory=dict)

    @property
    def own(self) -> Variant:
        return Variant(OWN, self.build, self.body.scenario)

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

    def points_of(self, slot: str, prefix: str) -> dict[str, float]:
        known = self.points.get((slot, prefix))
        if known is None:
            known = piece_points(self.build, self.catalogue, slot, prefix, wvw=self.wvw)
            self.points[slot, prefix] = known
        return known

    def present_gear(self) -> dict[str, str] | None:
        """Of the searched slots; None where one is empty."""
        worn = {slot: (self.build.gear.get(slot) or GearPiece(None)).prefix for slot in self.slots}
        return {slot: prefix for slot, prefix in worn.items() if prefix} if all(worn.values()) else None

    def with_second_set(self, gear: Mapping[str, str]) -> dict[str, str]:
        """gear: of the searched slots. The weapons of set 2 get the prefixes of those of set 1, hand by hand; a hand
        that is empty in set 1 gets the other's."""
        sets = self.build.weapon_sets
        second = sets[1] if len(sets) > 1 and not self.choices.keep_second_set else WeaponSet()
        main = gear.get("weapon_1_main")
        told = {
            "weapon_2_main": main if second.main_hand else None,
            "weapon_2_off": gear.get("weapon_1_off", main) if second.off_hand else None,
        }
        return {**gear, **{slot: prefix for slot, prefix in told.items() if prefix}}


def task_of(
    build: BuildSpec,
    catalogue: Catalogue,
    now: Circumstances,
    goal: Goal,
    choices: GearChoices,
    profile: DamageProfile | None,
    watch: Watch,
) -> Task:
    """Raises StoppedError where the watch is told to stop."""
    base = without_infusions(build) if choices.infusions else build
    # Where the build names no sigils, the search has none.
    base = replace(base, sigils=base.sigils or ((),)) if choices.sigils else base

    def body(dressed: BuildSpec) -> Body:
        return body_of(dressed, catalogue, now, profile, measured=build)

    variants = Variants(base, choices, body, watch)
    return Task(build, catalogue, now, goal, choices, profile, searched_slots(build), variants, body(build))


def space_of(task: Task) -> list[dict[str, Any]]:
    """The slots of the problem and their options."""
    slots = []
    for slot in task.slots:
        options = [{"prefix": prefix, "attributes": task.points_of(slot, prefix)} for prefix in task.choices.prefixes]
        offered = [option for option in options if option["attributes"]]
        if not offered:
            raise refuse("prefixes", f"The game offers none of these prefixes for the slot {slot}.")
        slots.append({"slot": slot, "options": offered})
    if task.choices.infusions:
        options = [{"prefix": name, "attributes": {name: 5.0}} for name in task.choices.infusions]
        slots += [{"slot": f"infusion_{n + 1}", "options": options} for n in range(task.choices.infusion_count)]
    return slots


def notes_of(task: Task) -> Iterable[str]:
    if not task.build.weapon_sets:
        yield "The build names no weapons, so theirs are not among the slots."
    elif len(task.with_second_set(dict.fromkeys(task.slots, "any"))) > len(task.slots):
        yield "Weapon set 2 gets the prefixes of set 1; only set 1 is judged."
    if task.present_gear() is None:
        yield "The present gear is not whole, so there is nothing to compare with."
    if missing := [name for name in task.body.panel.missing if not name.startswith("gear")]:
        yield f"The build lacks {', '.join(missing)}; what they would give is not counted."
