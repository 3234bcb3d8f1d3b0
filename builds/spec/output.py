"""From a BuildSpec to `build/1`: with names for people and scripts, or ids alone for a row."""

from collections.abc import Callable
from typing import Any

from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec, SkillBar, WeaponSet

Naming = Callable[[str, int | str], Any]


def build_json(spec: BuildSpec, catalogue: Catalogue) -> dict[str, Any]:
    """`build/1` where each thing of the game is {"id", "name"}; name is None for what the data no longer has."""

    def named(kind: str, id_: int | str) -> dict[str, Any]:
        item = catalogue.table(kind).get(id_)
        return {"id": id_, "name": item.name if item is not None else None}

    return _document(spec, named)


def plain_json(spec: BuildSpec) -> dict[str, Any]:
    """`build/1` with bare ids: what a row stores."""
    return _document(spec, lambda kind, id_: id_)


def _document(spec: BuildSpec, named: Naming) -> dict[str, Any]:
    def one(kind: str, id_: int | str | None) -> Any:
        return None if id_ is None else named(kind, id_)

    def bar(skills: SkillBar) -> dict[str, Any]:
        return {
            "heal": one("skill", skills.heal),
            "utilities": [one("skill", skill) for skill in skills.utilities],
            "elite": one("skill", skills.elite),
        }

    def weapons(sets: tuple[WeaponSet, ...]) -> list[dict[str, Any]]:
        return [{"main_hand": weapon.main_hand, "off_hand": weapon.off_hand} for weapon in sets]

    document: dict[str, Any] = {
        "schema": "build/1",
        "name": spec.name,
        "profession": spec.profession,
        "game_mode": spec.game_mode,
        # Present even if empty: where it is absent, a reader takes the weapons of the code.
        "weapon_sets": weapons(spec.weapon_sets),
    }
    optional: dict[str, Any] = {
        "wvw_style": spec.wvw_style,
        "role": spec.role,
        "secondary_roles": list(spec.secondary_roles),
        "specializations": [
            line
            and {
                "specialization": named("specialization", line.specialization),
                "traits": [one("trait", trait) for trait in line.traits],
            }
            for line in spec.specializations
        ]
        if any(spec.specializations)
        else None,
        "skills": bar(spec.skills) if any(spec.skills.ids) else None,
        "water_skills": bar(spec.water_skills) if spec.water_skills and any(spec.water_skills.ids) else None,
        "water_weapons": weapons(spec.water_weapons),
        "gear": {
            slot: {
                "prefix": piece.prefix,
                "rarity": piece.rarity,
                **({"infusions": [_infusion(i, named) for i in piece.infusions]} if piece.infusions else {}),
                **({"upgrade": named("rune", piece.upgrade)} if piece.upgrade else {}),
            }
            for slot, piece in spec.gear.items()
        },
        "pvp_amulet": one("amulet", spec.pvp_amulet),
        "rune": one("rune", spec.rune),
        "sigils": [[named("sigil", sigil) for sigil in sigils] for sigils in spec.sigils],
        "relic": one("relic", spec.relic),
        "food": one("food", spec.food),
        "utility": one("utility", spec.utility),
        "infusions": {str(key): count for key, count in spec.infusions.items()},
        "enrichment": one("enrichment", spec.enrichment),
        "jade_bot_core": spec.jade_bot_core,
        "pets": _land_water("pet", spec.pets_land, spec.pets_water, one),
        "legends": _land_water("legend", spec.legends_land, spec.legends_water, one),
        "skill_overrides": [named("skill", skill) for skill in spec.skill_overrides],
        "damage_profile": spec.damage_profile
        and {
            "power_coefficient": spec.damage_profile.power_coefficient,
            "power2_coefficient": spec.damage_profile.power2_coefficient,
            "condition_coefficients": dict(spec.damage_profile.condition_coefficients),
            "skill_attack_rate": spec.damage_profile.skill_attack_rate,
            "source": spec.damage_profile.source,
        },
        "rotation": {
            "opener": [named("skill", skill) for skill in spec.opener],
            "loop": [named("skill", skill) for skill in spec.loop],
        }
        if spec.opener or spec.loop
        else None,
        "benchmark": {"dps": spec.benchmark_dps, "source": spec.benchmark_source}
        if spec.benchmark_dps is not None
        else None,
        "template_code": spec.template_code,
    }
    return document | {key: value for key, value in optional.items() if value not in (None, [], {}, "", False)}


def _infusion(infusion: str | int, named: Naming) -> Any:
    return named("infusion", infusion) if isinstance(infusion, int) else infusion


def _land_water(
    kind: str, land: tuple[Any, ...], water: tuple[Any, ...], one: Callable[[str, Any], Any]
) -> dict[str, Any]:
    sides = {"land": land, "water": water}
    return {side: [one(kind, id_) for id_ in ids] for side, ids in sides.items() if any(ids)}
