"""What is worn: points of gear by slot, armor, runes, sigils, infusions, food, utility."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from builds.engine import formulas
from builds.engine.attributes.ledger import Ledger
from builds.engine.attributes.model import Unknown
from builds.engine.attributes.names import ATTRIBUTE_OF, DURATIONS
from builds.gamedata import Catalogue
from builds.gamedata.model import Consumable, Prefix
from builds.spec.model import ARMOR_SLOTS, ATTRIBUTES, TRINKET_SLOTS, BuildSpec, GearPiece, WeaponSet

_ITEM = {
    **{slot: f"Armor:{slot.capitalize()}" for slot in ARMOR_SLOTS},
    "amulet": "Trinket:Amulet",
    "ring_1": "Trinket:Ring",
    "ring_2": "Trinket:Ring",
    "accessory_1": "Trinket:Accessory",
    "accessory_2": "Trinket:Accessory",
    "back": "Back",
}
# Names of the items, where they differ from those of the weapon.
_WEAPON_ITEM = {"Longbow": "LongBow", "Shortbow": "ShortBow", "Spear": "Harpoon"}
_NOT_IN_WVW = {"Celestial": frozenset({"expertise", "concentration"})}
"""Source: the game's balance of WvW; no official fact holds it."""
_BY_TEXT = re.compile(r"\+(\d+) ([a-z_]+)")
INFUSION_POINTS = 5
RUNE_PIECES = 6


def weapon_set_of(build: BuildSpec, number: int) -> WeaponSet | None:
    """number: 1 or 2."""
    return build.weapon_sets[number - 1] if len(build.weapon_sets) >= number else None


def add_gear(ledger: Ledger, build: BuildSpec, catalogue: Catalogue, number: int, *, wvw: bool) -> None:
    worn = _worn(build, number)
    weapons = weapon_set_of(build, number)
    if weapons is None or not weapons.main_hand:
        ledger.missing.append("weapon_sets" if number == 1 else "weapon_sets.1")
    absent = [f"gear.{slot}" for slot, _ in worn if (p := build.gear.get(slot)) is None or p.prefix is None]
    ledger.missing += ["gear"] if len(absent) == len(worn) else absent
    for slot, item in worn:
        piece = build.gear.get(slot)
        if piece is not None and piece.prefix is not None:
            _add_piece(ledger, piece, slot, item, catalogue, wvw=wvw)
        if piece is not None:
            _add_defense(ledger, build, piece.rarity, slot, item, catalogue)


def _worn(build: BuildSpec, number: int) -> list[tuple[str, str]]:
    """Slots on land with this weapon set, and what item is in each."""
    weapons = weapon_set_of(build, number)
    worn = [(slot, _ITEM[slot]) for slot in (*ARMOR_SLOTS, *TRINKET_SLOTS)]
    return worn + (_weapon_items(weapons, number) if weapons else [])


def _weapon_items(weapons: WeaponSet, number: int) -> list[tuple[str, str]]:
    held = ((f"weapon_{number}_main", weapons.main_hand), (f"weapon_{number}_off", weapons.off_hand))
    return [(slot, f"Weapon:{_WEAPON_ITEM.get(name, name)}") for slot, name in held if name]


def _rarity(name: str) -> str:
    # A legendary item has the numbers of an ascended one.
    return "Exotic" if name == "exotic" else "Ascended"


def _label(slot: str) -> str:
    words = slot.replace("weapon_1_main", "main hand").replace("weapon_1_off", "off hand")
    words = words.replace("weapon_2_main", "main hand").replace("weapon_2_off", "off hand")
    return words.replace("_", " ").capitalize()


