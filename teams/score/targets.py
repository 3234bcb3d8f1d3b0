"""The targets of each style, read from `targets.toml` and refused where they are not whole."""

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from builds.gamedata.fact_shapes import BOONS
from teams.coverage.rules import PER_MEMBER, RATES, SHARED, SUMMED

FILE = "targets.toml"
STYLES = ("zerg", "raid_guild", "roaming", "fractals", "raids", "strikes", "pve")
GRADES = ("S", "A", "B", "C", "D")
BOON, WITHOUT_BEST, EACH_HAS, PER_PLAYER, PER_FIVE = "boon", "without", "shared", "player", "five"
WHOLE = ("damage", "effective_health", "mobility", "ranged")
_SPREAD = {EACH_HAS: SHARED, PER_PLAYER: PER_MEMBER, PER_FIVE: SUMMED}
_WEIGHTS = 100.0


class UnusableTargetsError(Exception):
    """The file of targets can't be used; says where and why."""


@dataclass(frozen=True, slots=True)
class Part:
    """measure: one of WHOLE, or a kind with what `of` names."""

    name: str
    title: str
    measure: str
    of: str
    unit: str
    why: str


@dataclass(frozen=True, slots=True)
class Target:
    """weight: points of the score at most. number: that counts as all of them."""

    part: Part
    weight: float
    number: float
    source: str


@dataclass(frozen=True, slots=True)
class Style:
    name: str
    title: str
    targets: tuple[Target, ...]


@dataclass(frozen=True, slots=True)
class Targets:
    """grades: name to the least score, the best first."""

    grades: Mapping[str, float]
    parts: Mapping[str, Part]
    styles: Mapping[str, Style]

    def grade(self, total: float) -> str:
        return next(name for name, least in self.grades.items() if total >= least)


def packaged_text() -> str:
    return resources.files("teams.score").joinpath(FILE).read_text("utf-8")


@cache
def packaged_targets() -> Targets:
    return targets_from(packaged_text())


def digest() -> str:
    """Of the file: another one makes other scores."""
    return hashlib.sha256(packaged_text().encode()).hexdigest()[:8]


def style_of(game_mode: str, wvw_style: str | None) -> str:
    """Of STYLES. A WvW team of no style is a zerg, and PvP is judged as roaming, for nobody publishes its numbers."""
    if game_mode == "wvw":
        return wvw_style or "zerg"
    return "roaming" if game_mode == "pvp" else game_mode


def targets_from(text: str) -> Targets:
    """Raises UnusableTargetsError that names what is wrong."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UnusableTargetsError(f"{FILE}: {error}") from error
    _names("", document, ("grades", "parts", "styles"))
    parts = {name: _part(f"parts.{name}", name, entry) for name, entry in _table("parts", document).items()}
    _names("styles", document["styles"], STYLES)
    styles = {name: _style(f"styles.{name}", name, document["styles"][name], parts) for name in STYLES}
    used = {target.part.name for style in styles.values() for target in style.targets}
    if unused := sorted(set(parts) - used):
        raise UnusableTargetsError(f"{FILE}: parts.{unused[0]} is in no style.")
    return Targets(_grades(document["grades"]), parts, styles)


def _grades(entry: Any) -> dict[str, float]:
    _names("grades", entry, GRADES)
    grades = {name: _number(f"grades.{name}", entry[name]) for name in GRADES}
    falling = list(grades.values())
    if falling != sorted(set(falling), reverse=True) or falling[-1] != 0:
        raise UnusableTargetsError(f"{FILE}: grades must fall from {GRADES[0]} to {GRADES[-1]}, the last to 0.")
    return grades


def _part(path: str, name: str, entry: Any) -> Part:
    _names(path, entry, ("title", "measure", "unit", "why"))
    measure, _, of = _text(f"{path}.measure", entry["measure"]).partition(" ")
    if not _is_measure(measure, of):
        raise UnusableTargetsError(f"{FILE}: {path}.measure: there is no “{entry['measure']}”.")
    words = {key: _text(f"{path}.{key}", entry[key]) for key in ("title", "unit", "why")}
    return Part(name, words["title"], measure, of, words["unit"], words["why"])


def _is_measure(measure: str, of: str) -> bool:
    if measure in WHOLE:
        return not of
    if measure in (BOON, WITHOUT_BEST):
        return of in BOONS
    return measure in _SPREAD and of in RATES and RATES[of][0] == _SPREAD[measure]


def _style(path: str, name: str, entry: Any, parts: Mapping[str, Part]) -> Style:
    _names(path, entry, ("title", "parts"))
    targets = []
    for part, told in _table(f"{path}.parts", entry, "parts").items():
        if part not in parts:
            raise UnusableTargetsError(f"{FILE}: {path}.parts.{part}: there is no such part.")
        _names(f"{path}.parts.{part}", told, ("weight", "target", "source"))
        weight, target = (_number(f"{path}.parts.{part}.{key}", told[key]) for key in ("weight", "target"))
        if not weight or not target:
            raise UnusableTargetsError(f"{FILE}: {path}.parts.{part}: weight and target must be above 0.")
        targets.append(Target(parts[part], weight, target, _text(f"{path}.parts.{part}.source", told["source"])))
    total = math.fsum(target.weight for target in targets)
    if total != _WEIGHTS:
        raise UnusableTargetsError(f"{FILE}: the weights of {path} must add up to {_WEIGHTS:g}, not {total:g}.")
    targets.sort(key=lambda target: (-target.weight, target.part.name))
    return Style(name, _text(f"{path}.title", entry["title"]), tuple(targets))


def _names(path: str, found: object, wanted: tuple[str, ...]) -> None:
    if not isinstance(found, Mapping) or set(found) != set(wanted):
        have = sorted(found) if isinstance(found, Mapping) else found
        raise UnusableTargetsError(f"{FILE}: {path or 'the file'} must hold {', '.join(wanted)}, not {have}.")


def _table(path: str, document: Mapping[str, Any], key: str | None = None) -> Mapping[str, Any]:
    found = document[key or path]
    if not isinstance(found, Mapping) or not found:
        raise UnusableTargetsError(f"{FILE}: {path} must be a table.")
    return found


def _number(path: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise UnusableTargetsError(f"{FILE}: {path} must be a number, not {value!r}.")
    return float(value)


def _text(path: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UnusableTargetsError(f"{FILE}: {path} must be a text.")
    return value
