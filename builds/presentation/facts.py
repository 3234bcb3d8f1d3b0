"""Facts of the game's data as lines that a player reads.

The official API gives one list of facts for all modes, unlabelled where they differ; the snapshot tells them apart
where that is known. What is shown says which of the two it is."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from builds.gamedata.catalogue import Catalogue
from builds.gamedata.model import Consumable, Skill, Trait, Upgrade
from builds.presentation.glyphs import EFFECTS

ATTRIBUTE_NAMES = {
    "CritDamage": "Ferocity", "BoonDuration": "Concentration", "ConditionDuration": "Expertise",
    "Healing": "Healing Power", "ConditionDamage": "Condition Damage", "AgonyResistance": "Agony Resistance",
}  # fmt: skip
BALANCE_NAMES = {"pve": "PvE", "wvw": "WvW", "pvp": "PvP"}
TRIGGERS = {
    "critical_hit": "On a critical hit", "kill": "On a kill", "weapon_swap": "On weapon swap",
    "flank_or_defiant": "From the side or behind, or against defiant foes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    text: str
    value: str = ""
    icon: str = "circle-dot"


@dataclass(frozen=True, slots=True)
class FactSheet:
    """note: whose values these are, "" where there is nothing to say; unsure: they may not hold as they stand."""

    facts: tuple[Fact, ...] = ()
    note: str = ""
    unsure: bool = False


def number(value: Any) -> str:
    """1234.50 as "1,234.5"."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    text = f"{value:,.2f}"
    return text.rstrip("0").rstrip(".")


def attribute_name(name: str) -> str:
    """Of the API's or our own name: "CritDamage" and "ferocity" are both "Ferocity"."""
    return ATTRIBUTE_NAMES.get(name) or name.replace("_", " ").title()


# --- One fact ------------------------------------------------------------------------------------
def _buff(raw: Mapping[str, Any], lead: str = "") -> Fact | None:
    status = raw.get("status") or raw.get("text")
    if not status:
        return None
    count, seconds = raw.get("apply_count") or 0, raw.get("duration") or 0
    text = f"{lead}{status}" + (f" ×{number(count)}" if count > 1 else "")
    return Fact(text, f"{number(seconds)} s" if seconds else "", EFFECTS.get(str(status), ("circle-dot", ""))[0])


def _damage(raw: Mapping[str, Any]) -> Fact:
    hits = raw.get("hit_count") or 1
    text = f"{raw.get('text') or 'Damage'}" + (f" ({number(hits)} hits)" if hits > 1 else "")
    return Fact(text, f"× {number(raw.get('dmg_multiplier', 0))}", "sword")


def _attribute(raw: Mapping[str, Any]) -> Fact:
    text = raw.get("text") or attribute_name(str(raw.get("target", "")))
    value = number(raw.get("value", 0))
    if raw.get("coefficient"):
        value += f" + {number(raw['coefficient'])} × healing power"
    elif not raw.get("text"):
        value = f"+{value}"
    return Fact(text, value, "heart" if raw.get("target") == "Healing" else "chevrons-up")


def _flag(raw: Mapping[str, Any], text: str) -> Fact | None:
    return Fact(text, icon="check") if raw.get("value", True) else None


def read_fact(raw: Mapping[str, Any]) -> Fact | None:
    """None for an entry that says nothing to a player."""
    kind, text = raw.get("type"), str(raw.get("text") or "")
    match kind:
        case "Buff":
            return _buff(raw)
        case "PrefixedBuff":
            prefix = raw.get("prefix") or {}
            return _buff(raw, f"{prefix.get('status')}: " if prefix.get("status") and raw.get("status") else "")
        case "Damage":
            return _damage(raw)
        case "AttributeAdjust" | "HealingAdjust":
            return _attribute(raw) if raw.get("value") else None
        case "BuffConversion":
            pair = f"{attribute_name(str(raw.get('source')))} to {attribute_name(str(raw.get('target')))}"
            return Fact(pair, f"{number(raw.get('percent', 0))} %", "repeat")
        case "Recharge":
            return Fact("Recharge", f"{number(raw.get('value', 0))} s", "clock")
        case "Time" | "Duration" if text.casefold() != "defiance break":  # that one counts points
            return Fact(text or "Duration", f"{number(raw.get('duration', 0))} s", "hourglass")
        case "Distance" | "Radius":
            return Fact(text or "Radius", number(raw.get("distance", raw.get("value", 0))), "circle-dot")
        case "Range":
            return Fact(text or "Range", number(raw.get("value", 0)), "target")
        case "ComboField":
            return Fact("Combo field", str(raw.get("field_type", "")), "orbit")
        case "ComboFinisher":
            percent = raw.get("percent", 100)
            chance = f", {number(percent)} %" if percent not in (0, 100) else ""
            return Fact("Combo finisher", f"{raw.get('finisher_type', '')}{chance}", "swords")
        case "StunBreak":
            return _flag(raw, "Breaks stuns")
        case "Unblockable":
            return _flag(raw, "Unblockable")
        case "NoData":
            return Fact(text, icon="check") if text else None
    if not text:
        return None
    if kind == "Time":
        return Fact(text, number(raw.get("duration", 0)), "gavel")
    if "percent" in raw:
        return Fact(text, f"{number(raw['percent'])} %", "chevrons-up")
    return Fact(text, number(raw["value"]), "circle-dot") if "value" in raw else Fact(text)


