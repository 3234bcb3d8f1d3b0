"""Gear by the estimated profile, judged by the published one.

../shared/cases/gear_problems.json solves gear for builds whose profile was measured. SAME and NEAR name the library
build of such a case, found by specialization, weapons, kind and boon. The estimate for that build takes the place of
the published profile, and the gear that is best by it is judged by the published one."""

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from builds.engine.gear import optimize, parse_problem
from builds.engine.gear.names import DAMAGING_CONDITIONS
from builds.engine.optimise.estimate import estimated_profile
from builds.engine.optimise.problem import Circumstances, body_of, piece_points, searched_slots
from builds.gamedata import Catalogue
from builds.library.records import LibraryRecord
from builds.spec.model import BuildSpec, DamageProfile, WeaponSet

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases" / "gear_problems.json"
USUAL = ("Berserker's", "Assassin's", "Viper's", "Sinister")
EVERY = (*USUAL, "Dragon's", "Grieving")
BOONS = {"might": 25, "fury": 1}

SAME = {
    "Alacrity Condi Specter D/D": "f72598708f",
    "Alacrity Condi Willbender": "90e2dde6af",
    "Alacrity Power Renegade": "7e6069f3b8",
    "Condi Catalyst P/D Steamshrieker (Approx.)": "96d4af3f42",
    "Condi Mirage Staxe IH Oasis": "8a970762a3",
    "Condi Scourge": "2eee52a7fe",
    "Condi Soulbeast D/D SB (Approx.)": "35e3248abd",
    "Condi Weaver Scepter": "6977fd2faa",
    "Condi Willbender SC/P P/T": "83985a91a3",
    "Fire-only Weaver": "669cb2ac9c",
    "Hybrid Soulbeast A/T D/A (Approx.)": "b716331c15",
    "Power Bladesworn": "90d7f25bc4",
    "Power Catalyst Scepter Inferno": "e5b790c8ac",
    "Power Chrono IA GS": "6444d34f26",
    "Power Chrono IA Spear": "3671d6bd2c",
    "Power Dragonhunter Virtues SP/GS": "d0b7b8fa7a",
    "Power Harbinger": "50d54fb43e",
    "Power Mirage": "d3c322529e",
    "Power Soulbeast": "18dcf83f49",
    "Power Tempest Scepter": "456d73cf9d",
    "Power Troubadour": "daa28a1bfc",
    "Power Untamed HA S/A": "682f9f6a39",
    "Power Virtuoso Spear": "d7c7e5cfdf",
    "Power Willbender Virtues": "11f66d2c74",
    "Quickness Condi Firebrand A/T P/P": "bb09f80897",
    "Quickness Condi Harbinger": "3d25638134",
    "Quickness Condi Herald Spear": "3e3686644f",
    "Quickness Power Catalyst Scepter Inferno": "8b72e6e15f",
}
"""Case to key of the library: one specialization, one kind, and the weapons where the case names them."""

NEAR: Mapping[str, tuple[str, tuple[WeaponSet, ...] | None, str]] = {
    "Alacrity Condi Mirage Staxe IH Oasis": ("8a970762a3", None, "the library's gives no alacrity"),
    "Alacrity Condi Renegade Spear M/A": ("fff0ff8db9", None, "the library's gives no alacrity"),
    "Alacrity Power Antiquary Spear": ("63e1d145dc", (WeaponSet("Spear"),), "the library's holds a staff"),
    "Boon Power Chrono DT Spear": ("3671d6bd2c", None, "the library's gives no boon"),
    "Boon Power Chrono IA Spear": ("3671d6bd2c", None, "the library's gives no boon"),
    "Boon Power Daredevil Staff": ("01d8317a64", None, "the library's gives no boon"),
    'Condi Barrier "Carrion" Specter SC/D': ("1c546c32bc", None, "the library's gives no barrier"),
    "Condi Druid LOYF": ("84234f772f", None, "the library's gives alacrity"),
    "Power Berserker GS A/A": (
        "c8b8a253a1",
        (WeaponSet("Greatsword"), WeaponSet("Axe", "Axe")),
        "the library's holds a spear in place of axes",
    ),
    "Quickness Condi Firebrand P/T P/P": (
        "bb09f80897",
        (WeaponSet("Pistol", "Torch"), WeaponSet("Pistol", "Pistol")),
        "the library's holds an axe in place of a pistol",
    ),
    "Quickness Power Deadeye Spear": ("d6e42bb375", (WeaponSet("Spear"),), "the library's holds daggers"),
    "Quickness Power Evoker Hare Inferno": ("e3a6f515ca", None, "the library's has another familiar"),
}
"""The same specialization and kind, but for what the remark says. Weapons stand where the case names others."""

LEFT_OUT = {
    "Alacrity Fire Tempest Condi": "three of the library could be meant, with different weapons and lines",
    "Condi Thief A/D (Approx.)": "the library has no thief with an axe",
    "Condi Thief Spear": "the case names no elite specialization",
    "Condi Willbender GS": "no condition willbender of the library holds a greatsword",
    "Hybrid FB Virtues": "the library's celestial firebrands have other lines and weapons",
    "Power Willbender Radiance": "no willbender of the library has these lines",
    "Quickness Power Firebrand": "the library has no power firebrand",
}


