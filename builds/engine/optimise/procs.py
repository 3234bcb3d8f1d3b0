"""What relic and sigils do to damage beside flat attributes: factors, and what they add to strikes and conditions."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from builds.engine.gear.names import DAMAGING_CONDITIONS
from builds.engine.optimise.blows import STRENGTH_WITHOUT_WEAPON
from builds.engine.optimise.multipliers import STRIKE
from builds.gamedata import Catalogue
from builds.gamedata.model import Upgrade
from builds.spec.model import BuildSpec

SET_OFF_SECONDS = 10.0
"""What sets a relic off (a heal, a dodge, a swap, an elite skill) happens no more often; nor does a weapon swap."""
USUAL_UPTIME = 0.75
"""Share of its number that a relic's effect counts for where its facts tell no time: a rotation is built around it."""
_NO_NUMBER = "the data tells no number of what it does to damage"
_NO_RECHARGE = "the data does not tell how often it acts"
_TIMES_OF_SIGILS: Mapping[str, float] = {"critical_hit": 1.0, "flank_or_defiant": 1.0, "weapon_swap": SET_OFF_SECONDS}
"""Trigger to the least seconds from one time to the next. Kills and interrupts do not happen in a fight that is
measured."""
_STACKED = re.compile(r"\+?([\d.]+)%? (condition duration|critical chance|condition damage|healing increase to others)")


@dataclass(frozen=True, slots=True)
class Procs:
    """factors: by the contract's names. coefficients: what a second adds, by the contract's names. attributes: to
    critical_chance and condition_duration (fractions) and condition_damage (points). unknown: what is not counted, in
    words, by name of the item."""

    factors: Mapping[str, float] = field(default_factory=dict)
    coefficients: Mapping[str, float] = field(default_factory=dict)
    attributes: Mapping[str, float] = field(default_factory=dict)
    outgoing_healing: float = 0.0
    unknown: tuple[str, ...] = ()

    def matter_for(self, objective: str) -> bool:
        """Whether anything of this is known to change the objective. objective: of OBJECTIVES."""
        if objective in ("healing", "boon_support"):
            return bool(self.outgoing_healing)
        if objective == "survivability":
            return False
        strikes = bool(self.factors) or any(not _of_condition(name) for name in self.coefficients)
        conditions = any(_of_condition(name) for name in self.coefficients)
        of_strikes = strikes or "critical_chance" in self.attributes
        of_conditions = conditions or bool({"condition_duration", "condition_damage"} & self.attributes.keys())
        healed = objective == "weighted" and bool(self.outgoing_healing)
        return {"power": of_strikes, "condition": of_conditions}.get(objective, of_strikes or of_conditions) or healed


NONE = Procs()


def procs_of(build: BuildSpec, catalogue: Catalogue) -> Procs:
    """Of the relic and of the sigils of weapon set 1; two of one sigil act once."""
    relic = catalogue.relics.get(build.relic or 0)
    sigils = dict.fromkeys(build.sigils[0] if build.sigils else ())
    found = [of_relic(relic)] if relic is not None else []
    found += [of_sigil(catalogue.sigils[id_]) for id_ in sigils if id_ in catalogue.sigils]
    return _together(found)


def counted(coefficients: Mapping[str, float], part: str) -> dict[str, float]:
    """part: damage for all, power or condition for what belongs to it."""
    return {
        name: amount
        for name, amount in coefficients.items()
        if part == "damage" or _of_condition(name) == (part == "condition")
    }


def _of_condition(name: str) -> bool:
    return name.removesuffix("_coefficient") in DAMAGING_CONDITIONS


def _together(parts: Iterable[Procs]) -> Procs:
    factors: dict[str, float] = {}
    coefficients: dict[str, float] = {}
    attributes: dict[str, float] = {}
    healing = 0.0
    unknown: list[str] = []
    for part in parts:
        for name, factor in part.factors.items():
            factors[name] = factors.get(name, 1.0) * factor
        for target, told in ((coefficients, part.coefficients), (attributes, part.attributes)):
            for name, amount in told.items():
                target[name] = target.get(name, 0.0) + amount
        healing += part.outgoing_healing
        unknown += part.unknown
    return Procs(factors, coefficients, attributes, healing, tuple(unknown))


