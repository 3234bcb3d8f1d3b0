"""What traits, signets, legends and the pet give."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from builds.engine import formulas
from builds.engine.attributes.gear import weapon_set_of
from builds.engine.attributes.ledger import Ledger
from builds.engine.attributes.model import Switch, Unknown
from builds.engine.attributes.readings import (
    BALANCES,
    CONDITIONAL,
    NO_ATTRIBUTE,
    UNKNOWN,
    Balance,
    Reading,
)
from builds.gamedata import Catalogue
from builds.spec.model import ATTRIBUTES, BuildSpec, WeaponSet
from gw2optimizer.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Situation:
    """Under what a panel is taken. traits: the build's. weapons: of the set in hand."""

    balance: Balance
    boons: Mapping[str, int]
    switches: frozenset[int]
    traits: frozenset[int]
    weapons: WeaponSet
    two_handed: bool
    states: frozenset[str] = frozenset()
    """Conditions that are met because the user switched on an effect that has them."""


def traits_of(build: BuildSpec, catalogue: Catalogue) -> tuple[int, ...]:
    """Minor and chosen major traits, in the order of the lines."""
    found: list[int] = []
    for line in build.specializations:
        if line is not None:
            specialization = catalogue.specializations.get(line.specialization)
            found += specialization.minor_traits if specialization else ()
            found += (trait for trait in line.traits if trait is not None)
    return tuple(found)


def situation_of(
    build: BuildSpec,
    catalogue: Catalogue,
    *,
    balance: Balance,
    boons: Mapping[str, int],
    switches: frozenset[int],
    weapon_set: int,
) -> Situation:
    weapons = weapon_set_of(build, weapon_set) or WeaponSet()
    kinds = catalogue.professions[build.profession].weapons
    main = kinds.get(weapons.main_hand or "")
    return Situation(
        balance,
        boons,
        switches,
        frozenset(traits_of(build, catalogue)),
        weapons,
        main is not None and "TwoHand" in main.hands,
    )


def add_traits(
    ledger: Ledger, build: BuildSpec, catalogue: Catalogue, now: Situation, readings: Mapping[int, tuple[Reading, ...]]
) -> tuple[Switch, ...]:
    """Flat effects first: some of them feed the conversions that are made after."""
    own: list[Reading] = []
    for trait in traits_of(build, catalogue):
        own += ledger.find(readings, trait, "trait") or ()
    own = [r for r in own if r.with_trait is None or r.with_trait in now.traits]
    _refuse_idle(now.switches, own)
    now = replace(now, states=frozenset(r.condition for r in own if r.trait in now.switches and _is_named_state(r)))
    active: list[Reading] = []
    switches: list[Switch] = []
    for reading in own:
        if reading.kind == UNKNOWN:
            ledger.unknown.append(Unknown(reading.name, reading.attribute, _why(reading)))
        elif reading.kind != NO_ATTRIBUTE:
            on = is_on(reading, now)
            if reading.kind == CONDITIONAL and _may_be_switched(reading):
                switches.append(_switch(reading, now, on=on))
            if on:
                active.append(reading)
    flat = [r for r in active if not r.share_of and r.attribute != "all attributes"]
    for reading in flat:
        _add_flat(ledger, reading, build, catalogue, now)
    _add_signets(ledger, build, catalogue, active, now)
    for reading in active:
        for attribute, source in _conversions(reading):
            _convert(ledger, reading, attribute, source, now)
    return tuple(switches)


def _why(reading: Reading) -> str:
    if reading.condition:
        return f"The game data don't tell when and how much ({reading.condition})."
    return "The game data don't tell when it holds."


def is_on(reading: Reading, now: Situation) -> bool:
    """Whether an effect counts: always, by what the build holds, by a boon, or because the user says so."""
    if reading.kind != CONDITIONAL or reading.holds:
        return True
    if reading.alternative:
        return False
    if reading.trait in now.switches or reading.condition in now.states:
        return True
    if reading.boon:
        least = reading.stacks[BALANCES.index(now.balance)] if reading.stacks else 1
        return now.boons.get(reading.boon, 0) >= least
    if reading.weapons or reading.hand:
        return _wields(reading, now)
    return reading.with_trait is not None and not _is_a_state(reading)


def _is_named_state(reading: Reading) -> bool:
    return bool(reading.condition) and not reading.boon and _may_be_switched(reading)


def _is_a_state(reading: Reading) -> bool:
    """With a trait, and then still only under a condition of the fight."""
    return reading.with_trait is not None and not reading.condition.startswith("with ")


def _wields(reading: Reading, now: Situation) -> bool:
    main, off = now.weapons.main_hand, now.weapons.off_hand
    match reading.hand:
        case "one_handed_main":
            return main is not None and not now.two_handed
        case "main":
            return main in reading.weapons
        case "off":
            return off in reading.weapons
    return main in reading.weapons or off in reading.weapons


def _may_be_switched(reading: Reading) -> bool:
    """What the build itself decides is no switch."""
    by_trait = reading.with_trait is not None and not _is_a_state(reading)
    return not (reading.weapons or reading.hand or by_trait or reading.alternative)


def _refuse_idle(switches: frozenset[int], own: Iterable[Reading]) -> None:
    may = {r.trait for r in own if r.kind == CONDITIONAL and _may_be_switched(r)}
    if idle := sorted(switches - may):
        message = f"This build has no conditional effect of trait {', '.join(map(str, idle[:5]))}."
        raise InvalidInput("These switches can't be used.", fields={"switches": [message]})


