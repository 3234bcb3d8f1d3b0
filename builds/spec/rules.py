"""Rules of the game that look at several parts of a build at once, or at what a code brought into it."""

from collections.abc import Callable, Iterable

from builds.gamedata import Catalogue
from builds.gamedata.model import Legend, Profession, Skill
from builds.gamedata.names import starting_with_article
from builds.spec.model import ARMOR_SLOTS, BuildSpec, SkillBar

Wrong = Callable[[str, str], None]  # path of a field, sentence

# Slots of ascended gear; the amulet has an enrichment in their place. A two-handed weapon holds both of its set.
INFUSION_SLOTS = {
    **dict.fromkeys(ARMOR_SLOTS, 1), "back": 2, "ring_1": 3, "ring_2": 3, "accessory_1": 1, "accessory_2": 1,
    "amulet": 0, "weapon_1_main": 2, "weapon_1_off": 1, "weapon_2_main": 2, "weapon_2_off": 1, "breather": 1,
    "water_1": 2, "water_2": 2,
}  # fmt: skip

_SLOTS = (
    ("heal", "Heal"), ("utilities.0", "Utility"), ("utilities.1", "Utility"), ("utilities.2", "Utility"),
    ("elite", "Elite"),
)  # fmt: skip


def hands_of(profession: Profession, weapon: str | None) -> frozenset[str]:
    """Empty for a weapon that the profession can't use, and for none."""
    found = profession.weapons.get(weapon or "")
    return found.hands if found else frozenset()


def infusion_slots(spec: BuildSpec, slot: str, profession: Profession) -> int:
    """How many infusions an ascended piece takes in that place of the build."""
    if not (slot.startswith("weapon_") and slot.endswith("_main")):
        return INFUSION_SLOTS[slot]
    index = int(slot.split("_")[1]) - 1
    main = spec.weapon_sets[index].main_hand if index < len(spec.weapon_sets) else None
    return 1 if main and "TwoHand" not in hands_of(profession, main) else INFUSION_SLOTS[slot]


def check_lines(spec: BuildSpec, catalogue: Catalogue, wrong: Wrong) -> None:
    chosen: set[int] = set()
    for i, line in enumerate(spec.specializations):
        if line is None:
            continue
        path = f"specializations.{i}.specialization"
        specialization = catalogue.specializations[line.specialization]
        if specialization.profession != spec.profession:
            wrong(path, f"{specialization.name} belongs to the {specialization.profession}.")
        elif specialization.elite and i != 2:
            wrong(path, f"{specialization.name} is an elite specialization: it must be the third.")
        elif line.specialization in chosen:
            wrong(path, f"{specialization.name} is chosen twice.")
        chosen.add(line.specialization)


def check_legends(spec: BuildSpec, catalogue: Catalogue, wrong: Wrong) -> None:
    for where, ids in (("land", spec.legends_land), ("water", spec.legends_water)):
        for i, id_ in enumerate(ids):
            legend = catalogue.legends.get(id_ or "")
            if legend is None:
                continue
            if id_ in ids[:i]:
                wrong(f"legends.{where}.{i}", "The two legends must differ.")
            elif legend.specialization and legend.specialization != _third(spec):
                needed = catalogue.specializations[legend.specialization].name
                wrong(f"legends.{where}.{i}", f"{legend.name} needs the specialization {needed}.")


def check_skills(spec: BuildSpec, catalogue: Catalogue, wrong: Wrong) -> None:
    """Notes what is equipped in a wrong place, twice, or without the specialization or legend that it needs."""
    bars = (
        ("skills", spec.skills, spec.legends_land),
        ("water_skills", spec.water_skills or SkillBar(), spec.legends_water),
    )
    for path, bar, legends in bars:
        for i, ((place, slot), id_) in enumerate(zip(_SLOTS, bar.ids, strict=True)):
            skill = catalogue.skills.get(id_) if id_ is not None else None
            if skill is None:
                continue
            if id_ in bar.ids[:i]:
                problem: str | None = f"{skill.name} is chosen twice."
            elif spec.profession == "Revenant":
                problem = _revenant_problem(skill, slot, legends, catalogue)
            else:
                problem = _problem(skill, slot, spec, catalogue)
            if problem:
                wrong(f"{path}.{place}", problem)


def _problem(skill: Skill, slot: str, spec: BuildSpec, catalogue: Catalogue) -> str | None:
    if skill.slot != slot:
        return f"{skill.name} is no {slot.lower()} skill."
    if catalogue.palette_of(spec.profession, skill.id) is None:
        return f"{starting_with_article(spec.profession)} can't equip {skill.name}."
    needed = catalogue.specializations.get(skill.specialization or 0)
    if needed and needed.elite and needed.id != _third(spec):
        return f"{skill.name} needs the specialization {needed.name}."
    return None


def _revenant_problem(skill: Skill, slot: str, legends: Iterable[str | None], catalogue: Catalogue) -> str | None:
    """The active legend decides what a skill is; some of its skills carry no slot in the data."""
    active = next(iter(legends), None)
    chosen = [catalogue.legends[active]] if active else list(catalogue.legends.values())
    if any(skill.id in skills_of_slot(legend, slot) for legend in chosen):
        return None
    whose = chosen[0].name if active else "any legend"
    return f"{skill.name} is no {slot.lower()} skill of {whose}."


def skills_of_slot(legend: Legend, slot: str) -> tuple[int, ...]:
    return {"Heal": (legend.heal,), "Utility": legend.utilities, "Elite": (legend.elite,)}[slot]


def _third(spec: BuildSpec) -> int | None:
    return spec.specializations[2].specialization if spec.specializations[2] else None