# --- relics ----------------------------------------------------------------------------------------
def of_relic(relic: Upgrade) -> Procs:
    """Its facts say how much, and a recharge at best how often. What raises damage counts for strikes alone, as a
    trait's does, for the share of time that its duration takes of its recharge, else for the usual one."""
    facts = list(_facts(relic))
    recharge = relic.details.get("recharge")
    told = {label: value for label, value, _ in facts if value is not None}
    stacks = told.get("maximum stacks", 1.0)
    factors, attributes, healing = {}, {}, 0.0
    for label, value, params in facts:
        if label == "damage increase" and value:
            factors[STRIKE] = 1 + value / 100 * stacks * _uptime(told, recharge)
        elif label == "critical chance increase" and value:
            attributes["critical_chance"] = value / 100 * USUAL_UPTIME
        elif found := _STACKED.search(str(params.get("desc", "")).replace("½", ".5").casefold()):
            amount, name = float(found[1]) * stacks * USUAL_UPTIME, found[2].replace(" ", "_")
            if name.startswith("healing"):
                healing = amount / 100
            else:
                attributes[name] = amount if name == "condition_damage" else amount / 100
    each = _of_one_use(facts)
    period = max(float(recharge), SET_OFF_SECONDS) if recharge else None
    coefficients = {name: amount / period for name, amount in each.items()} if period else {}
    unknown = []
    if each and not period:
        unknown.append(f"{relic.name}: {_NO_RECHARGE}")
    elif not (factors or coefficients or attributes or healing):
        unknown.append(f"{relic.name}: {_NO_NUMBER}")
    return Procs(factors, coefficients, attributes, healing, tuple(unknown))


def _facts(relic: Upgrade) -> Iterator[tuple[str, float | None, Mapping[str, Any]]]:
    """Label in lower case, first number, parameters."""
    for raw in relic.details.get("facts", ()):
        numbers = [value for value in raw.get("values", ()) if isinstance(value, int | float)]
        yield str(raw.get("label", "")).casefold(), float(numbers[0]) if numbers else None, raw.get("params", {})


def _uptime(told: Mapping[str, float], recharge: float | None) -> float:
    if (threshold := told.get("health threshold")) is not None:
        return threshold / 100
    seconds = told.get("effect") or told.get("duration")
    if seconds and recharge and recharge > 1:
        return min(1.0, seconds / max(recharge, SET_OFF_SECONDS))
    return USUAL_UPTIME


def _of_one_use(facts: Iterable[tuple[str, float | None, Mapping[str, Any]]]) -> dict[str, float]:
    each: dict[str, float] = {}
    for label, value, params in facts:
        condition = label.replace("poisoned", "poison")
        if label == "damage" and params.get("coefficient"):
            name, amount = "power_coefficient", float(params["coefficient"]) * STRENGTH_WITHOUT_WEAPON
        elif label == "life siphon damage" and value:
            each["siphon_coefficient"] = float(params.get("coefficient", 0.0))
            name, amount = "siphon_base_coefficient", value
        elif condition in DAMAGING_CONDITIONS and value:
            name, amount = f"{condition}_coefficient", value * float(params.get("stacks", 1))
        else:
            continue
        each[name] = each.get(name, 0.0) + amount
    return each


# --- sigils ----------------------------------------------------------------------------------------
def of_sigil(sigil: Upgrade) -> Procs:
    """Conditions at its trigger. Sigils that strike or siphon tell no number."""
    trigger = str(sigil.details.get("trigger"))
    if trigger not in _TIMES_OF_SIGILS:
        return NONE
    period = max(float(sigil.details.get("cooldown") or 1.0), _TIMES_OF_SIGILS[trigger])
    coefficients: dict[str, float] = {}
    for raw in sigil.details.get("buffs", ()):
        condition = str(raw.get("status", "")).casefold().replace("poisoned", "poison")
        if condition in DAMAGING_CONDITIONS:
            name = f"{condition}_coefficient"
            coefficients[name] = coefficients.get(name, 0.0) + raw["duration"] * raw.get("stacks", 1) / period
    silent = not sigil.details.keys() & {"buffs", "bonuses", "remove_conditions", "remove_boons", "transfer_conditions"}
    return Procs(coefficients=coefficients, unknown=(f"{sigil.name}: {_NO_NUMBER}",) if silent else ())
