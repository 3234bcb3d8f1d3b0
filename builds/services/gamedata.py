"""Writes of game data snapshots."""

import fcntl
import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from builds import catalogue
from builds.gamedata import merging
from builds.gamedata import snapshot as files
from builds.gamedata.api import GameApi, Patience, Progress, download
from builds.gamedata.diff import Diff, compare, same_content, summary
from builds.gamedata.translations import fetch_names
from builds.gamedata.validation import LANGUAGES, losses, validate
from builds.models.gamedata import GameDataSnapshot
from gw2optimizer.errors import Conflict, InvalidInput

log = structlog.get_logger(__name__)

KEPT_FROM_API = 5
"""How many snapshots of the API stay beside the active one; packaged ones always stay."""


_TABLES = ("professions", "specializations", "traits", "skills", "prefixes", "legends", "pets", "amulets")


def counts_of(document: Mapping[str, Any]) -> dict[str, int]:
    """Kind to how many of it; upgrades and consumables by their own kind."""
    counts = {kind: len(document[kind]) for kind in _TABLES}
    for table in ("upgrades", "consumables"):
        for row in document[table]:
            counts[row[1]] = counts.get(row[1], 0) + 1
    return counts


@transaction.atomic
def store_snapshot(
    *,
    payload: bytes,
    source: str,
    diff: Mapping[str, Any] | None = None,
    status: str = "",
    previous: int | None = None,
) -> GameDataSnapshot:
    """payload: a valid snapshot, packed. The row is not active yet; one stored before is given back as is."""
    document = files.unpack(payload)
    row, _ = GameDataSnapshot.objects.defer("payload").get_or_create(
        checksum=files.checksum(payload),
        defaults={
            "game_build": document["game_build"],
            "taken_on": date.fromisoformat(document["taken_on"]),
            "source": source,
            "language": document["language"],
            "payload": payload,
            "counts": counts_of(document),
            "diff": dict(diff or {}),
            "status": status[:300],
            "previous_id": previous,
        },
    )
    return row


@transaction.atomic
def activate_snapshot(*, snapshot: GameDataSnapshot, instead_of: int | None = None) -> None:
    """Makes it the one that every process works with, within settings.CATALOGUE_CHECK_SECONDS.
    Undone by activating the other one again.
    instead_of: id of the row that has to be the active one; Conflict where it is not any more."""
    rows = GameDataSnapshot.objects.order_by("pk")
    # All rows, in one order: of two activations at once, the second waits and then sees what the first did.
    list(rows.select_for_update().values_list("pk", flat=True))
    if instead_of is not None and not rows.filter(pk=instead_of, is_active=True).exists():
        raise Conflict("Another snapshot was activated in the meantime. Run the sync again.")
    rows.filter(is_active=True).exclude(pk=snapshot.pk).update(is_active=False)
    rows.filter(pk=snapshot.pk, is_active=False).update(is_active=True, activated_at=timezone.now())
    snapshot.is_active = True
    transaction.on_commit(catalogue.look_again)


@transaction.atomic
def prune_snapshots() -> int:
    """Deletes the API's snapshots beyond the newest KEPT_FROM_API that are not active; returns how many."""
    old = GameDataSnapshot.objects.filter(source=GameDataSnapshot.Source.API, is_active=False).order_by("-pk")
    doomed = list(old.values_list("pk", flat=True)[KEPT_FROM_API:])
    return GameDataSnapshot.objects.filter(pk__in=doomed).delete()[0] if doomed else 0


@cache
def _packaged_checksum() -> str:
    return files.checksum(files.packaged_bytes())


def ensure_packaged_snapshot() -> bool:
    """Brings the packaged snapshot into the table and activates it unless the API gave a newer one.
    Returns whether anything was done; one query when there is nothing to do."""
    checksum = _packaged_checksum()
    rows = list(
        GameDataSnapshot.objects.filter(Q(checksum=checksum) | Q(is_active=True))
        .order_by()
        .values_list("checksum", "is_active", "source", "taken_on")
    )
    active = next((row for row in rows if row[1]), None)
    if active and any(row[0] == checksum for row in rows):
        return False
    with transaction.atomic():
        previous, diff = _against_active(files.packaged_bytes())
        row = store_snapshot(
            payload=files.packaged_bytes(),
            source=GameDataSnapshot.Source.PACKAGED,
            status="The snapshot that this version of the site came with.",
            diff=diff,
            previous=previous,
        )
        if not active or active[2] == GameDataSnapshot.Source.PACKAGED or active[3] < row.taken_on:
            activate_snapshot(snapshot=row)
    return True


