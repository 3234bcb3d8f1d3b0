"""From a BuildSpec to what the templates draw."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import count
from typing import Any

from builds.gamedata.catalogue import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE, ProfessionWeapon, Skill, Specialization
from builds.presentation.facts import BALANCE_NAMES, FactSheet, attribute_name, fact_sheet, item_sheet, number
from builds.presentation.glyphs import (
    ATTUNEMENTS,
    UNKNOWN,
    Tile,
    item_tile,
    legend_tile,
    skill_tile,
    specialization_tile,
    trait_tile,
)
from builds.presentation.model import (
    Bar,
    BuildView,
    Companions,
    Entry,
    GearGroup,
    GearRow,
    KitItem,
    Major,
    TraitLine,
    TraitTier,
    WeaponRow,
)
from builds.spec.model import ARMOR_SLOTS, TRINKET_SLOTS, BuildSpec, GearPiece, SkillBar, SpecLine, WeaponSet

IconResolver = Callable[[str], str | None]
"""The address of an icon at the game's servers to the address of our own stored copy, None if there is none."""

TIER_NAMES = ("Adept", "Master", "Grandmaster")
SLOT_KINDS = ("Heal", "Utility", "Utility", "Utility", "Elite")
SLOT_KEYS = ("6", "7", "8", "9", "0")
SLOT_NAMES = {
    "helm": "Helm", "shoulders": "Shoulders", "coat": "Coat", "gloves": "Gloves", "leggings": "Leggings",
    "boots": "Boots", "amulet": "Amulet", "ring_1": "Ring 1", "ring_2": "Ring 2", "accessory_1": "Accessory 1",
    "accessory_2": "Accessory 2", "back": "Back", "breather": "Breather",
}  # fmt: skip

# Geometry of a trait line; the style sheet gives the rows the same heights.
_ROW_CENTRES = (22, 66, 110)
_MIDDLE = 66
_IN_WIDTH, _OUT_WIDTH = 20, 22

# From here on the API numbers spear skills for land; the older ones work under water.
_FIRST_LAND_SPEAR_SKILL = 72_000


def _no_icon(address: str) -> None:
    return None


def build_view(
    spec: BuildSpec,
    catalogue: Catalogue,
    mode: str | None = None,
    *,
    icon: IconResolver = _no_icon,
    prefix: str = "tip",
) -> BuildView:
    """mode: whose values the tooltips give, the build's own by default; prefix: begins the ids that the page gets,
    so that two views may stand on one page."""
    return _Viewer(spec, catalogue, mode or spec.game_mode, icon, prefix).view()


def played_view(
    spec: BuildSpec, catalogue: Catalogue, *, icon: IconResolver = _no_icon, prefix: str = "tip"
) -> tuple[Bar, tuple[Companions, ...]]:
    """Only what is played on land: weapons, skills, and pets or legends."""
    dry = replace(spec, water_skills=None, water_weapons=(), pets_water=(), legends_water=())
    viewer = _Viewer(dry, catalogue, spec.game_mode, icon, prefix)
    return next(iter(viewer._bars())), tuple(viewer._companions())


def entries_of(
    kind: str, ids: Iterable[int | str], spec: BuildSpec, catalogue: Catalogue, *, icon: IconResolver, prefix: str
) -> Iterable[Entry]:
    """What could be chosen, as the build would have it. kind: skill, pet, legend, or of an item."""
    viewer = _Viewer(spec, catalogue, spec.game_mode, icon, prefix)
    drawn: dict[str, Callable[[Any], Entry | None]] = {
        "skill": viewer._skill, "pet": viewer._pet, "legend": viewer._legend,
    }  # fmt: skip
    for id_ in ids:
        entry = drawn[kind](id_) if kind in drawn else viewer._item(kind, int(id_))
        assert entry is not None
        yield entry


