"""From the present snapshot and the API's answers to the next one.

What the API says wins; what it leaves out stays. Entries that carry facts which the API lacks (values by mode,
numbers of relics, rules) are marked as unverified once the API's own facts of them change: the gathered ones may be
old then."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from builds.gamedata.api import Answers, Entry
from builds.gamedata.items import Row, entry_of, merge_items
from builds.gamedata.packaging import ATTRIBUTES, facts_only, profession_record, skill_row, trait_row
from builds.gamedata.snapshot import SnapshotError
from builds.gamedata.validation import plain_name

Document = dict[str, Any]

_TRAIT = ("id", "name", "profession", "specialization", "tier", "order", "slot", "icon")
_SKILL = (
    "id", "name", "professions", "type", "slot", "weapon_type", "specialization", "attunement", "categories", "flags",
    "recharge", "palette", "icon",
)  # fmt: skip

_OF_API_SKILL = (
    "name", "icon", "professions", "type", "slot", "weapon_type", "specialization", "attunement", "categories",
    "flags", "flip_skill", "next_chain", "prev_chain", "toolbelt_skill", "bundle_skills", "transform_skills",
    "subskills", "cost", "initiative", "dual_wield", "dual_attunement",
)  # fmt: skip
_EQUIPPED = ("Heal", "Utility", "Elite")


def merge(present: Document, got: Answers, *, taken_on: date) -> Document:
    """present is left as it is. The result is not validated yet. Raises SnapshotError for answers of another shape."""
    try:
        return _merge(present, got, taken_on)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise SnapshotError(f"The API's answers have another shape than expected: {error!r}") from error


def _merge(present: Document, got: Answers, taken_on: date) -> Document:
    marks: set[str] = set(present.get("unverified", ()))
    specializations = _specializations(present["specializations"], got.specializations)
    traits = _traits(present, got.traits, specializations, marks)
    professions, skills = _professions_and_skills(present, got, marks)
    legends = _legends(present["legends"], got.legends, {row[0]: row for row in skills})
    upgrades, consumables = merge_items(present, got.items, marks)
    trait_ids = {row[0] for row in traits}
    merged = {
        **present,
        "game_build": got.game_build,
        "taken_on": taken_on.isoformat(),
        "sources": [*_gathered(present["sources"]), f"Guild Wars 2 official API, {taken_on.isoformat()}"],
        "professions": professions,
        "specializations": specializations,
        "traits": traits,
        "skills": skills,
        "prefixes": _prefixes(present, got.itemstats, marks),
        "upgrades": upgrades,
        "consumables": consumables,
        "legends": legends,
        "pets": _pets(present["pets"], got.pets, marks),
        "amulets": [_amulet(entry) for entry in sorted(got.amulets, key=lambda entry: int(entry["id"]))],
        "trait_rules": [rule for rule in present["trait_rules"] if rule["trait"] in trait_ids],
        "seen": got.newest,
    }
    merged["unverified"] = sorted(marks & _marks_possible(merged))
    return merged


def seen_before(present: Document) -> dict[str, int]:
    """Per endpoint the highest id that a sync, or else the snapshot, has seen."""
    return {
        "items": max(row[0] for table in ("upgrades", "consumables") for row in present[table]),
        "itemstats": max(stat_ids(present)),
        **present.get("seen", {}),
    }


def item_ids(present: Document) -> list[int]:
    return [row[0] for table in ("upgrades", "consumables") for row in present[table]]


def stat_ids(present: Document) -> list[int]:
    return [
        line["id"] for prefix in present["prefixes"] for line in (prefix["armor_weapon"], prefix["trinket"]) if line
    ]


def _gathered(sources: Sequence[str]) -> list[str]:
    """Without those of earlier syncs."""
    return [source for source in sources if not re.fullmatch(r"Guild Wars 2 official API, \d{4}-\d\d-\d\d", source)]


def _marks_possible(document: Document) -> set[str]:
    rows = [f"{kind}:{row[0]}" for kind in ("trait", "skill") for row in document[f"{kind}s"]]
    items = [f"{row[1]}:{row[0]}" for table in ("upgrades", "consumables") for row in document[table]]
    records = [f"pet:{pet['id']}" for pet in document["pets"]]
    return {*rows, *items, *records, *(f"prefix:{prefix['name']}" for prefix in document["prefixes"])}


# --- facts -------------------------------------------------------------------------------------------
def _facts(facts: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """In the API's order; icons and descriptions of effects are left out."""
    cleaned = []
    for fact in facts:
        kept = {key: value for key, value in fact.items() if key not in {"icon", "description"} and value is not None}
        if isinstance(prefix := kept.get("prefix"), dict):
            kept["prefix"] = {key: value for key, value in prefix.items() if key not in {"icon", "description"}}
        cleaned.append(facts_only(kept))
    return cleaned


