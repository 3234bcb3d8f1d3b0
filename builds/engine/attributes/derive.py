"""From a catalogue to the readings of its traits.

In this order a fact is read: by the snapshot's trait rules, by what was observed of the trait (observed.json), by its
own words. What none of them tells is unknown and named so. The rules give the numbers of PvE, the snapshot's labelled
values those of WvW. Of several numbers that nothing tells apart none is taken."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import orjson

from builds.engine.attributes.names import ATTRIBUTE_OF, BOONS, CONDITIONS, DURATIONS
from builds.engine.attributes.readings import (
    BALANCES,
    CONDITIONAL,
    NO_ATTRIBUTE,
    UNCONDITIONAL,
    UNKNOWN,
    Reading,
)
from builds.gamedata import Catalogue
from builds.gamedata.model import Trait

SOME_DURATION = "some duration"
"""A longer duration of which the fact does not say of what."""
SOME_POINTS = "some attribute"
_WHEN_BOON = ("fury", "quickness", "alacrity")

# What an effect is said to do in the values by mode, where that touches no attribute.
_NO_POINTS = re.compile(r"damage|healing|incoming", re.IGNORECASE)

# Statuses of facts that are no effect of their own.
_KNOWN_STATUS = frozenset(
    (
        *BOONS, *CONDITIONS, "poisoned", "chilled", "crippled", "immobile", "blinded", "superspeed", "stealth",
        "distortion", "revealed", "fire aura", "frost aura", "shocking aura", "magnetic aura", "light aura",
        "dark aura", "chaos aura", "exhaustion", "blight", "additional missiles", "radius", "heal", "healing",
        "boons converted to conditions", "knockdown", "float", "sink", "invulnerability", "barrier",
    )
)  # fmt: skip


@dataclass
class _Group:
    """Facts of one trait that say the same thing, in the order of the API: values of the modes, unlabelled."""

    attribute: str
    text: str
    values: list[float] = field(default_factory=list)
    share_of: str = ""
    labelled: float | None = None
    taken: bool = False


@dataclass(frozen=True, slots=True)
class _Modes:
    pve: float | None
    wvw: float | None
    pvp: float | None
    options: tuple[float, ...] = ()


def derive_readings(catalogue: Catalogue) -> dict[int, tuple[Reading, ...]]:
    """Of every trait at least one reading."""
    rules: dict[int, list[Mapping[str, Any]]] = {}
    for rule in catalogue.trait_rules:
        rules.setdefault(rule["trait"], []).append(rule)
    return {
        trait.id: tuple(_readings(trait, rules.get(trait.id, []), _observed().get(trait.id, []), catalogue))
        for trait in sorted(catalogue.traits.values(), key=lambda trait: trait.id)
    }


@cache
def _observed() -> dict[int, list[dict[str, Any]]]:
    document = orjson.loads(resources.files("builds.engine.attributes").joinpath("observed.json").read_bytes())
    found: dict[int, list[dict[str, Any]]] = {}
    for entry in document["effects"]:
        codes = [code.strip() for code in entry["source"].split(",")]
        entry["source"] = "; ".join(document["sources"].get(code, code) for code in codes)
        found.setdefault(entry["trait"], []).append(entry)
    return found


def _readings(
    trait: Trait, rules: list[Mapping[str, Any]], observed: list[dict[str, Any]], catalogue: Catalogue
) -> Iterator[Reading]:
    groups = _groups(trait)
    found = [_ruled(trait, rule, groups, observed, catalogue) for rule in rules]
    found += [reading for entry in observed if "kind" in entry and (reading := _seen(trait, entry, groups)) is not None]
    found += [_by_its_words(trait, group) for group in groups if not group.taken]
    told = {str(entry.get("effect", "")) for entry in observed}
    told |= {str(entry.get("condition", "")).removeprefix("the effect ") for entry in observed}
    found += _effects(trait, told)
    if not found:
        found.append(Reading(trait.id, trait.name, "", NO_ATTRIBUTE, "api fact" if trait.facts else "no facts"))
    yield from found


# --- facts --------------------------------------------------------------------------------------
def _groups(trait: Trait) -> list[_Group]:
    found: dict[tuple[str, str, str], _Group] = {}
    labels = _labels(trait)
    for fact in (*trait.facts, *trait.traited_facts):
        # A fact in place of another holds with a second trait only, whose own reading says what it adds.
        read = _fact(fact) if "overrides" not in fact else None
        if read is None:
            continue
        attribute, value, share_of = read
        text = str(fact.get("text") or "")
        group = found.setdefault((attribute, text, share_of), _Group(attribute, text, share_of=share_of))
        if value not in group.values:
            group.values.append(value)
    for group in found.values():
        label = f"convert {group.share_of}" if group.share_of else group.text.lower()
        known = [value for value in labels.get(label, ()) if value in group.values]
        if len(known) == 1:
            group.labelled = known[0]
    return list(found.values())


def _labels(trait: Trait) -> dict[str, list[float]]:
    """WvW numbers by the text of their fact; of conversions by the attribute that is converted."""
    found: dict[str, list[float]] = {}
    for fact in trait.splits.get("wvw", {}).get("facts", ()):
        if fact.get("type") == "AttributeConversion":
            source = ATTRIBUTE_OF.get(str(fact.get("source")), "")
            found.setdefault(f"convert {source}", []).append(fact["percent"] / 100)
        elif fact.get("type") == "Buff" and isinstance(fact.get("duration"), int | float):
            found.setdefault(str(fact.get("text")).lower(), []).append(fact["duration"] / 100)
    return found


def _fact(fact: Mapping[str, Any]) -> tuple[str, float, str] | None:
    """Attribute, value and what is converted; None for a fact that is about no attribute."""
    kind, text = fact.get("type"), str(fact.get("text") or "")
    if kind == "BuffConversion":
        return ATTRIBUTE_OF[fact["target"]], fact["percent"] / 100, ATTRIBUTE_OF[fact["source"]]
    if kind == "AttributeAdjust":
        return _points(fact, text)
    if kind == "Percent":
        attribute = _percentage(text)
        return (attribute, fact["percent"] / 100, "") if attribute else None
    return None


def _points(fact: Mapping[str, Any], text: str) -> tuple[str, float, str] | None:
    target = str(fact.get("target"))
    if target == "None":
        return SOME_POINTS, float(fact["value"]), ""
    if target == "Healing" and text and not text.startswith("Healing Power"):
        return None  # an amount that is healed
    if target not in ATTRIBUTE_OF or "Siphon" in text or "Damage while" in text:
        return None
    return ATTRIBUTE_OF[target], float(fact["value"]), ""


def _percentage(text: str) -> str:
    lower = text.lower()
    if lower.startswith(("critical chance", "high-health critical chance")):
        return "critical_chance"
    if lower == "duration increase" or lower.endswith("base burning duration increase"):
        return SOME_DURATION
    if lower == "conditions applied to foes":
        return "condition_duration"
    for ending in (" increased", " increase"):
        if lower.endswith(ending) and (known := DURATIONS.get(lower.removesuffix(ending))):
            return known
    return {
        "attribute increase per instrument": "all attributes",
        "signet effectiveness increased": "signet_passives",
        "effectiveness increased": "effectiveness",
        "percent": "percent",
    }.get(lower, "")


def _modes(group: _Group, told: Mapping[str, Any]) -> _Modes:
    """told: the numbers of modes that a rule or an observation gives. The API's order is never taken for an answer."""
    first, *more = group.values
    if not more and group.labelled in (None, first):
        return _Modes(told.get("pve", first), told.get("wvw", first), told.get("pvp", first))
    others = [value for value in group.values if value != group.labelled]
    apart = others[0] if group.labelled is not None and len(others) == 1 else None
    return _Modes(told.get("pve", apart), told.get("wvw", group.labelled), told.get("pvp"), tuple(sorted(group.values)))


