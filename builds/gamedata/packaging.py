"""From a folder of gathered facts to a snapshot document.

The folder holds JSON files in the shapes of the official API plus what the API does not carry: values by game
mode, numbers of relics, rules of traits. Only facts go in: ids, names, numbers, icon addresses."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import orjson

from builds.gamedata.snapshot import FORMAT, SnapshotError

ATTRIBUTES = {
    "Power": "power", "Precision": "precision", "Toughness": "toughness", "Vitality": "vitality",
    "CritDamage": "ferocity", "Ferocity": "ferocity", "ConditionDamage": "condition_damage",
    "ConditionDuration": "expertise", "Expertise": "expertise", "BoonDuration": "concentration",
    "Concentration": "concentration", "Healing": "healing_power", "HealingPower": "healing_power",
    "AgonyResistance": "agony_resistance",
}  # fmt: skip

# Colours of the API, comments and links of the wiki; of a link the shown text stays.
_MARKUP = re.compile(r"<[^>]*>|\[\[(?:[^\[\]|]*\|)?|\]\]")
# In JSON: what can hold markup, or a sentence. Nearly nothing does, and nearly all time went into looking at each text.
_DOUBTFUL = re.compile(rb'<|\[\[|\]\]|\."')
# Labels name a number; where a gathered one is a sentence, it is a description, and those are not kept.
_LABELS = {"text", "status", "desc"}

_SKILL_FIELDS = {
    "id", "name", "professions", "type", "slot", "weapon_type", "specialization", "attunement", "categories",
    "flags", "recharge", "palette", "icon",
}  # fmt: skip
_LEGEND_FIELDS = ("id", "code", "name", "specialization", "swap", "heal", "utilities", "elite", "icon")


def _detail(entry: Mapping[str, Any], fields: Iterable[str], extra: Mapping[str, Any] | None = None) -> str:
    left_out = set(fields) | {"chat_link"}  # made from the id where it is wanted
    rest = {key: value for key, value in entry.items() if key not in left_out and value not in ([], {}, None)}
    rest.update({key: value for key, value in (extra or {}).items() if value})
    return orjson.dumps(facts_only(rest), option=orjson.OPT_SORT_KEYS).decode()


def facts_only(value: Any) -> Any:
    """Without markup, and without sentences where a label should be. The value itself where it holds neither."""
    return _cleaned(value) if _DOUBTFUL.search(orjson.dumps(value)) else value


def _cleaned(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        if key in _LABELS and value.endswith(".") and " " in value:
            return ""
        return _MARKUP.sub("", value)
    if isinstance(value, list):
        return [_cleaned(item, key) for item in value]
    if isinstance(value, dict):
        return {key: _cleaned(item, key) for key, item in value.items()}
    return value


def _without_remarks(value: Any) -> Any:
    """What the gatherers wrote beside their numbers is for people; the files they gathered from keep it."""
    if isinstance(value, list):
        return [_without_remarks(item) for item in value]
    if isinstance(value, dict):
        dropped = ("note", "source", "about", "seen_beside")
        return {key: _without_remarks(item) for key, item in value.items() if key not in dropped}
    return value


def trait_row(entry: Mapping[str, Any], splits: Mapping[str, Any], overrides: Mapping[str, Any]) -> list[Any]:
    fields = ("id", "name", "profession", "specialization", "tier", "order", "slot", "icon")
    return [
        *(entry[f] for f in fields),
        _detail(entry, fields, {"splits": splits, "wvw_overrides": overrides}),
    ]


def skill_row(entry: Mapping[str, Any], splits: Mapping[str, Any], overrides: Mapping[str, Any]) -> list[Any]:
    return [
        entry["id"], entry["name"], entry.get("professions", []), entry.get("type"), entry.get("slot"),
        entry.get("weapon_type"), entry.get("specialization"), entry.get("attunement"),
        entry.get("categories", []), entry.get("flags", []), entry.get("recharge"),
        entry.get("palette", {}), entry.get("icon") or "",
        _detail(entry, _SKILL_FIELDS, {"splits": splits, "wvw_overrides": overrides}),
    ]  # fmt: skip


def upgrade_row(entry: Mapping[str, Any]) -> list[Any]:
    fields = ("id", "kind", "name", "rarity", "icon")
    return [*(entry[f] for f in fields), _detail(entry, fields)]


def consumable_row(entry: Mapping[str, Any]) -> list[Any]:
    fields = ("id", "kind", "name", "rarity", "level", "icon")
    return [*(entry[f] for f in fields), _detail(entry, fields)]


def profession_record(entry: Mapping[str, Any]) -> dict[str, Any]:
    skills = entry["skills"] + entry.get("profession_skills", [])
    return {
        "id": entry["id"], "name": entry["name"], "code": entry["code"],
        "armor_weight": entry["armor_weight"],
        "specializations": entry["specializations"],
        "weapons": [
            {
                "type": kind, "hands": sorted(weapon["flags"]),
                "specialization": weapon.get("specialization"),
                "skills": [
                    [s["id"], s["slot"], s.get("attunement"), s.get("offhand")]
                    for s in weapon.get("skills", [])
                ],
            }
            for kind, weapon in sorted(entry["weapons"].items())
        ],
        "skills": list(dict.fromkeys(s["id"] for s in skills)),
        "skills_by_palette": entry["skills_by_palette"],
        "icon": entry["icon"],
        "detail": orjson.dumps(
            {"profession_skills": entry.get("profession_skills", []), "flags": entry["flags"]}
        ).decode(),
    }  # fmt: skip


def prefix_records(itemstats: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A name may stand for several entries; `selectable` marks the one the game offers for a kind of item."""
    found: dict[str, dict[str, Any]] = {}
    for entry in itemstats:
        for target in entry["selectable"]:
            record = found.setdefault(entry["name"], {"name": entry["name"], "armor_weapon": None, "trinket": None})
            record[target] = {
                "id": entry["id"],
                "attributes": [[ATTRIBUTES[a["attribute"]], a["multiplier"], a["value"]] for a in entry["attributes"]],
            }
    return [found[name] for name in sorted(found)]


