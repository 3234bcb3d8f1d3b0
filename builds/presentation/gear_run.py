"""The result of a search for gear, as pages draw it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from builds.gamedata import Catalogue
from builds.presentation.attributes import shown, words
from builds.presentation.build import SLOT_NAMES
from builds.presentation.gear_offer import short_name
from builds.spec import BuildSpec
from builds.spec.model import ATTRIBUTES

UNITS = {
    "damage": "damage a second", "power": "strike damage a second", "condition": "condition damage a second",
    "healing": "healing", "boon_support": "healing", "survivability": "survivability", "weighted": "points of the mix",
}  # fmt: skip
_COMPARED = (
    *ATTRIBUTES, "critical_chance", "critical_damage", "boon_duration", "condition_duration", "health", "armor",
    "effective_power", "effective_health",
)  # fmt: skip
_LARGE = 1e15
_FEW = 2


@dataclass(frozen=True, slots=True)
class ResultRow:
    """gear: such as "12 Assassin's, Berserker's on ring 1". extras: what of rune, sigils, food ... differs among the
    results."""

    number: int
    amount: str
    gain: str
    better: bool
    gear: str
    extras: tuple[str, ...]
    chosen: bool


@dataclass(frozen=True, slots=True)
class PanelRow:
    """delta: "" where nothing changes or there is nothing to compare with."""

    name: str
    before: str
    after: str
    delta: str
    more: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """worth: what is lost if this stays as it is; "" where that is not known."""

    place: str
    before: str
    after: str
    worth: str


@dataclass(frozen=True, slots=True)
class SenseRow:
    name: str
    amount: str
    bar: int


@dataclass(frozen=True, slots=True)
class GearAnswer:
    """proven: optimal or infeasible. objective: as a word with its unit. bound: the best, as a number to read."""

    status: str
    unit: str
    combinations: str
    evaluated: str
    seconds: str
    bound: str
    present: str
    rows: tuple[ResultRow, ...]
    chosen: int
    changes: tuple[ChangeRow, ...]
    panel: tuple[PanelRow, ...]
    senses: tuple[SenseRow, ...]
    profile: tuple[tuple[str, str], ...]
    profile_source: str
    boons: str
    notes: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def proven(self) -> bool:
        return self.status in {"optimal", "infeasible"}

    @property
    def row(self) -> ResultRow:
        return self.rows[self.chosen - 1]


def gear_answer(result: Mapping[str, Any], spec: BuildSpec, catalogue: Catalogue, *, chosen: int = 1) -> GearAnswer:
    """result: as `BuildOptimisation.as_json` gives it. chosen: which of the results is shown whole, from 1."""
    results, present = result["results"], result["present"]
    chosen = chosen if 1 <= chosen <= len(results) else 1
    objective = result["objective"]
    one = results[chosen - 1] if results else None
    return GearAnswer(
        status=result["status"],
        unit=UNITS.get(objective, objective),
        combinations=large(result["combinations"]),
        evaluated=large(result["evaluated"]),
        seconds=f"{result['seconds']:.2f}",
        bound=number(results[0]["objective"]) if results else "",
        present=number(present["objective"]) if present else "",
        rows=tuple(_rows(results, spec, catalogue, chosen)),
        chosen=chosen,
        changes=(*_slot_changes(one, spec), *_upgrade_changes(one, spec, catalogue)) if one else (),
        panel=tuple(_panel(one, present)) if one else (),
        senses=tuple(_senses(result["sensitivity"])),
        profile=tuple(_profile(result["profile"])),
        profile_source=(result["profile"] or {}).get("source", ""),
        boons=", ".join(f"{count} {name}" if count > 1 else name for name, count in result["boons"].items()),
        notes=tuple(result["notes"]),
        unknown=tuple(result["unknown"]),
    )


def number(value: float, *, sign: bool = False, beside: float = 0.0) -> str:
    """Whole from a thousand on, with three places below ten. beside: the largest of the numbers that it stands among,
    which decides for all of them."""
    size = max(abs(value), abs(beside))
    places = 0 if size >= 1000 else 1 if size >= 10 else 3
    return f"{value:{'+' if sign else ''},.{places}f}".replace("-", "\N{MINUS SIGN}")


def large(value: float) -> str:
    """Numbers that nobody reads digit by digit become a power of ten."""
    if value < _LARGE:
        return f"{int(value):,}"
    mantissa, _, exponent = f"{value:.1e}".partition("e+")
    return f"{mantissa} × 10{''.join('⁰¹²³⁴⁵⁶⁷⁸⁹'[int(digit)] for digit in str(int(exponent)))}"


def _percent(share: float) -> str:
    return f"{100 * share:+.2f} %".replace("-", "\N{MINUS SIGN}")


def _rows(results: list[Mapping[str, Any]], spec: BuildSpec, catalogue: Catalogue, chosen: int) -> Iterable[ResultRow]:
    worn = [upgrade_names(one["upgrades"], catalogue) for one in results]
    differing = [kind for kind in (worn[0] if worn else ()) if len({names.get(kind, "") for names in worn}) > 1]
    for place, (one, names) in enumerate(zip(results, worn, strict=True), 1):
        gain = one["gain"]
        yield ResultRow(
            place,
            number(one["objective"]),
            "" if gain is None else _percent(gain),
            gain is not None and gain > 0,
            _gear_words(one["gear"], spec),
            tuple(names[kind] for kind in differing if names.get(kind)),
            place == chosen,
        )


def _gear_words(gear: Mapping[str, str], spec: BuildSpec) -> str:
    """A prefix on few pieces with their names, by which results differ that count the same."""
    (common, count), *rest = Counter(gear.values()).most_common()
    parts = [f"{count} {common}"]
    for prefix, pieces in rest:
        slots = [_slot_name(slot, spec).lower() for slot, worn in gear.items() if worn == prefix]
        parts.append(f"{prefix} on {' and '.join(slots)}" if pieces <= _FEW else f"{pieces} {prefix}")
    return ", ".join(parts)


def _slot_name(slot: str, spec: BuildSpec) -> str:
    """Of a weapon its own."""
    weapons = {
        f"weapon_{number}_{hand}": f"{name}, set 2" if number == 2 else name
        for number, held in enumerate(spec.weapon_sets, start=1)
        for hand, name in (("main", held.main_hand), ("off", held.off_hand))
        if name
    }
    return SLOT_NAMES.get(slot) or weapons.get(slot) or slot.replace("_", " ").capitalize()


def upgrade_names(upgrades: Mapping[str, Any], catalogue: Catalogue) -> dict[str, str]:
    """Kind, as pages call it, to what is worn; "" for nothing."""

    def name(kind: str, id_: int | None) -> str:
        item = catalogue.table(kind).get(id_) if id_ is not None else None
        return short_name(item.name) if item is not None else ""

    found = {
        "Rune": name("rune", upgrades["rune"]),
        "Sigils": " + ".join(name("sigil", id_) for id_ in upgrades["sigils"]),
        "Food": name("food", upgrades["food"]),
        "Utility": name("utility", upgrades["utility"]),
    }
    if "relic" in upgrades:
        found["Relic"] = name("relic", upgrades["relic"])
    if upgrades["infusions"] is not None:
        found["Infusions"] = _infusion_words(upgrades["infusions"])
    return found


def _infusion_words(infusions: Mapping[Any, int]) -> str:
    return ", ".join(f"{count} × +5 {str(kind).replace('_', ' ')}" for kind, count in infusions.items() if count)


def _slot_changes(one: Mapping[str, Any], spec: BuildSpec) -> Iterable[ChangeRow]:
    changes = sorted(one["changes"], key=lambda change: -(change["worth"] or 0.0))
    most = max((abs(change["worth"] or 0.0) for change in changes), default=0.0)
    for change in changes:
        worth = change["worth"]
        told = "" if worth is None else number(worth, sign=True, beside=most)
        yield ChangeRow(_slot_name(change["slot"], spec), change["before"] or "", change["after"], told)


def _upgrade_changes(one: Mapping[str, Any], spec: BuildSpec, catalogue: Catalogue) -> Iterable[ChangeRow]:
    own = {
        "rune": spec.rune, "sigils": spec.sigils[0] if spec.sigils else (), "food": spec.food,
        "utility": spec.utility, "relic": spec.relic, "infusions": None,
    }  # fmt: skip
    before = upgrade_names(own, catalogue)
    kinds = Counter(str(kind) for kind in spec.infusions)
    if kinds and all(kind in ATTRIBUTES for kind in kinds):
        before["Infusions"] = _infusion_words(spec.infusions)
    for kind, after in upgrade_names(one["upgrades"], catalogue).items():
        if after != before.get(kind, ""):
            yield ChangeRow(kind, before.get(kind, ""), after, "")


def _panel(one: Mapping[str, Any], present: Mapping[str, Any] | None) -> Iterable[PanelRow]:
    for name in _COMPARED:
        after = one["panel"].get(name)
        if after is None:
            continue
        before = present["panel"].get(name) if present else None
        change = shown(name, after - before, sign=True) if before is not None else ""
        if not any(digit in change for digit in "123456789"):
            change = ""
        yield PanelRow(
            words(name),
            "" if before is None else shown(name, before),
            shown(name, after),
            change.replace("-", "\N{MINUS SIGN}"),
            before is not None and after > before,
        )


def _senses(sensitivity: Mapping[str, float]) -> Iterable[SenseRow]:
    most = max(sensitivity.values(), default=0.0)
    for name, amount in sorted(sensitivity.items(), key=lambda one: -one[1]):
        # Rounding may make a point of less than nothing.
        bar = round(100 * max(0.0, amount) / most) if most > 0 else 0
        yield SenseRow(words(name), number(amount, sign=True, beside=most) if amount else "0", bar)


def _profile(profile: Mapping[str, Any] | None) -> Iterable[tuple[str, str]]:
    if profile is None:
        return
    yield "Strikes, strength × coefficient a second", number(profile["power_coefficient"])
    if profile["power2_coefficient"]:
        yield "The same of phantasms or a second weapon", number(profile["power2_coefficient"])
    for name, stacks in profile["condition_coefficients"].items():
        yield f"{name.capitalize()}, stacks at a time", number(stacks)
