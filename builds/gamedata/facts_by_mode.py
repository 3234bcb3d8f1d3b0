"""Which facts of a skill or trait hold in which mode.

The official API gives one list of facts with the values of PvE and of competitive play side by side, unlabelled. Two
further sources of the snapshot tell them apart: `splits` (whole lists of a mode) and `wvw_overrides` (one duration in
WvW, or that an effect is left out there). What those leave open is said to be open: it is never guessed from the
order of the list, which is right for seven of eight pairs and so wrong too often."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import orjson

from builds.gamedata.fact_shapes import (
    AURAS,
    BOONS,
    CONDITIONS,
    OTHER_EFFECTS,
    Key,
    Raw,
    api_shape,
    key_of,
    label_of,
    value_of,
)
from builds.gamedata.model import Skill, Trait


@dataclass(frozen=True, slots=True)
class ModeFact:
    """raw: in the API's shapes. index: of the API's own list, None for one of another source.
    source: "api", "mode_splits", "wvw_overrides" or "trait". trait: id of the one that it needs."""

    raw: Raw
    index: int | None
    source: str
    trait: int | None = None


@dataclass(frozen=True, slots=True)
class OpenFacts:
    """Facts of one thing of which the data does not say which holds."""

    candidates: tuple[Raw, ...]
    reason: str
    trait: int | None = None


@dataclass(frozen=True, slots=True)
class FactsOfMode:
    facts: tuple[ModeFact, ...]
    undecided: tuple[OpenFacts, ...]


SEVERAL = "the data holds several values and does not say which is of this mode"
ONLY_WVW = "the data gives it for WvW only"
NOT_PVP = "it differs between PvE and WvW, and the data does not say which holds in PvP"
CONFLICT = "two sources disagree about WvW"
WITH_TRAIT = "the trait's value is given for another mode only"


# --- Which hold ----------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Verdict:
    """Of one key: the facts that hold, or, by label, the candidates among which nothing decides."""

    facts: tuple[ModeFact, ...]
    undecided: tuple[OpenFacts, ...] = ()


def _distinct(facts: Iterable[ModeFact]) -> list[ModeFact]:
    """The same value twice is the one effect listed for two modes."""
    found: dict[tuple[object, ...], ModeFact] = {}
    for fact in facts:
        found.setdefault((label_of(fact.raw), value_of(fact.raw)), fact)
    return list(found.values())


def _by_label(facts: Iterable[ModeFact]) -> dict[str, list[ModeFact]]:
    found: dict[str, list[ModeFact]] = {}
    for fact in facts:
        found.setdefault(label_of(fact.raw), []).append(fact)
    return found


def _open(facts: Iterable[ModeFact], reason: str) -> OpenFacts:
    return OpenFacts(tuple(fact.raw for fact in facts), reason)


def _one_of_each(own: Sequence[ModeFact]) -> _Verdict:
    """Nothing is said about modes: a value that stands alone holds in all of them."""
    facts, undecided = [], []
    for alike in _by_label(own).values():
        if len(alike) == 1:
            facts.append(alike[0])
        else:
            undecided.append(_open(alike, SEVERAL))
    return _Verdict(tuple(facts), tuple(undecided))


def _rounded(fine: float, whole: float) -> bool:
    """The API rounds durations to whole seconds, half up."""
    return fine != whole and math.floor(fine + 0.5) == whole


def _pairs(own: Sequence[ModeFact], wvw: Sequence[Raw]) -> list[tuple[Raw, ModeFact | None]]:
    """Each fact of WvW beside the API's own that says it: of the same value, else its rounding, else by place where
    as many are left on either side."""
    free = list(own)
    found: dict[int, ModeFact] = {}
    for exact in (True, False):
        for place, raw in enumerate(wvw):
            if place in found or not (exact or len(own) > len(wvw)):
                continue
            match = next((f for f in free if (_same if exact else _rounds_to)(raw, f.raw)), None)
            if match is not None:
                found[place] = match
                free.remove(match)
    rest = [place for place in range(len(wvw)) if place not in found]
    if len(rest) == len(free):
        found |= dict(zip(rest, free, strict=True))
    return [(raw, found.get(place)) for place, raw in enumerate(wvw)]


def _same(raw: Raw, other: Raw) -> bool:
    return value_of(raw) == value_of(other)


def _rounds_to(raw: Raw, other: Raw) -> bool:
    if key_of(raw)[0] not in {"Buff", "Time"}:
        return False
    alike = (raw.get("apply_count") or 1) == (other.get("apply_count") or 1)
    return alike and _rounded(raw.get("duration") or 0, other.get("duration") or 0)


def _in_pve(own: Sequence[ModeFact], pairs: Sequence[tuple[Raw, ModeFact | None]]) -> _Verdict:
    """own: the API's facts of one key. What WvW does not claim is PvE's; a single set is everybody's list as PvE
    has it. Where WvW's value is listed first, the other may as well be PvP's, and PvE's is open: the API mostly begins
    with PvE, so that of such pairs the first holds there, too, about as often as not."""
    if len(own) <= len(pairs) or not pairs:
        return _Verdict(tuple(own))
    claimed = [fact for raw, fact in pairs if fact is not None and (_same(raw, fact.raw) or _rounds_to(raw, fact.raw))]
    left = [fact for fact in own if fact not in claimed]
    facts: list[ModeFact] = []
    undecided: list[OpenFacts] = []
    for alike in _by_label(own).values():
        others = [fact for fact in alike if fact in left]
        if len(alike) == 1 or not others:
            facts += alike
        elif alike[0] in others and (len(left) == len(pairs) or (len(others) == 1 and len(alike) == 2)):
            facts += others
        else:
            undecided.append(_open(others if len(others) > len(pairs) else alike, SEVERAL))
    return _Verdict(tuple(facts), tuple(undecided))


def _as_told(pairs: Iterable[tuple[Raw, ModeFact | None]], source: str) -> _Verdict:
    facts = []
    for raw, fact in pairs:
        if fact is None:
            facts.append(ModeFact(raw, None, source))
        elif _same(raw, fact.raw):
            facts.append(fact if not raw.get("coefficient") else replace(fact, raw=_with_coefficient(fact.raw, raw)))
        else:
            # The part keeps the name that only the API has for it.
            named = {**raw, "text": fact.raw["text"]} if key_of(raw)[0] == "Heal" else {**raw}
            named |= {"prefix": fact.raw["prefix"], "type": "PrefixedBuff"} if "prefix" in fact.raw else {}
            facts.append(ModeFact(named, fact.index, source))
    return _Verdict(tuple(facts))


def _with_coefficient(raw: Raw, other: Raw) -> Raw:
    return {**raw, "coefficient": other["coefficient"]} if other.get("coefficient") else raw


def _with_coefficients(own: Sequence[ModeFact], pve: Sequence[Raw]) -> list[ModeFact]:
    """pve: healing of the API's parts with the share of healing power, which the API keeps to itself. The amount is
    the API's, as the newer source; parts meet by amount, else by place where there are as many."""
    amounts = {value_of(raw): raw for raw in reversed(pve)}
    met = [amounts.get(value_of(fact.raw)) for fact in own]
    if len(own) == len(pve):
        met = [found or pve[place] for place, found in enumerate(met)]
    return [
        replace(fact, raw=_with_coefficient(fact.raw, found)) if found else fact
        for fact, found in zip(own, met, strict=True)
    ]


