"""Facts in the shapes of the official API, whichever source they come from, and what makes two of them speak of the
same thing."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

BOONS = (
    "Aegis", "Alacrity", "Fury", "Might", "Protection", "Quickness", "Regeneration", "Resistance", "Resolution",
    "Stability", "Swiftness", "Vigor",
)  # fmt: skip
CONDITIONS = (
    "Bleeding", "Blinded", "Burning", "Chilled", "Confusion", "Crippled", "Fear", "Immobile", "Poisoned", "Slow",
    "Taunt", "Torment", "Vulnerability", "Weakness",
)  # fmt: skip
AURAS = ("Chaos Aura", "Dark Aura", "Fire Aura", "Frost Aura", "Light Aura", "Magnetic Aura", "Shocking Aura")
OTHER_EFFECTS = ("Superspeed", "Stealth", "Revealed", "Distortion", "Blur", "Daze", "Stun", "Unblockable")

Raw = Mapping[str, Any]
Key = tuple[str, str]

# The values of modes come from a wiki, whose words for some effects are not the API's.
_WIKI_STATUS = {
    "cripple": "Crippled", "chill": "Chilled", "poison": "Poisoned", "blind": "Blinded", "blindness": "Blinded",
    "immobilize": "Immobile", "immobilized": "Immobile", "daze alt": "Daze",
} | {name.casefold(): name for name in (*BOONS, *CONDITIONS, *AURAS, *OTHER_EFFECTS)}  # fmt: skip
# There the number of everything that is no damage stands as a buff's duration; this is what it counts.
_WIKI_NUMBERS: Mapping[str, tuple[str, str, str]] = {
    "allied targets": ("Number", "Number of Allied Targets", "value"),
    "number of allied targets": ("Number", "Number of Allied Targets", "value"),
    "number of targets": ("Number", "Number of Targets", "value"),
    "barrier": ("AttributeAdjust", "Barrier", "value"),
    "life siphon healing": ("AttributeAdjust", "Life Siphon Healing", "value"),
    "count recharge": ("Time", "Count Recharge", "duration"),
    "interval": ("Time", "Interval", "duration"),
    "pulse alt": ("Time", "Pulse", "duration"),
    "evade": ("Time", "Evade", "duration"),
    "push": ("Distance", "Knockback", "distance"),
    "defiance": ("Number", "Defiance break", "value"),
}
_FIELDS = {"Percent": "percent", "Distance": "distance", "Radius": "distance", "Time": "duration"}
_PERCENT = re.compile(r"increase|reduce|decrease|chance|threshold|percent|effectiveness|life ?force", re.IGNORECASE)
_TIME = re.compile(r"interval|recharge|daze|stun|knockdown|float", re.IGNORECASE)
_COUNT = re.compile(
    r"target|count|number|bounce|pulse|gain|cost|removed|converted|transferred|stolen|initiative|stacks|stocked|"
    r"granted|loss|defiance",
    re.IGNORECASE,
)
# One thing under several names in the API itself; the second is a stun that is called by its look, the third the
# recharge of a mantra's charges.
_SAME_TEXT = {
    "boons converted": "boons converted to conditions", "jade duration": "stun", "charge recovery": "count recharge",
}  # fmt: skip
_KINDS = {"Radius": "Distance", "Duration": "Time", "PrefixedBuff": "Buff", "HealingAdjust": "AttributeAdjust"}


def api_shape(raw: Raw, own: Iterable[Raw] = ()) -> Raw:
    """raw: a fact of a split. own: the API's facts of the same thing, whose word says what kind of number it is."""
    status = raw.get("status")
    if raw.get("type") != "Buff" or not status:
        return raw
    plain, _, effect = str(status).partition(" (")
    if known := _WIKI_STATUS.get(plain.casefold()):
        return {**raw, "status": known}
    value = raw.get("duration") or 0
    if numbers := _WIKI_NUMBERS.get(plain.casefold()):
        kind, text, field = numbers
        return {"type": kind, "text": text, field: value} | ({"target": "Healing"} if kind == "AttributeAdjust" else {})
    for fact in own:
        if str(fact.get("status", "")).casefold() == plain.casefold():
            return {**raw, "status": fact["status"]}
        if str(fact.get("text", "")).casefold() == plain.casefold() and fact.get("type") != "Buff":
            kind = "Percent" if "percent" in fact else str(fact.get("type"))
            kind = _KINDS.get(kind, kind)
            return {"type": kind, "text": fact["text"], _FIELDS.get(kind, "value"): value}
    if effect:
        return {**raw, "status": plain}
    for pattern, kind in ((_COUNT, "Number"), (_TIME, "Time"), (_PERCENT, "Percent")):
        if pattern.search(plain):
            return {"type": kind, "text": plain, _FIELDS.get(kind, "value"): value}
    return {"type": "NoData", "text": plain}


def key_of(raw: Raw) -> Key:
    """Two facts with one key speak of the same thing, in whichever source they stand."""
    kind = _KINDS.get(str(raw.get("type")), str(raw.get("type")))
    text = str(raw.get("text") or "").casefold()
    text = _SAME_TEXT.get(text, text)
    if kind == "Buff":
        # Without a duration it names what is removed or watched for.
        return (kind if raw.get("duration") else "Mention"), str(raw.get("status") or raw.get("text") or "")
    if kind == "AttributeAdjust":
        if raw.get("target") not in {"Healing", None} or "text" not in raw or text.startswith("healing power"):
            return kind, f"{raw.get('target')}{text}"
        return "Heal", next((part for part in ("barrier", "siphon") if part in text), "healing")
    if kind in {"StunBreak", "Unblockable", "ComboField", "ComboFinisher", "Recharge", "Range"}:
        return kind, str(raw.get("finisher_type", "")) if kind == "ComboFinisher" else ""
    if kind == "NoData" and text in {"breaks stun", "unblockable"}:
        return {"breaks stun": "StunBreak", "unblockable": "Unblockable"}[text], ""
    if kind == "Damage":
        return kind, ""
    return kind, text


def label_of(raw: Raw) -> str:
    """What tells facts of one key apart beside their value: what has to be so, or the name of a part."""
    prefix = raw.get("prefix") or {}
    if prefix.get("status"):
        return str(prefix["status"])
    return str(raw.get("text") or "") if raw.get("type") in {"AttributeAdjust", "Damage", "HealingAdjust"} else ""


def value_of(raw: Raw) -> tuple[Any, ...]:
    stacks = raw.get("apply_count") or 1
    names = ("duration", "value", "dmg_multiplier", "hit_count", "percent", "distance", "field_type")
    if raw.get("type") in {"AttributeAdjust", "HealingAdjust"}:
        return (raw.get("value"),)
    if raw.get("type") in {"Buff", "PrefixedBuff"}:
        return (raw.get("duration") or 0, stacks)
    if key_of(raw)[0] in {"StunBreak", "Unblockable"}:
        return ()
    return tuple(raw.get(name) for name in names)
