"""Searches for gear: answered at once where that takes no longer than half a second, else by a worker.

The row is the truth, the message to the worker only a nudge: a message that is lost is sent again from the row, and
one that comes twice finds the run taken."""

import hashlib
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from kombu.exceptions import OperationalError

import builds.engine
from builds.catalogue import current_catalogue
from builds.engine.gear import Progress
from builds.engine.optimise import BuildOptimisation
from builds.gear_wish import GearWish
from builds.models import Build, GearRun
from builds.spec import BuildSpec, plain_json
from builds.spec.stored import stored_spec
from gw2optimizer.errors import DomainError, NotFound, TooManyRequests

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

AT_ONCE_SECONDS = 0.5
MOST_SECONDS = 120.0
"""After that a worker's answer is the best so far."""
REPORT_SECONDS = 0.4
LEASE = timedelta(seconds=30)
"""A worker that has told nothing for so long has gone. A search tells several times a second, but for a few seconds
before it begins."""
RESEND = timedelta(minutes=2)
"""A run that waits for so long is sent again: its message may be lost."""
GIVE_UP = timedelta(hours=1)
MOST_ATTEMPTS = 2
MOST_WAITING = 3
"""Of one account or address."""
MOST_KEPT = 20
"""Finished runs of one account or address; each takes some 20 kB."""
KEPT = timedelta(days=7)

_WAITING = (GearRun.Status.QUEUED, GearRun.Status.RUNNING)
_LOST = "The search was cut off twice by a worker that ended. Start it again, with fewer choices if it does so again."
_UNTAKEN = "No worker took this search for an hour. Start it again later."
_BROKE = "Something broke on our side; it is noted in our log. Start the search again."


class _TooLongError(Exception):
    """Ends a search in the middle: its best so far is not wanted."""


@cache
def engine_version() -> str:
    """Names the state of the engine's sources."""
    digest = hashlib.sha256()
    folder = Path(builds.engine.__path__[0])
    for path in sorted(folder.rglob("*.py")):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def asker_key(caller: str) -> str:
    """caller: as `ratelimits.caller_key` names an account or address."""
    return salted_hmac("builds.gear_runs", caller, algorithm="sha256").hexdigest()[:32]


# --- What whoever asks does ------------------------------------------------------------------------
def answer_at_once(*, spec: BuildSpec, wish: GearWish) -> BuildOptimisation | None:
    """None where it takes longer than AT_ONCE_SECONDS. Raises InvalidInput for a wish that can't be met."""
    ends = time.monotonic() + AT_ONCE_SECONDS

    def too_long() -> bool:
        if time.monotonic() > ends:
            raise _TooLongError
        return False

    try:
        return wish.optimised(spec, current_catalogue(), cancelled=too_long)
    except _TooLongError:
        return None


@transaction.atomic
def keep_answer(
    *, owner: "User | None", caller: str, spec: BuildSpec, wish: GearWish, found: BuildOptimisation, build: Build | None
) -> GearRun:
    """A run that is over when it begins. build: the row of `spec`, None for one that was pasted."""
    run = _new(owner, caller, spec, wish, build)
    now = timezone.now()
    run.status, run.started_at, run.finished_at = GearRun.Status.DONE, now, now
    run.result, run.done, run.evaluated = found.as_json(), 1.0, found.evaluated
    run.best = run.bound = found.results[0].objective if found.results else None
    run.save(force_insert=True)
    _thin_out(run.asker)
    return run


@transaction.atomic
def queue_run(*, owner: "User | None", caller: str, spec: BuildSpec, wish: GearWish, build: Build | None) -> GearRun:
    """A run for a worker. Raises TooManyRequests where the caller has MOST_WAITING already."""
    run = _new(owner, caller, spec, wish, build)
    waiting = GearRun.objects.filter(asker=run.asker, status__in=_WAITING).count()
    if waiting >= MOST_WAITING:
        raise TooManyRequests(
            f"You have {waiting} searches waiting or running, which is the most. Wait until one is over, or stop one.",
            retry_after=10,
        )
    run.due_at = timezone.now() + RESEND
    run.save(force_insert=True)
    _thin_out(run.asker)
    transaction.on_commit(partial(_send, run.pk))
    log.info("gear_run_queued", run=str(run.pk), waiting=waiting)
    return run


@transaction.atomic
def cancel_run(*, run_id: uuid.UUID) -> GearRun:
    """One that waits is over at once; one that runs ends when its worker looks, with its best so far. Nothing happens
    to one that is over. Raises NotFound."""
    run = GearRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such search any more.")
    if run.status == GearRun.Status.QUEUED:
        run.status, run.finished_at = GearRun.Status.CANCELLED, timezone.now()
        run.save(update_fields=["status", "finished_at"])
    elif run.status == GearRun.Status.RUNNING:
        run.cancel_asked = True
        run.save(update_fields=["cancel_asked"])
    return run


def runs_ahead(run: GearRun) -> int:
    """How many wait or run that were there before."""
    return GearRun.objects.filter(status__in=_WAITING, created_at__lt=run.created_at).count()


def _new(owner: "User | None", caller: str, spec: BuildSpec, wish: GearWish, build: Build | None) -> GearRun:
    catalogue = current_catalogue()
    game = f", game build {catalogue.game_build}" if catalogue.game_build else ""
    return GearRun(
        owner=owner,
        build=build,
        asker=asker_key(caller),
        spec=plain_json(spec),
        request=wish.as_json(),
        engine=engine_version(),
        game_data=f"{catalogue.taken_on}{game}",
    )


