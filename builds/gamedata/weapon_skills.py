"""Which skills lie on the keys of a weapon set."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from builds.gamedata.catalogue import Catalogue
from builds.gamedata.model import ProfessionWeapon, Skill

# The spear was a weapon of the water alone; its skills on land came later and have later ids.
FIRST_LAND_SPEAR_SKILL = 72_000
ATTUNEMENTS = ("Fire", "Water", "Air", "Earth")
_MAIN_HAND_KEYS = 3
_THIEF_DUAL_KEY = 3


@dataclass(frozen=True, slots=True)
class WeaponKey:
    """attunement: None where the profession has none."""

    slot: int
    attunement: str | None
    weapon: str
    skill: Skill


def weapon_keys(
    catalogue: Catalogue, profession: str, main_hand: str | None, off_hand: str | None, lines: Collection[int]
) -> Iterator[WeaponKey]:
    """On land. lines: ids of the build's specializations, whose own skill lies before a common one. Keys without a
    skill are left out; so are skills of two attunements, which are there only while both are held."""
    weapons = catalogue.professions[profession].weapons
    main, off = weapons.get(main_hand or ""), weapons.get(off_hand or "")
    held = [weapon for weapon in (main, off) if weapon]
    there = {skill.attunement for weapon in held for skill in weapon.skills}
    attunements: list[str | None] = [name for name in ATTUNEMENTS if name in there]
    two_handed = main is not None and "TwoHand" in main.hands
    for attunement in attunements or [None]:
        for slot in range(1, 6):
            weapon = main if slot <= _MAIN_HAND_KEYS or two_handed else off
            if weapon is None:
                continue
            skill = _on_key(catalogue, weapon, slot, attunement, off_hand, lines)
            if skill is not None:
                yield WeaponKey(slot, attunement, weapon.type, skill)


def _on_key(
    catalogue: Catalogue,
    weapon: ProfessionWeapon,
    slot: int,
    attunement: str | None,
    off_hand: str | None,
    lines: Collection[int],
) -> Skill | None:
    beside = {None, off_hand or "Nothing"} if slot == _THIEF_DUAL_KEY else {None}
    found = [
        catalogue.skills[entry.skill]
        for entry in weapon.skills
        if entry.slot == f"Weapon_{slot}"
        and entry.attunement in {None, attunement}
        and entry.offhand in beside
        and entry.skill in catalogue.skills
    ]
    found = [skill for skill in found if not skill.details.get("dual_attunement")]

    def rank(skill: Skill) -> tuple[bool, int, int]:
        of_water = weapon.type == "Spear" and skill.id < FIRST_LAND_SPEAR_SKILL
        if skill.specialization in lines:
            return of_water, 0, skill.id
        if skill.specialization is None:
            return of_water, 1, skill.id
        return of_water, 2 if skill.specialization == weapon.specialization else 3, skill.id

    return min(found, key=rank, default=None)