def _same_facts(before: Entry, after: Entry) -> bool:
    return all((before.get(key) or []) == (after.get(key) or []) for key in ("facts", "traited_facts"))


def _fact_lists(entry: Entry) -> Entry:
    return {key: _facts(entry[key]) for key in ("facts", "traited_facts") if isinstance(entry.get(key), list)}


# --- specializations and traits ----------------------------------------------------------------------
def _specializations(present: Sequence[Entry], got: Sequence[Entry]) -> list[Entry]:
    old = {entry["id"]: entry for entry in present}
    fields = ("id", "name", "profession", "elite", "minor_traits", "major_traits", "icon", "background")
    return [
        {**{field: entry[field] for field in fields}, "release": old.get(entry["id"], {"release": "New"})["release"]}
        for entry in sorted(got, key=lambda entry: int(entry["id"]))
    ]


def _traits(present: Document, got: Sequence[Entry], specializations: Sequence[Entry], marks: set[str]) -> list[Row]:
    old = {row[0]: row for row in present["traits"]}
    new = {entry["id"]: entry for entry in got}
    ruled = {rule["trait"] for rule in present["trait_rules"]}
    rows = []
    for spec in specializations:
        for id_ in (*spec["minor_traits"], *spec["major_traits"]):
            before = entry_of(old[id_], _TRAIT) if id_ in old else {}
            if id_ not in new:
                rows += [old[id_]] if before else []
                continue
            after = {**before, **_trait(new[id_]), "profession": spec["profession"]}
            rows.append(trait_row(after, {}, {}))
            gathered = before.get("splits") or before.get("wvw_overrides") or id_ in ruled
            if gathered and not _same_facts(before, after):
                marks.add(f"trait:{id_}")
    return sorted(rows, key=lambda row: int(row[0]))


def _trait(entry: Entry) -> Entry:
    fields = ("id", "name", "specialization", "tier", "order", "slot", "icon")
    trait = {**{field: entry[field] for field in fields}, **_fact_lists(entry)}
    if entry.get("skills"):
        trait["skills"] = [
            {
                "id": skill["id"], "name": skill["name"], "icon": skill.get("icon", ""), "facts": [],
                "traited_facts": [], **_fact_lists(skill),
            }
            for skill in entry["skills"]
        ]  # fmt: skip
    return trait


# --- professions and skills --------------------------------------------------------------------------
def _professions_and_skills(present: Document, got: Answers, marks: set[str]) -> tuple[list[Entry], list[Row]]:
    professions = {entry["id"]: _profession(entry, present["professions"]) for entry in got.professions}
    skills = _skills(present, got, professions.values(), marks)
    known = {row[0] for row in skills}
    for record in professions.values():
        # The API names a few skills here that it does not have.
        record["skills"] = [id_ for id_ in record["skills"] if id_ in known]
        record["skills_by_palette"] = [[palette, id_] for palette, id_ in record["skills_by_palette"] if id_ in known]
    order = [entry["id"] for entry in present["professions"]]
    listed = sorted(professions.values(), key=lambda p: order.index(p["id"]) if p["id"] in order else len(order))
    return listed, [_with_palette(row, professions) for row in skills]