class _Viewer:
    def __init__(self, spec: BuildSpec, catalogue: Catalogue, mode: str, icon: IconResolver, prefix: str) -> None:
        self.spec, self.catalogue, self.mode, self.icon = spec, catalogue, mode, icon
        self.balance = BALANCE_OF_MODE[mode]
        self.traits = frozenset(trait for line in spec.specializations if line for trait in line.traits if trait)
        self.elites = {
            line.specialization
            for line in spec.specializations
            if line and (found := catalogue.specializations.get(line.specialization)) and found.elite
        }
        self._numbers = count(1)
        self._prefix = prefix

    def view(self) -> BuildView:
        spec = self.spec
        profession = self.catalogue.professions[spec.profession]
        elite = next((self.catalogue.specializations[id_].name for id_ in self.elites), "")
        gear = tuple(group for group in self._gear_groups() if group.rows)
        return BuildView(
            name=spec.name,
            profession=spec.profession,
            profession_name=profession.name,
            specialization=elite or profession.name,
            mode=self.mode,
            balance=BALANCE_NAMES[self.balance],
            lines=tuple(self._line(line) if line else None for line in spec.specializations),
            bars=tuple(self._bars()),
            companions=tuple(self._companions()),
            kit=tuple(self._kit()),
            summary=tuple(Counter(piece.prefix for piece in spec.gear.values() if piece.prefix).most_common()),
            gear=gear,
            infusions=tuple((self._infusion(id_), times) for id_, times in spec.infusions.items()),
            missing=tuple(self._missing()),
            benchmark=self._benchmark(),
            benchmark_source=spec.benchmark_source,
            code=spec.template_code,
        )

    # --- entries ---------------------------------------------------------------------------------
    def _uid(self) -> str:
        return f"{self._prefix}-{next(self._numbers)}"

    def _unknown(self, kind: str, id_: int | str, key: str = "") -> Entry:
        sheet = FactSheet((), "The game data does not have it", unsure=True)
        return Entry(id_, f"unknown {kind} #{id_}", UNKNOWN, self._uid(), key=key, sheet=sheet, known=False)

    def _trait(self, id_: int, kind: str) -> Entry:
        trait = self.catalogue.traits.get(id_)
        if trait is None:
            return self._unknown("trait", id_)
        sheet = fact_sheet("trait", trait, self.balance, self.catalogue, self.traits)
        line = self.catalogue.specializations.get(trait.specialization)
        tile = trait_tile(trait, line.name if line else "", self.icon(trait.icon))
        return Entry(id_, trait.name, tile, self._uid(), kind, sheet=sheet)

    def _skill(self, id_: int | None, kind: str = "", key: str = "") -> Entry | None:
        if id_ is None:
            return None
        skill = self.catalogue.skills.get(id_)
        if skill is None:
            return self._unknown("skill", id_, key)
        sheet = fact_sheet("skill", skill, self.balance, self.catalogue, self.traits)
        tile = skill_tile(skill, self.icon(skill.icon))
        return Entry(id_, skill.name, tile, self._uid(), kind, key, sheet)

    # --- traits ----------------------------------------------------------------------------------
    def _line(self, line: SpecLine) -> TraitLine:
        found = self.catalogue.specializations.get(line.specialization)
        if found is None:
            name = f"unknown specialization #{line.specialization}"
            tiers = tuple(
                TraitTier(number, name, None, (), "", "", self._trait(id_, name) if id_ else None)
                for number, (name, id_) in enumerate(zip(TIER_NAMES, line.traits, strict=True), start=1)
            )
            return TraitLine(line.specialization, name, False, False, UNKNOWN, tiers)
        tile = specialization_tile(found.name, self.icon(found.icon))
        tiers = tuple(self._tier(found, number, line.traits[number - 1]) for number in (1, 2, 3))
        return TraitLine(found.id, found.name, found.elite, True, tile, tiers)

    def _tier(self, specialization: Specialization, number: int, chosen: int | None) -> TraitTier:
        name = TIER_NAMES[number - 1]
        choices = specialization.choices(number)
        minors = specialization.minor_traits
        minor = self._trait(minors[number - 1], f"{name}, always active") if number <= len(minors) else None
        majors = tuple(Major(self._trait(id_, name), id_ == chosen) for id_ in choices)
        if chosen not in choices:
            return TraitTier(number, name, minor, majors, "", "", self._trait(chosen, name) if chosen else None)
        y = _ROW_CENTRES[choices.index(chosen)]
        path_in = f"M0 {_MIDDLE}C{_IN_WIDTH / 2:g} {_MIDDLE} {_IN_WIDTH / 2:g} {y} {_IN_WIDTH} {y}"
        path_out = f"M0 {y}C{_OUT_WIDTH / 2:g} {y} {_OUT_WIDTH / 2:g} {_MIDDLE} {_OUT_WIDTH} {_MIDDLE}"
        return TraitTier(number, name, minor, majors, path_in, path_out)

    # --- skills ----------------------------------------------------------------------------------
    def _bars(self) -> Iterable[Bar]:
        spec = self.spec
        yield Bar("Land", tuple(self._weapon_rows(spec.weapon_sets, water=False)), self._slots(spec.skills))
        water = spec.water_skills or SkillBar()
        if spec.water_weapons or any(water.ids):
            yield Bar("Water", tuple(self._weapon_rows(spec.water_weapons, water=True)), self._slots(water))

    def _slots(self, bar: SkillBar) -> tuple[Entry | None, ...]:
        return tuple(self._skill(id_, kind, key) for id_, kind, key in zip(bar.ids, SLOT_KINDS, SLOT_KEYS, strict=True))

    def _weapon_rows(self, sets: tuple[WeaponSet, ...], *, water: bool) -> Iterable[WeaponRow]:
        for index, held in enumerate(sets, start=1):
            if not held.names:
                continue
            label = " and ".join(held.names)
            set_note = f"Set {index}" if len(sets) > 1 else ""
            attunements = self._attunements(held)
            for attunement in attunements or (None,):
                skills = tuple(self._weapon_skill(held, slot, attunement, water) for slot in range(1, 6))
                tile = Tile(*ATTUNEMENTS[attunement]) if attunement else None
                yield WeaponRow(
                    label,
                    attunement or set_note,
                    skills,
                    tile,
                    again=attunement not in attunements[:1] and bool(attunements),
                )

    def _weapons(self, held: WeaponSet) -> tuple[ProfessionWeapon | None, ProfessionWeapon | None]:
        weapons = self.catalogue.professions[self.spec.profession].weapons
        return weapons.get(held.main_hand or ""), weapons.get(held.off_hand or "")

    def _attunements(self, held: WeaponSet) -> tuple[str, ...]:
        there = {skill.attunement for weapon in self._weapons(held) if weapon for skill in weapon.skills}
        return tuple(attunement for attunement in ATTUNEMENTS if attunement in there)

    def _weapon_skill(self, held: WeaponSet, slot: int, attunement: str | None, water: bool) -> Entry | None:
        main, off = self._weapons(held)
        two_handed = main is not None and "TwoHand" in main.hands
        weapon = main if slot <= 3 or two_handed else off
        if weapon is None:
            return None
        name = f"Weapon_{slot}"
        other = {None, held.off_hand or "Nothing"} if slot == 3 else {None}
        ids = [
            entry.skill
            for entry in weapon.skills
            if entry.slot == name and entry.attunement in {None, attunement} and entry.offhand in other
        ]
        found = [skill for id_ in ids if (skill := self.catalogue.skills.get(id_))]
        # A skill of two attunements is Weaver's, and lies there only while both are held.
        found = [skill for skill in found if not skill.details.get("dual_attunement")] or found
        if not found:
            return self._skill(ids[0], weapon.type, str(slot)) if ids else None
        best = min(found, key=lambda skill: self._preference(skill, weapon, water))
        entry = self._skill(best.id, weapon.type, str(slot))
        if entry is None or attunement is None:
            return entry
        return replace(entry, tile=replace(entry.tile, tone=ATTUNEMENTS[attunement][1]))

    def _preference(self, skill: Skill, weapon: ProfessionWeapon, water: bool) -> tuple[bool, int, int]:
        """Of several skills on one key: for land or water as asked, then the elite specialization's own, then the
        common one, then that of the specialization that brought the weapon."""
        wrong_ground = weapon.type == "Spear" and (skill.id >= _FIRST_LAND_SPEAR_SKILL) == water
        if skill.specialization in self.elites:
            rank = 0
        elif skill.specialization is None:
            rank = 1
        else:
            rank = 2 if skill.specialization == weapon.specialization else 3
        return wrong_ground, rank, skill.id

    def _companions(self) -> Iterable[Companions]:
        for title, pets in (("Pets", self.spec.pets_land), ("Pets under water", self.spec.pets_water)):
            if any(pets):
                yield Companions(title, tuple(self._pet(id_) for id_ in pets))
        for title, legends in (
            ("Legends", self.spec.legends_land),
            ("Legends under water", self.spec.legends_water),
        ):
            if any(legends):
                yield Companions(title, tuple(self._legend(id_) for id_ in legends))

    def _pet(self, id_: int | None) -> Entry | None:
        if id_ is None:
            return None
        pet = self.catalogue.pets.get(id_)
        if pet is None:
            return self._unknown("pet", id_)
        name = pet.name.removeprefix("Juvenile ")
        return Entry(id_, name, Tile("paw-print", "nature", self.icon(pet.icon)), self._uid(), "Pet")

    def _legend(self, id_: str | None) -> Entry | None:
        if id_ is None:
            return None
        legend = self.catalogue.legends.get(id_)
        if legend is None:
            return self._unknown("legend", id_)
        return Entry(id_, legend.name, legend_tile(legend.name, self.icon(legend.icon)), self._uid(), "Legend")

    # --- gear ------------------------------------------------------------------------------------
    def _item(self, kind: str, id_: int) -> Entry:
        item = self.catalogue.table(kind).get(id_)
        if item is None:
            return self._unknown(kind, id_)
        tile = item_tile(kind, self.icon(item.icon))
        if kind == "amulet":
            facts = FactSheet(note="")
            return Entry(id_, item.name, tile, self._uid(), "PvP amulet", sheet=facts)
        return Entry(id_, item.name, tile, self._uid(), kind.capitalize(), sheet=item_sheet(item))

    def _kit(self) -> Iterable[KitItem]:
        spec = self.spec
        if spec.pvp_amulet is not None:
            yield KitItem("Amulet", self._item("amulet", spec.pvp_amulet))
        if spec.rune is not None:
            yield KitItem("Rune", self._item("rune", spec.rune), 1 if self.mode == "pvp" else 6)
        if spec.relic is not None:
            yield KitItem("Relic", self._item("relic", spec.relic))
        for index, sigils in enumerate(spec.sigils, start=1):
            title = f"Sigil, set {index}" if len(spec.sigils) > 1 else "Sigil"
            for id_ in sigils:
                yield KitItem(title, self._item("sigil", id_))
        for title, kind, given in (
            ("Food", "food", spec.food),
            ("Utility", "utility", spec.utility),
            ("Enrichment", "enrichment", spec.enrichment),
        ):
            if given is not None:
                yield KitItem(title, self._item(kind, given))
        if spec.jade_bot_core:
            entry = Entry("jade", "Jade bot core", item_tile("jade bot core"), self._uid(), "In PvE only")
            yield KitItem("Jade bot", entry)

    def _gear_groups(self) -> Iterable[GearGroup]:
        yield _gear_group("Armor", self._gear_rows(ARMOR_SLOTS))
        yield _gear_group("Trinkets and back", self._gear_rows(TRINKET_SLOTS))
        weapons = [
            *self._weapon_gear(self.spec.weapon_sets, "weapon", len(self.spec.weapon_sets) > 1),
            *self._gear_rows(("breather",)),
            *self._water_gear(),
        ]
        yield _gear_group("Weapons", weapons)

    def _gear_rows(self, slots: Iterable[str]) -> Iterable[GearRow]:
        for slot in slots:
            if piece := self.spec.gear.get(slot):
                yield self._gear_row(slot, SLOT_NAMES[slot], piece)

    def _weapon_gear(self, sets: tuple[WeaponSet, ...], lead: str, numbered: bool) -> Iterable[GearRow]:
        for index in (1, 2):
            held = sets[index - 1] if index <= len(sets) else WeaponSet()
            for hand, weapon in (("main", held.main_hand), ("off", held.off_hand)):
                slot = f"{lead}_{index}_{hand}"
                if piece := self.spec.gear.get(slot):
                    name = weapon or ("Main hand" if hand == "main" else "Off hand")
                    yield self._gear_row(slot, f"{name}, set {index}" if numbered else name, piece)

    def _water_gear(self) -> Iterable[GearRow]:
        for index in (1, 2):
            held = self.spec.water_weapons[index - 1 : index]
            if piece := self.spec.gear.get(f"water_{index}"):
                name = held[0].main_hand if held and held[0].main_hand else f"Water weapon {index}"
                yield self._gear_row(f"water_{index}", name, piece)

    def _gear_row(self, slot: str, label: str, piece: GearPiece) -> GearRow:
        extras = []
        if piece.upgrade is not None:
            rune = self.catalogue.runes.get(piece.upgrade)
            extras.append(rune.name if rune else f"unknown rune #{piece.upgrade}")
        times = Counter(self._infusion(infusion) for infusion in piece.infusions)
        extras += [f"{name} ×{number}" if number > 1 else name for name, number in times.items()]
        return GearRow(slot, label, piece.prefix or "not given", piece.rarity, tuple(extras))

    def _infusion(self, infusion: str | int) -> str:
        if isinstance(infusion, int):
            item = self.catalogue.infusions.get(infusion)
            return item.name if item else f"unknown infusion #{infusion}"
        amount, _, attribute = infusion.rpartition(" ")
        return f"{amount or '+5'} {attribute_name(attribute)}"

    # --- what is not there -----------------------------------------------------------------------
    def _missing(self) -> Iterable[str]:
        spec = self.spec
        lines = [index for index, line in enumerate(spec.specializations, start=1) if line is None]
        if len(lines) == 3:
            yield "Trait lines are not given"
        else:
            yield from (f"Trait line {index} is not given" for index in lines)
        for line in spec.specializations:
            if line is not None and None in line.traits:
                found = self.catalogue.specializations.get(line.specialization)
                yield f"{found.name if found else 'A trait line'} has a tier without a trait"
        yield from self._missing_skills()
        if not any(held.names for held in spec.weapon_sets):
            yield "Weapons are not given"
        yield from self._missing_gear()

    def _missing_skills(self) -> Iterable[str]:
        skills = self.spec.skills
        if not any(skills.ids):
            yield "Skills are not given"
            return
        if skills.heal is None:
            yield "The heal skill is not given"
        empty = skills.utilities.count(None)
        if empty:
            yield f"{'A utility skill is' if empty == 1 else f'{empty} utility skills are'} not given"
        if skills.elite is None:
            yield "The elite skill is not given"

    def _missing_gear(self) -> Iterable[str]:
        spec = self.spec
        if self.mode == "pvp":
            if spec.pvp_amulet is None:
                yield "The amulet is not given"
        elif not spec.gear:
            yield "Gear is not given"
        if spec.rune is None and not any(piece.upgrade for piece in spec.gear.values()):
            yield "Runes are not given"
        if not any(spec.sigils):
            yield "Sigils are not given"
        if spec.relic is None:
            yield "The relic is not given"
        if self.mode != "pvp":
            if spec.food is None:
                yield "Food is not given"
            if spec.utility is None:
                yield "The utility item is not given"

    def _benchmark(self) -> str:
        if not self.spec.benchmark_dps:
            return ""
        return f"{number(round(self.spec.benchmark_dps))} damage per second"


def _gear_group(title: str, given: Iterable[GearRow]) -> GearGroup:
    rows = tuple(given)
    if len({row.rarity for row in rows}) != 1:
        return GearGroup(title, "", rows)
    return GearGroup(title, rows[0].rarity, tuple(replace(row, rarity="") for row in rows))