def _overriding(own: Sequence[ModeFact], seconds: float) -> list[Raw] | None:
    """The WvW fact that an override stands for; None where its stacks can't be told."""
    if exact := [fact.raw for fact in own if fact.raw.get("duration") == seconds]:
        return [exact[0]]
    stacks = {fact.raw.get("apply_count") or 1 for fact in own}
    return [{**own[0].raw, "duration": seconds}] if len(stacks) == 1 else None


def _wvw_of(
    own: Sequence[ModeFact], wvw: Sequence[Raw], override: float | str | None, absent: bool
) -> tuple[list[Raw] | None, str] | OpenFacts:
    """The facts of WvW with their source, None for "as everywhere"; absent: that the split would name it."""
    if override is not None and not (wvw and override in [raw.get("duration") for raw in wvw]):
        if wvw:
            return _open([ModeFact(raw, None, "mode_splits") for raw in wvw], CONFLICT)
        if override == "omit" or not override:
            return [], "wvw_overrides"
        assert isinstance(override, int | float)
        found = _overriding(own, override) if own else None
        return (found, "wvw_overrides") if found is not None else _open(own, SEVERAL)
    if wvw or absent:
        return list(wvw), "mode_splits"
    return None, "api"


def _decide(
    own: Sequence[ModeFact], pve: Sequence[Raw], wvw: Sequence[Raw], override: float | str | None, absent: bool
) -> Mapping[str, _Verdict]:
    """Of one key, for each balance."""
    own = _distinct(own)
    if pve:
        own = _with_coefficients(own, pve)
    # What the API gives for a hit or a pulse stands in the list of PvE as their sum.
    listed = _as_told([(raw, None) for raw in pve], "mode_splits")
    told = _wvw_of(own, wvw, override, absent)
    if isinstance(told, OpenFacts):
        pve_verdict = _one_of_each(own)
        return {"pve": pve_verdict, "wvw": _Verdict((), (told,)), "pvp": _Verdict((), (told,))}
    facts, source = told
    if facts is None:
        alike = _one_of_each(own)
        in_pve = listed if pve and alike.undecided else alike
        return {"pve": in_pve, "wvw": alike, "pvp": alike}
    if not own:
        in_wvw = _as_told([(raw, None) for raw in facts], source)
        # Several are parts of it, not several answers.
        unsaid = _Verdict((), tuple(OpenFacts((raw,), ONLY_WVW) for raw in facts))
        in_pve = listed if pve else unsaid
        return {"pve": in_pve, "wvw": in_wvw, "pvp": _in_pvp(in_pve, in_wvw) if pve else unsaid}
    pairs = _pairs(own, facts)
    in_pve, in_wvw = _in_pve(own, pairs), _as_told(pairs, source)
    in_pve = listed if pve and in_pve.undecided else in_pve
    return {"pve": in_pve, "wvw": in_wvw, "pvp": _in_pvp(in_pve, in_wvw)}


