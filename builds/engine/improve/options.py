"""What a build could have instead, by the rules of the game. Everything in a fixed order."""

from itertools import product

from builds.gamedata import Catalogue
from builds.spec.model import (
    ONE_WEAPON_SET_PROFESSIONS,
    ONE_WEAPON_SET_SPECIALIZATIONS,
    BuildSpec,
    WeaponSet,
)

SLOT_OF_PLACE = {
    "heal": "Heal", "utility_1": "Utility", "utility_2": "Utility", "utility_3": "Utility", "elite": "Elite",
}  # fmt: skip


def elite_of(build: BuildSpec, catalogue: Catalogue) -> int | None:
    """The elite specialization, None for a core build."""
    line = build.specializations[2]
    known = catalogue.specializations.get(line.specialization) if line else None
    return known.id if known and known.elite else None


def core_lines(profession: str, catalogue: Catalogue) -> tuple[int, ...]:
    return tuple(id_ for id_ in _lines(profession, catalogue) if not catalogue.specializations[id_].elite)


def elite_lines(profession: str, catalogue: Catalogue) -> tuple[int, ...]:
    return tuple(id_ for id_ in _lines(profession, catalogue) if catalogue.specializations[id_].elite)


def _lines(profession: str, catalogue: Catalogue) -> list[int]:
    return sorted(id_ for id_ in catalogue.professions[profession].specializations if id_ in catalogue.specializations)


def skills(build: BuildSpec, slot: str, catalogue: Catalogue) -> tuple[int, ...]:
    """slot: Heal, Utility or Elite. Skills of a race are left out: nobody knows the character's. None for a revenant,
    whose legends decide."""
    if build.profession == "Revenant":
        return ()
    elite = elite_of(build, catalogue)
    found = []
    for id_ in sorted(set(catalogue.professions[build.profession].skills_by_palette.values())):
        skill = catalogue.skills.get(id_)
        if skill is None or skill.slot != slot or len(skill.professions) != 1:
            continue
        needed = catalogue.specializations.get(skill.specialization or 0)
        if needed and needed.elite and needed.id != elite:
            continue
        if catalogue.palette_of(build.profession, id_) is not None:
            found.append(id_)
    return tuple(found)


def legends(build: BuildSpec, catalogue: Catalogue) -> tuple[str, ...]:
    if build.profession != "Revenant":
        return ()
    elite = elite_of(build, catalogue)
    return tuple(sorted(id_ for id_, one in catalogue.legends.items() if one.specialization in (None, elite)))


def weapon_sets(profession: str, catalogue: Catalogue) -> tuple[WeaponSet, ...]:
    """On land, with both hands full."""
    land = sorted((w for w in catalogue.professions[profession].weapons.values() if w.land), key=lambda w: w.type)
    main = [weapon.type for weapon in land if "Mainhand" in weapon.hands]
    off = [weapon.type for weapon in land if "Offhand" in weapon.hands]
    two = [weapon.type for weapon in land if "TwoHand" in weapon.hands]
    return (*(WeaponSet(name) for name in two), *(WeaponSet(*pair) for pair in product(main, off)))


def set_count(build: BuildSpec, catalogue: Catalogue) -> int:
    elite = elite_of(build, catalogue)
    name = catalogue.specializations[elite].name if elite else ""
    one = build.profession in ONE_WEAPON_SET_PROFESSIONS or name in ONE_WEAPON_SET_SPECIALIZATIONS
    return 1 if one else 2
