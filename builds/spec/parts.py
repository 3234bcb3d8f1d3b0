"""What a build is made of, as the game data counts it."""

from collections.abc import Iterator
from typing import Any

from builds.gamedata import Catalogue
from builds.gamedata.weapon_skills import weapon_keys
from builds.spec.model import BuildSpec


def parts_of(spec: BuildSpec, catalogue: Catalogue) -> dict[tuple[str, str], str]:
    """Kind and id, as the diffs of snapshots name them, to the name; "" for what the catalogue lacks. With the minor
    traits of its lines and the skills of its weapons on land."""
    found: dict[tuple[str, str], str] = {}
    for kind, id_, table in _used(spec, catalogue):
        if id_ is not None:
            known = table.get(id_)
            found[kind, str(id_)] = known.name if known else ""
    return found


def _used(spec: BuildSpec, catalogue: Catalogue) -> Iterator[tuple[str, Any, Any]]:
    for trait in _traits(spec, catalogue):
        yield "trait", trait, catalogue.traits
    for line in filter(None, spec.specializations):
        yield "specialization", line.specialization, catalogue.specializations
    for skill in _skills(spec, catalogue):
        yield "skill", skill, catalogue.skills
    for piece in spec.gear.values():
        yield "prefix", piece.prefix, catalogue.prefixes
        yield "rune", piece.upgrade, catalogue.runes
        for infusion in piece.infusions:
            yield "infusion", infusion if isinstance(infusion, int) else None, catalogue.infusions
    for sigils in spec.sigils:
        for sigil in sigils:
            yield "sigil", sigil, catalogue.sigils
    for infusion in spec.infusions:
        yield "infusion", infusion if isinstance(infusion, int) else None, catalogue.infusions
    yield "rune", spec.rune, catalogue.runes
    yield "relic", spec.relic, catalogue.relics
    yield "food", spec.food, catalogue.foods
    yield "utility", spec.utility, catalogue.utilities
    yield "enrichment", spec.enrichment, catalogue.enrichments
    yield "amulet", spec.pvp_amulet, catalogue.amulets
    for pet in (*spec.pets_land, *spec.pets_water):
        yield "pet", pet, catalogue.pets
    for legend in (*spec.legends_land, *spec.legends_water):
        yield "legend", legend, catalogue.legends


def _traits(spec: BuildSpec, catalogue: Catalogue) -> Iterator[int | None]:
    for line in filter(None, spec.specializations):
        known = catalogue.specializations.get(line.specialization)
        yield from known.minor_traits if known else ()
        yield from line.traits


def _skills(spec: BuildSpec, catalogue: Catalogue) -> Iterator[int | None]:
    yield from spec.skills.ids
    yield from spec.water_skills.ids if spec.water_skills else ()
    lines = [line.specialization for line in spec.specializations if line]
    if spec.profession in catalogue.professions:
        for weapons in spec.weapon_sets:
            for key in weapon_keys(catalogue, spec.profession, weapons.main_hand, weapons.off_hand, lines):
                yield key.skill.id
    for id_ in (*spec.legends_land, *spec.legends_water):
        if legend := catalogue.legends.get(id_ or ""):
            yield from (legend.heal, *legend.utilities, legend.elite)