def _in_pvp(pve: _Verdict, wvw: _Verdict) -> _Verdict:
    """No source speaks of PvP: what PvE and WvW share is taken to hold there too. Of the rest each part stays a
    question of its own: the value of one part is no candidate for another."""
    if not pve.undecided and {value_of(f.raw) for f in pve.facts} == {value_of(f.raw) for f in wvw.facts}:
        return _Verdict(tuple(_shared(fact, pve.facts) for fact in wvw.facts))
    shared, of_pve, of_wvw = _common(pve.facts, wvw.facts)
    undecided = []
    for entry in pve.undecided:
        label = label_of(entry.candidates[0])
        too = [fact for fact in of_wvw if label_of(fact.raw) == label]
        of_wvw = [fact for fact in of_wvw if fact not in too]
        undecided.append(OpenFacts((*entry.candidates, *(fact.raw for fact in too)), NOT_PVP))
    undecided += [_open(part, NOT_PVP) for part in _parts(of_pve, of_wvw)]
    return _Verdict(tuple(shared), tuple(undecided))


def _shared(fact: ModeFact, pve: Sequence[ModeFact]) -> ModeFact:
    """With its share of healing power only where the modes agree about it."""
    others = {other.raw.get("coefficient") for other in pve if _same(fact.raw, other.raw)}
    if "coefficient" not in fact.raw or fact.raw["coefficient"] in others:
        return fact
    return replace(fact, raw={key: value for key, value in fact.raw.items() if key != "coefficient"})