# --- Whose values --------------------------------------------------------------------------------
def _key(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Two facts with one key speak of the same thing."""
    kind = {"Radius": "Distance", "Duration": "Time"}.get(str(raw.get("type")), str(raw.get("type")))
    if kind == "Damage":
        return kind, ""
    return kind, str(raw.get("status") or raw.get("target") or raw.get("text") or "")


def _value(raw: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(
        raw.get(name) for name in ("duration", "value", "dmg_multiplier", "percent", "distance", "apply_count")
    )


def _without(raws: list[dict[str, Any]], others: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """raws less those that stand in `others` with the same value, where something else of the kind remains."""
    theirs = {(_key(raw), _value(raw)) for raw in others}
    left = Counter(_key(raw) for raw in raws)
    kept = []
    for raw in raws:
        if left[_key(raw)] > 1 and (_key(raw), _value(raw)) in theirs:
            left[_key(raw)] -= 1
        else:
            kept.append(raw)
    return kept


def _ambiguous(raws: Iterable[Mapping[str, Any]]) -> bool:
    values: dict[tuple[str, str], set[tuple[Any, ...]]] = {}
    for raw in raws:
        values.setdefault(_key(raw), set()).add(_value(raw))
    return any(len(found) > 1 for (kind, _), found in values.items() if kind in {"Buff", "Damage", "AttributeAdjust"})


def _overridden(raws: list[dict[str, Any]], seconds: Mapping[str, float | str]) -> list[dict[str, Any]]:
    """One fact for each status, with its seconds in WvW; a status that does not exist there is left out."""
    kept, seen = [], set()
    for raw in raws:
        status = str(raw.get("status"))
        if status not in seconds:
            kept.append(raw)
        elif status not in seen and isinstance(seconds[status], int | float):
            kept.append({**raw, "duration": seconds[status]})
        seen.add(status)
    return kept


# The values of modes come from another source: it has its own words for some conditions, and notes a percentage or
# a count in the place of a duration.
_ALIASES = {"cripple": "Crippled", "chill": "Chilled", "poison": "Poisoned", "blind": "Blinded",
            "immobilize": "Immobile", "immobilized": "Immobile"}  # fmt: skip
_KNOWN = {name.casefold(): name for name in EFFECTS} | _ALIASES
_FIELDS = {"Percent": "percent", "Distance": "distance", "Time": "duration"}
_PERCENT = re.compile(r"increase|reduce|decrease|chance|threshold|percent|effectiveness|life ?force", re.IGNORECASE)
_TIME = re.compile(r"interval|recharge|daze|stun|knockdown|float", re.IGNORECASE)
_COUNT = re.compile(
    r"target|count|number|bounce|pulse|gain|cost|removed|converted|transferred|initiative|stacks|stocked|granted|loss",
    re.IGNORECASE,
)


def _split_fact(raw: dict[str, Any], own: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """raw: of a split; own: the entity's facts, whose word for the same thing says what kind of number it is."""
    status = raw.get("status")
    if raw.get("type") != "Buff" or not status:
        return raw
    plain, _, effect = status.partition(" (")
    if known := _KNOWN.get(plain.casefold()):
        return {**raw, "status": known}
    value = raw.get("duration") or 0
    for fact in own:
        if str(fact.get("status", "")).casefold() == plain.casefold():
            return {**raw, "status": fact["status"]}
        if str(fact.get("text", "")).casefold() == plain.casefold() and fact.get("type") != "Buff":
            kind = "Percent" if "percent" in fact else str(fact.get("type"))
            return {"type": kind, "text": fact["text"], _FIELDS.get(kind, "value"): value}
    if effect:
        return {**raw, "status": plain}
    for pattern, kind in ((_COUNT, "Number"), (_TIME, "Time"), (_PERCENT, "Percent")):
        if pattern.search(plain):
            return {"type": kind, "text": plain, _FIELDS.get(kind, "value"): value}
    return {"type": "NoData", "text": plain}


def _choose(entity: Trait | Skill, balance: str) -> tuple[list[dict[str, Any]], str, bool]:
    name = BALANCE_NAMES[balance]
    split = entity.splits.get(balance)
    if split is not None:
        facts = [_split_fact(raw, entity.facts) for raw in split["facts"]]
        if split.get("complete"):
            return facts, f"Values of {name}", False
        covered = {_key(raw) for raw in facts}
        rest = [raw for raw in entity.facts if _key(raw) not in covered]
        return facts + rest, f"Values of {name} as far as they are known", _ambiguous(rest)
    if balance == "wvw" and entity.wvw_overrides:
        return _overridden(entity.facts, entity.wvw_overrides), "Durations of WvW", False
    if balance == "pve" and "wvw" in entity.splits:
        theirs = [_split_fact(raw, entity.facts) for raw in entity.splits["wvw"]["facts"]]
        facts = _without(entity.facts, theirs)
        return facts, "Values of PvE", _ambiguous(facts)
    return entity.facts, "", _ambiguous(entity.facts) or (balance == "pvp" and "wvw" in entity.splits)


def fact_sheet(
    kind: str, entity: Trait | Skill, balance: str, catalogue: Catalogue, traits: Collection[int] = ()
) -> FactSheet:
    """kind: trait or skill; balance: pve, wvw or pvp; traits: ids of those that the build has, whose additions to
    the entity are listed last with the trait's name."""
    raws, note, unsure = _choose(entity, balance)
    facts = [fact for raw in raws if (fact := read_fact(raw))]
    for raw in entity.traited_facts:
        trait = catalogue.traits.get(raw.get("requires_trait", 0))
        if trait is not None and trait.id in traits and (fact := read_fact(raw)):
            facts.append(Fact(f"{fact.text}, by {trait.name}", fact.value, fact.icon))
    if unsure:
        note = "The game's data does not say which of these values hold in which mode"
    if f"{kind}:{entity.id}" in catalogue.unverified:
        note, unsure = "The game has changed this since the values of modes were gathered", True
    return FactSheet(tuple(dict.fromkeys(facts)), note if facts else "No values are known", unsure)


# --- Items ---------------------------------------------------------------------------------------
def _bonus(raw: Mapping[str, Any]) -> Fact | None:
    if raw.get("kind") != "stat" or not raw.get("value"):
        return None
    label = str(raw.get("label") or attribute_name(str(raw.get("attribute", "")))).capitalize()
    return Fact(label, f"+{number(raw['value'])}{' %' if raw.get('percent') else ''}", "chevrons-up")


def _relic_fact(raw: Mapping[str, Any]) -> Fact | None:
    label = str(raw.get("label", "")).capitalize()
    values = raw.get("values") or []
    if not label or label == "Effect" or not values:
        return None
    first = values[0]
    if isinstance(first, Mapping):
        return Fact(label, f"{number(first['percent'])} %", "chevrons-up") if "percent" in first else None
    timed = label in EFFECTS or label.casefold() in {"duration", "interval", "stun"}
    value = f"{number(first)} s" if timed and isinstance(first, int | float) else number(first)
    return Fact(label, value, EFFECTS.get(label, ("circle-dot", ""))[0])


def _sigil_facts(detail: Mapping[str, Any]) -> list[Fact]:
    facts = []
    if trigger := TRIGGERS.get(str(detail.get("trigger"))):
        facts.append(Fact(trigger, icon="target"))
    for buff in detail.get("buffs", ()):
        facts += [fact] if (fact := _buff({**buff, "apply_count": buff.get("stacks", 1)})) else []
    if stacking := detail.get("stacking"):
        name = attribute_name(str(stacking.get("attribute")))
        each, most = number(stacking.get("per_stack", 0)), number(stacking.get("max_stacks", 0))
        facts.append(Fact(f"{name} for each of up to {most} stacks", f"+{each}", "chevrons-up"))
    for name, text in (("remove_conditions", "Conditions removed"), ("remove_boons", "Boons removed")):
        if detail.get(name):
            facts.append(Fact(text, number(detail[name]), "sparkles"))
    if detail.get("cooldown"):
        facts.append(Fact("Recharge", f"{number(detail['cooldown'])} s", "clock"))
    return facts


def item_sheet(item: Upgrade | Consumable) -> FactSheet:
    """A rune's bonuses in the order of its pieces, what a sigil or relic does, what food gives."""
    detail = item.details
    facts = [fact for raw in item.bonuses if (fact := _bonus(raw))]
    facts += [fact for raw in item.facts if (fact := _relic_fact(raw))]
    facts += _sigil_facts(detail) if item.kind == "sigil" else []
    if item.kind in {"infusion", "enrichment"}:
        facts += [
            Fact(attribute_name(str(raw["attribute"])), f"+{number(raw['value'])}", "chevrons-up")
            for raw in getattr(item, "attributes", ())
        ]
    if detail.get("recharge"):
        facts.append(Fact("Recharge", f"{number(detail['recharge'])} s", "clock"))
    return FactSheet(tuple(dict.fromkeys(facts)), "" if facts else "No values are known")
