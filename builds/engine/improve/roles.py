"""The weights of roles, read from `roles.toml` and refused where they are not whole."""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal, cast

from builds.gamedata.model import BALANCE_OF_MODE, MODES
from builds.spec.model import ATTRIBUTES, ROLES
from gw2optimizer.errors import InvalidInput

FILE = "roles.toml"
BALANCES = ("pve", "wvw", "pvp")
Curve = Literal["measured", "held", "diminishing"]
CURVES: tuple[Curve, ...] = ("measured", "held", "diminishing")
HELD_BOONS = (
    "quickness", "alacrity", "might", "fury", "protection", "resistance", "resolution", "regeneration", "vigor",
    "swiftness", "aegis",
)  # fmt: skip
"""Boons that are a part by the share of the time, or the stacks, for which allies have them."""
PARTS = (
    "damage", "healing", *HELD_BOONS, "stability", "boon_duration", "cleanse", "strip", "control", "stun_break",
    "survivability",
)  # fmt: skip
_EXACT = 1e-9


class UnusableRolesError(Exception):
    """The file of roles can't be used; says where and why."""


@dataclass(frozen=True, slots=True)
class Part:
    """good: by balance, the number that counts as 1. beyond, most: of a measured part, the share that counts of what
    an estimate has beyond what is good, and how many times what is good there can be."""

    name: str
    title: str
    unit: str
    curve: Curve
    good: Mapping[str, float]
    beyond: float = 1.0
    most: float = 1.0

    def believed(self, number: float, balance: str) -> float:
        """The estimate as it is told and counted: nobody has measured what a part of it would take."""
        good = self.good[balance]
        if self.curve != "measured" or number <= good:
            return number
        return min(good + self.beyond * (number - good), good * self.most)

    def value(self, number: float, balance: str) -> float:
        """number: believed."""
        ratio = max(0.0, number) / self.good[balance]
        if self.curve == "measured":
            return min(ratio, self.most)
        return min(ratio, 1.0) if self.curve == "held" else 2.0 * ratio / (1.0 + ratio)

    def slope(self, number: float, balance: str) -> float:
        """Of the value, per unit of the estimate, to the right. number: believed."""
        good = self.good[balance]
        ratio = max(0.0, number) / good
        if self.curve == "diminishing":
            return 2.0 / (1.0 + ratio) ** 2 / good
        if self.curve == "measured" and 1.0 <= ratio < self.most:
            return self.beyond / good
        return 0.0 if ratio >= 1.0 else 1.0 / good


@dataclass(frozen=True, slots=True)
class Kit:
    """Names of the catalogue; infusion: an attribute."""

    rune: str
    sigils: tuple[str, ...]
    food: str
    utility: str
    relic: str
    infusion: str


@dataclass(frozen=True, slots=True)
class Role:
    """weights: by balance, part to weight. gear: prefixes. boons: gear is also searched at least boon durations."""

    name: str
    why: str
    weights: Mapping[str, Mapping[str, float]]
    gear: tuple[str, ...]
    boons: bool
    kit: Kit
    strikes: float
    conditions: float


@dataclass(frozen=True, slots=True)
class Held:
    """What is held all the time while a build is judged."""

    quickness: bool
    alacrity: bool
    boons: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Roles:
    parts: Mapping[str, Part]
    roles: Mapping[str, Role]
    held: Mapping[str, Held]


@cache
def packaged_roles() -> Roles:
    return roles_from(resources.files("builds.engine.improve").joinpath(FILE).read_text("utf-8"))


def checked_role(role: str | None) -> Role:
    """Raises InvalidInput for a role that there is not, and for none."""
    if not role:
        raise InvalidInput("Say for which role.", fields={"role": [f"Give one of {', '.join(ROLES)}."]})
    if role not in ROLES:
        message = f"There is no role “{role[:40]}”. The roles are {', '.join(ROLES)}."
        raise InvalidInput("This role can't be used.", fields={"role": [message]})
    return packaged_roles().roles[role]


def checked_balance(mode: str) -> str:
    """Raises InvalidInput for a game mode that there is not."""
    if mode not in MODES:
        message = f"There is no game mode “{mode[:40]}”. The modes are {', '.join(MODES)}."
        raise InvalidInput("This game mode can't be used.", fields={"mode": [message]})
    return BALANCE_OF_MODE[mode]


