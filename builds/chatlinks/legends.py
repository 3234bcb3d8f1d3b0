"""A Revenant's legends in build templates: their codes, and the skills that slot palettes stand for."""

from builds.gamedata import Catalogue
from builds.gamedata.model import Legend, Skill

# A Revenant's palette ids name a slot of the legend in use: heal, utilities 1 to 3, elite. The order of the
# utilities is that of the API's legends.
SLOT_PALETTES = (4572, 4614, 4651, 4564, 4554)
UTILITY_PALETTES = SLOT_PALETTES[1:4]

# Links made before June 2020: Assassin, Dragon, Dwarf, Demon, Renegade, Centaur, as codes of today.
_OLD_CODES = {13: 2, 14: 1, 15: 3, 16: 4, 17: 5, 18: 6}


def legend_of_code(code: int, catalogue: Catalogue) -> Legend | None:
    """code: of today or from before June 2020. None for 0 and for a code that nobody knows."""
    return catalogue.legends_by_code.get(_OLD_CODES.get(code, code))


def legend_skills(legend: Legend) -> tuple[int, ...]:
    """Skill ids in the order of SLOT_PALETTES."""
    return (legend.heal, *legend.utilities, legend.elite)


def revenant_skill(palette: int, legend: Legend | None, catalogue: Catalogue) -> Skill | None:
    """legend: the one in use. None for an empty slot, and for a slot palette without a legend."""
    if palette not in SLOT_PALETTES:
        return catalogue.skill_by_palette("Revenant", palette)
    if legend is None:
        return None
    skills = dict(zip(SLOT_PALETTES, legend_skills(legend), strict=False))
    return catalogue.skills.get(skills.get(palette, 0))


def revenant_palette(skill: int, legend: Legend | None) -> int | None:
    """The palette id of a legend's skill; None if it is not one of the legend's."""
    if legend is None:
        return None
    return dict(zip(legend_skills(legend), SLOT_PALETTES, strict=False)).get(skill)


def legend_with_skills(skills: set[int], catalogue: Catalogue) -> Legend | None:
    """The legend that has all of the skills, for builds that name skills and no legend; None without
    skills."""
    if not skills:
        return None
    return next((x for x in catalogue.legends.values() if skills <= set(legend_skills(x))), None)
