"""Upgrades and consumables: from the API's items to rows of a snapshot."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from builds.gamedata.api import Entry
from builds.gamedata.packaging import consumable_row, facts_only, upgrade_row
from builds.gamedata.validation import plain_name

Row = list[Any]

_UPGRADE = ("id", "kind", "name", "rarity", "icon")
_CONSUMABLE = ("id", "kind", "name", "rarity", "level", "icon")

_BONUS = re.compile(r"([+-]?\d+(?:\.\d+)?)(%?) (\S.{0,59})")
_LABELLED = {
    "power": "Power", "precision": "Precision", "toughness": "Toughness", "vitality": "Vitality",
    "ferocity": "CritDamage", "condition damage": "ConditionDamage", "expertise": "ConditionDuration",
    "condition duration": "ConditionDuration", "concentration": "BoonDuration", "boon duration": "BoonDuration",
    "healing": "Healing", "healing power": "Healing", "to all stats": "All", "to all attributes": "All",
    "all attributes": "All",
}  # fmt: skip


def entry_of(row: Row, fields: Sequence[str]) -> Entry:
    """The opposite of the row functions of `builds.gamedata.packaging`."""
    return {**dict(zip(fields, row[:-1], strict=True)), **orjson.loads(row[-1])}


def merge_items(present: Mapping[str, Any], got: Sequence[Entry], marks: set[str]) -> tuple[list[Row], list[Row]]:
    """Rows of upgrades and of consumables. marks: gets the entries whose gathered effects may be old."""
    upgrades = {row[0]: entry_of(row, _UPGRADE) for row in present["upgrades"]}
    consumables = {row[0]: entry_of(row, _CONSUMABLE) for row in present["consumables"]}
    for entry in got:
        kind = _item_kind(entry)
        table = consumables if entry["id"] in consumables or kind in ("food", "utility") else upgrades
        before = table.get(entry["id"])
        if before is None and (kind is None or not plain_name(entry.get("name"))):
            continue  # a name with markup is one of the game's placeholders
        table[entry["id"]] = _item(before or {"id": entry["id"], "kind": kind, "icon": ""}, entry, marks)
    return (
        [upgrade_row(upgrades[id_]) for id_ in sorted(upgrades)],
        [consumable_row(consumables[id_]) for id_ in sorted(consumables)],
    )


def _item_kind(entry: Entry) -> str | None:
    """Of the catalogue's kinds; None for an item that is no part of a build."""
    details = entry.get("details", {})
    match entry.get("type"), details.get("type"):
        case ("UpgradeComponent", "Rune" | "Sigil" as kind) if entry.get("rarity") in {"Exotic", "Legendary"}:
            return str(kind).lower()
        case ("UpgradeComponent", _) if "Infusion" in details.get("infusion_upgrade_flags", ()):
            return "infusion"
        case ("UpgradeComponent", _) if "Enrichment" in details.get("infusion_upgrade_flags", ()):
            return "enrichment"
        case ("Relic" | "Mwcc", _):
            return "relic"
        case ("Consumable", "Food" | "Utility" as kind):
            return str(kind).lower()
    return None


def _item(before: Entry, entry: Entry, marks: set[str]) -> Entry:
    """Effects stand in the API as sentences. Of a known item the gathered numbers stay until its sentences change;
    then, and for a new item, what can be read from them is taken."""
    told = _told(entry)
    digest = hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
    name = entry["name"] if plain_name(entry.get("name")) else before["name"]
    after = {**before, "name": name, "icon": entry.get("icon") or before["icon"]}
    after |= {key: entry[key] for key in ("rarity", "level") if entry.get(key) is not None}
    if after["kind"] not in ("food", "utility"):
        after.pop("level", None)
    after.setdefault("rarity", None)
    if milliseconds := entry.get("details", {}).get("duration_ms"):
        after["duration_s"] = milliseconds // 1000
    if told["attributes"]:
        after["attributes"] = told["attributes"]
    known = "name" in before
    if not known or before.get("api_digest", digest) != digest:
        bonuses = [_bonus(text) for text in told["effects"]]
        if all(bonuses) and (bonuses or told["attributes"]):
            after["bonuses"] = bonuses
        else:
            marks.add(f"{after['kind']}:{after['id']}")
            if not known:
                after["bonuses"] = [bonus for bonus in bonuses if bonus]
    after["api_digest"] = digest
    return after


def _told(entry: Entry) -> dict[str, list[Any]]:
    details = entry.get("details", {})
    infix = details.get("infix_upgrade", {})
    attributes = [{"attribute": a["attribute"], "value": a["modifier"]} for a in infix.get("attributes", ())]
    texts = details.get("bonuses")
    if texts is None and not attributes:
        buff = infix.get("buff", {}).get("description")
        texts = [details.get("description") or buff or entry.get("description") or ""]
    parts = [part.strip().rstrip(".") for text in texts or () for part in re.split(r"\n|<br>", text)]
    return {"attributes": attributes, "effects": [cleaned for part in parts if (cleaned := facts_only(part))]}


def _bonus(text: str) -> Entry | None:
    match = _BONUS.fullmatch(text)
    if match is None:
        return None
    number, percent, label = match.groups()
    value = float(number) if "." in number else int(number)
    bonus = {"kind": "stat", "value": value, "percent": bool(percent), "label": label}
    attribute = _LABELLED.get(label.casefold())
    return {**bonus, "attribute": attribute} if attribute else bonus
