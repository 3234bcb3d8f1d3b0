"""From what somebody sent to a BuildSpec that exists in the game, or to an error that names each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import Profession
from builds.gamedata.names import name_key, starting_with_article, with_article
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
from builds.spec.rules import (
    check_legends,
    check_lines,
    check_skills,
    hands_of,
    infusion_slots,
    skills_of_slot,
)
from builds.spec.shapes import MAX_ERRORS, BuildShape, GearShape, SkillsShape, WeaponSetShape, shape_errors
from builds.spec.template import BARS, COMPANIONS, PLACES, complete_from_code, trimmed, with_code
from gw2optimizer.errors import InvalidInput

PVP_HAS_NO = ("gear", "food", "utility", "infusions", "enrichment")
_ONE_OF_A_KIND = ("rune", "relic", "food", "utility", "enrichment")


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
    more = len(fields) - 1
    also = f" ({more} more {'field is' if more == 1 else 'fields are'} wrong.)" if more else ""
    return InvalidInput(f"The build can't be used: {first}: {texts[0]}{also}", fields=fields)


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
        """The thing, or None with the error noted (or where nothing was given). After many errors no name is looked
        up any more: the search for near names costs."""
        if given is None or len(self.errors) >= MAX_ERRORS:
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
        spec = BuildSpec(name=shape.name, profession="", game_mode=shape.game_mode)
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
            **{kind: self.find_id(kind, kind, getattr(shape, kind)) for kind in _ONE_OF_A_KIND},
            **self.companions("pets", "pet", profession.id == "Ranger"),
            **self.companions("legends", "legend", profession.id == "Revenant"),
            **self.extras(),
        )
        if shape.wvw_style and shape.game_mode != "wvw":
            self.wrong("wvw_style", "Only a WvW build has a WvW style.")
        spec = replace(
            spec,
            weapon_sets=self.weapon_sets("weapon_sets", shape.weapon_sets or [], profession, land=True),
            water_weapons=self.weapon_sets("water_weapons", shape.water_weapons, profession, land=False),
            skills=self.skill_bar("skills", shape.skills, profession, spec.legends_land),
            water_skills=self.skill_bar("water_skills", shape.water_skills, profession, spec.legends_water),
        )
        if spec.water_skills == SkillBar():
            spec = replace(spec, water_skills=None)
        if shape.template_code and not self.errors:
            spec = self.completed(spec, shape.template_code)
        if not self.errors:
            # Also what the code brought has to exist in the game.
            for check in (check_lines, check_legends, check_skills):
                check(spec, self.catalogue, self.wrong)
        spec = replace(spec, gear=self.gear(spec, profession), infusions=self.infusions(), pvp_amulet=self.amulet())
        if not self.errors:
            spec = self.one_weapon_set(spec)
        return spec if self.errors or spec.template_code else self.coded(spec)

    def completed(self, spec: BuildSpec, code: str) -> BuildSpec:
        try:
            spec, notes = complete_from_code(spec, code, self.catalogue, absent=self.absent())
        except InvalidInput as error:
            self.errors |= error.fields
            return spec
        self.notes += notes
        return spec

    def coded(self, spec: BuildSpec) -> BuildSpec:
        try:
            return with_code(spec, self.catalogue)
        except InvalidInput as error:
            self.errors |= error.fields
            return spec

    def absent(self) -> frozenset[str]:
        """Parts of a code that the sender did not give; null for a skill is given, and means that none is chosen."""
        shape = self.shape
        names = {name for name in ("specializations", "skill_overrides", "weapon_sets") if getattr(shape, name) is None}
        for bar in BARS:
            given = getattr(shape, bar)
            names |= {f"{bar}.{place}" for place in PLACES if given is None or place not in given.model_fields_set}
        for name in COMPANIONS:
            kind, side = name.split("_")
            sides = getattr(shape, kind)
            if sides is None or side not in sides.model_fields_set:
                names.add(name)
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
                # Its traits are wrong for the same reason.
                self.wrong(f"{path}.specialization", f"{line.name} belongs to the {line.profession}.")
                lines.append(None)
                continue
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
    def skill_bar(
        self, path: str, shape: SkillsShape | None, profession: Profession, legends: Sequence[str | None]
    ) -> SkillBar:
        if shape is None:
            return SkillBar()

        def skill(name: str, given: int | str | None, slot: str) -> int | None:
            if profession.id == "Revenant" and isinstance(given, str):
                given = self.legend_skill(given, slot, legends) or given
            found = self.find(f"{path}.{name}", "skill", given, profession=profession.id, slot=slot)
            return None if found is None else int(found.id)

        utilities = [skill(f"utilities.{i}", given, "Utility") for i, given in enumerate(shape.utilities or [])]
        utilities += [None] * (3 - len(utilities))
        return SkillBar(
            skill("heal", shape.heal, "Heal"),
            (utilities[0], utilities[1], utilities[2]),
            skill("elite", shape.elite, "Elite"),
        )

    def legend_skill(self, name: str, slot: str, legends: Sequence[str | None]) -> int | None:
        """Other skills of a Revenant share names with those of the legends; the given legends go first."""
        every = self.catalogue.legends
        for legend in (*(every[id_] for id_ in legends if id_), *every.values()):
            for id_ in skills_of_slot(legend, slot):
                skill = self.catalogue.skills.get(id_)
                if skill is not None and name_key(skill.name) == name_key(name):
                    return id_
        return None

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
            if off and "TwoHand" in hands_of(profession, main):
                self.wrong(f"{path}.{i}.off_hand", f"{main} takes both hands.")
            sets.append(WeaponSet(main, off))
        return tuple(sets)

    def check_hand(self, path: str, name: str, hand: str, profession: Profession, *, land: bool) -> None:
        hands = hands_of(profession, name)
        who = f"{starting_with_article(profession.name)} can't use {with_article(name)}"
        fitting = {"main_hand": {"Mainhand", "TwoHand"}, "off_hand": {"Offhand"}}[hand]
        if not hands:
            self.wrong(path, f"{who}.")
        elif not hands & fitting:
            where = "in the main hand" if hand == "main_hand" else "in the off hand"
            self.wrong(path, f"{who} {where}.")
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
    def gear(self, spec: BuildSpec, profession: Profession) -> dict[str, GearPiece]:
        if spec.game_mode == "pvp":
            for name in PVP_HAS_NO:
                if getattr(self.shape, name):
                    self.wrong(
                        name,
                        "In PvP gear is one amulet, a rune, sigils and a relic: this has no place there.",
                    )
            return {}
        return {
            slot: self.piece(spec, slot, shape, profession)
            for slot, shape in (self.shape.gear or {}).items()
            if shape is not None
        }

    def piece(self, spec: BuildSpec, slot: str, shape: GearShape, profession: Profession) -> GearPiece:
        path = f"gear.{slot}"
        prefix = self.prefix(f"{path}.prefix", shape.prefix)
        target = "trinket" if slot in TRINKET_SLOTS else "armor_weapon"
        if prefix is not None and getattr(prefix, target) is None:
            kind = "trinkets" if target == "trinket" else "armor and weapons"
            self.wrong(f"{path}.prefix", f"The game has no {prefix.name} {kind}.")
        if shape.upgrade is not None and slot not in ARMOR_SLOTS:
            self.wrong(f"{path}.upgrade", "Only armor takes a rune; sigils go in `sigils`.")
        if slot in ("weapon_1_off", "weapon_2_off") and self.two_handed(spec, slot, profession):
            self.wrong(path, "The weapon of this set takes both hands.")
        room = infusion_slots(spec, slot, profession)
        if len(shape.infusions) > room:
            text = f"It has room for {room}." if room else "It takes an enrichment, not an infusion."
            self.wrong(f"{path}.infusions", text)
        return GearPiece(
            None if prefix is None else prefix.name,
            shape.rarity,
            tuple(self.infusion(f"{path}.infusions.{i}", given) for i, given in enumerate(shape.infusions)),
            self.find_id(f"{path}.upgrade", "rune", shape.upgrade),
        )

    def prefix(self, path: str, given: int | str | None) -> Any:
        """A number is the id of one of the prefix's entries in the official API's itemstats."""
        if isinstance(given, int):
            for prefix in self.catalogue.prefixes.values():
                if any(line is not None and line.id == given for line in (prefix.armor_weapon, prefix.trinket)):
                    return prefix
        return self.find(path, "prefix", given)

    def two_handed(self, spec: BuildSpec, slot: str, profession: Profession) -> bool:
        index = int(slot.split("_")[1]) - 1
        main = spec.weapon_sets[index].main_hand if index < len(spec.weapon_sets) else None
        return "TwoHand" in hands_of(profession, main)

    def infusion(self, path: str, given: int | str) -> str | int:
        attribute = _attribute(given) if isinstance(given, str) else None
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
                key = self.find_id(f"infusions.{given[:60]}", "infusion", given)
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
    def companions(self, name: str, kind: str, has_them: bool) -> dict[str, Any]:
        """name: pets or legends; returns `pets_land`, `pets_water` and the like."""
        shape = getattr(self.shape, name)
        if shape is None:
            return {}
        if not has_them and any((*shape.land, *shape.water)):
            self.wrong(name, f"Only a {'Ranger' if name == 'pets' else 'Revenant'} has {name}.")
        return {
            f"{name}_{side}": trimmed(
                [self.find_id(f"{name}.{side}.{i}", kind, given) for i, given in enumerate(getattr(shape, side))]
            )
            for side in ("land", "water")
        }

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


def _attribute(text: str) -> str | None:
    key = name_key(text.strip().removeprefix("+5"))
    return next((name for name in ATTRIBUTES if name.replace("_", "") == key), None)