# --- readings -----------------------------------------------------------------------------------
def _ruled(
    trait: Trait,
    rule: Mapping[str, Any],
    groups: list[_Group],
    observed: Iterable[Mapping[str, Any]],
    catalogue: Catalogue,
) -> Reading:
    amount = rule["amount"]
    share_of = amount["from"] if isinstance(amount, dict) else ""
    pve = float(amount["share"] if isinstance(amount, dict) else amount)
    own = next((e for e in observed if "kind" not in e and e["attribute"] == rule["attribute"]), {})
    group = _group_of(rule, pve, share_of, groups)
    told: dict[str, Any] = {"pve": pve, **{str(mode): own[mode] for mode in BALANCES if mode in own}}
    modes = _Modes(pve, told.get("wvw", pve), told.get("pvp", pve))
    if group is not None:
        group.taken = True
        modes = _modes(group, told)
    return Reading(
        trait.id,
        trait.name,
        rule["attribute"],
        UNCONDITIONAL if rule["kind"] == "unconditional" else CONDITIONAL,
        "; ".join(("trait_rules", own["source"]) if own else ("trait_rules",)),
        pve=modes.pve,
        wvw=modes.wvw,
        pvp=modes.pvp,
        options=modes.options,
        share_of=share_of,
        rounding=rule.get("rounding", "none"),
        reads_trait_points=bool(rule.get("reads_trait_points")),
        feeds_conversions=bool(rule.get("feeds_conversions")),
        **{**_condition(rule, catalogue), **({"with_trait": own["with_trait"]} if "with_trait" in own else {})},
    )


def _group_of(rule: Mapping[str, Any], pve: float, share_of: str, groups: list[_Group]) -> _Group | None:
    attribute = rule["attribute"]
    fitting = [
        g
        for g in groups
        if g.share_of == share_of
        and any(abs(value - pve) < 1e-9 for value in g.values)
        and (g.attribute == attribute or _stands_for(g.attribute, attribute))
    ]
    if not fitting:
        return None
    # Of two facts of one attribute the one with a label is what a weapon adds.
    additional = rule["kind"] == "weapon"
    fitting.sort(key=lambda g: bool(g.text) != additional)
    return fitting[0]


def _stands_for(given: str, attribute: str) -> bool:
    return given == (SOME_DURATION if attribute.endswith("_duration") else SOME_POINTS)


