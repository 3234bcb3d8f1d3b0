"""From the facts of a skill or trait to what it gives and does in one mode."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from builds.engine.effects import control
from builds.engine.effects.model import (
    ALLIES,
    TO_UNKNOWN,
    Boon,
    Condition,
    Control,
    Count,
    EntityEffects,
    Finisher,
    Heal,
    Lasting,
    Unknown,
    plain,
)
from builds.engine.effects.silent import with_the_unsaid
from builds.gamedata.fact_shapes import AURAS, BOONS, CONDITIONS, Raw, key_of
from builds.gamedata.facts_by_mode import (
    ONLY_WVW,
    FactsOfMode,
    ModeFact,
    OpenFacts,
    facts_in,
    facts_of_split,
    traits_that_matter,
)
from builds.gamedata.model import BALANCE_OF_MODE, Skill, Trait

NO_FACTS = "the data holds no facts of it"
NO_DURATION = "removed, prevented or needed: the data does not say which"
NO_AMOUNT = "the data does not say how much"
SHARE_OR_POINTS = "the number may be points or a share of something"

_OTHERS = frozenset({"Distortion", "Blur", "Revealed", "Unblockable"})
_LASTING = frozenset((*AURAS, *_OTHERS, "Superspeed", "Stealth"))
_ALLIED_TARGETS = frozenset({"number of allied targets", "maximum number of allied targets", "allied targets"})
_TARGETS = frozenset({"number of targets", "maximum targets", "number of enemy targets", "targets per field"})
_INTERVALS = frozenset({"interval", "boon application interval", "boon interval", "boon gain interval", "pulse"})
_EVADES = frozenset({"evade", "evasion duration while swinging", "counterattack evasion"})
_BLOCKS = frozenset({"block duration", "blocking duration"})
_REFLECTS = frozenset({"reflects missiles", "reflection duration", "reflective shield duration"})
# In this order: "boons converted to conditions" speaks of both.
_COUNTED: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (effect, re.compile(pattern))
    for effect, pattern in (
        ("boons_corrupted", r"\bboons converted"),
        ("conditions_converted", r"\bconditions (converted|to boons)"),
        ("conditions_transferred", r"\bconditions (transferred|sent)"),
        ("boons_stolen", r"\bboons (stolen|transferred)"),
        ("boons_removed", r"\bboons removed"),
        ("conditions_removed", r"\bconditions? (removed|removal)"),
    )
)
# The fact's words where it means every application, not a part of it.
_PLAIN = frozenset({
    "boons converted to conditions", "boons converted", "conditions converted to boons", "conditions transferred",
    "boons stolen", "boons removed", "conditions removed",
})  # fmt: skip


def counted_as(text: str) -> str | None:
    """The name of what a number counts, None for other numbers."""
    folded = text.casefold()
    if folded.startswith("heal") or "per boon" in folded:
        return None
    return next((effect for effect, pattern in _COUNTED if pattern.search(folded)), None)


# --- What a fact is about ------------------------------------------------------------------------
def _effect_of(raw: Raw) -> str | None:
    """What a fact adds to the result, in words for a list of unknowns; None for what the result has no place for."""
    kind, name = key_of(raw)
    if control.read_control(raw):
        return "Control"
    if kind == "Buff":
        return name if name in BOONS or name in CONDITIONS or name in _LASTING else None
    if kind == "Mention":
        return f"{name}, named without a duration" if name in BOONS or name in CONDITIONS else None
    if kind == "Heal":
        return str(raw.get("text") or name.capitalize())
    if kind in {"ComboField", "ComboFinisher"}:
        return "Combo field" if kind == "ComboField" else f"Combo finisher {name}"
    if kind in {"StunBreak", "Unblockable", "Recharge"}:
        return {"StunBreak": "Stun break"}.get(kind, kind)
    if kind == "Number":
        if counted_as(name) or name in {"maximum count", "pulses"}:
            return name.capitalize()
        return "Targets" if name in _ALLIED_TARGETS | _TARGETS else None
    if kind == "Time" and name in _EVADES | _BLOCKS | _INTERVALS | {"count recharge", "duration"}:
        return name.capitalize()
    if kind == "Distance" and name == "radius":
        return "Radius"
    return None


def _in_words(raw: Raw) -> str:
    """The size of a candidate, as a player reads it."""
    kind, _ = key_of(raw)
    if found := control.read_control(raw):
        return str(found)
    if kind == "Buff":
        stacks = raw.get("apply_count") or 1
        return f"{plain(raw['duration'])} s" + (f" ×{plain(stacks)}" if stacks > 1 else "")
    for name in ("value", "duration", "distance", "percent", "field_type"):
        if raw.get(name) not in (None, True):
            amount = raw[name]
            words = str(plain(amount)) if isinstance(amount, int | float) else str(amount)
            return f"{words} s" if name == "duration" else words
    return "yes"


def _when(raw: Raw) -> str:
    return str((raw.get("prefix") or {}).get("status") or "")


def _unknown(entry: OpenFacts) -> Unknown | None:
    first = entry.candidates[0] if entry.candidates else None
    effect = _effect_of(first) if first is not None else None
    if first is None or effect is None:
        return None
    if when := _when(first):
        effect = f"{effect}, {when}"
    return Unknown(effect, entry.reason, tuple(dict.fromkeys(map(_in_words, entry.candidates))), entry.trait)


# --- Each part of the result ---------------------------------------------------------------------
class _Facts:
    """The facts of one mode, by key."""

    def __init__(self, found: FactsOfMode) -> None:
        self.facts = found.facts
        self.keyed: dict[tuple[str, str], list[ModeFact]] = {}
        for fact in found.facts:
            self.keyed.setdefault(key_of(fact.raw), []).append(fact)

    def of_kind(self, kind: str) -> Iterable[tuple[str, ModeFact]]:
        return ((name, fact) for (k, name), facts in self.keyed.items() if k == kind for fact in facts)

    def largest(self, kind: str, names: Iterable[str], field: str) -> float | None:
        """Parts of a skill may differ; the greatest says what it reaches."""
        values = [fact.raw.get(field) for name in names for fact in self.keyed.get((kind, name), ())]
        return max((value for value in values if isinstance(value, int | float)), default=None)

    def has(self, kind: str, name: str = "") -> bool:
        return (kind, name) in self.keyed


def _boons(facts: _Facts, to: str) -> tuple[Boon, ...]:
    return tuple(_applied(Boon, fact, to) for fact in facts.facts if key_of(fact.raw)[1] in BOONS and _timed(fact))


def _conditions(facts: _Facts) -> tuple[Condition, ...]:
    return tuple(
        _applied(Condition, fact, "") for fact in facts.facts if key_of(fact.raw)[1] in CONDITIONS and _timed(fact)
    )


def _timed(fact: ModeFact) -> bool:
    return key_of(fact.raw)[0] == "Buff"


def _applied[T: (Boon, Condition)](shape: Callable[..., T], fact: ModeFact, to: str) -> T:
    raw = fact.raw
    stacks = int(raw.get("apply_count") or 1)
    return shape(key_of(raw)[1], float(raw["duration"]), stacks, to, _when(raw), fact.trait, fact.source)


def _targets(facts: _Facts) -> tuple[int | None, str]:
    """The number of targets with whom they are. A bare number means allies where nothing is done to foes."""
    allied = facts.largest("Number", _ALLIED_TARGETS, "value")
    if allied is not None:
        return int(allied), ALLIES
    number = facts.largest("Number", _TARGETS, "value")
    if number is None:
        return None, TO_UNKNOWN
    return int(number), TO_UNKNOWN if _does_harm(facts) else ALLIES


def _does_harm(facts: _Facts) -> bool:
    harmful = {"boons_removed", "boons_corrupted", "boons_stolen"}
    return any(
        kind == "Damage"
        or (kind == "Buff" and name in CONDITIONS)
        or (kind == "Number" and counted_as(name) in harmful)
        or any(control.read_control(fact.raw) for fact in found)
        for (kind, name), found in facts.keyed.items()
    )


def _counts(facts: _Facts) -> tuple[Count, ...]:
    found = [
        Count(effect, float(fact.raw["value"]), str(fact.raw.get("text")))
        for name, fact in facts.of_kind("Number")
        if (effect := counted_as(name)) and isinstance(fact.raw.get("value"), int | float)
    ]
    # With a prefix the same words stand as a buff's name, the number as its stacks.
    found += [
        Count(effect, float(fact.raw.get("apply_count") or 1), f"{name}, {_when(fact.raw)}".removesuffix(", "))
        for kind in ("Buff", "Mention")
        for name, fact in facts.of_kind(kind)
        if (effect := counted_as(name))
    ]
    return tuple(found)


def _main_counts(counts: Iterable[Count]) -> dict[str, Any]:
    """Effect to its number: of the plainly named fact, else of the greatest part."""
    best: dict[str, tuple[bool, float]] = {}
    for count in counts:
        rank = (count.label.casefold() in _PLAIN, count.count)
        best[count.effect] = max(best.get(count.effect, rank), rank)
    return {effect: number for effect, (_, number) in best.items()}


def _heals(facts: _Facts, part: str) -> tuple[tuple[Heal, ...], list[Unknown]]:
    heals, unknown = [], []
    for fact in facts.keyed.get(("Heal", part), ()):
        label, amount = str(fact.raw.get("text") or part.capitalize()), fact.raw.get("value")
        coefficient = fact.raw.get("coefficient")
        if not isinstance(amount, int | float):
            unknown.append(Unknown(label, NO_AMOUNT, trait=fact.trait))
        elif fact.index is None and fact.source == "mode_splits" and amount <= 100 and coefficient is None:
            unknown.append(Unknown(label, SHARE_OR_POINTS, (str(plain(amount)),), fact.trait))
        else:
            heals.append(Heal(label, float(amount), coefficient))
    return tuple(heals), unknown


def _lasting(facts: _Facts, names: Iterable[str]) -> tuple[Lasting, ...]:
    return tuple(
        Lasting(name, float(fact.raw["duration"]), int(fact.raw.get("apply_count") or 1), _when(fact.raw))
        for name in names
        for fact in facts.keyed.get(("Buff", name), ())
    )


def _mentions(facts: _Facts) -> list[Unknown]:
    return [
        Unknown(effect, NO_DURATION, trait=fact.trait)
        for _, fact in facts.of_kind("Mention")
        if (effect := _effect_of(fact.raw))
    ]


# --- Control, of which the API and the mode's list each know a half ------------------------------
def _control(
    entity: Skill | Trait, balance: str, facts: _Facts, undecided: Sequence[OpenFacts]
) -> tuple[tuple[Control, ...], float, list[Unknown]]:
    """Parts, points and what is open. The API names the effects in whole seconds; the list of WvW names the points."""
    known = [found for fact in facts.facts if (found := control.read_control(fact.raw))]
    choices = [tuple(found for raw in entry.candidates if (found := control.read_control(raw))) for entry in undecided]
    choices = [found for found in choices if found]
    told = control.told_for_wvw(facts_of_split(entity, "wvw"))
    in_wvw = _control_in_wvw(known, choices, told)
    in_pve = _control_in_pve(known, choices, told)
    told_of = {"pve": in_pve, "wvw": in_wvw, "pvp": in_pve if in_pve == in_wvw else None}
    if (answer := told_of[balance]) is not None:
        return answer
    parts = [*known, *(part for choice in choices for part in choice)]
    candidates = [str(part) for part in parts] or [f"{plain(points)} in WvW" for points in told]
    return (), 0, [Unknown("Control", ONLY_WVW if not parts else "the data does not say which holds", (*candidates,))]


_Found = tuple[tuple[Control, ...], float, list[Unknown]]


def _control_in_wvw(known: list[Control], choices: list[tuple[Control, ...]], told: list[float]) -> _Found | None:
    parts = list(known)
    if len(choices) == 1 and len(told) == 1:
        fitting = [part for part in choices[0] if control.total([*known, part]) == told[0]]
        if len(fitting) != 1:
            return None
        parts.append(fitting[0])
    elif choices:
        return None
    if not told or control.total(parts) == sum(told):
        return tuple(parts), control.total(parts), []
    always = [part for part in parts if not part.when]
    if len(parts) == 1 and parts[0].seconds is not None and len(told) == 1:
        return (control.lasting(parts[0], told[0]),), told[0], []
    if not parts:
        return (Control("Unnamed", None, None, round(max(told))),), max(told), []
    # Several lists of points are those of parts that exclude each other.
    return tuple(parts), sum(told) if len(always) >= len(told) > 1 else max(told), []


def _control_in_pve(known: list[Control], choices: list[tuple[Control, ...]], told: list[float]) -> _Found | None:
    parts = list(known)
    for choice in choices:
        left = [part for part in choice if len(told) != 1 or control.total([*known, part]) != told[0]]
        if len(choice) != 2 or len(left) != 1:
            return None
        parts += left
    if not parts:
        return None if told else ((), 0, [])
    single = parts[0].seconds if len(parts) == 1 and not choices and len(told) == 1 else None
    if single is not None and control.in_whole_seconds(told[0], single):
        return (control.lasting(parts[0], told[0]),), told[0], []
    return tuple(parts), control.total(parts), []


# --- The whole -----------------------------------------------------------------------------------
class EntityKey:
    """A skill or trait as a key: two snapshots that say the same of it share one reading."""

    __slots__ = ("entity", "key")

    def __init__(self, entity: Skill | Trait) -> None:
        self.entity = entity
        self.key = (type(entity), entity.id, entity.name, entity.detail, getattr(entity, "recharge", None))

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, EntityKey) and self.key == other.key


def facts_of(entity: Skill | Trait, mode: str, traits: frozenset[int] = frozenset()) -> EntityEffects:
    """mode: of gamedata.model.MODES. traits: ids of those that the build has."""
    return _read(EntityKey(entity), BALANCE_OF_MODE[mode], traits_that_matter(entity, traits))


@lru_cache(maxsize=8192)
def _read(key: EntityKey, balance: str, traits: frozenset[int]) -> EntityEffects:
    entity = key.entity
    found = facts_in(entity, balance, traits)
    facts = _Facts(found)
    targets, targets_of = _targets(facts)
    counts = _counts(facts)
    open_control = [entry for entry in found.undecided if any(map(control.read_control, entry.candidates))]
    parts, defiance, unknown = _control(entity, balance, facts, open_control)
    healing, no_healing = _heals(facts, "healing")
    barrier, no_barrier = _heals(facts, "barrier")
    siphon, no_siphon = _heals(facts, "siphon")
    conditions = _conditions(facts)
    unknown += [u for entry in found.undecided if entry not in open_control and (u := _unknown(entry))]
    unknown += [*no_healing, *no_barrier, *no_siphon, *_mentions(facts)]
    if not entity.facts and not entity.splits and not found.facts:
        unknown.append(Unknown("everything", NO_FACTS))
    radius = _whole(facts.largest("Distance", ["radius"], "distance") or _any_radius(facts))
    times = _times(entity, facts, {entry.effect for entry in unknown})
    told = {"Targets": targets, "Radius": radius, "Interval": times["interval"], "Pulses": times["pulses"]}
    unknown = [entry for entry in unknown if told.get(entry.effect) is None]
    fields = tuple(dict.fromkeys(str(fact.raw["field_type"]) for _, fact in facts.of_kind("ComboField")))
    read = EntityEffects(
        kind="skill" if isinstance(entity, Skill) else "trait",
        id=entity.id,
        name=entity.name,
        mode=balance,
        boons=_boons(facts, targets_of),
        conditions=conditions,
        targets=targets,
        targets_of=targets_of,
        radius=radius,
        counts=counts,
        cc=parts,
        defiance=defiance,
        soft_defiance=round(sum(control.soft_defiance(c.name, c.seconds) for c in conditions), 2),
        field=fields[0] if fields else None,
        fields=fields,
        finishers=_finishers(facts),
        healing=healing,
        barrier=barrier,
        life_siphon=siphon,
        auras=_lasting(facts, AURAS),
        others=_lasting(facts, sorted(_OTHERS)),
        superspeed=facts.largest("Buff", ["Superspeed"], "duration"),
        stealth=facts.largest("Buff", ["Stealth"], "duration"),
        stun_break=facts.has("StunBreak"),
        unblockable=facts.has("Unblockable"),
        evade=facts.largest("Time", _EVADES, "duration"),
        block=facts.largest("Time", _BLOCKS, "duration"),
        blocks_missiles=facts.has("NoData", "blocks missiles"),
        reflects_missiles=any(facts.has(kind, name) for kind in ("NoData", "Time") for name in _REFLECTS),
        unknown=tuple(dict.fromkeys(unknown)),
        **times,
        **_main_counts(counts),
    )
    open_ = [raw for entry in found.undecided for raw in entry.candidates]
    return with_the_unsaid(read, entity, [*(fact.raw for fact in facts.facts), *open_])


def _whole(value: float | None) -> int | None:
    return int(value) if value is not None else None


def _any_radius(facts: _Facts) -> float | None:
    """Of the parts ("Effective Radius", "Symbol Radius"), where none is called just radius."""
    return facts.largest("Distance", [name for name, _ in facts.of_kind("Distance") if "radius" in name], "distance")


def _finishers(facts: _Facts) -> tuple[Finisher, ...]:
    return tuple(Finisher(name, int(fact.raw.get("percent") or 100)) for name, fact in facts.of_kind("ComboFinisher"))


def _times(entity: Skill | Trait, facts: _Facts, unknown: set[str]) -> dict[str, Any]:
    """The snapshot's own fields stand in where no fact names a recharge or charges, and none is left open."""
    kept: Mapping[str, Any] = entity.details
    recharge = facts.largest("Recharge", [""], "value")
    ammo = facts.largest("Number", ["maximum count"], "value")
    count_recharge = facts.largest("Time", ["count recharge"], "duration")
    if recharge is None and "Recharge" not in unknown:
        recharge = getattr(entity, "recharge", None)
    if ammo is None and "Maximum count" not in unknown:
        ammo = kept.get("ammo")
    if count_recharge is None and "Count recharge" not in unknown:
        count_recharge = kept.get("ammo_recharge")
    return {
        "recharge": recharge,
        "ammo": _whole(ammo),
        "count_recharge": count_recharge,
        "pulses": _whole(facts.largest("Number", ["pulses"], "value")),
        "interval": facts.largest("Time", _INTERVALS, "duration"),
        "duration": facts.largest("Time", ["duration"], "duration"),
    }
