"""The things of the game as frozen values. Ids are the official ones; names are in the snapshot's language.

Attributes are named as the panel names them: power, precision, toughness, vitality, ferocity,
condition_damage, expertise, concentration, healing_power, agony_resistance."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

MODES = ("pve", "fractals", "raids", "strikes", "wvw", "pvp")
WVW_STYLES = ("zerg", "raid_guild", "roaming")

# The game balances a skill for three kinds of play; the PvE modes share one.
BALANCE_OF_MODE = {
    "pve": "pve",
    "fractals": "pve",
    "raids": "pve",
    "strikes": "pve",
    "wvw": "wvw",
    "pvp": "pvp",
}


@lru_cache(maxsize=4096)
def _decode(detail: str) -> Any:
    return orjson.loads(detail)


class _Detailed:
    """What only some callers need stays text until it is asked for: most of a snapshot is facts of skills
    that nobody looks at, and decoding them all would cost ten times the memory."""

    __slots__ = ()
    detail: str

    @property
    def details(self) -> Mapping[str, Any]:
        """Everything the snapshot holds beyond the fields; not to be changed by the caller."""
        return _decode(self.detail)  # type: ignore[no-any-return]

    @property
    def facts(self) -> list[dict[str, Any]]:
        """Facts as the official API gives them, in its order: one list for all modes, unlabelled where
        they differ."""
        return self.details.get("facts", [])  # type: ignore[no-any-return]

    @property
    def traited_facts(self) -> list[dict[str, Any]]:
        """Facts that hold with a trait: `requires_trait` is its id, `overrides` an index into `facts`."""
        return self.details.get("traited_facts", [])  # type: ignore[no-any-return]

    @property
    def splits(self) -> Mapping[str, Mapping[str, Any]]:
        """Per balance ("pve", "wvw") that differs from `facts`: {"facts": [...], "complete": bool or None}."""
        return self.details.get("splits", {})  # type: ignore[no-any-return]

    @property
    def wvw_overrides(self) -> Mapping[str, float | str]:
        """Boon or condition to its seconds in WvW, or "omit" where the effect does not exist there."""
        return self.details.get("wvw_overrides", {})  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class WeaponSkill:
    skill: int
    slot: str  # Weapon_1 .. Weapon_5
    attunement: str | None = None
    offhand: str | None = None  # Thief: the third skill depends on the other hand; "Nothing" is an empty one


@dataclass(frozen=True, slots=True)
class ProfessionWeapon:
    """hands: of Mainhand, Offhand, TwoHand, Aquatic.
    specialization: where the weapon came from; it forbids nothing."""

    type: str
    hands: frozenset[str]
    specialization: int | None
    skills: tuple[WeaponSkill, ...]

    @property
    def land(self) -> bool:
        # Spear is marked aquatic by the API and has been a land weapon since 2024.
        return "Aquatic" not in self.hands or self.type == "Spear"


@dataclass(frozen=True, slots=True)
class Profession(_Detailed):
    id: str
    name: str
    code: int  # in chat links
    armor_weight: str
    specializations: tuple[int, ...]
    weapons: Mapping[str, ProfessionWeapon]
    skills: tuple[int, ...]  # heal, utility, elite and profession skills
    skills_by_palette: Mapping[int, int]
    icon: str
    detail: str


@dataclass(frozen=True, slots=True)
class Specialization:
    id: int
    name: str
    profession: str
    elite: bool
    release: str
    minor_traits: tuple[int, ...]  # adept, master, grandmaster
    major_traits: tuple[int, ...]  # three adept top to bottom, three master, three grandmaster
    icon: str
    background: str

    def choices(self, tier: int) -> tuple[int, ...]:
        """tier: 1 adept, 2 master, 3 grandmaster; returns the three major traits, top to bottom."""
        return self.major_traits[3 * tier - 3 : 3 * tier]


@dataclass(frozen=True, slots=True)
class Trait(_Detailed):
    id: int
    name: str
    profession: str
    specialization: int
    tier: int
    order: int
    slot: str  # Major or Minor
    icon: str
    detail: str


@dataclass(frozen=True, slots=True)
class Skill(_Detailed):
    id: int
    name: str
    professions: tuple[str, ...]
    type: str | None  # Weapon, Heal, Utility, Elite, Profession, Toolbelt, Bundle, Pet, Monster
    slot: str | None  # Weapon_1, Heal, Utility, Elite, Profession_1 ...
    weapon_type: str | None
    specialization: int | None  # the one that must be the elite line for it to be equipped
    attunement: str | None
    categories: tuple[str, ...]
    flags: tuple[str, ...]
    recharge: float | None  # seconds
    palette: Mapping[str, int]  # profession to palette id
    icon: str
    detail: str


@dataclass(frozen=True, slots=True)
class StatLine:
    """One entry of the API's itemstats: points = round(adjustment x multiplier + value) an attribute."""

    id: int
    attributes: tuple[tuple[str, float, float], ...]  # attribute, multiplier, value


@dataclass(frozen=True, slots=True)
class Prefix:
    """One name stands for two stat lines: trinkets (and the back) add a flat value to the rest's share.
    A line is None where the game does not offer the prefix on such items."""

    name: str
    armor_weapon: StatLine | None
    trinket: StatLine | None

    @property
    def id(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Upgrade(_Detailed):
    """A rune, sigil, relic, infusion or enrichment."""

    id: int
    kind: str
    name: str
    rarity: str | None
    icon: str
    detail: str

    @property
    def bonuses(self) -> list[dict[str, Any]]:
        return self.details.get("bonuses", [])  # type: ignore[no-any-return]

    @property
    def attributes(self) -> list[dict[str, Any]]:
        return self.details.get("attributes", [])  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Consumable(_Detailed):
    """A food or utility item (the "enhancement" slot)."""

    id: int
    kind: str  # food or utility
    name: str
    rarity: str | None
    level: int
    icon: str
    detail: str

    @property
    def bonuses(self) -> list[dict[str, Any]]:
        return self.details.get("bonuses", [])  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Legend:
    id: str
    code: int
    name: str
    specialization: int | None
    swap: int
    heal: int
    utilities: tuple[int, ...]
    elite: int
    icon: str


@dataclass(frozen=True, slots=True)
class Pet:
    id: int
    name: str
    skill: int | None
    beastmode: tuple[int, ...]
    icon: str


@dataclass(frozen=True, slots=True)
class Amulet:
    """A PvP amulet; attributes in points."""

    id: int
    name: str
    attributes: Mapping[str, int]
    icon: str
