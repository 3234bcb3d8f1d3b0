"""From a build to the pieces of its `gear-problem/1`.

The panel decides what a build has. What conversions read (base, rune, food, infusions: the pool) becomes the
scenario's base, the conversions of traits, food and utility stay conversions, and whatever else the panel of the build
without its gear shows becomes a bonus: so the problem at any gear is the panel in that gear, but for rounding."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from builds.engine import formulas
from builds.engine.attributes import AttributePanel, attributes, gear, readings_of
from builds.engine.attributes.ledger import Ledger
from builds.engine.attributes.names import DURATIONS, POINTS
from builds.engine.attributes.readings import NO_ATTRIBUTE, UNKNOWN, Balance
from builds.engine.attributes.traits import is_on, situation_of, traits_of
from builds.engine.gear.names import ATTRIBUTE_INDEX
from builds.engine.optimise.estimate import SOURCE, UNSEEN
from builds.engine.optimise.multipliers import Multipliers, multipliers_of
from builds.engine.optimise.procs import NONE, Procs, counted, procs_of
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.spec.model import ARMOR_SLOTS, ATTRIBUTES, TRINKET_SLOTS, BuildSpec, DamageProfile, GearPiece

WEAPON_SET = 1
_CONTRACT_NAME = {"chill_duration": "chilled_duration", "cripple_duration": "crippled_duration"}
_CONTRACT_NAME["immobilize_duration"] = "immobile_duration"
Conversion = tuple[str, str, float, str]
"""To, from, share, rounding of the panel."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """Under what the build is judged. damage: which of it counts, damage for all, power or condition for a part."""

    mode: str
    boons: Mapping[str, int]
    switches: frozenset[int] = frozenset()
    damage: str = "damage"

    @property
    def balance(self) -> Balance:
        return BALANCE_OF_MODE[self.mode]  # type: ignore[return-value]

    def panel(self, build: BuildSpec, catalogue: Catalogue) -> AttributePanel:
        return attributes(build, catalogue, self.mode, self.boons, self.switches, weapon_set=WEAPON_SET)


def searched_slots(build: BuildSpec) -> tuple[str, ...]:
    """Armor, trinkets and what weapon set 1 holds."""
    weapons = gear.weapon_set_of(build, WEAPON_SET)
    held = (weapons.main_hand, weapons.off_hand) if weapons else (None, None)
    names = (f"weapon_{WEAPON_SET}_main", f"weapon_{WEAPON_SET}_off")
    return (*ARMOR_SLOTS, *TRINKET_SLOTS, *(name for name, weapon in zip(names, held, strict=True) if weapon))


def piece_points(build: BuildSpec, catalogue: Catalogue, slot: str, prefix: str, *, wvw: bool) -> dict[str, float]:
    """Points of this prefix in this slot, in the rarity that the build has there; empty where the game does not
    offer it."""
    ledger = Ledger()
    alone = replace(build, gear={slot: GearPiece(prefix, _rarity(build, slot))})
    gear.add_gear(ledger, alone, catalogue, WEAPON_SET, wvw=wvw)
    return ledger.pool


def _rarity(build: BuildSpec, slot: str) -> str:
    return build.gear[slot].rarity if slot in build.gear else "ascended"


def dressed(build: BuildSpec, prefixes: Mapping[str, str | None]) -> BuildSpec:
    """The build with these prefixes by slot; each slot keeps its rarity, infusions and upgrade."""
    worn = dict(build.gear)
    for slot, prefix in prefixes.items():
        piece = build.gear.get(slot, GearPiece(None))
        worn[slot] = replace(piece, prefix=prefix)
    return replace(build, gear=worn)


def without_infusions(build: BuildSpec) -> BuildSpec:
    worn = {slot: replace(piece, infusions=()) for slot, piece in build.gear.items()}
    return replace(build, gear=worn, infusions={})


@dataclass(frozen=True, slots=True)
class Body:
    """The scenario of a build in no searched gear, and what could not be counted."""

    scenario: dict[str, Any]
    multipliers: Multipliers
    panel: AttributePanel
    procs: Procs


def body_of(
    build: BuildSpec,
    catalogue: Catalogue,
    now: Circumstances,
    profile: DamageProfile | None,
    *,
    measured: BuildSpec | None = None,
) -> Body:
    """measured: the build whose relic and sigils the profile was measured with, this one where None; an estimated one
    is of no relic and no sigils. With another build's, a coefficient may be less than 0: the profile then holds less of
    a condition than the facts of what that build wears."""
    bare = dressed(build, dict.fromkeys(searched_slots(build)))
    panel = now.panel(bare, catalogue)
    pool, of_items = _pool(bare, catalogue, now)
    conversions = [*_trait_conversions(bare, catalogue, now, panel), *of_items]
    known = multipliers_of(build, catalogue, now.balance)
    procs = procs_of(build, catalogue)
    base = _base(panel, pool, build) | _coefficients(profile)
    base["outgoing_healing"] = known.outgoing_healing + procs.outgoing_healing
    for name in ("critical_chance", "condition_duration"):
        base[name] += procs.attributes.get(name, 0.0)
    if profile is not None:
        estimated = profile.source == SOURCE
        held = NONE if estimated else procs_of(measured or build, catalogue)
        for name, amount in _more_than(procs, held, now.damage):
            base[name] = base.get(name, 0.0) + amount * (UNSEEN if estimated else 1.0)
    bonuses = dict(_bonuses(panel, pool, conversions))
    bonuses["condition_damage"] += procs.attributes.get("condition_damage", 0.0)
    scenario = {
        "weight": 1.0,
        "base": base,
        "multipliers": _product(known.factors, procs.factors),
        "bonuses": [[name, points] for name, points in bonuses.items() if points],
        "conversions": [[to, [[source, share]]] for to, source, share, _ in conversions],
        "conversions_after_bonuses": [["outgoing_healing", [[source, share]]] for source, share in known.healing_from],
    }
    return Body(scenario, known, panel, procs)


def _more_than(procs: Procs, held: Procs, part: str) -> Iterator[tuple[str, float]]:
    """By coefficient, what a second has more than with what the profile holds already."""
    here, there = counted(procs.coefficients, part), counted(held.coefficients, part)
    for name in dict.fromkeys((*here, *there)):
        if difference := here.get(name, 0.0) - there.get(name, 0.0):
            yield name, difference


def _product(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    return {name: one.get(name, 1.0) * other.get(name, 1.0) for name in dict.fromkeys((*one, *other))}


def _pool(bare: BuildSpec, catalogue: Catalogue, now: Circumstances) -> tuple[dict[str, float], list[Conversion]]:
    """What all conversions read, and those of food and utility."""
    ledger = Ledger()
    for name, points in catalogue.supplement["base_attributes"]["value"].items():
        ledger.add_to_pool(name, points, "Base")
    gear.add_infusions(ledger, bare, catalogue, WEAPON_SET)
    gear.add_enrichment(ledger, bare, catalogue)
    consumed = gear.add_consumables(ledger, bare, catalogue)
    gear.add_runes(ledger, bare, catalogue)
    gear.add_sigils(ledger, bare, catalogue, WEAPON_SET)
    if bare.jade_bot_core and now.balance == "pve":
        for name, points in catalogue.supplement["jade_bot_core"]["value"].items():
            ledger.add_to_pool(name, points, "Jade bot core")
    return ledger.pool, [(to, source, share, "round") for to, source, share, _ in consumed]


def _trait_conversions(
    bare: BuildSpec, catalogue: Catalogue, now: Circumstances, panel: AttributePanel
) -> Iterator[Conversion]:
    situation = situation_of(
        bare, catalogue, balance=now.balance, boons=now.boons, switches=now.switches, weapon_set=WEAPON_SET
    )
    chosen = (switch for switch in panel.switches if switch.chosen and not switch.boon)
    situation = replace(situation, states=frozenset(switch.condition for switch in chosen))
    readings = readings_of(catalogue)
    for reading in (r for trait in traits_of(bare, catalogue) for r in readings.get(trait, ())):
        share = reading.amount(now.balance)
        absent = reading.with_trait is not None and reading.with_trait not in situation.traits
        if absent or reading.kind in (UNKNOWN, NO_ATTRIBUTE) or share is None or not is_on(reading, situation):
            continue
        if reading.attribute == "all attributes":
            yield from ((name, name, share, reading.rounding) for name in ATTRIBUTES)
        elif reading.share_of:
            yield reading.attribute, reading.share_of, share, reading.rounding


def _bonuses(
    panel: AttributePanel, pool: Mapping[str, float], conversions: list[Conversion]
) -> Iterator[tuple[str, float]]:
    """Points that the panel has beyond the pool and what conversions make of it; they feed nothing."""
    for name in POINTS:
        made = sum(
            formulas.converted(pool.get(source, 0.0), share, rounding)
            for to, source, share, rounding in conversions
            if to == name
        )
        yield name, round(panel[name] - pool.get(name, 0.0) - made, 6)


def _base(panel: AttributePanel, pool: Mapping[str, float], build: BuildSpec) -> dict[str, float]:
    health = formulas.HEALTH_WITHOUT_VITALITY[build.profession]
    vital = health + formulas.health_of_vitality(panel["vitality"])
    derived = {
        "critical_chance": panel["critical_chance"] - formulas.critical_chance(panel["precision"]),
        "critical_damage": panel["critical_damage"] - formulas.critical_damage(panel["ferocity"]),
        "boon_duration": panel["boon_duration"] - formulas.duration(panel["concentration"]),
        "condition_duration": panel["condition_duration"] - formulas.duration(panel["expertise"]),
        "health": health,
        "maximum_health": panel["health"] / vital - 1,
        "armor": panel["armor"] - panel["toughness"],
    }
    for name in DURATIONS.values():
        contract = _CONTRACT_NAME.get(name, name)
        if contract in ATTRIBUTE_INDEX:
            derived[contract] = panel[name]
    # Phantasms and second strikes crit as the player does: the panel tells nothing of them apart.
    if build.profession == "Mesmer":
        derived |= {"phantasm_critical_chance": derived["critical_chance"]}
        derived |= {"phantasm_critical_damage": derived["critical_damage"]}
    return {name: pool.get(name, 0.0) for name in POINTS} | {name: round(value, 9) for name, value in derived.items()}


def _coefficients(profile: DamageProfile | None) -> dict[str, float]:
    if profile is None:
        return {}
    return {
        "power_coefficient": profile.power_coefficient,
        "power2_coefficient": profile.power2_coefficient,
        **{f"{name}_coefficient": value for name, value in profile.condition_coefficients.items()},
    }
