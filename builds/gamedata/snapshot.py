"""A snapshot's file form: one JSON document, compressed, with a checksum over the plain text.

Document: format, game_build (int or null), taken_on (ISO date), sources, language, and a list for each kind.
Traits, skills, upgrades and consumables are rows in the order of their dataclass, the last cell being the rest
of the entry as JSON text, which is decoded only when someone asks for it."""

import gzip
import hashlib
import zlib
from collections.abc import Mapping
from importlib import resources
from typing import Any

import orjson

from builds.gamedata.catalogue import Catalogue

FORMAT = 1
PACKAGED = "seed.json.gz"
MAX_BYTES = 64 * 1024 * 1024

_LISTS = (
    "professions", "specializations", "traits", "skills", "prefixes", "upgrades", "consumables", "legends",
    "pets", "amulets", "trait_rules",
)  # fmt: skip


class SnapshotError(ValueError):
    """A snapshot that can't be used; the text says what is wrong with it."""


def pack(document: Mapping[str, Any]) -> bytes:
    """The same document gives the same bytes."""
    packed = gzip.compress(orjson.dumps(document, option=orjson.OPT_SORT_KEYS), compresslevel=9, mtime=0)
    # Python 3.12 names its operating system in this byte of the head, 3.13 says that it is unknown.
    return packed[:9] + b"\xff" + packed[10:]


def unpack(payload: bytes) -> dict[str, Any]:
    """Raises SnapshotError for anything that `pack` did not make."""
    return _document(_plain(payload))


def _plain(payload: bytes) -> bytes:
    try:
        return gzip.decompress(payload)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        raise SnapshotError(f"The snapshot is damaged: {error}") from error


def _document(text: bytes) -> dict[str, Any]:
    if len(text) > MAX_BYTES:
        raise SnapshotError("The snapshot is larger than any real one.")
    try:
        document = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise SnapshotError(f"The snapshot is not JSON: {error}") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise SnapshotError(f"The snapshot is not of format {FORMAT}.")
    missing = [name for name in _LISTS if not isinstance(document.get(name), list)]
    if missing:
        raise SnapshotError("The snapshot lacks " + ", ".join(missing) + ".")
    return document


def checksum(payload: bytes) -> str:
    """SHA-256 of the plain document, so that the level of compression does not matter."""
    return hashlib.sha256(_plain(payload)).hexdigest()


def packaged_bytes() -> bytes:
    """The snapshot that comes with the project."""
    return resources.files("builds.gamedata").joinpath("packaged", PACKAGED).read_bytes()


def catalogue_of(document: Mapping[str, Any], *, checksum: str = "") -> Catalogue:
    """Raises SnapshotError where the content can't make a catalogue."""
    try:
        return Catalogue(document, checksum=checksum)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SnapshotError(f"The snapshot's content can't be read: {error!r}") from error


def load(payload: bytes) -> Catalogue:
    """Raises SnapshotError for what `unpack` or `catalogue_of` refuse."""
    text = _plain(payload)
    return catalogue_of(_document(text), checksum=hashlib.sha256(text).hexdigest())


def load_packaged() -> Catalogue:
    return load(packaged_bytes())
