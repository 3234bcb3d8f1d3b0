"""What a build may be made of, as choices of a form: groups of (value, label) under a heading."""

from collections.abc import Iterable
from typing import Any

from builds.gamedata import Catalogue
from builds.gamedata.model import Profession, Skill
from builds.spec.rules import skills_of_slot

Choices = tuple[tuple[str, str], ...]
Options = tuple[tuple[str, Choices], ...]

FULL_LEVEL = 80


def with_present(options: Options, value: str, label: str) -> Options:
    """With what is chosen at present where it is none of the choices, so that it is neither hidden nor lost."""
    if not value or any(value == known for _, choices in options for known, _ in choices):
        return options
    return (*options, ("Not a choice here", ((value, label),)))


def specialization_options(profession: Profession, catalogue: Catalogue, *, elite: bool) -> Options:
    """elite: whether the place takes elite specializations, too."""
    lines = [catalogue.specializations[id_] for id_ in profession.specializations]
    groups = [("Elite", [line for line in lines if line.elite])] if elite else []
    groups.append(("Core" if elite else "", [line for line in lines if not line.elite]))
    return tuple((title, tuple((str(line.id), line.name) for line in found)) for title, found in groups)


def skill_options(profession: Profession, slot: str, catalogue: Catalogue) -> Options:
    """slot: Heal, Utility or Elite. By kind, what an elite specialization brings under its name; a Revenant's by
    legend."""
    if profession.id == "Revenant":
        legends = ((legend.name, skills_of_slot(legend, slot)) for legend in catalogue.legends.values())
        return tuple(
            (name, tuple((str(id_), catalogue.skills[id_].name) for id_ in ids if id_ in catalogue.skills))
            for name, ids in legends
        )
    groups: dict[tuple[int, str], list[Skill]] = {}
    for id_ in dict.fromkeys(profession.skills_by_palette.values()):
        skill = catalogue.skills.get(id_)
        if skill is not None and skill.slot == slot:
            groups.setdefault(_group_of(skill, catalogue), []).append(skill)
    return tuple(
        (title, tuple((str(s.id), s.name) for s in sorted(groups[rank, title], key=lambda s: s.name)))
        for rank, title in sorted(groups)
    )


def _group_of(skill: Skill, catalogue: Catalogue) -> tuple[int, str]:
    needed = catalogue.specializations.get(skill.specialization or 0)
    if needed is not None and needed.elite:
        return 1, needed.name
    return (0, skill.categories[0]) if skill.categories else (2, "Other")


def weapon_options(profession: Profession, hand: str, *, land: bool) -> Options:
    """hand: main_hand or off_hand."""
    fitting = {"main_hand": {"Mainhand", "TwoHand"}, "off_hand": {"Offhand"}}[hand]
    weapons = [w for w in profession.weapons.values() if (w.land if land else "Aquatic" in w.hands)]
    held = [weapon for weapon in weapons if weapon.hands & fitting]
    two = tuple((w.type, w.type) for w in held if "TwoHand" in w.hands)
    one = tuple((w.type, w.type) for w in held if "TwoHand" not in w.hands)
    return tuple((title, choices) for title, choices in (("One hand", one), ("Two hands", two)) if choices)


def prefix_options(catalogue: Catalogue, kind: str) -> Options:
    """kind: armor_weapon or trinket."""
    return (("", tuple((p.name, p.name) for p in catalogue.prefixes.values() if getattr(p, kind) is not None)),)


def pet_options(catalogue: Catalogue) -> Options:
    pets = sorted((pet.name.removeprefix("Juvenile "), str(pet.id)) for pet in catalogue.pets.values())
    return (("", tuple((id_, name) for name, id_ in pets)),)


def legend_options(catalogue: Catalogue) -> Options:
    return (("", tuple((legend.id, legend.name) for legend in catalogue.legends.values())),)


def legend_skills(catalogue: Catalogue) -> dict[str, list[str]]:
    """Legend to its skills, heal to elite, as a form holds them: the active legend brings all five."""
    return {
        legend.id: [str(id_) for id_ in (legend.heal, *legend.utilities, legend.elite)]
        for legend in catalogue.legends.values()
    }


def listed_names(kind: str, catalogue: Catalogue) -> tuple[str, ...]:
    """What a line to type in offers; what has no use at full level is found by name all the same."""
    return tuple(sorted({item.name for item in useful_items(kind, catalogue)}))


def useful_items(kind: str, catalogue: Catalogue) -> Iterable[Any]:
    items = catalogue.table(kind).values()
    if kind in ("food", "utility"):
        return (item for item in items if item.bonuses and (item.level or FULL_LEVEL) >= FULL_LEVEL)
    if kind == "infusion":
        return (item for item in items if item.attributes)
    return items