def _common(pve: Sequence[ModeFact], wvw: Sequence[ModeFact]) -> tuple[list[ModeFact], list[ModeFact], list[ModeFact]]:
    """Facts that both modes have, one to one, and what each is left with."""
    shared, of_pve, of_wvw = [], list(pve), list(wvw)
    for fact in wvw:
        alike = [other for other in of_pve if _same(other.raw, fact.raw)]
        match = next((other for other in alike if label_of(other.raw) == label_of(fact.raw)), None)
        if match := match or next((other for other in alike if _parted(fact)), None):
            of_pve.remove(match)
            of_wvw.remove(fact)
            shared.append(_shared(fact, [match]))
    # Times of one boon or condition bear no names: where one differs, all of them are open.
    open_labels = {label_of(fact.raw) for fact in (*of_pve, *of_wvw) if not _parted(fact)}
    if kept := [fact for fact in shared if label_of(fact.raw) in open_labels and not _parted(fact)]:
        shared = [fact for fact in shared if fact not in kept]
        of_pve, of_wvw = [*kept, *of_pve], [*kept, *of_wvw]
    return shared, of_pve, of_wvw


def _parted(fact: ModeFact) -> bool:
    return key_of(fact.raw)[0] != "Buff"


def _parts(pve: Sequence[ModeFact], wvw: Sequence[ModeFact]) -> list[list[ModeFact]]:
    """Which facts speak of the same part: by its name, else by place where either mode has as many."""
    named = _by_label((*pve, *wvw))
    by_name = all(sum(label_of(fact.raw) == label for fact in side) == 1 for label in named for side in (pve, wvw))
    if not by_name and len(pve) == len(wvw) and all(map(_parted, pve)):
        return [list(pair) for pair in zip(pve, wvw, strict=True)]
    return [_distinct(part) for part in named.values()]


# --- One skill or trait --------------------------------------------------------------------------
def _grouped(facts: Iterable[ModeFact]) -> dict[Key, list[ModeFact]]:
    found: dict[Key, list[ModeFact]] = {}
    for fact in facts:
        found.setdefault(key_of(fact.raw), []).append(fact)
    return found


def facts_of_split(entity: Skill | Trait, balance: str) -> list[Raw]:
    """In the API's shapes; empty where the snapshot has no list of the mode."""
    split = entity.splits.get(balance)
    return [api_shape(raw, () if _borrows(entity) else entity.facts) for raw in split["facts"]] if split else []


def _borrows(entity: Skill | Trait) -> bool:
    """A few skills that the API does not tell yet carry WvW's list as their own."""
    return entity.details.get("facts_mode") == "wvw"


def _split_of(entity: Skill | Trait, balance: str) -> dict[Key, list[Raw]]:
    found: dict[Key, list[Raw]] = {}
    for shaped in facts_of_split(entity, balance):
        found.setdefault(key_of(shaped), []).append(shaped)
    return found


# Effects that a whole list of a mode always names, so that one it lacks does not exist there (of 760 boons that
# the list of one mode lacks or has, no other source contradicts it but in two).
_ALWAYS_NAMED = frozenset((*BOONS, *CONDITIONS, *AURAS, *OTHER_EFFECTS))


def _verdicts(entity: Skill | Trait, balance: str) -> dict[Key, _Verdict]:
    listed = () if _borrows(entity) else entity.facts
    own = _grouped(ModeFact(raw, place, "api") for place, raw in enumerate(listed))
    pve, wvw = _split_of(entity, "pve"), _split_of(entity, "wvw")
    complete = bool((entity.splits.get("wvw") or {}).get("complete"))
    overrides = entity.wvw_overrides
    found: dict[Key, _Verdict] = {}
    for key in [*own, *(key for key in wvw if key not in own)]:
        kind, name = key
        buff = kind == "Buff"
        verdicts = _decide(
            own.get(key, ()),
            pve.get(key, ()) if kind == "Heal" else (),
            wvw.get(key, ()),
            overrides.get(name) if buff else None,
            buff and complete and name in _ALWAYS_NAMED,
        )
        found[key] = verdicts[balance]
    return found


