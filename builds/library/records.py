"""Library records: how they are made from gathered builds, and their packed form. Plain Python, no Django."""

import gzip
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import orjson

from builds.gamedata import Catalogue
from builds.spec import BuildSpec, parse_build, plain_json, stored_spec
from gw2optimizer.errors import InvalidInput, MalformedInput

PACKAGED = "library.json.gz"

# Parts that a build can do without: where a source has something there that the game does not, the rest still counts.
_DISPENSABLE = ("gear", "rune", "sigils", "relic", "food", "utility", "infusions", "enrichment")


@dataclass(frozen=True, slots=True)
class LibraryRecord:
    """published: ISO date, "" if the source gives none. derived: parts of the build that were worked out and not
    published as such. normalised: sentences about what was left out or is in doubt. build: `build/1` with bare ids."""

    key: str
    source: str
    published: str
    stale: bool
    derived: tuple[str, ...]
    normalised: tuple[str, ...]
    build: dict[str, Any]

    @property
    def spec(self) -> BuildSpec:
        return stored_spec(self.build)


def record_from(entry: Mapping[str, Any], catalogue: Catalogue) -> LibraryRecord:
    """entry: {"id", "source", "published"?, "stale"?, "derived"?, "benchmark_dps"?, "build": build/1}.
    Raises InvalidInput for a build that even without its gear is none, MalformedInput for an entry of another shape."""
    if not isinstance(entry, Mapping):
        raise MalformedInput("It is not an object.")
    key, source = _text_of(entry, "id"), _text_of(entry, "source")
    if not isinstance(entry.get("build"), Mapping):
        raise MalformedInput("Its `build` is missing or not an object.")
    build = dict(entry["build"])
    published, derived = _published(entry), _texts_of(entry, "derived")
    if entry.get("benchmark_dps") is not None:
        build.setdefault("benchmark", {"dps": entry["benchmark_dps"], "source": source})
    notes: list[str] = []
    while True:
        try:
            parsed = parse_build(build, catalogue)
            break
        except InvalidInput as error:
            dropped = _without(build, error.fields)
            if not dropped:
                raise
            notes += dropped
    # The source's own words about the trait layout: the code predates a change of the trait line.
    moved = _texts_of(entry, "trait_layout_changed")
    notes += [*parsed.notes, *(f"{line} was laid out anew since: its trait may be another one." for line in moved)]
    stale = bool(entry.get("stale") or moved)
    return LibraryRecord(key, source, published, stale, derived, tuple(notes), plain_json(parsed.spec))


def _text_of(entry: Mapping[str, Any], name: str) -> str:
    value = entry.get(name)
    if not isinstance(value, str) or not value.strip():
        raise MalformedInput(f"Its `{name}` is missing or not a text.")
    return value


def _texts_of(entry: Mapping[str, Any], name: str) -> tuple[str, ...]:
    values = entry.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise MalformedInput(f"Its `{name}` is not a list of texts.")
    return tuple(values)


def _published(entry: Mapping[str, Any]) -> str:
    given = entry.get("published") or ""
    try:
        return date.fromisoformat(given).isoformat() if given else ""
    except (TypeError, ValueError) as error:
        raise MalformedInput("Its `published` is not a date such as 2026-05-06.") from error


def gathered_records(path: Path, catalogue: Catalogue) -> list[LibraryRecord]:
    """path: a JSON list of entries as `record_from` takes them. Raises MalformedInput, InvalidInput that name the
    file and the entry."""
    try:
        entries = orjson.loads(path.read_bytes())
    except OSError as error:
        raise MalformedInput(f"{path}: {error.strerror}") from error
    except orjson.JSONDecodeError as error:
        raise MalformedInput(f"{path}: not JSON ({error})") from error
    if not isinstance(entries, list):
        raise MalformedInput(f"{path}: not a list of builds")
    records: dict[str, LibraryRecord] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            record = record_from(entry, catalogue)
        except (MalformedInput, InvalidInput) as error:
            raise InvalidInput(f"{path}: entry {number}: {error.message}") from error
        if record.key in records:
            raise MalformedInput(f"{path}: entry {number}: the id {record.key} stands twice")
        records[record.key] = record
    return list(records.values())


def _without(build: dict[str, Any], fields: Mapping[str, list[str]]) -> list[str]:
    """Takes the wrong parts out of the build where it can do without them; says what it took. Empty if it can't."""
    given = dict(build)
    said: list[str] = []
    for path, texts in fields.items():
        part, *rest = path.split(".")
        if part not in _DISPENSABLE or part not in given:
            return []
        gear = given["gear"] if part == "gear" and rest else None
        if isinstance(gear, dict) and rest[0] in gear:
            # Several things may be wrong with one piece, which goes once.
            build["gear"] = {slot: piece for slot, piece in build.get("gear", {}).items() if slot != rest[0]}
        else:
            build.pop(part, None)
        said.append(f"{path} was left out: {texts[0]}")
    return said


def pack(records: Iterable[LibraryRecord]) -> bytes:
    """The same records give the same bytes."""
    rows = sorted((asdict(record) for record in records), key=lambda row: str(row["key"]))
    packed = gzip.compress(orjson.dumps(rows, option=orjson.OPT_SORT_KEYS), compresslevel=9, mtime=0)
    # Python 3.12 names its operating system in this byte of the head, 3.13 says that it is unknown.
    return packed[:9] + b"\xff" + packed[10:]


def unpack(payload: bytes) -> list[LibraryRecord]:
    """Raises MalformedInput for anything that `pack` did not make."""
    try:
        rows = orjson.loads(gzip.decompress(payload))
        return [
            LibraryRecord(**{**row, "derived": tuple(row["derived"]), "normalised": tuple(row["normalised"])})
            for row in rows
        ]
    except (OSError, EOFError, ValueError, TypeError, KeyError) as error:
        raise MalformedInput("The packed library is damaged.") from error


def packaged_records() -> list[LibraryRecord]:
    return unpack(resources.files("builds.library").joinpath("packaged", PACKAGED).read_bytes())