def _times(reading: Reading, now: Situation) -> int:
    return max(1, now.boons.get(reading.boon, 0)) if reading.per_stack else 1


def _switch(reading: Reading, now: Situation, *, on: bool) -> Switch:
    amount = reading.amount(now.balance)
    return Switch(
        reading.trait,
        reading.name,
        reading.attribute,
        None if amount is None else amount * _times(reading, now),
        reading.share_of,
        reading.condition,
        on,
        reading.trait in now.switches,
        reading.boon,
    )


def _add_flat(ledger: Ledger, reading: Reading, build: BuildSpec, catalogue: Catalogue, now: Situation) -> None:
    if reading.attribute == "signet_passives":
        return
    if reading.attribute == "legends":
        _add_legends(ledger, reading, build, catalogue)
        return
    if reading.attribute == "archetype of the pet":
        _add_archetype(ledger, reading, build, catalogue)
        return
    amount = _known_amount(ledger, reading, now)
    if amount is None:
        return
    amount *= _times(reading, now)
    ledger.add(reading.attribute, amount, _source(reading), trait=reading.trait)
    if reading.feeds_conversions:
        ledger.trait_points[reading.attribute] = ledger.trait_points.get(reading.attribute, 0.0) + amount


def _known_amount(ledger: Ledger, reading: Reading, now: Situation) -> float | None:
    amount = reading.amount(now.balance)
    if amount is None:
        numbers = " or ".join(_number(option) for option in reading.options)
        reason = f"The game data don't tell whether its number in {_MODE[now.balance]} is {numbers}."
        ledger.unknown.append(Unknown(reading.name, reading.attribute, reason))
    return amount


def _number(value: float) -> str:
    return f"{value * 100:g} %" if value <= 1 else f"{value:g}"


_MODE = {"pve": "PvE", "wvw": "WvW", "pvp": "PvP"}


def _source(reading: Reading) -> str:
    return f"{reading.name} ({reading.condition})" if reading.condition else reading.name


def _conversions(reading: Reading) -> Iterator[tuple[str, str]]:
    """To and from."""
    if reading.attribute == "all attributes":
        yield from ((name, name) for name in ATTRIBUTES)
    elif reading.share_of:
        yield reading.attribute, reading.share_of


def _convert(ledger: Ledger, reading: Reading, attribute: str, source: str, now: Situation) -> None:
    share = _known_amount(ledger, reading, now)
    if share is None:
        return
    points = ledger.pool.get(source, 0.0)
    if reading.reads_trait_points:
        points += ledger.trait_points.get(source, 0.0)
    words = f"{_source(reading)}, {share * 100:g} % of {source.replace('_', ' ')}"
    given = formulas.converted(points, share, reading.rounding)
    ledger.add(attribute, given, words, trait=reading.trait)


# --- what the facts lack ---------------------------------------------------------------------------
def _add_signets(
    ledger: Ledger, build: BuildSpec, catalogue: Catalogue, active: Iterable[Reading], now: Situation
) -> None:
    known = {entry["skill"]: entry for entry in catalogue.supplement["signet_passives"]}
    stronger = [r for r in active if r.attribute == "signet_passives"]
    factor = 1 + sum(r.amount(now.balance) or 0.0 for r in stronger)
    for skill_id in filter(None, build.skills.ids):
        skill = ledger.find(catalogue.skills, skill_id, "skill")
        if skill is None:
            continue
        if entry := known.get(skill_id):
            source = f"{skill.name}, passive" + "".join(f" (with {r.name})" for r in stronger)
            ledger.add(entry["attribute"], entry["amount"] * factor, source)
        elif "Signet" in skill.categories and any(f.get("status") == skill.name for f in skill.facts):
            ledger.unknown.append(Unknown(skill.name, "", "The game data don't tell its passive effect."))


def _add_legends(ledger: Ledger, reading: Reading, build: BuildSpec, catalogue: Catalogue) -> None:
    bonds = catalogue.supplement["legend_attributes"]["value"]
    chosen = [legend for legend in build.legends_land if legend]
    if not chosen:
        ledger.missing.append("legends")
    for legend in chosen:
        known = ledger.find(catalogue.legends, legend, "legend")
        name = known.name if known else legend
        for attribute, amount in bonds.get(legend, {}).items():
            ledger.add(attribute, amount, f"{reading.name}, {name}", trait=reading.trait)


def _add_archetype(ledger: Ledger, reading: Reading, build: BuildSpec, catalogue: Catalogue) -> None:
    chosen = next((pet for pet in build.pets_land if pet is not None), None)
    if chosen is None:
        ledger.missing.append("pets")
        return
    pet = ledger.find(catalogue.pets, chosen, "pet")
    if pet is None:
        return
    data = catalogue.supplement["soulbeast_archetypes"]
    archetype = next((data["by_beastmode_skill"].get(str(skill)) for skill in pet.beastmode[2:3]), None)
    if archetype is None:
        reason = "The game data don't tell its archetype."
        ledger.unknown.append(Unknown(pet.name, "", reason))
        return
    for attribute, amount in data["value"][archetype].items():
        ledger.add(attribute, amount, f"{pet.name}, {archetype.lower()}, merged", trait=reading.trait)
