"""From what a row stores back to a BuildSpec. It was checked when it was written, so that nothing is looked up:
a build stays readable when a newer snapshot no longer knows one of its ids."""

from collections.abc import Mapping
from typing import Any

from builds.spec.model import BuildSpec, DamageProfile, GearPiece, SkillBar, SpecLine, WeaponSet


def stored_spec(data: Mapping[str, Any]) -> BuildSpec:
    """data: as `plain_json` gives it."""
    rotation, benchmark = data.get("rotation") or {}, data.get("benchmark") or {}
    pets, legends = data.get("pets") or {}, data.get("legends") or {}
    profile = data.get("damage_profile")
    first, second, third = (
        line and SpecLine(line["specialization"], tuple(line["traits"]))
        for line in data.get("specializations") or (None, None, None)
    )
    return BuildSpec(
        name=data["name"],
        profession=data["profession"],
        game_mode=data["game_mode"],
        wvw_style=data.get("wvw_style"),
        role=data.get("role"),
        secondary_roles=tuple(data.get("secondary_roles", ())),
        specializations=(first, second, third),
        skills=_bar(data.get("skills")) or SkillBar(),
        water_skills=_bar(data.get("water_skills")),
        weapon_sets=_sets(data, "weapon_sets"),
        water_weapons=_sets(data, "water_weapons"),
        gear={
            slot: GearPiece(piece["prefix"], piece["rarity"], tuple(piece.get("infusions", ())), piece.get("upgrade"))
            for slot, piece in data.get("gear", {}).items()
        },
        pvp_amulet=data.get("pvp_amulet"),
        rune=data.get("rune"),
        sigils=tuple(tuple(sigils) for sigils in data.get("sigils", ())),
        relic=data.get("relic"),
        food=data.get("food"),
        utility=data.get("utility"),
        # A JSON key is text; an item's id is a number.
        infusions={int(k) if k.isdigit() else k: count for k, count in data.get("infusions", {}).items()},
        enrichment=data.get("enrichment"),
        jade_bot_core=data.get("jade_bot_core", False),
        pets_land=tuple(pets.get("land", ())),
        pets_water=tuple(pets.get("water", ())),
        legends_land=tuple(legends.get("land", ())),
        legends_water=tuple(legends.get("water", ())),
        skill_overrides=tuple(data.get("skill_overrides", ())),
        damage_profile=DamageProfile(**profile) if profile else None,
        opener=tuple(rotation.get("opener", ())),
        loop=tuple(rotation.get("loop", ())),
        benchmark_dps=benchmark.get("dps"),
        benchmark_source=benchmark.get("source", ""),
        template_code=data.get("template_code", ""),
    )


def _bar(data: Mapping[str, Any] | None) -> SkillBar | None:
    return data and SkillBar(data["heal"], tuple(data["utilities"]), data["elite"])  # type: ignore[return-value]


def _sets(data: Mapping[str, Any], name: str) -> tuple[WeaponSet, ...]:
    return tuple(WeaponSet(weapons["main_hand"], weapons["off_hand"]) for weapons in data.get(name, ()))