def document_from_folder(folder: Path) -> dict[str, Any]:
    """folder: as described above. Raises SnapshotError that says what is missing or wrong."""
    try:
        return _document(folder)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, SnapshotError):
            raise
        raise SnapshotError(f"A file has another shape than expected: {error!r}") from error


def _document(folder: Path) -> dict[str, Any]:
    def read(name: str) -> Any:
        try:
            return orjson.loads((folder / name).read_bytes())
        except OSError as error:
            raise SnapshotError(f"{name}: {error.strerror}") from error
        except orjson.JSONDecodeError as error:
            raise SnapshotError(f"{name}: not JSON ({error})") from error

    splits, overrides = read("mode_splits.json"), read("wvw_overrides.json")
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8") if (folder / "SOURCES.md").exists() else ""
    dates = re.findall(r"\b20\d\d-\d\d-\d\d\b", sources)
    skills, traits = read("skills.json"), read("traits.json")
    newest = max((s["facts_as_of"] for s in skills if len(s.get("facts_as_of") or "") == 10), default="")
    return {
        "format": FORMAT,
        # The dumps come from several days and name no common game build.
        "game_build": None,
        "taken_on": newest or max(dates),
        "sources": ["Guild Wars 2 official API, stored copies of July and August 2026"],
        "language": "en",
        "professions": [profession_record(p) for p in read("professions.json")],
        "specializations": sorted(read("specializations.json"), key=lambda s: s["id"]),
        "traits": [
            trait_row(t, splits["traits"].get(str(t["id"]), {}), overrides["trait"].get(str(t["id"]), {}))
            for t in sorted(traits, key=lambda t: t["id"])
            if t["in_specialization"]
        ],
        "skills": [
            skill_row(s, splits["skills"].get(str(s["id"]), {}), overrides["skill"].get(str(s["id"]), {}))
            for s in sorted(skills, key=lambda s: s["id"])
        ],
        "prefixes": prefix_records(read("itemstats.json")),
        "upgrades": [upgrade_row(u) for u in sorted(read("upgrades.json"), key=lambda u: u["id"])],
        "consumables": [consumable_row(c) for c in sorted(read("consumables.json"), key=lambda c: c["id"])],
        "legends": [{field: entry[field] for field in _LEGEND_FIELDS} for entry in read("legends.json")],
        "pets": [
            {
                "id": p["id"], "name": p["name"], "skill": p.get("skill"),
                "beastmode": p.get("beastmode") or [], "icon": p["icon"],
            }
            for p in read("pets.json")
        ],
        # The stored amulets are samples from years ago; sync brings the real ones.
        "amulets": [],
        "item_slots": read("item_slots.json"),
        "supplement": _without_remarks(read("supplement.json")),
        "trait_rules": _without_remarks(read("trait_rules.json")["rules"]),
        "unverified": [],
        "names": {},
    }  # fmt: skip
