"""A snapshot turned back into what the official API would have said."""

from typing import Any

import orjson

Entry = dict[str, Any]
World = dict[str, list[Entry]]

PANEL_TO_API = {
    "power": "Power", "precision": "Precision", "toughness": "Toughness", "vitality": "Vitality",
    "ferocity": "CritDamage", "condition_damage": "ConditionDamage", "expertise": "ConditionDuration",
    "concentration": "BoonDuration", "healing_power": "Healing", "agony_resistance": "AgonyResistance",
}  # fmt: skip


def world_of(document: dict[str, Any]) -> World:
    """Endpoint to entries, with what the API has and a snapshot leaves out: descriptions, icons of facts."""
    skills = [_skill(row) for row in document["skills"] if orjson.loads(row[-1])["in_api_2026"]]
    slots = {row[0]: row[4] for row in document["skills"]}
    return {
        "professions": [_profession(record, slots) for record in document["professions"]],
        "specializations": [
            {key: value for key, value in spec.items() if key != "release"} for spec in document["specializations"]
        ],
        "traits": [_trait(row) for row in document["traits"]],
        "skills": skills,
        "legends": [
            {key: legend[key] for key in ("id", "code", "swap", "heal", "utilities", "elite")}
            for legend in document["legends"]
        ],
        "pets": [
            {"id": pet["id"], "name": pet["name"], "icon": pet["icon"], "skills": [{"id": pet["skill"]}]}
            for pet in document["pets"]
        ],
        "itemstats": _itemstats(document["prefixes"]),
        "items": [*map(_upgrade, document["upgrades"]), *map(_consumable, document["consumables"])],
        "pvp/amulets": [
            {
                "id": 4, "name": "Assassin Amulet", "attributes": {"Precision": 1200, "Power": 900, "CritDamage": 900},
                "icon": "https://render.guildwars2.com/file/02E9EFDEF9886130F7B9BFF51FF5D88FBA0AF2E7/455602.png",
            },
            {
                "id": 39, "name": "Paladin Amulet", "attributes": {"Precision": 1050, "Power": 1050, "Toughness": 560},
                "icon": "https://render.guildwars2.com/file/1B93CAA0F6C3A1CCA6A1F2A8C2E3B6B9C7D8E9F0/455609.png",
            },
        ],
    }  # fmt: skip


def renamed(world: World, suffix: str) -> World:
    """The same world in another language."""
    return {
        endpoint: [{**entry, "name": f"{entry['name']} {suffix}"} if "name" in entry else entry for entry in entries]
        for endpoint, entries in world.items()
    }


def _facts(facts: list[Entry]) -> list[Entry]:
    return [{**fact, "icon": "https://render.guildwars2.com/file/AA/1.png", "description": "Prose."} for fact in facts]


def _profession(record: Entry, slots: dict[int, str | None]) -> Entry:
    detail = orjson.loads(record["detail"])
    special = [{**skill, "type": "Profession"} for skill in detail["profession_skills"]]
    named = {skill["id"] for skill in special}
    # A few are told as utilities here and otherwise among the skills; the API does so, too.
    equipped = {id_: slot if slot in {"Heal", "Utility", "Elite"} else "Utility" for id_, slot in slots.items()}
    plain = [{"id": id_, "slot": equipped[id_], "type": equipped[id_]} for id_ in record["skills"] if id_ not in named]
    weapons = {
        weapon["type"]: {
            "flags": weapon["hands"],
            **({"specialization": weapon["specialization"]} if weapon["specialization"] else {}),
            "skills": [
                {key: value for key, value in zip(("id", "slot", "attunement", "offhand"), skill, strict=True) if value}
                for skill in weapon["skills"]
            ],
        }
        for weapon in record["weapons"]
    }
    return {
        **{key: record[key] for key in ("id", "name", "code", "specializations", "icon", "skills_by_palette")},
        "icon_big": record["icon"], "flags": detail["flags"], "training": [], "weapons": weapons,
        "skills": plain + special,
    }  # fmt: skip


