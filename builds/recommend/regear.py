"""The same build in what players of another mode wear: gear is taken whole from a published build, never made up."""

from collections import Counter
from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from typing import Any

from builds.gamedata import Catalogue
from builds.spec.model import ARMOR_SLOTS, TRINKET_SLOTS, BuildSpec, GearPiece
from builds.spec.rules import infusion_slots


def regear(spec: BuildSpec, donor: BuildSpec, catalogue: Catalogue) -> BuildSpec:
    """spec in the gear, rune, sigils, relic, food, utility item and infusions of the donor. Weapon slots follow the
    weapons of spec; a place that the donor leaves bare takes the prefix that its other armor and weapons, or its other
    trinkets, have most often."""
    profession = catalogue.professions[spec.profession]
    common = {kind: _commonest(donor, kind) for kind in (_is_trinket, _is_no_trinket)}
    gear: dict[str, GearPiece] = {}
    for slot in (*ARMOR_SLOTS, *TRINKET_SLOTS, *_weapon_slots(spec)):
        prefix = next(prefix for kind, prefix in common.items() if kind(slot))
        piece = donor.gear.get(slot) or (GearPiece(prefix) if prefix else None)
        if piece is not None:
            # A two-handed weapon of the donor has room for more than a one-handed one of the build.
            room = infusion_slots(spec, slot, profession)
            gear[slot] = replace(piece, infusions=piece.infusions[:room])
    sigils = tuple(donor.sigils[min(i, len(donor.sigils) - 1)] for i in range(len(spec.weapon_sets)) if donor.sigils)
    runes_by_piece = any(piece.upgrade for piece in gear.values())
    return replace(
        _without_measurements(spec),
        gear=gear,
        pvp_amulet=None,
        rune=donor.rune if runes_by_piece else donor.rune or spec.rune,
        sigils=sigils or spec.sigils[: len(spec.weapon_sets)],
        relic=donor.relic or spec.relic,
        food=donor.food,
        utility=donor.utility,
        infusions=dict(donor.infusions),
        enrichment=donor.enrichment,
        jade_bot_core=donor.jade_bot_core,
    )


PART_WORDS = {
    "gear": "gear", "rune": "rune", "sigils": "sigils", "relic": "relic", "food": "food", "utility": "utility item",
}  # fmt: skip
# What is used up; a build counts as complete without.
CONSUMED = frozenset({"food", "utility"})
_WORN = len(ARMOR_SLOTS) + len(TRINKET_SLOTS)


def missing_parts(spec: BuildSpec) -> frozenset[str]:
    """Of PART_WORDS, what a player would still have to choose. In PvP gear is an amulet, and nothing is eaten."""
    missing = {part for part in ("rune", "relic", *CONSUMED) if getattr(spec, part) is None}
    if spec.rune is None and any(piece.upgrade for piece in spec.gear.values()):
        missing.discard("rune")
    if not any(spec.sigils) and spec.weapon_sets:
        missing.add("sigils")
    if sum(slot in (*ARMOR_SLOTS, *TRINKET_SLOTS) for slot in spec.gear) < _WORN:
        missing.add("gear")
    return frozenset(missing - ({"gear"} | CONSUMED) if spec.game_mode == "pvp" else missing)


def completed(spec: BuildSpec, donor: BuildSpec, parts: Set[str], catalogue: Catalogue) -> BuildSpec:
    """spec with these parts, of PART_WORDS, as the donor has them; infusions come with the gear."""
    worn = regear(spec, donor, catalogue)
    taken: dict[str, Any] = {part: getattr(worn, part) for part in parts}
    if "gear" in parts:
        # What was measured in other gear says nothing about this one.
        return replace(_without_measurements(spec), **taken, infusions=worn.infusions, enrichment=worn.enrichment)
    return replace(spec, **taken)


def _is_trinket(slot: str) -> bool:
    return slot in TRINKET_SLOTS


def _is_no_trinket(slot: str) -> bool:
    return slot not in TRINKET_SLOTS


def _commonest(donor: BuildSpec, kind: Callable[[str], bool]) -> str | None:
    worn = Counter(piece.prefix for slot, piece in donor.gear.items() if piece.prefix and kind(slot))
    return worn.most_common(1)[0][0] if worn else None


def gear_kind(spec: BuildSpec, catalogue: Catalogue) -> str | None:
    """What most of the gear's points serve: "power", "condition_damage" or "healing_power"; None without gear."""
    shares: Counter[str] = Counter()
    for attribute, multiplier in worn_multipliers(spec, catalogue):
        if attribute in ("power", "condition_damage", "healing_power"):
            shares[attribute] += round(1000 * multiplier)
    return shares.most_common(1)[0][0] if shares else None


def worn_multipliers(spec: BuildSpec, catalogue: Catalogue) -> Iterator[tuple[str, float]]:
    """Attribute and multiplier of each line of each piece's prefix."""
    for slot, piece in spec.gear.items():
        prefix = catalogue.prefixes.get(piece.prefix or "")
        line = prefix and (prefix.trinket if slot in TRINKET_SLOTS else prefix.armor_weapon)
        for attribute, multiplier, _ in line.attributes if line else ():
            yield attribute, multiplier


def without_gear(spec: BuildSpec) -> BuildSpec:
    """spec for PvP, where rune, sigils and relic remain of a player's gear."""
    return replace(
        _without_measurements(spec),
        gear={},
        food=None,
        utility=None,
        infusions={},
        enrichment=None,
        jade_bot_core=False,
        game_mode="pvp",
        wvw_style=None,
    )


def _without_measurements(spec: BuildSpec) -> BuildSpec:
    # A benchmark and the profile measured with it hold for the gear and the mode they were measured in.
    return replace(spec, damage_profile=None, benchmark_dps=None, benchmark_source="", opener=(), loop=())


def _weapon_slots(spec: BuildSpec) -> list[str]:
    return [
        f"weapon_{i}_{hand}"
        for i, weapons in enumerate(spec.weapon_sets, start=1)
        for hand, name in (("main", weapons.main_hand), ("off", weapons.off_hand))
        if name
    ]