def _against_active(payload: bytes) -> tuple[int | None, Diff]:
    """Id of the active row and what the payload changes; nothing where there is none, or one that can't be read."""
    active = GameDataSnapshot.objects.filter(is_active=True).order_by().values_list("pk", "payload").first()
    if active is None:
        return None, {}
    try:
        return active[0], compare(files.unpack(bytes(active[1])), files.unpack(payload))
    except files.SnapshotError:
        return None, {}


# --- sync --------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class SyncResult:
    """snapshot: the new active row; None where nothing is new, or where nothing was to be changed.
    diff: as `builds.gamedata.diff.compare` gives it."""

    snapshot: GameDataSnapshot | None
    game_build: int
    diff: Diff

    @property
    def message(self) -> str:
        return f"Game build {self.game_build}: {summary(self.diff)}."


def sync(
    *,
    language: str = "en",
    api_url: str = "",
    dry_run: bool = False,
    force: bool = False,
    patience: Patience | None = None,
    progress: Progress | None = None,
) -> SyncResult:
    """Brings the official API's facts, or the names in a language, into a new active snapshot.
    force: also where a large part of what is known would be gone.

    Raises InvalidInput for an unknown language, an address that is not to be trusted, and for data that can't be
    used; Conflict when another sync is running; Unavailable when the API can't be reached. The active snapshot
    stays in all of these cases. Answers of a run that was ended are used by the next."""
    if language not in {"en", *LANGUAGES}:
        raise InvalidInput(
            f"The game has no names in {language[:20]!r}; it has en, {', '.join(LANGUAGES)}.",
            fields={"lang": ["Unknown language."]},
        )
    base_url = trusted_address(api_url or settings.GAME_API_URL)
    folder = settings.VAR_DIR / "sync"
    with _only_one(folder):
        if not dry_run:
            ensure_packaged_snapshot()
        active = GameDataSnapshot.objects.filter(is_active=True).order_by().values_list("pk", "payload").first()
        previous, payload = (active[0], bytes(active[1])) if active else (None, files.packaged_bytes())
        before = files.unpack(payload)
        with GameApi(base_url, folder=folder, language=language, patience=patience, progress=progress) as api:
            after = _next_document(api, before, force=force)
            api.forget()
        return _take(before, after, previous=previous, game_build=api.game_build, dry_run=dry_run)


def _next_document(api: GameApi, before: dict[str, Any], *, force: bool) -> dict[str, Any]:
    if api.language != "en":
        after = {**before, "names": {**before.get("names", {}), api.language: fetch_names(api, before)}}
        problems = validate(after)
    else:
        seen = merging.seen_before(before)
        answers = download(api, items=merging.item_ids(before), itemstats=merging.stat_ids(before), seen=seen)
        try:
            after = merging.merge(before, answers, taken_on=timezone.now().date())
            problems = validate(after) or ([] if force else losses(before, after))
        except files.SnapshotError as error:
            problems = [str(error)]
    if problems:
        api.forget()
        more = f" And {len(problems) - 10} problems more." if len(problems) > 10 else ""
        raise InvalidInput("The data was not activated. " + " ".join(problems[:10]) + more)
    return after


def _take(
    before: dict[str, Any], after: dict[str, Any], *, previous: int | None, game_build: int, dry_run: bool
) -> SyncResult:
    if same_content(before, after):
        return SyncResult(None, game_build, {})
    diff = compare(before, after)
    if dry_run:
        return SyncResult(None, game_build, diff)
    with transaction.atomic():
        row = store_snapshot(
            payload=files.pack(after),
            source=GameDataSnapshot.Source.API,
            diff=diff,
            status=summary(diff),
            previous=previous,
        )
        activate_snapshot(snapshot=row, instead_of=previous)
        prune_snapshots()
    log.info("gamedata_synced", snapshot=row.pk, game_build=game_build)
    return SyncResult(row, game_build, diff)


def trusted_address(url: str) -> str:
    """The address, if it is encrypted or of this machine: what it answers becomes the site's own data."""
    parts = urlsplit(url)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname))):
        return url
    raise InvalidInput(
        f"The address {url[:200]!r} is neither https nor on this machine.", fields={"api": ["Needs https."]}
    )


def is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    """The lock ends with the process, however that ends. Two machines may sync at once: that costs calls, and the
    second to activate finds that the first did."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("Another sync is running on this machine.") from error
        yield
