"""Facts of the game's data as lines that a player reads.

The official API gives one list of facts for all modes, unlabelled where they differ; the snapshot tells them apart
where that is known. What is shown says which of the two it is."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from builds.gamedata.catalogue import Catalogue
from builds.gamedata.fact_shapes import Raw
from builds.gamedata.facts_by_mode import ONLY_WVW, facts_in
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
def _choose(entity: Trait | Skill, balance: str) -> tuple[list[Raw], str, bool]:
    """The facts of a mode with, in their place, all the values among which nothing decides; what the data gives for
    another mode only is left out."""
    found = facts_in(entity, balance)
    unsure = [raw for entry in found.undecided if entry.reason != ONLY_WVW for raw in entry.candidates]
    place = {id(raw): at for at, raw in enumerate(entity.facts)}
    raws = [(place.get(id(fact.raw), fact.index), fact.raw) for fact in found.facts]
    raws += [(place.get(id(raw)), raw) for raw in unsure]
    raws.sort(key=lambda entry: len(place) if entry[0] is None else entry[0])
    told = entity.splits or entity.wvw_overrides
    return [raw for _, raw in raws], f"Values of {BALANCE_NAMES[balance]}" if told else "", bool(unsure)


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
