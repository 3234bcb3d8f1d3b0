"""Icons of the game, stored and served by ourselves. The file's name holds the game's own id and signature of the
picture, so a stored icon never changes and may be kept by browsers for good."""

import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from builds.gamedata import KINDS, Catalogue
from gw2optimizer.errors import Unavailable
from gw2optimizer.http import ConfiguredClient, configured

RENDER_URL = "https://render.guildwars2.com/file"
MAX_BYTES = 512 * 1024
NAME = r"[0-9]{1,10}-[0-9A-F]{16}\.png"
_ADDRESS = re.compile(r"https://render\.guildwars2\.com/file/([0-9A-F]{40})/([0-9]{1,10})\.png")
_LOOK_EVERY = 1.0
"""Seconds between two looks at the folder, which `sync_icons` fills from another process."""

# After so many failures in a row it is the server and not the picture.
_GIVE_UP_AFTER = 10


# --- what is stored ----------------------------------------------------------------------------------
@lru_cache(maxsize=16_384)
def file_name(icon: str) -> str | None:
    """The name under which the icon at this address of the game is stored; None for no such address."""
    match = _ADDRESS.fullmatch(icon)
    return f"{match[2]}-{match[1][:16]}.png" if match else None


class _Stored:
    """Names of the stored files, read again when the folder changed."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        self.changed: tuple[Path, int] | None = None
        self.due = 0.0

    def get(self) -> frozenset[str]:
        now = time.monotonic()
        folder: Path = settings.ICON_DIR
        if now >= self.due or (self.changed is not None and self.changed[0] != folder):
            self.due = now + _LOOK_EVERY
            try:
                changed = (folder, folder.stat().st_mtime_ns)
                if changed != self.changed:
                    self.names, self.changed = frozenset(os.listdir(folder)), changed
            except FileNotFoundError:
                self.names, self.changed = frozenset(), None
        return self.names


_stored = _Stored()


def icon_url(icon: str) -> str | None:
    """icon: the game's address of it. Returns the path on this site, or None where it is not stored."""
    name = file_name(icon)
    return f"/icons/{name}" if name is not None and name in _stored.get() else None


def stored_count() -> int:
    """How many files are stored: icons come and never go, so an answer with icons changes only with it."""
    return len(_stored.get())


@require_safe
def icon(request: HttpRequest, name: str) -> FileResponse:
    """name: matches NAME, so it can't lead out of the folder."""
    try:
        file = (settings.ICON_DIR / name).open("rb")
    except (FileNotFoundError, NotADirectoryError) as error:
        raise Http404 from error
    response = FileResponse(file, content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


# --- how they come here ------------------------------------------------------------------------------
@dataclass(slots=True)
class Fetched:
    stored: int = 0
    known: int = 0
    refused: int = 0


def addresses(catalogue: Catalogue) -> list[str]:
    """All icons and backgrounds that the catalogue names, once each."""
    things = (thing for kind in KINDS for thing in catalogue.table(kind).values())
    found = {address for thing in things for address in _addresses(thing)}
    return sorted(address for address in found if file_name(address))


def _addresses(thing: object) -> Iterator[str]:
    for attribute in ("icon", "background"):
        if address := getattr(thing, attribute, ""):
            yield address
    details = getattr(thing, "details", {})
    yield from (skill["icon"] for skill in details.get("skills", ()) if isinstance(skill, dict) and skill.get("icon"))


def fetch_icons(
    catalogue: Catalogue,
    *,
    base_url: str = RENDER_URL,
    rate: float = 10.0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Fetched:
    """Stores what is missing, at most `rate` a second. Raises Unavailable when the server stays out of reach;
    what was stored by then stays, and the next run goes on from there."""
    folder: Path = settings.ICON_DIR
    folder.mkdir(parents=True, exist_ok=True)
    present = set(os.listdir(folder))
    wanted = addresses(catalogue)
    missing = [address for address in wanted if file_name(address) not in present]
    result = Fetched(known=len(wanted) - len(missing))
    failures = 0
    with configured(base_url, timeout=(5, 30), max_bytes=MAX_BYTES) as client:
        for done, address in enumerate(missing, 1):
            started = time.monotonic()
            try:
                content = _fetch(client, address)
                failures = 0
            except Unavailable:
                content = None
                failures += 1
                if failures == _GIVE_UP_AFTER:
                    raise
            if content is None:
                result.refused += 1
            else:
                _store(folder / str(file_name(address)), content)
                result.stored += 1
            progress(done, len(missing))
            time.sleep(max(0.0, 1 / rate - (time.monotonic() - started)))
    return result


def _fetch(client: ConfiguredClient, address: str) -> bytes | None:
    """None for what is no picture that we serve. Raises Unavailable when the server is in trouble."""
    response = client.get(address.removeprefix(RENDER_URL))
    if response.status_code == 429 or response.status_code >= 500:
        raise Unavailable(f"{client.name} answered with status {response.status_code}.")
    content: bytes = response.content
    return content if response.status_code == 200 and is_png(content) else None


def is_png(content: bytes) -> bool:
    return content[:16] == b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" and content[-8:-4] == b"IEND"


def _store(path: Path, content: bytes) -> None:
    # Renamed when it is whole: a file of that name is never half a picture.
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(0o644)
    os.replace(file.name, path)