def roles_from(text: str) -> Roles:
    """Raises UnusableRolesError that names what is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnusableRolesError(f"{FILE}: {error}") from error
    _names("", document, ("circumstances", "parts", "kits", "roles"))
    _names("circumstances", document["circumstances"], BALANCES)
    _names("parts", document["parts"], PARTS)
    _names("roles", document["roles"], ROLES)
    kits = {name: _kit(f"kits.{name}", entry) for name, entry in document["kits"].items()}
    return Roles(
        {name: _part(name, document["parts"][name]) for name in PARTS},
        {name: _role(name, document["roles"][name], kits) for name in ROLES},
        {name: _held(f"circumstances.{name}", entry) for name, entry in document["circumstances"].items()},
    )


def _names(path: str, found: object, wanted: tuple[str, ...]) -> None:
    if not isinstance(found, Mapping) or set(found) != set(wanted):
        have = sorted(found) if isinstance(found, Mapping) else found
        raise UnusableRolesError(f"{FILE}: {path or 'the file'} must hold {', '.join(wanted)}, not {have}.")


def _part(name: str, entry: Any) -> Part:
    path = f"parts.{name}"
    curve = entry.get("curve") if isinstance(entry, Mapping) else None
    if curve not in CURVES:
        raise UnusableRolesError(f"{FILE}: {path}.curve must be one of {', '.join(CURVES)}.")
    measured = ("beyond", "most") if curve == "measured" else ()
    _names(path, entry, ("title", "unit", "curve", "good", *measured))
    _names(f"{path}.good", entry["good"], BALANCES)
    good = {balance: _number(f"{path}.good.{balance}", number) for balance, number in entry["good"].items()}
    if not all(good.values()):
        raise UnusableRolesError(f"{FILE}: {path}.good must be above 0.")
    numbers = {key: _number(f"{path}.{key}", entry[key]) for key in measured}
    if measured and not (numbers["beyond"] <= 1.0 <= numbers["most"]):
        raise UnusableRolesError(f"{FILE}: {path}.beyond must be at most 1, and most at least 1.")
    title, unit = _text(f"{path}.title", entry["title"]), _text(f"{path}.unit", entry["unit"])
    return Part(name, title, unit, curve, good, **numbers)


def _kit(path: str, entry: Any) -> Kit:
    _names(path, entry, ("rune", "sigils", "food", "utility", "relic", "infusion"))
    texts = {name: _text(f"{path}.{name}", entry[name]) for name in ("rune", "food", "utility", "relic", "infusion")}
    if texts["infusion"] not in ATTRIBUTES:
        raise UnusableRolesError(f"{FILE}: {path}.infusion must be one of {', '.join(ATTRIBUTES)}.")
    return Kit(**texts, sigils=_texts(f"{path}.sigils", entry["sigils"]))


def _role(name: str, entry: Any, kits: Mapping[str, Kit]) -> Role:
    path = f"roles.{name}"
    needed = {"why", "gear", "kit", "weights"}
    if not isinstance(entry, Mapping) or not needed <= set(entry) <= needed | {"boons", "wvw", "strikes", "conditions"}:
        raise UnusableRolesError(
            f"{FILE}: {path} must hold {', '.join(sorted(needed))}, and may hold boons, wvw, strikes, conditions."
        )
    if entry["kit"] not in kits:
        raise UnusableRolesError(f"{FILE}: {path}.kit must be one of {', '.join(kits)}.")
    usual = _weights(f"{path}.weights", entry["weights"])
    weights = dict.fromkeys(BALANCES, usual)
    if "wvw" in entry:
        weights["wvw"] = _weights(f"{path}.wvw", entry["wvw"])
    why, gear = _text(f"{path}.why", entry["why"]), _texts(f"{path}.gear", entry["gear"])
    strikes, conditions = (_number(f"{path}.{kind}", entry.get(kind, 1.0)) for kind in ("strikes", "conditions"))
    return Role(name, why, weights, gear, bool(entry.get("boons")), kits[entry["kit"]], strikes, conditions)


def _weights(path: str, entry: Any) -> Mapping[str, float]:
    if not isinstance(entry, Mapping) or not set(entry) <= set(PARTS):
        raise UnusableRolesError(f"{FILE}: {path} must hold weights of {', '.join(PARTS)}.")
    weights = {name: _number(f"{path}.{name}", entry[name]) for name in PARTS if name in entry}
    if abs(sum(weights.values()) - 1.0) > _EXACT:
        raise UnusableRolesError(f"{FILE}: {path} must add up to 1, not {sum(weights.values()):g}.")
    return weights


def _held(path: str, entry: Any) -> Held:
    _names(path, entry, ("quickness", "alacrity", "boons"))
    boons = {name: int(_number(f"{path}.boons.{name}", stacks)) for name, stacks in entry["boons"].items()}
    return Held(entry["quickness"] is True, entry["alacrity"] is True, boons)


def _number(path: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise UnusableRolesError(f"{FILE}: {path} must be a number of at least 0.")
    return float(value)


def _text(path: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnusableRolesError(f"{FILE}: {path} must be a text.")
    return " ".join(value.split())


def _texts(path: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(one, str) and one for one in value):
        raise UnusableRolesError(f"{FILE}: {path} must be a list of texts.")
    return tuple(cast("list[str]", value))