def _add_piece(ledger: Ledger, piece: GearPiece, slot: str, item: str, catalogue: Catalogue, *, wvw: bool) -> None:
    prefix: Prefix | None = catalogue.prefixes.get(piece.prefix or "")
    trinket = slot in TRINKET_SLOTS
    line = None if prefix is None else prefix.trinket if trinket else prefix.armor_weapon
    adjustment = catalogue.item_slots["attribute_adjustment"][_rarity(piece.rarity)].get(item)
    if prefix is None or line is None or adjustment is None:
        kind = "trinkets" if trinket else "armor and weapons"
        reason = f"The game data offer {piece.prefix} on no {kind}."
        ledger.unknown.append(Unknown(f"{_label(slot)}, {piece.prefix}", "", reason))
        return
    left_out = _NOT_IN_WVW.get(prefix.name, frozenset()) if wvw else frozenset()
    for attribute, multiplier, value in line.attributes:
        if attribute in left_out:
            ledger.note(f"{prefix.name} gives no expertise and no concentration in WvW.")
            continue
        points = formulas.item_points(adjustment, multiplier, value)
        ledger.add_to_pool(attribute, points, f"{_label(slot)}, {prefix.name}")


def _add_defense(ledger: Ledger, build: BuildSpec, rarity: str, slot: str, item: str, catalogue: Catalogue) -> None:
    slots, kind = catalogue.item_slots, _rarity(rarity)
    if slot in ARMOR_SLOTS:
        weight = catalogue.professions[build.profession].armor_weight
        ledger.add("armor", slots["armor_defense"][kind][weight][item.partition(":")[2]], f"{_label(slot)}, defense")
    elif item.startswith("Weapon:"):
        strength = slots["weapon_strength"][kind].get(item.partition(":")[2], {})
        ledger.add("armor", strength.get("defense", 0), f"{item.partition(':')[2]}, defense")


def add_pvp_armor(ledger: Ledger, build: BuildSpec, catalogue: Catalogue, number: int) -> None:
    """PvP gives everyone exotic armor of the profession's weight, without attributes."""
    for slot in ARMOR_SLOTS:
        _add_defense(ledger, build, "exotic", slot, _ITEM[slot], catalogue)
    weapons = weapon_set_of(build, number)
    for slot, item in _weapon_items(weapons, number) if weapons else ():
        _add_defense(ledger, build, "exotic", slot, item, catalogue)


# --- upgrades ---------------------------------------------------------------------------------
def add_runes(ledger: Ledger, build: BuildSpec, catalogue: Catalogue) -> None:
    by_piece = ((build.gear[slot].upgrade if slot in build.gear else None) or build.rune for slot in ARMOR_SLOTS)
    counts = Counter(rune for rune in by_piece if rune is not None)
    if not counts:
        ledger.missing.append("rune")
    for rune_id, count in counts.items():
        rune = ledger.find(catalogue.runes, rune_id, "rune")
        if rune is None:
            continue
        if count < RUNE_PIECES and len(rune.bonuses) != RUNE_PIECES:
            reason = f"The game data don't tell what {count} of six give."
            ledger.unknown.append(Unknown(rune.name, "", reason))
            continue
        bonuses = rune.bonuses if count >= RUNE_PIECES else rune.bonuses[:count]
        _add_bonuses(ledger, bonuses, rune.name if count >= RUNE_PIECES else f"{rune.name}, {count} of {RUNE_PIECES}")


def add_sigils(ledger: Ledger, build: BuildSpec, catalogue: Catalogue, number: int) -> None:
    sigils = build.sigils[number - 1] if len(build.sigils) >= number else ()
    for sigil_id in dict.fromkeys(sigils):  # two of one kind count once
        sigil = ledger.find(catalogue.sigils, sigil_id, "sigil")
        if sigil is None:
            continue
        _add_bonuses(ledger, sigil.bonuses, sigil.name)
        if "stacking" in sigil.details:
            ledger.note(f"{sigil.name}: its stacks are won in combat and are not counted.")


def add_infusions(ledger: Ledger, build: BuildSpec, catalogue: Catalogue, number: int) -> None:
    counts: Counter[str | int] = Counter(build.infusions)
    for slot, _ in _worn(build, number):
        if slot in build.gear:
            counts.update(build.gear[slot].infusions)
    for infusion, count in counts.items():
        for attribute, points, name in _infusion(ledger, infusion, catalogue):
            ledger.add_to_pool(attribute, points * count, f"{count} × {name}")


