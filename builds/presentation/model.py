"""What the templates draw: frozen values, every text ready to be shown."""

from dataclasses import dataclass, field
from urllib.parse import quote

from builds.presentation.facts import FactSheet
from builds.presentation.glyphs import Tile

WIKI = "https://wiki.guildwars2.com/wiki/Special:Search?go=Go&search="


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing of the game with its tile and what its tooltip says. uid: for the page's ids, unique in a view.
    kind: a word or two about it; key: the key it lies on, "" for none; known: False for an id that the catalogue
    lacks."""

    id: int | str
    name: str
    tile: Tile
    uid: str
    kind: str = ""
    key: str = ""
    sheet: FactSheet = field(default_factory=FactSheet)
    known: bool = True

    @property
    def wiki(self) -> str:
        """The page of that name, or where there is none of exactly that name, a search for it."""
        return WIKI + quote(self.name, safe="")


@dataclass(frozen=True, slots=True)
class Major:
    trait: Entry
    chosen: bool


@dataclass(frozen=True, slots=True)
class TraitTier:
    """path_in, path_out: `d` of an SVG path in a box 20 or 22 wide and 132 high, "" where nothing is chosen.
    stray: the chosen trait where it is none of the three."""

    number: int
    name: str
    minor: Entry | None
    majors: tuple[Major, ...]
    path_in: str
    path_out: str
    stray: Entry | None = None

    @property
    def chosen(self) -> Entry | None:
        return next((major.trait for major in self.majors if major.chosen), self.stray)


@dataclass(frozen=True, slots=True)
class TraitLine:
    id: int
    name: str
    elite: bool
    known: bool
    tile: Tile
    tiers: tuple[TraitTier, ...]

    @property
    def chosen_names(self) -> str:
        return ", ".join(tier.chosen.name if tier.chosen else "none" for tier in self.tiers)


@dataclass(frozen=True, slots=True)
class WeaponRow:
    """The five skills of a weapon set, in one attunement where the profession has them. label: "Staff",
    "Sword and Focus"; note: "Set 1", "Fire"; tile: the attunement's; again: the label stood a row above."""

    label: str
    note: str
    skills: tuple[Entry | None, ...]
    tile: Tile | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """slots: heal, three utilities, elite; empty where no skill is given."""

    title: str
    weapons: tuple[WeaponRow, ...]
    slots: tuple[Entry | None, ...]


@dataclass(frozen=True, slots=True)
class Companions:
    """Pets or legends, for land or water."""

    title: str
    entries: tuple[Entry | None, ...]


@dataclass(frozen=True, slots=True)
class GearRow:
    """rarity: "" where the whole group has one; extras: upgrades and infusions of this piece, each a short text."""

    slot: str
    label: str
    prefix: str
    rarity: str
    extras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GearGroup:
    """rarity: that of all its pieces, "" where they differ."""

    title: str
    rarity: str
    rows: tuple[GearRow, ...]


@dataclass(frozen=True, slots=True)
class KitItem:
    """What is worn once for the whole build. kind: "Rune", "Relic"; count: 6 for a rune, else 1."""

    kind: str
    entry: Entry
    count: int = 1


@dataclass(frozen=True, slots=True)
class BuildView:
    """missing: sentences that name what the build does not say. summary: prefix and on how many pieces, most first."""

    name: str
    profession: str
    profession_name: str
    specialization: str
    mode: str
    balance: str
    lines: tuple[TraitLine | None, ...]
    bars: tuple[Bar, ...]
    companions: tuple[Companions, ...]
    kit: tuple[KitItem, ...]
    summary: tuple[tuple[str, int], ...]
    gear: tuple[GearGroup, ...]
    infusions: tuple[tuple[str, int], ...]
    missing: tuple[str, ...]
    benchmark: str
    benchmark_source: str
    code: str

    @property
    def has_traits(self) -> bool:
        return any(self.lines)

    @property
    def has_skills(self) -> bool:
        return any(bar.weapons or any(bar.slots) for bar in self.bars)

    @property
    def has_gear(self) -> bool:
        return bool(self.gear or self.kit or self.infusions)