def _replaced(verdict: _Verdict, base: Raw, options: Sequence[ModeFact]) -> _Verdict:
    """With the traits' value in the place of the base's, where the base holds in the mode. options: several where the
    traits' own list has the values of two modes, unlabelled."""
    place = options[0].index
    for at, present in enumerate(verdict.facts):
        if present.index != place:
            continue
        before, after = verdict.facts[:at], verdict.facts[at + 1 :]
        if len(options) == 1 and value_of(present.raw) == value_of(base):
            return replace(verdict, facts=(*before, options[0], *after))
        reason = SEVERAL if len(options) > 1 else WITH_TRAIT
        told = replace(_open(options, reason), trait=options[0].trait)
        return _Verdict((*before, *after), (*verdict.undecided, told))
    undecided = tuple(
        replace(entry, candidates=(*(c for c in entry.candidates if c != base), *(fact.raw for fact in options)))
        if base in entry.candidates
        else entry
        for entry in verdict.undecided
    )
    return replace(verdict, undecided=undecided)


def _with_traits(entity: Skill | Trait, found: dict[Key, _Verdict], traits: frozenset[int]) -> list[_Verdict]:
    """Replaces in `found`; returns what the traits add."""
    added: dict[tuple[int, Key], list[ModeFact]] = {}
    instead: dict[int, list[ModeFact]] = {}
    for raw in entity.traited_facts:
        trait, place = raw.get("requires_trait"), raw.get("overrides")
        if trait not in traits:
            continue
        key = key_of(raw)
        # Some point at a fact of another kind, or at none; those add.
        if isinstance(place, int) and 0 <= place < len(entity.facts) and key_of(entity.facts[place]) == key:
            instead.setdefault(place, []).append(ModeFact(raw, place, "trait", trait))
        else:
            added.setdefault((trait, key), []).append(ModeFact(raw, None, "trait", trait))
    for place, facts in instead.items():
        key = key_of(facts[0].raw)
        if key in found:
            found[key] = _replaced(found[key], entity.facts[place], _distinct(facts))
    verdicts = []
    for (trait, _), facts in added.items():
        verdict = _one_of_each(_distinct(facts))
        verdicts.append(replace(verdict, undecided=tuple(replace(o, trait=trait) for o in verdict.undecided)))
    return verdicts


def facts_in(entity: Skill | Trait, balance: str, traits: frozenset[int] = frozenset()) -> FactsOfMode:
    """balance: pve, wvw or pvp. traits: ids of those that the build has. In the API's order, then what other sources
    and then what traits add."""
    found = _verdicts(entity, balance)
    verdicts = [*_with_traits(entity, found, traits)] if entity.traited_facts and traits else []
    base = [fact for verdict in found.values() for fact in verdict.facts]
    base.sort(key=lambda fact: len(entity.facts) if fact.index is None else fact.index)
    return FactsOfMode(
        (*base, *(fact for verdict in verdicts for fact in verdict.facts)),
        tuple(entry for verdict in (*found.values(), *verdicts) for entry in verdict.undecided),
    )


@lru_cache(maxsize=8192)
def _requirements(detail: str) -> frozenset[int]:
    rows = orjson.loads(detail).get("traited_facts", ())
    return frozenset(raw["requires_trait"] for raw in rows if "requires_trait" in raw)


def traits_that_matter(entity: Skill | Trait, traits: Iterable[int]) -> frozenset[int]:
    """Those of the traits that the entity's facts ask for."""
    return _requirements(entity.detail).intersection(traits)