def _condition(rule: Mapping[str, Any], catalogue: Catalogue) -> dict[str, Any]:
    when = str(rule.get("when") or "")
    if when in _WHEN_BOON:
        return {"condition": when, "boon": when}
    if when == "health > 50 %":
        return {"condition": "health above 50 %", "holds": True}
    if when.startswith("beastmode"):
        return {"condition": "merged with the pet"}
    if "with_trait" in rule:
        other = catalogue.traits.get(rule["with_trait"])
        return {"condition": f"with {other.name if other else 'another trait'}", "with_trait": rule["with_trait"]}
    weapon = rule.get("weapon")
    if weapon is None:
        return {"condition": when}
    if weapon == "one_handed_main_hand":
        return {"condition": "one-handed weapon in the main hand", "hand": "one_handed_main"}
    if isinstance(weapon, str):
        hand, _, name = weapon.partition(":")
        return {"condition": f"with {name}", "weapons": (name,), "hand": hand.removesuffix("_hand")}
    return {"condition": f"with {' or '.join(weapon)}", "weapons": tuple(weapon)}


def _seen(trait: Trait, entry: Mapping[str, Any], groups: list[_Group]) -> Reading | None:
    fitting = [g for g in groups if g.attribute in (entry["attribute"], "effectiveness", "percent")]
    fitting = [g for g in fitting if g.text == entry.get("text", g.text)]
    if entry["attribute"] not in ("signet_passives", "maximum_health"):
        fitting = [g for g in fitting if g.attribute == entry["attribute"]]
    # What a weapon adds stands in a fact of its own or is the number of the base once more.
    fitting.sort(key=lambda g: (g.taken, bool(g.text)))
    modes = _Modes(entry.get("pve"), entry.get("wvw"), entry.get("pvp"))
    share_of = ""
    if fitting:
        group = fitting[0]
        group.taken = True
        modes, share_of = _modes(group, {mode: entry[mode] for mode in BALANCES if mode in entry}), group.share_of
    condition = {key: entry[key] for key in ("boon", "hand", "per_stack", "with_trait") if key in entry}
    if "weapons" in entry:
        condition["weapons"] = tuple(entry["weapons"])
    if "stacks" in entry:
        condition["stacks"] = tuple(entry["stacks"][mode] for mode in BALANCES)
    attribute = entry.get("as", entry["attribute"])
    return Reading(
        trait.id,
        trait.name,
        "" if attribute == SOME_DURATION else attribute,
        entry["kind"],
        entry["source"],
        pve=modes.pve,
        wvw=modes.wvw,
        pvp=modes.pvp,
        options=modes.options,
        share_of=share_of,
        rounding=entry.get("rounding", "none"),
        reads_trait_points=bool(entry.get("reads_trait_points")),
        feeds_conversions=bool(entry.get("feeds_conversions")),
        alternative=bool(entry.get("alternative")),
        condition=entry.get("condition") or _condition_words(entry),
        **condition,
    )


def _condition_words(entry: Mapping[str, Any]) -> str:
    if "stacks" in entry:
        return f"{entry['stacks']['pve']} stacks of {entry['boon']}"
    if "boon" in entry:
        return ("for each stack of " if entry.get("per_stack") else "") + str(entry["boon"])
    if "weapons" in entry:
        return "with " + " or ".join(entry["weapons"])
    return ""


def _by_its_words(trait: Trait, group: _Group) -> Reading:
    """The reading of a fact that neither a rule nor an observation is about."""
    modes = _modes(group, {})
    if group.attribute in ("effectiveness", "percent"):
        return Reading(trait.id, trait.name, "", NO_ATTRIBUTE, "api fact", condition=group.text)
    kind, rounding, condition = UNKNOWN, "none", ""
    attribute = "" if group.attribute in (SOME_DURATION, SOME_POINTS) else group.attribute
    if group.share_of and len(group.values) <= 2:
        kind, rounding = UNCONDITIONAL, "round"
    elif group.attribute.endswith("_duration") and group.text:
        kind = UNCONDITIONAL
    else:
        condition = group.text or "no condition is named"
    return Reading(
        trait.id,
        trait.name,
        attribute,
        kind,
        "api fact",
        pve=modes.pve,
        wvw=modes.wvw,
        pvp=modes.pvp,
        options=modes.options,
        share_of=group.share_of,
        rounding=rounding,
        condition=condition,
    )


def _effects(trait: Trait, told: set[str]) -> Iterator[Reading]:
    """Effects with a name of their own, whose numbers stand in no fact."""
    seen = set(told)
    for fact in trait.splits.get("wvw", {}).get("facts", ()):
        if _NO_POINTS.search(str(fact.get("text"))):
            seen.add(str(fact.get("status")).removesuffix(" (effect)"))
    for fact in trait.facts:
        status = str(fact.get("status") or "")
        own = status == trait.name or "Increase" in status
        if fact.get("type") != "Buff" or not own or status in seen or status.lower() in _KNOWN_STATUS:
            continue
        seen.add(status)
        yield Reading(trait.id, trait.name, "", UNKNOWN, "api fact", condition=f"the effect {status}")