def _infusion(ledger: Ledger, infusion: str | int, catalogue: Catalogue) -> Iterable[tuple[str, float, str]]:
    if isinstance(infusion, int):
        item = ledger.find(catalogue.infusions, infusion, "infusion")
        if item is None:
            return []
        return [(ATTRIBUTE_OF[a["attribute"]], a["value"], item.name) for a in item.attributes]
    if match := _BY_TEXT.fullmatch(infusion):
        return [(match[2], float(match[1]), f"infusion {infusion}")]
    return [(infusion, INFUSION_POINTS, f"infusion +{INFUSION_POINTS} {infusion.replace('_', ' ')}")]


def add_enrichment(ledger: Ledger, build: BuildSpec, catalogue: Catalogue) -> None:
    if build.enrichment is not None and (item := ledger.find(catalogue.enrichments, build.enrichment, "enrichment")):
        for given in item.attributes:
            ledger.add_to_pool(ATTRIBUTE_OF[given["attribute"]], given["value"], item.name)


def _add_bonuses(ledger: Ledger, bonuses: Iterable[Mapping[str, Any]], source: str, *, pool: bool = True) -> None:
    """Points go to the pool, percentages to what they are percentages of; a percentage of damage is none of the
    panel's."""
    for bonus in bonuses:
        if bonus["kind"] != "stat" or "when" in bonus:
            continue
        if not bonus["percent"]:
            for attribute in _attributes(bonus):
                if pool:
                    ledger.add_to_pool(attribute, bonus["value"], source)
                else:
                    ledger.add(attribute, bonus["value"], source)
        elif attribute := _percentage_of(bonus):
            ledger.add(attribute, bonus["value"] / 100, source)


def _attributes(bonus: Mapping[str, Any]) -> tuple[str, ...]:
    name = bonus.get("attribute")
    if name == "All":
        return ATTRIBUTES
    return (ATTRIBUTE_OF[name],) if name in ATTRIBUTE_OF else ()


def _percentage_of(bonus: Mapping[str, Any]) -> str:
    label = str(bonus.get("label", "")).lower().removeprefix("increased ")
    return {
        "boon duration": "boon_duration",
        "condition duration": "condition_duration",
        "critical chance": "critical_chance",
    }.get(label) or DURATIONS.get(label, "")


# --- food and utility ---------------------------------------------------------------------------
Conversion = tuple[str, str, float, str]
"""To, from, share, source."""


def add_consumables(ledger: Ledger, build: BuildSpec, catalogue: Catalogue) -> list[Conversion]:
    """Adds what food and utility give in points, and returns their conversions: those read the whole pool, so they
    are made when it is full."""
    conversions: list[Conversion] = []
    if build.food is not None and (food := ledger.find(catalogue.foods, build.food, "food")):
        conversions += _consumed(ledger, food, catalogue)
    if build.utility is not None and (utility := ledger.find(catalogue.utilities, build.utility, "utility")):
        conversions += _consumed(ledger, utility, catalogue)
    return conversions


def _consumed(ledger: Ledger, item: Consumable, catalogue: Catalogue) -> Iterator[Conversion]:
    exceptions = catalogue.supplement["conversion_exceptions"]
    feeds = all(e["feeds_conversions"] for e in exceptions if e["item"] == item.id)
    _add_bonuses(ledger, item.bonuses, item.name, pool=feeds)
    if item.details.get("unparsed_effects"):
        ledger.unknown.append(Unknown(item.name, "", "The game data don't hold all of its effects."))
    for bonus in item.bonuses:
        if bonus["kind"] == "convert":
            yield ATTRIBUTE_OF[bonus["to"]], ATTRIBUTE_OF[bonus["from"]], bonus["value"] / 100, item.name
        elif bonus["kind"] == "stat_above_health":
            # Out of combat one is at full health.
            above = f"{item.name}, health above {bonus['health_percent']} %"
            ledger.add_to_pool(ATTRIBUTE_OF[bonus["attribute"]], bonus["value"], above)
        elif bonus.get("attribute") == "All" and bonus["percent"]:
            for attribute in ATTRIBUTES:
                yield attribute, attribute, bonus["value"] / 100, item.name