def _thin_out(asker: str) -> None:
    """Nobody fills the table: of one asker's finished runs the newest stay."""
    over = GearRun.objects.filter(asker=asker).exclude(status__in=_WAITING)
    surplus = over.order_by("-created_at", "-id").values_list("pk", flat=True)[MOST_KEPT : 2 * MOST_KEPT]
    GearRun.objects.filter(pk__in=list(surplus)).delete()


def _send(run_id: uuid.UUID) -> None:
    from builds.tasks import search_gear

    try:
        search_gear.delay(str(run_id))
    except OperationalError as error:
        # The row stays and is sent again when it is due.
        log.error("gear_run_not_sent", run=str(run_id), error=type(error).__name__)


# --- What a worker does ----------------------------------------------------------------------------
class _Report:
    """Tells the row how far the search is, and hears from it whether to stop."""

    def __init__(self, run: GearRun) -> None:
        self.run = run
        self.stopped = False
        self.began = self.told = time.monotonic()

    def progress(self, now: Progress) -> None:
        moment = time.monotonic()
        if self.stopped or moment - self.told < REPORT_SECONDS:
            return
        self.told = moment
        told = (
            _held(self.run)
            .filter(cancel_asked=False)
            .update(
                done=min(1.0, max(0.0, now.done)),
                best=now.best,
                bound=now.bound,
                evaluated=now.evaluated,
                due_at=timezone.now() + LEASE,
            )
        )
        self.stopped = not told

    def cancelled(self) -> bool:
        return self.stopped or time.monotonic() - self.began > MOST_SECONDS


def work(*, run_id: uuid.UUID) -> None:
    """The whole life of a run in a worker. Returns at once where the run is gone, over, or another worker's."""
    run = _taken(run_id)
    if run is None:
        log.info("gear_run_not_taken", run=str(run_id))
        return
    report = _Report(run)
    try:
        wish = GearWish.from_json(run.request)
        found = wish.optimised(
            stored_spec(run.spec), current_catalogue(), progress=report.progress, cancelled=report.cancelled
        )
    except DomainError as error:
        _finish(run, status=GearRun.Status.FAILED, error_code=error.code, error_message=_told(error))
    except Exception:
        log.exception("gear_run_failed", run=str(run.pk))
        _finish(run, status=GearRun.Status.FAILED, error_code="server_error", error_message=_BROKE)
    else:
        finish_run(run=run, found=found, stopped=report.stopped)


def finish_run(*, run: GearRun, found: BuildOptimisation, stopped: bool = False) -> bool:
    """stopped: whoever asked wants no more than the best so far. False where the run is no longer this worker's."""
    best = found.results[0].objective if found.results else None
    proven = found.status != "cancelled"
    return _finish(
        run,
        status=GearRun.Status.DONE if proven or not stopped else GearRun.Status.CANCELLED,
        result=found.as_json(),
        evaluated=found.evaluated,
        best=best,
        **({"done": 1.0, "bound": best} if proven else {}),
    )


def _taken(run_id: uuid.UUID) -> GearRun | None:
    now = timezone.now()
    free = Q(status=GearRun.Status.QUEUED) | Q(status=GearRun.Status.RUNNING, due_at__lt=now)
    taken = GearRun.objects.filter(free, pk=run_id, attempts__lt=MOST_ATTEMPTS).update(
        status=GearRun.Status.RUNNING, attempts=F("attempts") + 1, started_at=now, due_at=now + LEASE
    )
    return GearRun.objects.filter(pk=run_id).first() if taken else None


def _held(run: GearRun) -> Any:
    """The row, as long as it is still this worker's."""
    return GearRun.objects.filter(pk=run.pk, status=GearRun.Status.RUNNING, attempts=run.attempts)


def _finish(run: GearRun, **values: Any) -> bool:
    kept = bool(_held(run).update(**values, finished_at=timezone.now()))
    log.info("gear_run_over", run=str(run.pk), status=str(values["status"]), kept=kept)
    return kept


def _told(error: DomainError) -> str:
    texts = [text for told in error.fields.values() for text in told]
    return " ".join([error.message, *(text for text in texts if text not in error.message)])[:500]


# --- What the clock does ---------------------------------------------------------------------------
@transaction.atomic
def tend_runs() -> Mapping[str, int]:
    """Sends runs again whose worker has gone or whose message is lost, and ends those for which that was in vain.
    Returns how many of each."""
    now = timezone.now()
    due = GearRun.objects.filter(status__in=_WAITING, due_at__lt=now)
    gone = due.filter(status=GearRun.Status.RUNNING)
    failed = {"status": GearRun.Status.FAILED, "finished_at": now}
    counts = {
        "cancelled": gone.filter(cancel_asked=True).update(status=GearRun.Status.CANCELLED, finished_at=now),
        "lost": gone.filter(attempts__gte=MOST_ATTEMPTS).update(**failed, error_code="lost", error_message=_LOST),
        "untaken": due.filter(status=GearRun.Status.QUEUED, created_at__lt=now - GIVE_UP).update(
            **failed, error_code="unavailable", error_message=_UNTAKEN
        ),
    }
    again = list(due.select_for_update().values_list("pk", flat=True))
    GearRun.objects.filter(pk__in=again).update(
        status=GearRun.Status.QUEUED, due_at=now + RESEND, done=0.0, best=None, bound=None, evaluated=0
    )
    for run_id in again:
        transaction.on_commit(partial(_send, run_id))
    counts["sent again"] = len(again)
    if any(counts.values()):
        log.warning("gear_runs_tended", **{name.replace(" ", "_"): count for name, count in counts.items()})
    return counts


def delete_old_runs() -> int:
    """Returns how many."""
    old = GearRun.objects.filter(created_at__lt=timezone.now() - KEPT).exclude(status__in=_WAITING)
    deleted, _ = old.delete()
    log.info("gear_runs_deleted", count=deleted)
    return deleted
