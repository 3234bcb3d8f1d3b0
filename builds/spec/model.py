"""`build/1` as a value: ids of the catalogue, nothing else. Made by `builds.spec.parse`, which has checked it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = (
    "dps", "condi_dps", "quickness", "alacrity", "healer", "healer_quickness", "healer_alacrity", "boon_support",
    "stability_support", "strip", "cleanse", "tank", "hybrid", "utility",
)  # fmt: skip

ARMOR_SLOTS = ("helm", "shoulders", "coat", "gloves", "leggings", "boots")
TRINKET_SLOTS = ("amulet", "ring_1", "ring_2", "accessory_1", "accessory_2", "back")
WEAPON_SLOTS = ("weapon_1_main", "weapon_1_off", "weapon_2_main", "weapon_2_off")
WATER_SLOTS = ("breather", "water_1", "water_2")
GEAR_SLOTS = (*ARMOR_SLOTS, *TRINKET_SLOTS, *WEAPON_SLOTS, *WATER_SLOTS)
RARITIES = ("exotic", "ascended", "legendary")

ATTRIBUTES = (
    "power", "precision", "toughness", "vitality", "ferocity", "condition_damage", "expertise", "concentration",
    "healing_power",
)  # fmt: skip

# Infusion slots of full ascended gear: armor 6, back 2, rings 3 each, accessories 1 each, weapons 2 a set.
MAX_INFUSIONS = 20

# Attunement swaps and tool kits take the place of a second weapon set.
ONE_WEAPON_SET_PROFESSIONS = frozenset({"Elementalist", "Engineer"})
ONE_WEAPON_SET_SPECIALIZATIONS = frozenset({"Bladesworn"})

Three = tuple[int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class SpecLine:
    specialization: int
    traits: Three = (None, None, None)  # adept, master, grandmaster


@dataclass(frozen=True, slots=True)
class SkillBar:
    heal: int | None = None
    utilities: Three = (None, None, None)
    elite: int | None = None

    @property
    def ids(self) -> tuple[int | None, ...]:
        return (self.heal, *self.utilities, self.elite)


@dataclass(frozen=True, slots=True)
class WeaponSet:
    main_hand: str | None = None
    off_hand: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name in (self.main_hand, self.off_hand) if name)


@dataclass(frozen=True, slots=True)
class GearPiece:
    """infusions: "+5 power" texts or ids of infusion items. upgrade: a rune on armor, for runes by piece."""

    prefix: str | None
    rarity: str = "ascended"
    infusions: tuple[str | int, ...] = ()
    upgrade: int | None = None


@dataclass(frozen=True, slots=True)
class DamageProfile:
    """Coefficients per second, condition coefficients in stack-seconds per second, attacks per second."""

    power_coefficient: float = 0.0
    power2_coefficient: float = 0.0
    condition_coefficients: Mapping[str, float] = field(default_factory=dict)
    skill_attack_rate: float = 0.0
    source: str = ""


@dataclass(frozen=True, slots=True)
class BuildSpec:
    name: str
    profession: str
    game_mode: str = "pve"
    wvw_style: str | None = None
    role: str | None = None
    secondary_roles: tuple[str, ...] = ()
    specializations: tuple[SpecLine | None, SpecLine | None, SpecLine | None] = (None, None, None)
    skills: SkillBar = SkillBar()
    water_skills: SkillBar | None = None
    weapon_sets: tuple[WeaponSet, ...] = ()
    water_weapons: tuple[WeaponSet, ...] = ()
    gear: Mapping[str, GearPiece] = field(default_factory=dict)
    pvp_amulet: int | None = None
    rune: int | None = None
    sigils: tuple[tuple[int, ...], ...] = ()
    relic: int | None = None
    food: int | None = None
    utility: int | None = None
    infusions: Mapping[str | int, int] = field(default_factory=dict)  # attribute or item id to count
    enrichment: int | None = None
    jade_bot_core: bool = False
    pets_land: tuple[int | None, ...] = ()
    pets_water: tuple[int | None, ...] = ()
    legends_land: tuple[str | None, ...] = ()
    legends_water: tuple[str | None, ...] = ()
    skill_overrides: tuple[int, ...] = ()
    damage_profile: DamageProfile | None = None
    opener: tuple[int, ...] = ()
    loop: tuple[int, ...] = ()
    benchmark_dps: float | None = None
    benchmark_source: str = ""
    template_code: str = ""