@dataclass(frozen=True, slots=True)
class Judged:
    """own, usual, every: share of the published damage that the estimate's gear loses, with the case's own prefixes
    on offer, with USUAL beside them, and with EVERY. library: with EVERY in the problem of the library build itself,
    with its multipliers, conversions and bonuses in place of the case's."""

    case: str
    key: str
    same: bool
    own: float
    usual: float
    every: float
    library: float
    estimated: DamageProfile
    published: DamageProfile


def judged(records: Mapping[str, LibraryRecord], catalogue: Catalogue) -> list[Judged]:
    """Empty where ../shared is not there."""
    found = []
    for name, (build, key, same) in _pairs(records).items():
        problem = cases().get(name)
        if problem is None:
            continue
        estimated = estimated_profile(build, catalogue, "raids")
        offers = [widened(problem, prefixes, catalogue) for prefixes in ((), USUAL, EVERY)]
        body = body_of(build, catalogue, Circumstances("raids", BOONS), published(problem))
        variants = [{"name": "library", "scenarios": [body.scenario]}]
        # Not every library build reaches the case's boon durations: some give other boons.
        offers.append({**offers[-1], "constraints": {}, "variants": variants})
        own, usual, every, library = (
            loss(offer, {**offer, "variants": list(_with_profile(offer, estimated))}) for offer in offers
        )
        found.append(Judged(name, key, same, own, usual, every, library, estimated, published(problem)))
    return found


def _pairs(records: Mapping[str, LibraryRecord]) -> dict[str, tuple[BuildSpec, str, bool]]:
    pairs = {name: (records[key].spec, key, True) for name, key in SAME.items()}
    for name, (key, weapons, _) in NEAR.items():
        build = records[key].spec
        pairs[name] = (replace(build, weapon_sets=weapons) if weapons else build, key, False)
    return pairs


@functools.cache
def cases() -> dict[str, dict[str, Any]]:
    """Problems of damage, by name."""
    rows = orjson.loads(CASES.read_bytes()) if CASES.is_file() else []
    return {row["name"]: row["problem"] for row in rows if row["problem"]["objective"] == "damage"}


def published(problem: Mapping[str, Any]) -> DamageProfile:
    """Of the first scenario."""
    base = problem["variants"][0]["scenarios"][0]["base"]
    return DamageProfile(
        base.get("power_coefficient", 0.0),
        base.get("power2_coefficient", 0.0),
        {name: base[f"{name}_coefficient"] for name in DAMAGING_CONDITIONS if base.get(f"{name}_coefficient")},
        problem["skill_attack_rate"],
        "published",
    )


def loss(judge: dict[str, Any], chooser: dict[str, Any]) -> float:
    """Both problems have the same slots and options. Share of the judge's best damage that the chooser's gear loses;
    1 where the judge does not allow it, or the chooser finds none."""
    chosen = optimize(parse_problem({**chooser, "top": 1})).results
    worn = chosen[0].prefixes if chosen else ()
    only = [
        {**slot, "options": [option for option in slot["options"] if option["prefix"] in worn[place : place + 1]]}
        for place, slot in enumerate(judge["slots"])
    ]
    best = optimize(parse_problem({**judge, "top": 1})).results[0].damage
    got = optimize(parse_problem({**judge, "slots": only, "top": 1})).results if chosen else ()
    return 1 - got[0].damage / best if got else 1.0


def _with_profile(problem: Mapping[str, Any], profile: DamageProfile) -> Iterator[dict[str, Any]]:
    """What else does damage (siphons, damage without criticals) stays as published: no gear changes it much."""
    coefficients = {
        "power_coefficient": profile.power_coefficient,
        "power2_coefficient": profile.power2_coefficient,
        **{f"{name}_coefficient": profile.condition_coefficients.get(name, 0.0) for name in DAMAGING_CONDITIONS},
    }
    for variant in problem["variants"]:
        scenarios = [{**one, "base": {**one["base"], **coefficients}} for one in variant["scenarios"]]
        yield {**variant, "scenarios": scenarios}


def widened(problem: dict[str, Any], prefixes: tuple[str, ...], catalogue: Catalogue) -> dict[str, Any]:
    """With these prefixes on offer in each slot beside the problem's own."""
    two_handed = any(slot["slot"] == "weapon_two_handed" for slot in problem["slots"])
    held = WeaponSet("Greatsword") if two_handed else WeaponSet("Sword", "Dagger")
    bearer = BuildSpec("bearer", problem["profession"], weapon_sets=(held,))
    slots = []
    for slot, ours in zip(problem["slots"], searched_slots(bearer), strict=True):
        have = {option["prefix"] for option in slot["options"]}
        more = [
            {"prefix": prefix, "attributes": piece_points(bearer, catalogue, ours, prefix, wvw=False)}
            for prefix in prefixes
            if prefix.removesuffix("'s") not in have
        ]
        slots.append({**slot, "options": [*slot["options"], *more]})
    return {**problem, "slots": slots}
