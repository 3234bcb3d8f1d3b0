"""The catalogue: all things of one snapshot, found by id, name, or palette."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from builds.gamedata.model import (
    Amulet,
    Consumable,
    Legend,
    Pet,
    Prefix,
    Profession,
    ProfessionWeapon,
    Skill,
    Specialization,
    StatLine,
    Trait,
    Upgrade,
    WeaponSkill,
)
from builds.gamedata.names import name_key, plain

T = TypeVar("T")

# Kinds that `find` and `search` know, in the order of the API's lookups.
KINDS = (
    "profession", "specialization", "trait", "skill", "prefix", "rune", "sigil", "relic", "infusion",
    "enrichment", "food", "utility", "legend", "pet", "amulet", "weapon",
)  # fmt: skip

# Weapon type ids of build templates (formats.md; not part of the official API).
WEAPON_TYPE_IDS = {
    "Axe": 5, "Longbow": 35, "Dagger": 47, "Focus": 49, "Greatsword": 50, "Hammer": 51, "Mace": 53,
    "Pistol": 54, "Rifle": 85, "Scepter": 86, "Shield": 87, "Staff": 89, "Sword": 90, "Torch": 102, "Warhorn": 103,
    "Shortbow": 107, "Spear": 265,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weapon:
    """A weapon type. code: its id in build templates; None for weapons that only exist under water."""

    name: str
    code: int | None

    @property
    def id(self) -> str:
        return self.name


class UnknownName(LookupError):
    """kind: of KINDS; given: what was asked for; suggestions: near names, best first, perhaps none."""

    def __init__(self, kind: str, given: object, suggestions: Iterable[str] = ()) -> None:
        self.kind, self.given, self.suggestions = kind, given, list(suggestions)
        shown = f"“{str(given)[:60]}”"
        message = f"There is no {kind} {shown} in the game data."
        if self.suggestions:
            message += " Did you mean " + " or ".join(f"“{name}”" for name in self.suggestions) + "?"
        super().__init__(message)


class Catalogue:
    """document: a snapshot's content as `builds.gamedata.snapshot` reads it.
    Read-only once built; share it freely."""

    def __init__(self, document: Mapping[str, Any], *, checksum: str = "") -> None:
        self.checksum = checksum
        """Of the snapshot; two catalogues with one checksum say the same."""
        self.game_build: int | None = document["game_build"]
        self.taken_on: date = date.fromisoformat(document["taken_on"])
        self.sources: tuple[str, ...] = tuple(document["sources"])
        self.language: str = document["language"]
        self.unverified: frozenset[str] = frozenset(document.get("unverified", ()))
        """Entries such as "skill:5506" that changed since the facts that the API lacks were gathered."""
        self.professions: dict[str, Profession] = {
            p["id"]: Profession(
                **{
                    **p,
                    "specializations": tuple(p["specializations"]),
                    "skills": tuple(p["skills"]),
                    "skills_by_palette": dict(p["skills_by_palette"]),
                    "weapons": {
                        w["type"]: ProfessionWeapon(
                            w["type"],
                            frozenset(w["hands"]),
                            w["specialization"],
                            tuple(WeaponSkill(*s) for s in w["skills"]),
                        )
                        for w in p["weapons"]
                    },
                }
            )
            for p in document["professions"]
        }
        self.specializations: dict[int, Specialization] = {
            s["id"]: Specialization(
                **{**s, "minor_traits": tuple(s["minor_traits"]), "major_traits": tuple(s["major_traits"])}
            )
            for s in document["specializations"]
        }
        self.traits: dict[int, Trait] = {row[0]: Trait(*row) for row in document["traits"]}
        self.skills: dict[int, Skill] = {}
        for row in document["skills"]:
            id_, name, professions, type_, slot, weapon, spec, attunement, categories, flags, *rest = row
            self.skills[id_] = Skill(
                id_, name, tuple(professions), type_, slot, weapon, spec, attunement,
                tuple(categories), tuple(flags), *rest,
            )  # fmt: skip
        self.prefixes: dict[str, Prefix] = {
            row["name"]: Prefix(row["name"], _stat_line(row["armor_weapon"]), _stat_line(row["trinket"]))
            for row in document["prefixes"]
        }
        upgrades = [Upgrade(*row) for row in document["upgrades"]]
        self.runes, self.sigils, self.relics, self.infusions, self.enrichments = (
            {u.id: u for u in upgrades if u.kind == kind}
            for kind in ("rune", "sigil", "relic", "infusion", "enrichment")
        )
        consumables = [Consumable(*row) for row in document["consumables"]]
        self.foods = {c.id: c for c in consumables if c.kind == "food"}
        self.utilities = {c.id: c for c in consumables if c.kind == "utility"}
        self.legends: dict[str, Legend] = {
            row["id"]: Legend(**{**row, "utilities": tuple(row["utilities"])}) for row in document["legends"]
        }
        self.pets: dict[int, Pet] = {
            row["id"]: Pet(**{**row, "beastmode": tuple(row["beastmode"])}) for row in document["pets"]
        }
        self.amulets: dict[int, Amulet] = {row["id"]: Amulet(**row) for row in document["amulets"]}
        self.weapons: dict[str, Weapon] = {
            name: Weapon(name, WEAPON_TYPE_IDS.get(name))
            for name in sorted({w for p in self.professions.values() for w in p.weapons})
        }
        self.item_slots: Mapping[str, Any] = document["item_slots"]
        self.supplement: Mapping[str, Any] = document["supplement"]
        self.trait_rules: tuple[Mapping[str, Any], ...] = tuple(document["trait_rules"])
        self.names: Mapping[str, Mapping[str, Mapping[str, str]]] = document.get("names", {})
        """Language to kind to id (as text) to name, for languages other than the snapshot's own."""

    # --- by id ---------------------------------------------------------------------------------
    @cached_property
    def _tables(self) -> dict[str, Mapping[Any, Any]]:
        return {
            "profession": self.professions, "specialization": self.specializations, "trait": self.traits,
            "skill": self.skills, "prefix": self.prefixes, "rune": self.runes, "sigil": self.sigils,
            "relic": self.relics, "infusion": self.infusions, "enrichment": self.enrichments,
            "food": self.foods, "utility": self.utilities, "legend": self.legends, "pet": self.pets,
            "amulet": self.amulets, "weapon": self.weapons,
        }  # fmt: skip

    def table(self, kind: str) -> Mapping[Any, Any]:
        """All of a kind, by id. KeyError for a kind that is not in KINDS."""
        return self._tables[kind]

    # --- by palette ----------------------------------------------------------------------------
    def skill_by_palette(self, profession: str, palette: int) -> Skill | None:
        """None for 0 and for a palette id that the profession does not have."""
        skill = self.professions[profession].skills_by_palette.get(palette)
        return self.skills.get(skill) if skill is not None else None

    @cached_property
    def _palettes(self) -> dict[str, dict[int, int]]:
        # Several palette ids may lead to one skill; the one that the skill itself names wins.
        found: dict[str, dict[int, int]] = {}
        for profession in self.professions.values():
            table: dict[int, int] = {}
            for palette, skill in profession.skills_by_palette.items():
                table.setdefault(skill, palette)
            for skill in table:
                own = self.skills[skill].palette.get(profession.id) if skill in self.skills else None
                if own is not None and profession.skills_by_palette.get(own) == skill:
                    table[skill] = own
            found[profession.id] = table
        return found

    def palette_of(self, profession: str, skill: int) -> int | None:
        """None for a skill that a build template can't hold for that profession."""
        return self._palettes[profession].get(skill)

    @cached_property
    def legends_by_code(self) -> dict[int, Legend]:
        return {legend.code: legend for legend in self.legends.values()}

    @cached_property
    def professions_by_code(self) -> dict[int, Profession]:
        return {profession.code: profession for profession in self.professions.values()}

    @cached_property
    def weapon_names_by_code(self) -> dict[int, str]:
        return {code: name for name, code in WEAPON_TYPE_IDS.items()}

    # --- by name -------------------------------------------------------------------------------
    @cached_property
    def _names(self) -> dict[str, dict[str, list[Any]]]:
        found: dict[str, dict[str, list[Any]]] = {}
        for kind in KINDS:
            index: dict[str, list[Any]] = {}
            for item in sorted(self.table(kind).values(), key=self._preference):
                index.setdefault(name_key(item.name, kind), []).append(item)
            found[kind] = index
        for profession in self.professions.values():  # a code's or a file's "Guardian" is the id
            found["profession"].setdefault(name_key(profession.id), []).append(profession)
        for legend in self.legends.values():
            found["legend"].setdefault(name_key(legend.id), []).append(legend)
        return found

    def _preference(self, item: Any) -> tuple[Any, ...]:
        """Of several things with one name, the one that is really used first: an equippable skill, the relic
        that has numbers, the exotic item, the oldest id."""
        if isinstance(item, Skill):
            return (not item.palette, item.type not in {"Heal", "Utility", "Elite"}, item.id)
        if isinstance(item, Upgrade):
            return (item.rarity != "Exotic", not item.details.get("facts") and not item.bonuses, item.id)
        return (0, item.id)

    def named(self, kind: str, name: str) -> list[Any]:
        """All of a kind whose name is the given one, forgiving case, accents, apostrophes, spaces and
        "Superior Rune of"; the one that is meant without more words first. Empty if there is none."""
        index = self._names[kind]
        key = name_key(name, kind)
        if found := index.get(key):
            return found
        # "Berserker" for "Berserker's", "Marauder's" for "Marauder".
        for other in (key + "s", key.removesuffix("s")):
            if key and other != key and (found := index.get(other)):
                return found
        return []

    def find(self, kind: str, given: int | str, *, profession: str | None = None, slot: str | None = None) -> Any:
        """The thing with this id or name. profession and slot (Heal, Utility, Elite) narrow skills, traits,
        specializations that share a name. Raises UnknownName with suggestions."""
        table = self.table(kind)
        if isinstance(given, bool) or not isinstance(given, int | str):
            raise UnknownName(kind, given)
        if isinstance(given, int):
            if given in table:
                return table[given]
            raise UnknownName(kind, given)
        if given in table:
            return table[given]
        if given.isascii() and given.isdigit() and len(given) < 10 and int(given) in table:
            return table[int(given)]
        found = self.named(kind, given)
        for narrowed in (
            [i for i in found if _fits(i, profession) and (slot is None or getattr(i, "slot", None) == slot)],
            [i for i in found if _fits(i, profession)],
        ):
            if narrowed:
                return narrowed[0]
        raise UnknownName(kind, given, self.suggest(kind, given, profession=profession))

    def suggest(self, kind: str, given: str, *, profession: str | None = None, limit: int = 3) -> list[str]:
        """Names of the kind that look like the given one, nearest first."""
        names = {
            key: items[0].name
            for key, items in self._names[kind].items()
            if any(_fits(item, profession) for item in items)
        }
        key = name_key(given[:80], kind)
        near = difflib.get_close_matches(key, names, n=limit, cutoff=0.6)
        if len(near) < limit and len(key) >= 3:
            near += [k for k in names if key in k and k not in near][: limit - len(near)]
        return [names[k] for k in near]

    def search(
        self, kind: str, text: str, *, profession: str | None = None, language: str = "", limit: int = 20
    ) -> list[Any]:
        """Things of the kind with every word of the text in their name, in the snapshot's language or the given
        one; those that begin with it first; things that share a name are given once. An empty text gives all."""
        words = plain(text).split()
        other = self.names.get(language, {}).get(kind, {})
        hits: list[tuple[bool, str, Any]] = []
        seen: set[int | str] = set()
        for items in self._names[kind].values():
            item = next((i for i in items if _fits(i, profession)), None)
            # What is found by several names is one thing nevertheless.
            if item is None or item.id in seen:
                continue
            seen.add(item.id)
            for name in (plain(other.get(str(item.id), "")), plain(item.name)):
                if name and all(word in name for word in words):
                    hits.append((not name.startswith(words[0]) if words else False, name, item))
                    break
        hits.sort(key=lambda hit: hit[:2])
        return [item for _, _, item in hits[:limit]]

    def display_name(self, kind: str, id_: int | str, language: str) -> str:
        """The name in a language if the snapshot has it, else in the snapshot's own."""
        names = self.names.get(language, {}).get(kind, {})
        return names.get(str(id_)) or str(self.table(kind)[id_].name)


def _fits(item: Any, profession: str | None) -> bool:
    if profession is None:
        return True
    if isinstance(item, Skill):
        return profession in item.professions or profession in item.palette
    if isinstance(item, Trait | Specialization):
        return item.profession == profession
    return True


def _stat_line(row: Mapping[str, Any] | None) -> StatLine | None:
    if row is None:
        return None
    return StatLine(row["id"], tuple((name, multiplier, value) for name, multiplier, value in row["attributes"]))
