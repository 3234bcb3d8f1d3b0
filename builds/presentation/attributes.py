"""The attribute panel as pages draw it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from builds.engine.attributes import Attribute, AttributePanel, Switch
from builds.engine.attributes.names import BOONS, DURATIONS, POINTS, STACKING

# Where a bar is full: what a build that goes all the way reaches.
_FULL = {
    "power": 3500, "precision": 3000, "toughness": 3000, "vitality": 3000, "ferocity": 1800, "condition_damage": 2000,
    "expertise": 1500, "concentration": 1500, "healing_power": 2000, "health": 35_000, "armor": 4000,
    "critical_damage": 3, "effective_power": 12_000, "effective_health": 40_000,
}  # fmt: skip
_MAIN = tuple(name for name in POINTS if name != "agony_resistance")
_DERIVED = (
    "critical_chance", "critical_damage", "boon_duration", "condition_duration", "health", "armor",
    "effective_power", "effective_health",
)  # fmt: skip
_WHOLE = frozenset({"health", "armor", "effective_power", "effective_health"})
_ALWAYS_OFFERED = ("might", "fury")


@dataclass(frozen=True, slots=True)
class PartRow:
    source: str
    amount: str


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """bar, was: 0 to 100, now and before. delta: "+120" against before, "" where it is the same."""

    name: str
    value: str
    bar: int
    parts: tuple[PartRow, ...]
    delta: str = ""
    was: int = 0


@dataclass(frozen=True, slots=True)
class Tick:
    """A box to tick: value is what the form sends."""

    value: str
    label: str
    on: bool


@dataclass(frozen=True, slots=True)
class PanelView:
    groups: tuple[tuple[str, tuple[AttributeRow, ...]], ...]
    boons: tuple[Tick, ...]
    conditions: tuple[Tick, ...]
    weapon_sets: tuple[Tick, ...]
    missing: str
    notes: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def conditions_open(self) -> bool:
        return any(tick.on for tick in self.conditions)


def panel_view(panel: AttributePanel, *, weapon_sets: int = 1, before: AttributePanel | None = None) -> PanelView:
    """weapon_sets: how many the build has. before: what its rows are compared with."""
    others = [
        name
        for name in ("agony_resistance", *DURATIONS.values())
        if panel[name] or (before is not None and before[name])
    ]
    sets = [Tick(str(n), f"Weapon set {n}", panel.weapon_set == n) for n in range(1, weapon_sets + 1)]
    return PanelView(
        tuple(
            (title, tuple(_row(name, panel.attributes, before) for name in names))
            for title, names in (("Attributes", _MAIN), ("Derived", _DERIVED), ("Also", others))
            if names
        ),
        tuple(_boons(panel)),
        tuple(_conditions(panel.switches)),
        tuple(sets) if weapon_sets > 1 else (),
        _missing_words(panel.missing),
        panel.notes,
        tuple(dict.fromkeys(f"{u.source}: {u.reason}" for u in panel.unknown)),
    )


def _row(name: str, attributes: Mapping[str, Attribute], before: AttributePanel | None) -> AttributeRow:
    attribute = attributes[name]
    parts = sorted(attribute.parts, key=lambda part: -abs(part.amount))
    return AttributeRow(
        words(name),
        shown(name, attribute.value),
        filled(attribute.value, _FULL.get(name, 1)),
        tuple(PartRow(part.source, shown(name, part.amount, sign=True)) for part in parts),
        "" if before is None else difference(name, attribute.value, before[name]),
        0 if before is None else filled(before[name], _FULL.get(name, 1)),
    )


def filled(value: float, full: float) -> int:
    """How far a bar is drawn, 0 to 100."""
    return min(100, max(0, round(100 * value / full)))


def difference(name: str, value: float, before: float) -> str:
    """ "+120", "−3.5 %", or "" where both are shown alike."""
    return "" if shown(name, value) == shown(name, before) else shown(name, value - before, sign=True)


def words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def shown(name: str, value: float, *, sign: bool = False) -> str:
    plus = "+" if sign else ""
    text = f"{value:{plus},.0f}" if name in POINTS or name in _WHOLE else f"{value * 100:{plus},.1f} %"
    return text.replace("-", "\N{MINUS SIGN}")


def _boons(panel: AttributePanel) -> Iterable[Tick]:
    needed = {switch.boon for switch in panel.switches}
    for boon in BOONS:
        if boon in needed or boon in _ALWAYS_OFFERED or boon in panel.boons:
            stacks = STACKING.get(boon, 1)
            yield Tick(boon, f"{stacks} {boon}" if stacks > 1 else boon.capitalize(), boon in panel.boons)


def _conditions(switches: Iterable[Switch]) -> Iterable[Tick]:
    """One box a trait: what is switched on is switched on for all that it gives."""
    by_trait: dict[int, list[Switch]] = {}
    for switch in switches:
        if not switch.boon and (switch.chosen or not switch.on):
            by_trait.setdefault(switch.trait, []).append(switch)
    for trait, effects in by_trait.items():
        given = ", ".join(dict.fromkeys(_given(effect) for effect in effects))
        first = effects[0]
        yield Tick(str(trait), f"{first.name}: {given} ({first.condition})", first.on)


def _given(effect: Switch) -> str:
    name = effect.attribute.replace("_", " ")
    if effect.amount is None:
        return name
    if effect.share_of or effect.attribute == "all attributes":
        return f"{effect.amount * 100:g} % of {effect.share_of.replace('_', ' ') or 'each'} to {name}"
    return f"{shown(effect.attribute, effect.amount, sign=True)} {name}"


def _missing_words(missing: Iterable[str]) -> str:
    """Slots of gear are counted, so that a naked build is one line."""
    slots = [path for path in missing if path.startswith("gear.")]
    rest = [path.replace("_", " ") for path in missing if not path.startswith("gear.")]
    if slots:
        names = ", ".join(path.removeprefix("gear.").replace("_", " ") for path in slots)
        rest.insert(0, f"{len(slots)} pieces of gear ({names})" if len(slots) > 1 else f"gear ({names})")
    return ", ".join(path.replace("weapon sets.1", "second weapon set") for path in rest)
