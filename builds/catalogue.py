"""The catalogue of this process: made from the active snapshot, renewed when another one is activated."""

import threading
import time

import structlog
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections

from builds.gamedata import Catalogue, SnapshotError, load_packaged
from builds.gamedata.snapshot import load
from builds.models.gamedata import GameDataSnapshot

log = structlog.get_logger(__name__)


class _Holder:
    """What the threads of a process share: one asks the database, the others go on with what there is."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.forget()

    def forget(self) -> None:
        self.catalogue: Catalogue | None = None
        self.row: int | None = None  # id of the row that `catalogue` stands for; None is the packaged file
        self.due = 0.0  # monotonic time of the next look

    def get(self) -> Catalogue:
        present = self.catalogue
        if present is not None and time.monotonic() < self.due:
            return present
        if not self.lock.acquire(blocking=present is None):
            return present  # type: ignore[return-value]  # another thread is looking
        try:
            if self.catalogue is None or time.monotonic() >= self.due:
                self._look()
            assert self.catalogue is not None
            return self.catalogue
        finally:
            self.lock.release()

    def _look(self) -> None:
        # Set first: a database that is down is asked once an interval, not at each call.
        self.due = time.monotonic() + settings.CATALOGUE_CHECK_SECONDS
        try:
            if connections[DEFAULT_DB_ALIAS].needs_rollback:
                # No question can be asked before the rollback.
                log.warning("catalogue_check_skipped", reason="broken transaction")
            else:
                self._renew()
        except Error as error:
            log.warning("catalogue_check_failed", error=type(error).__name__)
        if self.catalogue is None:
            log.warning("catalogue_packaged", reason="no active snapshot could be read")
            self.catalogue, self.row = load_packaged(), None

    def _renew(self) -> None:
        active = GameDataSnapshot.objects.filter(is_active=True).order_by()
        row = active.values_list("pk", flat=True).first()
        if row == self.row and self.catalogue is not None:
            return
        found = active.values_list("pk", "payload").first() if row is not None else None
        if found is None:
            self.catalogue, self.row = load_packaged(), None
            log.info("catalogue_loaded", snapshot="packaged")
            return
        # Remembered even if it is damaged, so that it is not read again each second.
        self.row, payload = found
        try:
            self.catalogue = load(bytes(payload))
        except SnapshotError as error:
            log.error("catalogue_snapshot_damaged", snapshot=self.row, error=str(error))
        else:
            log.info("catalogue_loaded", snapshot=self.row, game_build=self.catalogue.game_build)


_holder = _Holder()


def current_catalogue() -> Catalogue:
    """Never fails for want of a database: it goes on with what it has, or with the packaged snapshot.
    Asks at most once every settings.CATALOGUE_CHECK_SECONDS whether another snapshot is active."""
    return _holder.get()


def look_again() -> None:
    """Makes the next call of `current_catalogue` ask the database."""
    _holder.due = 0.0


def reset(catalogue: Catalogue | None = None) -> None:
    """For tests: forgets what was loaded, or takes the given one as if it had just been loaded."""
    with _holder.lock:
        _holder.forget()
        if catalogue is not None:
            _holder.catalogue = catalogue
            _holder.due = time.monotonic() + settings.CATALOGUE_CHECK_SECONDS
