"""From what somebody sent to a BuildSpec that exists in the game, or to an error that names each field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import Profession
from builds.gamedata.names import name_key
from builds.spec.model import (
    ARMOR_SLOTS,
    ATTRIBUTES,
    MAX_INFUSIONS,
    ONE_WEAPON_SET_PROFESSIONS,
    ONE_WEAPON_SET_SPECIALIZATIONS,
    TRINKET_SLOTS,
    BuildSpec,
    DamageProfile,
    GearPiece,
    SkillBar,
    SpecLine,
    WeaponSet,
)
from builds.spec.shapes import BuildShape, SkillsShape, WeaponSetShape, shape_errors
from builds.spec.template import complete_from_code, with_code
from gw2optimizer.errors import InvalidInput

PVP_HAS_NO = ("gear", "food", "utility", "infusions", "enrichment")


@dataclass(frozen=True, slots=True)
class ParsedBuild:
    """notes: sentences about what was changed or left out on the way, for the player."""

    spec: BuildSpec
    notes: tuple[str, ...] = ()


def parse_build(data: object, catalogue: Catalogue) -> ParsedBuild:
    """data: `build/1` as decoded from JSON; ids, names, or the {"id", "name"} of the output.
    Raises InvalidInput whose fields are paths such as `gear.helm.prefix`, with suggestions for near names."""
    try:
        shape = BuildShape.model_validate(data)
    except ValidationError as error:
        raise _invalid(shape_errors(error)) from None
    resolver = _Resolver(shape, catalogue)
    spec = resolver.resolve()
    if resolver.errors:
        raise _invalid(resolver.errors)
    return ParsedBuild(spec, tuple(resolver.notes))


def _invalid(fields: Mapping[str, Sequence[str]]) -> InvalidInput:
    first, texts = next(iter(fields.items()))
    more = f" ({len(fields) - 1} more fields are wrong.)" if len(fields) > 1 else ""
    return InvalidInput(f"The build can't be used: {first}: {texts[0]}{more}", fields=fields)


class _Resolver:
    def __init__(self, shape: BuildShape, catalogue: Catalogue) -> None:
        self.shape, self.catalogue = shape, catalogue
        self.errors: dict[str, list[str]] = {}
        self.notes: list[str] = []

    def wrong(self, path: str, text: str) -> None:
        self.errors.setdefault(path, []).append(text)

    def find(
        self,
        path: str,
        kind: str,
        given: int | str | None,
        *,
        profession: str | None = None,
        slot: str | None = None,
    ) -> Any:
        """The thing, or None with the error noted (or where nothing was given)."""
        if given is None:
            return None
        try:
            return self.catalogue.find(kind, given, profession=profession, slot=slot)
        except UnknownName as error:
            self.wrong(path, str(error))
            return None

    def find_id(self, path: str, kind: str, given: int | str | None) -> Any:
        found = self.find(path, kind, given)
        return None if found is None else found.id

    def resolve(self) -> BuildSpec:
        shape = self.shape
        spec = BuildSpec(name=shape.name.strip(), profession="", game_mode=shape.game_mode)
        if not spec.name:
            self.wrong("name", "This is empty.")
        profession = self.find("profession", "profession", shape.profession)
        if profession is None:
            return spec
        spec = replace(
            spec,
            profession=profession.id,
            wvw_style=shape.wvw_style,
            role=shape.role,
            secondary_roles=tuple(dict.fromkeys(r for r in shape.secondary_roles if r != shape.role)),
            specializations=self.specializations(profession),
            jade_bot_core=shape.jade_bot_core,
            sigils=tuple(
                tuple(self.find_id(f"sigils.{i}.{j}", "sigil", sigil) or 0 for j, sigil in enumerate(sigils))
                for i, sigils in enumerate(shape.sigils)
            ),
            **{kind: self.find_id(kind, kind, getattr(shape, kind)) for kind in ("rune", "relic", "food", "utility")},
            enrichment=self.find_id("enrichment", "enrichment", shape.enrichment),
            **self.pets(profession),
            **self.legends(profession),
            **self.extras(),
        )
        if shape.wvw_style and shape.game_mode != "wvw":
            self.wrong("wvw_style", "Only a WvW build has a WvW style.")
        spec = replace(
            spec,
            weapon_sets=self.weapon_sets("weapon_sets", shape.weapon_sets or [], profession, land=True),
            water_weapons=self.weapon_sets("water_weapons", shape.water_weapons, profession, land=False),
        )
        spec = replace(
            spec,
            skills=self.skill_bar("skills", shape.skills, spec.profession),
            water_skills=(
                self.skill_bar("water_skills", shape.water_skills, spec.profession) if shape.water_skills else None
            ),
        )
        if not self.errors and shape.template_code:
            spec, notes = complete_from_code(
                spec,
                shape.template_code,
                self.catalogue,
                absent=self.absent(),
            )
            self.notes += notes
        if not self.errors:
            check_skills(spec, self.catalogue, self.wrong)
        spec = replace(spec, gear=self.gear(spec), infusions=self.infusions(), pvp_amulet=self.amulet())
        if not self.errors:
            spec = self.one_weapon_set(spec)
        if not self.errors and not spec.template_code:
            spec = with_code(spec, self.catalogue)
        return spec

    def absent(self) -> frozenset[str]:
        """Parts of a code that the sender did not give."""
        shape = self.shape
        parts = ("specializations", "skills", "water_skills", "skill_overrides", "weapon_sets")
        names = {name for name in parts if getattr(shape, name) is None}
        for name in ("pets", "legends"):
            sides = getattr(shape, name)
            names |= {f"{name}_{side}" for side in ("land", "water") if not (sides and getattr(sides, side))}
        return frozenset(names)

    # --- traits --------------------------------------------------------------------------------
    def specializations(self, profession: Profession) -> Any:
        lines: list[SpecLine | None] = []
        for i, shape in enumerate(self.shape.specializations or []):
            path = f"specializations.{i}"
            line = self.find(f"{path}.specialization", "specialization", shape.specialization) if shape else None
            if shape is None or line is None:
                lines.append(None)
                continue
            if line.profession != profession.id:
                self.wrong(f"{path}.specialization", f"{line.name} belongs to the {line.profession}.")
            elif line.elite and i != 2:
                self.wrong(f"{path}.specialization", f"{line.name} is an elite specialization: it must be the third.")
            elif any(other and other.specialization == line.id for other in lines):
                self.wrong(f"{path}.specialization", f"{line.name} is chosen twice.")
            traits: list[int | None] = []
            for tier, given in enumerate(shape.traits, start=1):
                tpath = f"{path}.traits.{tier - 1}"
                trait = self.find(tpath, "trait", given, profession=profession.id)
                if trait is not None and trait.id not in line.choices(tier):
                    names = ", ".join(self.catalogue.traits[t].name for t in line.choices(tier))
                    self.wrong(
                        tpath,
                        f"{trait.name} is no {('adept', 'master', 'grandmaster')[tier - 1]} choice of {line.name}. "
                        f"The choices are {names}.",
                    )
                traits.append(None if trait is None else trait.id)
            traits += [None] * (3 - len(traits))
            lines.append(SpecLine(line.id, (traits[0], traits[1], traits[2])))
        lines += [None] * (3 - len(lines))
        return tuple(lines)

    # --- skills --------------------------------------------------------------------------------
    def skill_bar(self, path: str, shape: SkillsShape | None, profession: str) -> SkillBar:
        if shape is None:
            return SkillBar()

        def skill(name: str, given: int | str | None, slot: str) -> int | None:
            found = self.find(f"{path}.{name}", "skill", given, profession=profession, slot=slot)
            return None if found is None else int(found.id)

        utilities = [skill(f"utilities.{i}", given, "Utility") for i, given in enumerate(shape.utilities or [])]
        utilities += [None] * (3 - len(utilities))
        return SkillBar(
            skill("heal", shape.heal, "Heal"),
            (utilities[0], utilities[1], utilities[2]),
            skill("elite", shape.elite, "Elite"),
        )

    # --- weapons -------------------------------------------------------------------------------
    def weapon_sets(
        self, path: str, shapes: Sequence[WeaponSetShape], profession: Profession, *, land: bool
    ) -> tuple[WeaponSet, ...]:
        sets: list[WeaponSet] = []
        for i, shape in enumerate(shapes):
            names: list[str | None] = []
            for hand, given in (("main_hand", shape.main_hand), ("off_hand", shape.off_hand)):
                where = f"{path}.{i}.{hand}"
                weapon = self.find(where, "weapon", given)
                if weapon is not None:
                    self.check_hand(where, weapon.name, hand, profession, land=land)
                names.append(None if weapon is None else weapon.name)
            main, off = names
            if main and off and "TwoHand" in _hands(profession, main):
                self.wrong(f"{path}.{i}.off_hand", f"{main} takes both hands.")
            sets.append(WeaponSet(main, off))
        return tuple(sets)

    def check_hand(self, path: str, name: str, hand: str, profession: Profession, *, land: bool) -> None:
        hands = _hands(profession, name)
        fitting = {"main_hand": {"Mainhand", "TwoHand"}, "off_hand": {"Offhand"}}[hand]
        if not hands:
            self.wrong(path, f"A {profession.name} can't use a {name}.")
        elif not hands & fitting:
            where = "in the main hand" if hand == "main_hand" else "in the off hand"
            self.wrong(path, f"A {profession.name} can't use a {name} {where}.")
        elif land and not profession.weapons[name].land:
            self.wrong(path, f"{name} is a weapon for under water.")
        elif not land and "Aquatic" not in hands:
            self.wrong(path, f"{name} can't be used under water.")

    def one_weapon_set(self, spec: BuildSpec) -> BuildSpec:
        elite = spec.specializations[2]
        name = self.catalogue.specializations[elite.specialization].name if elite else ""
        who = name if name in ONE_WEAPON_SET_SPECIALIZATIONS else spec.profession
        if who == spec.profession and who not in ONE_WEAPON_SET_PROFESSIONS:
            return spec
        second = len(spec.weapon_sets) > 1 and spec.weapon_sets[1] != WeaponSet()
        if second or len(spec.sigils) > 1 or any(slot.startswith("weapon_2") for slot in spec.gear):
            self.notes.append(f"{who} has one weapon set: the second one was left out.")
        return replace(
            spec,
            weapon_sets=spec.weapon_sets[:1],
            sigils=spec.sigils[:1],
            gear={slot: piece for slot, piece in spec.gear.items() if not slot.startswith("weapon_2")},
        )

    # --- gear ----------------------------------------------------------------------------------
    def gear(self, spec: BuildSpec) -> dict[str, GearPiece]:
        pieces: dict[str, GearPiece] = {}
        if spec.game_mode == "pvp":
            for name in PVP_HAS_NO:
                if getattr(self.shape, name):
                    self.wrong(
                        name,
                        "In PvP gear is one amulet, a rune, sigils and a relic: this has no place there.",
                    )
            return pieces
        for slot, shape in (self.shape.gear or {}).items():
            if shape is None:
                continue
            path = f"gear.{slot}.prefix"
            prefix = self.find(path, "prefix", shape.prefix)
            target = "trinket" if slot in TRINKET_SLOTS else "armor_weapon"
            if prefix is not None and getattr(prefix, target) is None:
                self.wrong(path, f"The game has no {prefix.name} {'trinkets' if target == 'trinket' else 'gear'}.")
            if shape.upgrade is not None and slot not in ARMOR_SLOTS:
                self.wrong(f"gear.{slot}.upgrade", "Only armor takes a rune; sigils go in `sigils`.")
            if slot.endswith("_off") and self.two_handed(spec, slot):
                self.wrong(f"gear.{slot}", "The weapon of this set takes both hands.")
            pieces[slot] = GearPiece(
                None if prefix is None else prefix.name,
                shape.rarity,
                tuple(self.infusion(f"gear.{slot}.infusions.{i}", given) for i, given in enumerate(shape.infusions)),
                self.find_id(f"gear.{slot}.upgrade", "rune", shape.upgrade),
            )
        return pieces

    def two_handed(self, spec: BuildSpec, slot: str) -> bool:
        index = int(slot.split("_")[1]) - 1
        main = spec.weapon_sets[index].main_hand if index < len(spec.weapon_sets) else None
        return bool(main) and "TwoHand" in _hands(self.catalogue.professions[spec.profession], str(main))

    def infusion(self, path: str, given: int | str) -> str | int:
        if isinstance(given, str) and given.startswith("+5 "):
            attribute = _attribute(given.removeprefix("+5 "))
            if attribute:
                return f"+5 {attribute}"
        return self.find_id(path, "infusion", given) or 0

    def infusions(self) -> dict[str | int, int]:
        found: dict[str | int, int] = {}
        by_slot = any(piece and piece.infusions for piece in (self.shape.gear or {}).values())
        if by_slot and self.shape.infusions:
            self.wrong("infusions", "Give infusions by slot or as counts, not both.")
        for given, count in self.shape.infusions.items():
            key: str | int | None = _attribute(given)
            if key is None:
                key = self.find_id(f"infusions.{given}", "infusion", given)
            if key is not None and count:
                found[key] = found.get(key, 0) + count
        if sum(found.values()) > MAX_INFUSIONS:
            self.wrong("infusions", f"Gear has room for {MAX_INFUSIONS} infusions; these are {sum(found.values())}.")
        return found

    def amulet(self) -> int | None:
        given = self.shape.pvp_amulet
        if given is None:
            return None
        if self.shape.game_mode != "pvp":
            self.wrong("pvp_amulet", "Only a PvP build has an amulet of this kind.")
        elif not self.catalogue.amulets:
            self.wrong("pvp_amulet", "PvP amulets are not in the data. `manage.py sync_gamedata` brings them.")
        return self.find_id("pvp_amulet", "amulet", given) if self.catalogue.amulets else None

    # --- companions and the rest ---------------------------------------------------------------
    def pets(self, profession: Profession) -> dict[str, Any]:
        shape = self.shape.pets
        if shape is None:
            return {}
        if profession.id != "Ranger" and any((*shape.land, *shape.water)):
            self.wrong("pets", "Only a Ranger has pets.")
        found: dict[str, Any] = {}
        for where, given in (("land", shape.land), ("water", shape.water)):
            found[f"pets_{where}"] = tuple(self.find_id(f"pets.{where}.{i}", "pet", pet) for i, pet in enumerate(given))
        return found

    def legends(self, profession: Profession) -> dict[str, Any]:
        shape = self.shape.legends
        if shape is None:
            return {}
        if profession.id != "Revenant" and any((*shape.land, *shape.water)):
            self.wrong("legends", "Only a Revenant has legends.")
        found: dict[str, Any] = {}
        for where, given in (("land", shape.land), ("water", shape.water)):
            ids = tuple(self.find_id(f"legends.{where}.{i}", "legend", legend) for i, legend in enumerate(given))
            if len(ids) == 2 and ids[0] and ids[0] == ids[1]:
                self.wrong(f"legends.{where}.1", "The two legends must differ.")
            found[f"legends_{where}"] = ids
        return found

    def extras(self) -> dict[str, Any]:
        shape = self.shape
        found: dict[str, Any] = {
            "skill_overrides": tuple(
                self.find_id(f"skill_overrides.{i}", "skill", given) or 0
                for i, given in enumerate(shape.skill_overrides or [])
            )
        }
        if shape.damage_profile:
            found["damage_profile"] = DamageProfile(**shape.damage_profile.model_dump())
        if shape.rotation:
            for part in ("opener", "loop"):
                found[part] = tuple(
                    self.find_id(f"rotation.{part}.{i}", "skill", given) or 0
                    for i, given in enumerate(getattr(shape.rotation, part))
                )
        if shape.benchmark:
            found |= {"benchmark_dps": shape.benchmark.dps, "benchmark_source": shape.benchmark.source}
        return found


def check_skills(spec: BuildSpec, catalogue: Catalogue, wrong: Callable[[str, str], None]) -> None:
    """Notes what is equipped in a wrong place, twice, or without the specialization or legend it needs."""
    elite = spec.specializations[2]
    elite_id = elite.specialization if elite else None
    for where, legends in (("land", spec.legends_land), ("water", spec.legends_water)):
        for i, legend_id in enumerate(legends):
            legend = catalogue.legends.get(legend_id or "")
            if legend and legend.specialization and legend.specialization != elite_id:
                name = catalogue.specializations[legend.specialization].name
                wrong(f"legends.{where}.{i}", f"{legend.name} needs the specialization {name}.")
    bars = (
        ("skills", spec.skills, spec.legends_land),
        ("water_skills", spec.water_skills, spec.legends_water),
    )
    for path, bar, legends in bars:
        if bar is None:
            continue
        places = ("heal", "utilities.0", "utilities.1", "utilities.2", "elite")
        slots = ("Heal", "Utility", "Utility", "Utility", "Elite")
        for i, (place, slot, id_) in enumerate(zip(places, slots, bar.ids, strict=True)):
            skill = catalogue.skills.get(id_) if id_ is not None else None
            if skill is None:
                continue
            where = f"{path}.{place}"
            if id_ in bar.ids[:i]:
                wrong(where, f"{skill.name} is chosen twice.")
            elif spec.profession == "Revenant":
                # The legend decides what a skill is; some of its skills carry no slot in the data.
                chosen = [catalogue.legends[legend] for legend in legends if legend] or catalogue.legends.values()
                places_of = {
                    "Heal": lambda x: (x.heal,),
                    "Utility": lambda x: x.utilities,
                    "Elite": lambda x: (x.elite,),
                }
                if not any(id_ in places_of[slot](legend) for legend in chosen):
                    names = " or ".join(legend.name for legend in chosen)
                    wrong(where, f"{skill.name} is no {slot.lower()} skill of {names}.")
            elif skill.slot != slot:
                wrong(where, f"{skill.name} is no {slot.lower()} skill.")
            elif catalogue.palette_of(spec.profession, skill.id) is None:
                wrong(where, f"A {spec.profession} can't equip {skill.name}.")
            elif skill.specialization and skill.specialization != elite_id:
                needed = catalogue.specializations.get(skill.specialization)
                if needed and needed.elite:
                    wrong(where, f"{skill.name} needs the specialization {needed.name}.")


def _hands(profession: Profession, weapon: str) -> frozenset[str]:
    return profession.weapons[weapon].hands if weapon in profession.weapons else frozenset()


def _attribute(text: str) -> str | None:
    key = name_key(text)
    return next((name for name in ATTRIBUTES if name.replace("_", "") == key), None)