def _trait(row: list[Any]) -> Entry:
    id_, name, _, specialization, tier, order, slot, icon, text = row
    detail = orjson.loads(text)
    trait = {
        "id": id_, "name": name, "specialization": specialization, "tier": tier, "order": order, "slot": slot,
        "icon": icon, "description": "Prose.",
    }  # fmt: skip
    for key in ("facts", "traited_facts"):
        if key in detail:
            trait[key] = _facts(detail[key])
    if "skills" in detail:
        trait["skills"] = [
            {**skill, "facts": _facts(skill["facts"]), "description": "Prose.", "chat_link": "[&]", "categories": []}
            for skill in detail["skills"]
        ]
    return trait


def _skill(row: list[Any]) -> Entry:
    id_, name, professions, type_, slot, weapon, spec, attunement, categories, flags, _, _, icon, text = row
    detail = orjson.loads(text)
    skill = {
        "id": id_, "name": name, "professions": professions, "weapon_type": weapon or "None", "categories": categories,
        "flags": flags, "icon": icon, "chat_link": "[&]", "description": "Prose.",
    }  # fmt: skip
    skill |= {
        key: value
        for key, value in (("type", type_), ("slot", slot), ("specialization", spec), ("attunement", attunement))
        if value
    }
    for key in ("flip_skill", "next_chain", "prev_chain", "toolbelt_skill", "bundle_skills", "cost", "initiative"):
        if key in detail:
            skill[key] = detail[key]
    if "facts_from_twin" not in detail and "facts_mode" not in detail:
        for key in ("facts", "traited_facts"):
            if key in detail:
                skill[key] = _facts(detail[key])
    return skill


def _itemstats(prefixes: list[Entry]) -> list[Entry]:
    found = {}
    for prefix in prefixes:
        for line in (prefix["armor_weapon"], prefix["trinket"]):
            if line:
                found[line["id"]] = {
                    "id": line["id"],
                    "name": prefix["name"],
                    "attributes": [
                        {"attribute": PANEL_TO_API[attribute], "multiplier": multiplier, "value": value}
                        for attribute, multiplier, value in line["attributes"]
                    ],
                }
    return list(found.values())


def _lines(detail: Entry) -> list[str]:
    """As the game writes plain bonuses; the others as some sentence."""
    return [
        f"{b['value']:+g}{'%' if b['percent'] else ''} {b['label']}" if b["kind"] == "stat" else "Some sentence."
        for b in detail.get("bonuses", [])
    ]


def _upgrade(row: list[Any]) -> Entry:
    id_, kind, name, rarity, icon, text = row
    detail = orjson.loads(text)
    item: Entry = {
        "id": id_,
        "name": name,
        "icon": icon,
        "level": 60,
        "chat_link": "[&]",
        "flags": [],
        "vendor_value": 1,
    }
    item |= {"rarity": rarity} if rarity else {}
    attributes = [{"attribute": a["attribute"], "modifier": a["value"]} for a in detail.get("attributes", [])]
    infix = {"id": 1, "attributes": attributes, "buff": {"skill_id": 1, "description": "\n".join(_lines(detail))}}
    match kind:
        case "relic":
            return {**item, "type": "Relic", "description": "Prose about <c=@abilitytype>the relic</c>."}
        case "rune":
            details = {"type": "Rune", "bonuses": _lines(detail), "infusion_upgrade_flags": []}
        case "sigil":
            details = {"type": "Sigil", "infix_upgrade": infix, "infusion_upgrade_flags": []}
        case _:
            details = {"type": "Default", "infix_upgrade": infix, "infusion_upgrade_flags": [kind.capitalize()]}
    return {**item, "type": "UpgradeComponent", "details": details}


def _consumable(row: list[Any]) -> Entry:
    id_, kind, name, rarity, level, icon, text = row
    detail = orjson.loads(text)
    details = {
        "type": kind.capitalize(),
        "duration_ms": detail["duration_s"] * 1000,
        "description": "\n".join(_lines(detail)),
    }
    item = {"id": id_, "name": name, "icon": icon, "level": level, "type": "Consumable", "details": details}
    return {**item, "rarity": rarity} if rarity else item
