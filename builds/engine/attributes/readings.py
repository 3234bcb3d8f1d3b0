"""What the facts of traits mean for the panel: one reading an effect, kept as data with its source."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache, lru_cache
from importlib import resources
from typing import Any, Literal

import orjson

from builds.gamedata import Catalogue

UNCONDITIONAL, CONDITIONAL, NO_ATTRIBUTE, UNKNOWN = "unconditional", "conditional", "not an attribute", "unknown"
KINDS = (UNCONDITIONAL, CONDITIONAL, NO_ATTRIBUTE, UNKNOWN)
PACKAGED = "readings.json"

Balance = Literal["pve", "wvw", "pvp"]
BALANCES: tuple[Balance, ...] = ("pve", "wvw", "pvp")


@dataclass(frozen=True, slots=True)
class Reading:
    """One effect of a trait. kind: of KINDS. attribute: of the panel, or "maximum_health", "signet_passives",
    "all attributes", "legends", "archetype of the pet"; "" where no attribute is named.

    pve, wvw, pvp: points or fraction, of a conversion the share of `share_of`; None where it can't be told.
    options: all numbers that the facts hold, where they are several.
    condition: on what it depends, in words. Of that, the engine itself knows `boon` (with `stacks` of it at least by
    mode, or once a stack), `weapons` (hand: "main", "off", "one_handed_main" or "" for any) and `with_trait`, and
    what `holds` out of combat; all else is switched on by the user.
    feeds_conversions: its points are read by conversions that read points of traits.
    alternative: holds instead of another effect of the trait, so it is named and never switched on."""

    trait: int
    name: str
    attribute: str
    kind: str
    source: str
    pve: float | None = None
    wvw: float | None = None
    pvp: float | None = None
    options: tuple[float, ...] = ()
    share_of: str = ""
    rounding: str = "none"
    reads_trait_points: bool = False
    feeds_conversions: bool = False
    condition: str = ""
    holds: bool = False
    boon: str = ""
    stacks: tuple[int, int, int] | None = None
    per_stack: bool = False
    weapons: tuple[str, ...] = ()
    hand: str = ""
    with_trait: int | None = None
    alternative: bool = False

    def amount(self, balance: Balance) -> float | None:
        return (self.pve, self.wvw, self.pvp)[BALANCES.index(balance)]


_DEFAULTS = {f.name: f.default for f in fields(Reading)}


def dump(readings: Mapping[int, tuple[Reading, ...]], checksum: str) -> bytes:
    """One line a reading, so that a change of the game's data is a readable difference."""
    rows = []
    for trait in sorted(readings):
        for reading in readings[trait]:
            row = {f: getattr(reading, f) for f in _DEFAULTS if getattr(reading, f) != _DEFAULTS[f]}
            rows.append(orjson.dumps(row).decode())
    head = f'{{"snapshot": {orjson.dumps(checksum).decode()},\n"readings": [\n'
    return (head + ",\n".join(rows) + "\n]}\n").encode()


def load(payload: bytes) -> tuple[str, dict[int, tuple[Reading, ...]]]:
    """The checksum of the snapshot that the readings were derived from, and the readings by trait."""
    document = orjson.loads(payload)
    found: dict[int, list[Reading]] = {}
    for row in document["readings"]:
        found.setdefault(row["trait"], []).append(_reading(row))
    return document["snapshot"], {trait: tuple(rows) for trait, rows in found.items()}


def _reading(row: dict[str, Any]) -> Reading:
    lists: dict[str, Any] = {key: tuple(row[key]) for key in ("options", "stacks", "weapons") if key in row}
    return Reading(**(row | lists))


@cache
def _packaged() -> tuple[str, dict[int, tuple[Reading, ...]]]:
    return load(resources.files("builds.engine.attributes").joinpath(PACKAGED).read_bytes())


@lru_cache(maxsize=4)
def readings_of(catalogue: Catalogue) -> Mapping[int, tuple[Reading, ...]]:
    """By trait id, every trait of the catalogue. The packaged table where it was made from this snapshot; of another
    one the table is derived, once a process."""
    from builds.engine.attributes.derive import derive_readings

    checksum, readings = _packaged()
    if catalogue.checksum and catalogue.checksum == checksum:
        return readings
    return derive_readings(catalogue)
