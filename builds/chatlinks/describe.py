"""Links as plain data with names, for people and programs: docs/chat-links.md tells the fields. `compose`
is the way back."""

from collections.abc import Sequence
from typing import Any

from builds.chatlinks.build_template import BuildTemplate, Line, Palettes
from builds.chatlinks.compose import from_description, link_from_description
from builds.chatlinks.links import ItemLink, Link, SkillLink
from builds.chatlinks.parts import active_legend, palette_skill, profession_of, trait_ids
from builds.gamedata import Catalogue
from builds.gamedata.model import Legend, Profession

__all__ = ["describe", "describe_link", "from_description", "link_from_description"]


def describe(template: BuildTemplate, catalogue: Catalogue) -> dict[str, Any]:
    """With nothing lost: `from_description` gives an equal template. Raises InvalidInput for a profession
    that the catalogue does not have."""
    profession = profession_of(template, catalogue)
    weapons = catalogue.weapon_names_by_code
    return {
        "profession": profession.id,
        "specializations": [_line(line, catalogue) for line in template.specializations],
        "skills": {
            "land": _bar(template.land, template.legends_land, profession, catalogue),
            "water": _bar(template.water, template.legends_water, profession, catalogue),
        },
        "pets": {"land": list(template.pets_land), "water": list(template.pets_water)},
        "legends": {"land": list(template.legends_land), "water": list(template.legends_water)},
        "inactive_utilities": {
            "land": list(template.inactive_utilities_land),
            "water": list(template.inactive_utilities_water),
        },
        "weapons": [weapons.get(code, code) for code in template.weapons],
        "skill_overrides": list(template.skill_overrides),
        "byte_length": template.byte_length,
        "rest": _rest(template, catalogue).hex(),
    }


def describe_link(link: Link, catalogue: Catalogue) -> dict[str, Any]:
    """As `describe`, or for the other links {"type", "id", "name", ...}; an item's name is known only if the
    catalogue has the item."""
    if isinstance(link, BuildTemplate):
        return describe(link, catalogue)
    if isinstance(link, ItemLink):
        return {
            "type": "item",
            "id": link.id,
            "name": _item_name(link.id, catalogue),
            "count": link.count,
            "skin": link.skin,
            "upgrades": [link.upgrade_1, link.upgrade_2],
            "spare": link.spare,
            "rest": link.rest.hex(),
        }
    kind = "skill" if isinstance(link, SkillLink) else "trait"
    thing = catalogue.table(kind).get(link.id)
    return {"type": kind, "id": link.id, "name": thing.name if thing else None, "rest": link.rest.hex()}


def _line(line: Line, catalogue: Catalogue) -> dict[str, Any]:
    specialization = catalogue.specializations.get(line.id)
    if specialization is None:
        return {"id": line.id, "name": None, "elite": False, "traits": [None] * 3}
    return {
        "id": line.id,
        "name": specialization.name,
        "elite": specialization.elite,
        "traits": list(trait_ids(specialization, line.choices)),
    }


def _bar(palettes: Palettes, legends: Sequence[int], profession: Profession, catalogue: Catalogue) -> dict[str, Any]:
    legend = active_legend(legends, catalogue)
    heal, *utilities, elite = (_skill(palette, legend, profession, catalogue) for palette in palettes)
    return {"heal": heal, "utilities": utilities, "elite": elite}


def _skill(palette: int, legend: Legend | None, profession: Profession, catalogue: Catalogue) -> dict[str, Any] | None:
    if palette == 0:
        return None
    skill = palette_skill(profession, palette, legend, catalogue)
    if skill is None:
        return {"palette": palette, "id": None, "name": None}
    return {"palette": palette, "id": skill.id, "name": skill.name}


def _rest(template: BuildTemplate, catalogue: Catalogue) -> bytes:
    """The bits of the trait bytes, the sixteen extra bytes and the tail that no other field tells. What
    comes first is left out where it is zero; `byte_length` says how long the tail is, so the way back is
    clear."""
    bits = bytes(
        line.spare << 6 if line.id in catalogue.specializations else line.trait_byte
        for line in template.specializations
    )
    if any(bits):
        return bits + template.unread_extra + template.rest
    return template.unread_extra + template.rest if any(template.unread_extra) else template.rest


def _item_name(id_: int, catalogue: Catalogue) -> str | None:
    for kind in ("rune", "sigil", "relic", "infusion", "enrichment", "food", "utility"):
        if item := catalogue.table(kind).get(id_):
            return str(item.name)
    return None