def _profession(entry: Entry, present: Sequence[Entry]) -> Entry:
    before = next((record for record in present if record["id"] == entry["id"]), None)
    kept = before or {"armor_weight": None, "skills": [], "skills_by_palette": [], "weapons": []}
    special = [
        {"id": skill["id"], "slot": skill["slot"]} for skill in entry["skills"] if skill["slot"] not in _EQUIPPED
    ]
    record = profession_record(
        {
            **{field: entry[field] for field in ("id", "name", "code", "specializations", "weapons", "icon")},
            "flags": entry.get("flags", []), "skills": entry["skills"], "profession_skills": special,
            "armor_weight": kept["armor_weight"],
            "skills_by_palette": _palettes(kept["skills_by_palette"], entry["skills_by_palette"]),
        }
    )  # fmt: skip
    record["specializations"] = _in_order(kept.get("specializations", []), record["specializations"])
    record["skills"] = _in_order(kept["skills"], record["skills"])
    if before:
        detail, old = orjson.loads(record["detail"]), orjson.loads(before["detail"])
        for key, value in detail.items():
            detail[key] = _in_order(old.get(key, []), value)
        record["detail"] = orjson.dumps(detail).decode()
    weapons = {weapon["type"]: weapon["skills"] for weapon in kept["weapons"]}
    for weapon in record["weapons"]:
        weapon["skills"] = _in_order(weapons.get(weapon["type"], []), weapon["skills"])
    return record


def _palettes(old: Iterable[Sequence[int]], new: Iterable[Sequence[int]]) -> list[list[int]]:
    """Palettes that the API no longer has stay: links with them are still about."""
    table = {palette: skill for pairs in (old, new) for palette, skill in pairs}
    return [[palette, skill] for palette, skill in sorted(table.items())]


