"""The editor of a build as its template draws it: every field with its label, text, choices and errors."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from builds.editing import INFUSION_ITEMS, bar_fields
from builds.gamedata import Catalogue
from builds.gamedata.model import Profession
from builds.presentation.build import SLOT_NAMES, build_view
from builds.presentation.facts import attribute_name
from builds.presentation.glyphs import Tile, slot_tile
from builds.presentation.model import TraitLine
from builds.presentation.options import (
    Options,
    legend_options,
    listed_names,
    pet_options,
    prefix_options,
    skill_options,
    specialization_options,
    weapon_options,
    with_present,
)
from builds.spec.model import (
    ARMOR_SLOTS,
    ATTRIBUTES,
    ONE_WEAPON_SET_PROFESSIONS,
    RARITIES,
    TRINKET_SLOTS,
    BuildSpec,
    SpecLine,
)

IconResolver = Callable[[str], str | None]
GEAR_GROUPS: Mapping[str, tuple[str, ...]] = {
    "armor": ARMOR_SLOTS,
    "trinkets": TRINKET_SLOTS,
    "weapons": ("weapon_1_main", "weapon_1_off", "weapon_2_main", "weapon_2_off"),
}
_SKILL_LABELS = ("Heal", "Utility 1", "Utility 2", "Utility 3", "Elite")
_HANDS = {"main_hand": "Main hand", "off_hand": "Off hand"}
_MORE_SLOTS = {
    "weapon_1_main": "Set 1, main", "weapon_1_off": "Set 1, off", "weapon_2_main": "Set 2, main",
    "weapon_2_off": "Set 2, off", "water_1": "Water weapon 1", "water_2": "Water weapon 2",
}  # fmt: skip
_TIERS = ("adept trait", "master trait", "grandmaster trait")
_RARITIES: Options = (("", tuple((name, name.capitalize()) for name in RARITIES)),)


@dataclass(frozen=True, slots=True)
class EditField:
    """options: groups of choices, each (heading, ((value, label), ...)); empty for a line to type in. listed: id of the
    list of names that a line offers. name: as in builds.editing."""

    name: str
    label: str
    value: str
    errors: tuple[str, ...] = ()
    options: Options = ()
    listed: str = ""

    @property
    def uid(self) -> str:
        return f"edit-{self.name}"


@dataclass(frozen=True, slots=True)
class LineEdit:
    """line: the specialization that is drawn, with its traits, None for none; tiers: the names of their fields."""

    number: int
    field: EditField
    line: TraitLine | None
    drawn: str
    errors: tuple[str, ...]

    @property
    def uid(self) -> str:
        return f"line-{self.number}"

    @property
    def drawn_name(self) -> str:
        return f"drawn.{self.number}"

    @property
    def tier_names(self) -> tuple[str, ...]:
        return tuple(f"specializations.{self.number}.traits.{tier}" for tier in range(3))


@dataclass(frozen=True, slots=True)
class GearEdit:
    """gives: what the piece gives, "" for none."""

    slot: str
    label: str
    tile: Tile
    gives: str
    prefix: EditField
    rarity: EditField


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    fields: tuple[EditField, ...]


@dataclass(frozen=True, slots=True)
class EditorView:
    profession: str
    lines: tuple[LineEdit, ...]
    weapons: tuple[Group, ...]
    skills: tuple[EditField, ...]
    companions: tuple[EditField, ...]
    gear: tuple[tuple[str, tuple[GearEdit, ...]], ...]
    kit: tuple[EditField, ...]
    infusions: tuple[EditField, ...]
    infusion_items: tuple[tuple[EditField, EditField], ...]
    infusion_errors: tuple[str, ...]
    jade_bot: EditField
    amulet: EditField | None
    water: tuple[Group, ...]
    water_gear: tuple[GearEdit, ...]
    water_open: bool
    prefixes: Options
    lists: tuple[tuple[str, tuple[str, ...]], ...]
    two_handed: str
    """Names of the weapons that need both hands, with a space between."""


def label_of(name: str) -> str:
    """What a field is called where it does not stand beside its label; a path without a field is shown in words."""
    parts = name.split(".")
    number = int(parts[1]) + 1 if len(parts) > 1 and parts[1].isdigit() else 0
    match parts:
        case ["specializations", _, "specialization"]:
            return f"Trait line {number}"
        case ["specializations", _, "traits", tier]:
            return f"Trait line {number}, {_TIERS[int(tier)]}"
        case ["skills" | "water_skills" as bar, *place] if name in bar_fields(bar):
            label = _SKILL_LABELS[bar_fields(bar).index(name)]
            return f"{label} skill{' under water' if bar != 'skills' else ''}"
        case ["weapon_sets", _, hand] if hand in _HANDS:
            return f"Weapon set {number}, {_HANDS[hand].lower()}"
        case ["water_weapons", _, _]:
            return f"Water weapon {number}"
        case ["gear", slot, *_]:
            return f"Gear, {slot_label(slot).lower()}"
        case ["sigils", _, second] if second.isdigit():
            return f"Sigil {int(second) + 1} of weapon set {number}"
        case ["infusions", attribute]:
            return f"Infusions, {attribute_name(attribute)}"
        case ["infusion_items", *_]:
            return "Infusion items"
        case ["pets" | "legends" as kind, side, place] if place.isdigit():
            return f"{kind[:-1].capitalize()} {int(place) + 1}{' under water' if side == 'water' else ''}"
    return {"pvp_amulet": "PvP amulet", "wvw_style": "WvW style", "template_code": "Build code"}.get(
        name, name.replace("_", " ").replace(".", " ").capitalize()
    )


def slot_label(slot: str) -> str:
    return SLOT_NAMES.get(slot) or _MORE_SLOTS.get(slot, slot.replace("_", " ").capitalize())


def line_edit(
    number: int,
    profession: Profession,
    values: Mapping[str, str],
    catalogue: Catalogue,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    icon: IconResolver,
) -> LineEdit:
    """The line as the form says; traits that are none of its choices are not drawn."""
    errors = errors or {}
    name = f"specializations.{number}.specialization"
    value = values.get(name, "")
    tiers = [values.get(f"specializations.{number}.traits.{tier}", "") for tier in range(3)]
    traits = tuple(int(text) if text.isascii() and text.isdigit() else None for text in tiers)
    known = value.isascii() and value.isdigit() and int(value) in profession.specializations
    line = None
    if known:
        chosen = catalogue.specializations[int(value)]
        own = [id_ if id_ in chosen.choices(tier) else None for tier, id_ in enumerate(traits, start=1)]
        spec = BuildSpec("", profession.id, specializations=(SpecLine(chosen.id, (own[0], own[1], own[2])), None, None))
        line = build_view(spec, catalogue, icon=icon, prefix=f"trait-{number}").lines[0]
    options = with_present(specialization_options(profession, catalogue, elite=number == 2), value, value)
    field = EditField(name, f"Trait line {number + 1}", value, tuple(errors.get(name, ())), options)
    wrong = tuple(text for tier in range(3) for text in errors.get(f"specializations.{number}.traits.{tier}", ()))
    return LineEdit(number, field, line, value if known else "", wrong)


def editor_view(
    profession: Profession,
    values: Mapping[str, str],
    catalogue: Catalogue,
    *,
    errors: Mapping[str, Sequence[str]] | None = None,
    gives: Mapping[str, str] | None = None,
    icon: IconResolver,
) -> EditorView:
    """gives: slot to what the piece there gives."""
    return _Editor(profession, values, catalogue, errors or {}, gives or {}, icon).view()


class _Editor:
    def __init__(
        self,
        profession: Profession,
        values: Mapping[str, str],
        catalogue: Catalogue,
        errors: Mapping[str, Sequence[str]],
        gives: Mapping[str, str],
        icon: IconResolver,
    ) -> None:
        self.profession, self.values, self.catalogue = profession, values, catalogue
        self.errors, self.gives, self.icon = errors, gives, icon
        self.prefixes = {kind: prefix_options(catalogue, kind) for kind in ("armor_weapon", "trinket")}

    def field(self, name: str, label: str, options: Options = (), *, listed: str = "", shown: str = "") -> EditField:
        value = self.values.get(name, "")
        if options:
            options = with_present(options, value, shown or value)
        return EditField(name, label, value, tuple(self.errors.get(name, ())), options, listed)

    def view(self) -> EditorView:
        sets = 1 if self.profession.id in ONE_WEAPON_SET_PROFESSIONS else 2
        gear = {
            "Armor": ARMOR_SLOTS,
            "Trinkets and back": TRINKET_SLOTS,
            "Weapons": GEAR_GROUPS["weapons"][: 2 * sets],
        }
        water = tuple(self.water())
        water_gear = tuple(self.piece(slot) for slot in ("breather", "water_1", "water_2"))
        wet = [field for group in water for field in group.fields] + [piece.prefix for piece in water_gear]
        return EditorView(
            profession=self.profession.id,
            lines=tuple(
                line_edit(i, self.profession, self.values, self.catalogue, errors=self.errors, icon=self.icon)
                for i in range(3)
            ),
            weapons=tuple(Group(f"Weapon set {i + 1}" if sets > 1 else "Weapons", self.hands(i)) for i in range(sets)),
            skills=self.skills("skills"),
            companions=self.companions("land"),
            gear=tuple((title, tuple(self.piece(slot) for slot in slots)) for title, slots in gear.items()),
            kit=tuple(self.kit(sets)),
            infusions=tuple(self.field(f"infusions.{name}", attribute_name(name).capitalize()) for name in ATTRIBUTES),
            infusion_items=tuple(self.infusion_items()),
            infusion_errors=tuple(self.errors.get("infusions", ())),
            jade_bot=self.field("jade_bot_core", "Jade bot core (PvE)"),
            amulet=self.amulet(),
            water=water,
            water_gear=water_gear,
            water_open=any(field.value or field.errors for field in wet),
            prefixes=self.prefixes["armor_weapon"],
            lists=tuple((f"names-{kind}", listed_names(kind, self.catalogue)) for kind in _LISTED),
            two_handed=" ".join(w.type for w in self.profession.weapons.values() if "TwoHand" in w.hands),
        )

    def hands(self, i: int) -> tuple[EditField, ...]:
        return tuple(
            self.field(f"weapon_sets.{i}.{hand}", label, weapon_options(self.profession, hand, land=True))
            for hand, label in _HANDS.items()
        )

    def skills(self, bar: str) -> tuple[EditField, ...]:
        found = []
        for name, label in zip(bar_fields(bar), _SKILL_LABELS, strict=True):
            value = self.values.get(name, "")
            skill = self.catalogue.skills.get(int(value)) if value.isascii() and value.isdigit() else None
            options = skill_options(self.profession, label.split()[0], self.catalogue)
            found.append(self.field(name, label, options, shown=skill.name if skill else ""))
        return tuple(found)

    def companions(self, side: str) -> tuple[EditField, ...]:
        if self.profession.id == "Ranger":
            options = pet_options(self.catalogue)
            return tuple(self.field(f"pets.{side}.{i}", f"Pet {i + 1}", options) for i in range(2))
        if self.profession.id == "Revenant":
            options = legend_options(self.catalogue)
            labels = ("Legend, active first", "Second legend")
            return tuple(self.field(f"legends.{side}.{i}", label, options) for i, label in enumerate(labels))
        return ()

    def piece(self, slot: str) -> GearEdit:
        label = slot_label(slot)
        options = self.prefixes["trinket" if slot in TRINKET_SLOTS else "armor_weapon"]
        return GearEdit(
            slot,
            label,
            slot_tile(slot),
            self.gives.get(slot, ""),
            self.field(f"gear.{slot}.prefix", label, options),
            self.field(f"gear.{slot}.rarity", f"{label}, rarity", _RARITIES),
        )

    def kit(self, sets: int) -> Iterable[EditField]:
        yield self.field("rune", "Rune (six)", listed="names-rune")
        yield self.field("relic", "Relic", listed="names-relic")
        for i in range(sets):
            for j in range(2):
                which = f"Sigil {j + 1}, set {i + 1}" if sets > 1 else f"Sigil {j + 1}"
                yield self.field(f"sigils.{i}.{j}", which, listed="names-sigil")
        for kind, label in (("food", "Food"), ("utility", "Utility item"), ("enrichment", "Enrichment")):
            yield self.field(kind, label, listed=f"names-{kind}")

    def infusion_items(self) -> Iterable[tuple[EditField, EditField]]:
        """The lines that are filled, and an empty one."""
        empty = 0
        for row in range(INFUSION_ITEMS):
            item = self.field(f"infusion_items.{row}.item", "Other", listed="names-infusion")
            times = self.field(f"infusion_items.{row}.count", "How many")
            empty += not (item.value or item.errors)
            if empty < 2:
                yield item, times

    def amulet(self) -> EditField | None:
        value = self.values.get("pvp_amulet", "")
        if not (self.catalogue.amulets or value):
            return None
        amulets = sorted(self.catalogue.amulets.values(), key=lambda amulet: amulet.name)
        return self.field("pvp_amulet", "PvP amulet", (("", tuple((str(a.id), a.name) for a in amulets)),))

    def water(self) -> Iterable[Group]:
        weapons = tuple(
            self.field(
                f"water_weapons.{i}.main_hand",
                f"Weapon {i + 1}",
                weapon_options(self.profession, "main_hand", land=False),
            )
            for i in range(2)
        )
        yield Group("Weapons", weapons)
        yield Group("Skills", self.skills("water_skills"))
        if companions := self.companions("water"):
            yield Group("Companions", companions)


_LISTED = ("rune", "relic", "sigil", "food", "utility", "enrichment", "infusion")
