"""Writes of game data snapshots."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from builds import catalogue
from builds.gamedata import snapshot as files
from builds.models.gamedata import GameDataSnapshot

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
            "taken_on": document["taken_on"],
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
def activate_snapshot(*, snapshot: GameDataSnapshot) -> None:
    """Makes it the one that every process works with, within settings.CATALOGUE_CHECK_SECONDS.
    Undone by activating the other one again."""
    rows = GameDataSnapshot.objects.order_by("pk")
    # All rows, in one order: of two activations at once, the second waits and then sees what the first did.
    list(rows.select_for_update().values_list("pk", flat=True))
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
        row = store_snapshot(
            payload=files.packaged_bytes(),
            source=GameDataSnapshot.Source.PACKAGED,
            status="The snapshot that this version of the site came with.",
        )
        if not active or active[2] == GameDataSnapshot.Source.PACKAGED or active[3] < row.taken_on:
            activate_snapshot(snapshot=row)
    return True