def _in_order(old: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    """The new ones in the old order, if they are the same: the API's order means nothing here."""
    same = len(old) == len(new) and all(item in old for item in new) and all(item in new for item in old)
    return list(old if same else new)


def _skills(present: Document, got: Answers, professions: Iterable[Entry], marks: set[str]) -> list[Row]:
    old = {row[0]: row for row in present["skills"]}
    new = {entry["id"]: entry for entry in got.skills}
    wanted = set(_skills_named(professions, present["legends"], present["pets"]))
    wanted |= {skill for pet in got.pets for skill in (s["id"] for s in pet.get("skills", ()))}
    rows = []
    for id_ in sorted({*old, *new}):
        before = entry_of(old[id_], _SKILL) if id_ in old else None
        if id_ in new:
            if (
                before is not None
                or id_ in wanted
                or (new[id_].get("professions") and plain_name(new[id_].get("name")))
            ):
                after = _skill(before or {"id": id_}, new[id_], got.game_build)
                rows.append(skill_row(after, {}, {}))
                gathered = before is not None and (before.get("splits") or before.get("wvw_overrides"))
                if gathered and not _same_facts(before or {}, after):
                    marks.add(f"skill:{id_}")
        elif id_ in wanted or id_ in got.skill_ids or (before is not None and not before.get("in_api_2026")):
            rows.append(old[id_])
    return rows


def _skills_named(professions: Iterable[Entry], legends: Iterable[Entry], pets: Iterable[Entry]) -> Iterable[int]:
    for profession in professions:
        yield from profession["skills"]
        yield from (skill for _, skill in profession["skills_by_palette"])
        yield from (skill[0] for weapon in profession["weapons"] for skill in weapon["skills"])
    for legend in legends:
        yield from (legend["swap"], legend["heal"], *legend["utilities"], legend["elite"])
    for pet in pets:
        yield from pet["beastmode"]


def _skill(before: Entry, entry: Entry, game_build: int) -> Entry:
    told = {key: entry[key] for key in _OF_API_SKILL if entry.get(key) not in (None, "None", "")}
    after = {**before, **told, **_fact_lists(entry), "in_api_2026": True}
    if "facts" in entry:
        # Stand-ins of another skill or mode are needed no more.
        after.pop("facts_from_twin", None)
        after.pop("facts_mode", None)
    if not _same_facts(before, after):
        after["facts_as_of"] = f"build {game_build}"
    recharges = [[f.get("value") for f in e.get("facts", ()) if f.get("type") == "Recharge"] for e in (before, after)]
    if recharges[1] and recharges[0] != recharges[1]:
        after["recharge"] = recharges[1][0]
    return after


def _with_palette(row: Row, professions: Mapping[str, Entry]) -> Row:
    """Each profession that can equip the skill gets a palette id for it; one that still leads to it stays."""
    id_, owners, slot, palette = row[0], row[2], row[4], row[11]
    tables = {name: professions[name]["skills_by_palette"] for name in {*owners, *palette} & set(professions)}
    kept = {name: number for name, number in palette.items() if [number, id_] in tables.get(name, ())}
    if slot in _EQUIPPED:
        for name in owners:
            number = next((number for number, skill in tables.get(name, ()) if skill == id_), None)
            if number is not None:
                kept.setdefault(name, number)
    return [*row[:11], kept, *row[12:]]


# --- legends, pets, amulets --------------------------------------------------------------------------
def _legends(present: Sequence[Entry], got: Sequence[Entry], skills: Mapping[int, Row]) -> list[Entry]:
    found = {legend["id"]: legend for legend in present}
    for entry in got:
        told = {key: entry[key] for key in ("swap", "heal", "utilities", "elite", "code") if entry.get(key) is not None}
        before = found.get(entry["id"])
        if before is None:
            swap = skills.get(told.get("swap", 0))
            if swap is None or "code" not in told:
                continue  # the API names legends before the game has them
            before = {"id": entry["id"], "name": swap[1], "specialization": swap[6], "icon": swap[12]}
        found[entry["id"]] = {**before, **told}
    return list(found.values())


def _pets(present: Sequence[Entry], got: Sequence[Entry], marks: set[str]) -> list[Entry]:
    found = {pet["id"]: pet for pet in present}
    for entry in got:
        own = [skill["id"] for skill in entry.get("skills", ())]
        before = found.get(entry["id"])
        if before is None:
            marks.add(f"pet:{entry['id']}")
            before = {"id": entry["id"], "skill": None, "beastmode": []}
        skill = before["skill"] if before["skill"] in own or not own else own[0]
        found[entry["id"]] = {**before, "name": entry["name"], "icon": entry["icon"], "skill": skill}
    return [found[id_] for id_ in sorted(found)]


def _amulet(entry: Entry) -> Entry:
    attributes = {ATTRIBUTES.get(name, name): points for name, points in entry["attributes"].items()}
    return {"id": entry["id"], "name": entry["name"], "attributes": attributes, "icon": entry["icon"]}


# --- prefixes ----------------------------------------------------------------------------------------
def _prefixes(present: Document, got: Sequence[Entry], marks: set[str]) -> list[Entry]:
    """Which of several entries of a name the game offers is known of those that were gathered. Of entries that came
    later, those whose attributes all scale are taken: with a flat part for trinkets, without one for the rest."""
    new = {entry["id"]: entry for entry in got}
    seen, known = seen_before(present)["itemstats"], {record["name"] for record in present["prefixes"]}
    found = {}
    for record in present["prefixes"]:
        lines = {
            target: _line(new[line["id"]]) if line and line["id"] in new else line
            for target, line in ((target, record[target]) for target in ("armor_weapon", "trinket"))
        }
        found[record["name"]] = {**record, **lines}
    for entry in sorted(got, key=lambda entry: int(entry["id"])):
        attributes = entry["attributes"]
        if entry["id"] <= seen or entry["name"] in known or not entry["name"]:
            continue
        if not attributes or any(not a["multiplier"] for a in attributes):
            continue
        flat = [bool(a["value"]) for a in attributes]
        if all(flat) or not any(flat):
            record = found.setdefault(entry["name"], {"name": entry["name"], "armor_weapon": None, "trinket": None})
            record["trinket" if all(flat) else "armor_weapon"] = _line(entry)
            marks.add(f"prefix:{entry['name']}")
    return [found[name] for name in sorted(found)]


def _line(entry: Entry) -> Entry:
    return {
        "id": entry["id"],
        "attributes": [
            [ATTRIBUTES.get(a["attribute"], a["attribute"]), a["multiplier"], a["value"]] for a in entry["attributes"]
        ],
    }
