"""Reading a gear problem: everything that can be wrong with it is told here, by the name of the field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from builds.engine.gear import names
from builds.engine.gear.result import UNWATCHED, Watch
from gw2optimizer.errors import InvalidInput

MOST_SLOTS = 64
MOST_OPTIONS = 256
MOST_VARIANTS = 20_000
MOST_SCENARIOS = 64
MOST_CHANGES = 256
MOST_RESULTS = 1_000
MOST_POINTS = 100_000.0
MOST_NUMBER = 10_000_000.0
MOST_MULTIPLIER = 1_000.0

# Penalties are numbers of these kinds; all other bases are amounts of something.
MAY_BE_NEGATIVE = frozenset(
    {
        *names.CRITICAL_CHANCES,
        "maximum_health",
        "outgoing_healing",
        *(name for name in names.ATTRIBUTES if "duration" in name),
    }
)
PROFESSION_OF = {name.lower(): name for name in names.PROFESSIONS}
UNITS = names.ATTRIBUTE_INDEX.keys()
FACTORS = names.MULTIPLIER_INDEX.keys()


@dataclass(frozen=True, slots=True)
class Option:
    """attributes: points; those of fractions, such as critical_chance, are fractions."""

    prefix: str
    attributes: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Slot:
    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Scenario:
    """conversions, conversions_after_bonuses: (to, from, share) in order. bonuses: (to, points) in order."""

    weight: float
    base: Mapping[str, float]
    multipliers: Mapping[str, float]
    bonuses: tuple[tuple[str, float], ...] = ()
    conversions: tuple[tuple[str, str, float], ...] = ()
    conversions_after_bonuses: tuple[tuple[str, str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    name: str
    scenarios: tuple[Scenario, ...]


@dataclass(frozen=True, slots=True)
class GearProblem:
    profession: str
    objective: str
    slots: tuple[Slot, ...]
    variants: tuple[Variant, ...]
    constraints: Mapping[str, float] = field(default_factory=dict)
    skill_attack_rate: float = 0.0
    target_moving: float = 0.0
    inferno_burning_damage: bool = False
    top: int = 1

    @property
    def combinations(self) -> int:
        """Size of the whole space: every choice of every slot, for every variant."""
        size = len(self.variants)
        for slot in self.slots:
            size *= len(slot.options)
        return size


def refuse(where: str, what: str) -> InvalidInput:
    return InvalidInput(f"{where}: {what}", fields={where: [what]})


def parse_problem(document: Any, watch: Watch = UNWATCHED) -> GearProblem:
    """document: `gear-problem/1` as decoded JSON. Raises InvalidInput with the first field that is wrong, StoppedError
    where the watch is told to stop."""
    document = _object(document, "problem")
    if document.get("schema") != names.SCHEMA:
        raise refuse("schema", f"must be “{names.SCHEMA}”")
    _known(document, TOP_FIELDS, "")
    profession = document.get("profession")
    if not isinstance(profession, str) or profession.lower() not in PROFESSION_OF:
        raise refuse("profession", f"must be one of {', '.join(names.PROFESSIONS)}")
    objective = document.get("objective")
    if objective not in names.OBJECTIVES:
        raise refuse("objective", f"must be one of {', '.join(names.OBJECTIVES)}")
    top = document.get("top", 1)
    if isinstance(top, bool) or not isinstance(top, int) or not 1 <= top <= MOST_RESULTS:
        raise refuse("top", f"must be a whole number from 1 to {MOST_RESULTS}")
    return GearProblem(
        profession=PROFESSION_OF[profession.lower()],
        objective=objective,
        constraints=_constraints(document.get("constraints", {})),
        skill_attack_rate=_number(document.get("skill_attack_rate", 0), "skill_attack_rate", 0.0, 1000.0),
        target_moving=_number(document.get("target_moving", 0), "target_moving", 0.0, 1.0),
        inferno_burning_damage="inferno_burning_damage" in _tweaks(document.get("tweaks", [])),
        slots=tuple(
            _slot(slot, f"slots[{index}]")
            for index, slot in enumerate(_list(document.get("slots"), "slots", MOST_SLOTS, least=1))
        ),
        variants=tuple(
            _variant(variant, f"variants[{index}]")
            for index, variant in enumerate(
                watch.over(_list(document.get("variants"), "variants", MOST_VARIANTS, least=1))
            )
        ),
        top=top,
    )


TOP_FIELDS = frozenset(
    {
        "schema", "profession", "objective", "constraints", "skill_attack_rate", "target_moving", "tweaks",
        "slots", "variants", "top",
    }
)  # fmt: skip
SCENARIO_FIELDS = frozenset({"weight", "base", "multipliers", "bonuses", "conversions", "conversions_after_bonuses"})
SLOT_FIELDS = frozenset({"slot", "options"})
OPTION_FIELDS = frozenset({"prefix", "attributes"})
VARIANT_FIELDS = frozenset({"name", "scenarios"})


def _object(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise refuse(where, "must be an object")
    return value


def _list(value: Any, where: str, most: int, *, least: int = 0) -> list[Any]:
    if not isinstance(value, list | tuple):
        raise refuse(where, "must be a list")
    if len(value) < least:
        raise refuse(where, f"must hold at least {least}")
    if len(value) > most:
        raise refuse(where, f"holds {len(value)}; the most is {most}")
    return list(value)


def _known(value: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    if value.keys() <= known:
        return
    name = sorted(str(name) for name in value.keys() - known)[0][:60]
    raise refuse(f"{where}.{name}" if where else name, f"is not a field; there are {', '.join(sorted(known))}")


def _number(value: Any, where: str, least: float, most: float) -> float:
    # `type` rather than isinstance: True is an int, too. NaN fails both comparisons.
    if type(value) not in {int, float}:
        raise refuse(where, "must be a number")
    if not least <= value <= most:
        raise refuse(where, f"must be a number from {least:g} to {most:g}")
    return float(value)


def _text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 500:
        raise refuse(where, "must be a text of 1 to 500 characters")
    return value


def _attribute(name: Any, where: str) -> str:
    if not isinstance(name, str) or name not in UNITS:
        raise refuse(where, f"“{str(name)[:60]}” is not an attribute")
    return name


def _constraints(value: Any) -> dict[str, float]:
    value = _object(value, "constraints")
    _known(value, frozenset(names.CONSTRAINTS), "constraints")
    return {
        name: _number(number, f"constraints.{name}", 0.0, 1e12) for name, number in value.items() if number is not None
    }


def _tweaks(value: Any) -> list[Any]:
    tweaks = _list(value, "tweaks", len(names.TWEAKS))
    for tweak in tweaks:
        if tweak not in names.TWEAKS:
            raise refuse("tweaks", f"“{str(tweak)[:60]}” is not a tweak; there is {', '.join(names.TWEAKS)}")
    return tweaks


def _slot(value: Any, where: str) -> Slot:
    value = _object(value, where)
    _known(value, SLOT_FIELDS, where)
    options = _list(value.get("options"), f"{where}.options", MOST_OPTIONS, least=1)
    return Slot(
        _text(value.get("slot"), f"{where}.slot"),
        tuple(_option(option, f"{where}.options[{index}]") for index, option in enumerate(options)),
    )


def _option(value: Any, where: str) -> Option:
    value = _object(value, where)
    _known(value, OPTION_FIELDS, where)
    attributes = _object(value.get("attributes", {}), f"{where}.attributes")
    return Option(
        _text(value.get("prefix"), f"{where}.prefix"),
        {
            _attribute(name, f"{where}.attributes"): _number(points, f"{where}.attributes.{name}", 0.0, MOST_POINTS)
            for name, points in attributes.items()
        },
    )


def _variant(value: Any, where: str) -> Variant:
    value = _object(value, where)
    _known(value, VARIANT_FIELDS, where)
    scenarios = _list(value.get("scenarios"), f"{where}.scenarios", MOST_SCENARIOS, least=1)
    return Variant(
        _text(value.get("name", "default"), f"{where}.name"),
        tuple(_scenario(scenario, f"{where}.scenarios[{index}]") for index, scenario in enumerate(scenarios)),
    )


def _scenario(value: Any, where: str) -> Scenario:
    value = _object(value, where)
    _known(value, SCENARIO_FIELDS, where)
    return Scenario(
        weight=_number(value.get("weight", 1.0), f"{where}.weight", 0.0, 1_000_000.0),
        base=_base(_object(value.get("base", {}), f"{where}.base"), f"{where}.base"),
        multipliers=_multipliers(_object(value.get("multipliers", {}), f"{where}.multipliers"), where),
        bonuses=_bonuses(value.get("bonuses", []), f"{where}.bonuses"),
        conversions=_conversions(value.get("conversions", []), f"{where}.conversions"),
        conversions_after_bonuses=_conversions(
            value.get("conversions_after_bonuses", []), f"{where}.conversions_after_bonuses"
        ),
    )


def _base(value: Mapping[str, Any], where: str) -> dict[str, float]:
    base = {}
    for name, number in value.items():
        # This runs a hundred times a variant, of which there may be thousands: look for trouble only here.
        if name not in UNITS or type(number) not in {int, float} or not 0.0 <= number <= MOST_NUMBER:
            _attribute(name, where)
            least = -0.999 if name in MAY_BE_NEGATIVE else 0.0
            _number(number, f"{where}.{name}", least, MOST_NUMBER)
        base[name] = float(number)
    return base


def _multipliers(value: Mapping[str, Any], where: str) -> dict[str, float]:
    multipliers = {}
    for name, number in value.items():
        if name not in FACTORS or type(number) not in {int, float} or not 1e-9 <= number <= MOST_MULTIPLIER:
            if name not in FACTORS:
                raise refuse(f"{where}.multipliers", f"“{str(name)[:60]}” is not a multiplier")
            # Strike damage taken divides.
            least = 1e-6 if name == "incoming_strike_damage" else 0.0
            _number(number, f"{where}.multipliers.{name}", least, MOST_MULTIPLIER)
        multipliers[name] = float(number)
    return multipliers


def _bonuses(value: Any, where: str) -> tuple[tuple[str, float], ...]:
    bonuses = []
    for index, pair in enumerate(_list(value, where, MOST_CHANGES)):
        to, points = _pair(pair, f"{where}[{index}]")
        bonuses.append(
            (_attribute(to, f"{where}[{index}]"), _number(points, f"{where}[{index}]", -MOST_POINTS, MOST_NUMBER))
        )
    return tuple(bonuses)


def _conversions(value: Any, where: str) -> tuple[tuple[str, str, float], ...]:
    steps = []
    for index, pair in enumerate(_list(value, where, MOST_CHANGES)):
        to, sources = _pair(pair, f"{where}[{index}]")
        to = _attribute(to, f"{where}[{index}]")
        for source in _list(sources, f"{where}[{index}]", MOST_CHANGES):
            name, share = _pair(source, f"{where}[{index}]")
            name = _attribute(name, f"{where}[{index}]")
            steps.append((to, name, _number(share, f"{where}[{index}].{name}", 0.0, MOST_MULTIPLIER)))
    return tuple(steps)


def _pair(value: Any, where: str) -> tuple[Any, Any]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise refuse(where, "must be a pair")
    return value[0], value[1]
