"""Searches for gear: answered at once where that takes no longer than half a second, else by a worker.

How a run is kept, sent again and given up: `gw2optimizer.runs`."""

import hashlib
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from django.db import transaction
from django.utils import timezone

import builds.engine
from builds.catalogue import current_catalogue
from builds.engine.gear import Progress
from builds.engine.optimise import BuildOptimisation
from builds.gear_wish import GearWish
from builds.models import Build, GearRun
from builds.spec import BuildSpec, plain_json
from builds.spec.stored import stored_spec
from gw2optimizer.errors import DomainError, TooManyRequests
from gw2optimizer.runs import Keeper, nudge, told

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

_LOST = "The search was cut off twice by a worker that ended. Start it again, with fewer choices if it does so again."
_UNTAKEN = "No worker took this search for an hour. Start it again later."
_BROKE = "Something broke on our side; it is noted in our log. Start the search again."


def _send(run_id: uuid.UUID) -> None:
    from builds.tasks import search_gear

    nudge(search_gear, run_id, _keeper.name)


_keeper = Keeper(
    model=GearRun,
    name="gear_run",
    what="search",
    send=lambda run_id: _send(run_id),
    lease=LEASE,
    resend=RESEND,
    give_up=GIVE_UP,
    most_attempts=MOST_ATTEMPTS,
    lost=_LOST,
    untaken=_UNTAKEN,
    afresh={"best": None, "bound": None, "evaluated": 0},
)


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
    _keeper.thin_out(run.asker, MOST_KEPT)
    return run


@transaction.atomic
def queue_run(*, owner: "User | None", caller: str, spec: BuildSpec, wish: GearWish, build: Build | None) -> GearRun:
    """A run for a worker. Raises TooManyRequests where the caller has MOST_WAITING already."""
    run = _new(owner, caller, spec, wish, build)
    waiting = _keeper.waiting().filter(asker=run.asker).count()
    if waiting >= MOST_WAITING:
        raise TooManyRequests(
            f"You have {waiting} searches waiting or running, which is the most. Wait until one is over, or stop one.",
            retry_after=10,
        )
    _keeper.queue(run)
    _keeper.thin_out(run.asker, MOST_KEPT)
    log.info("gear_run_queued", run=str(run.pk), waiting=waiting)
    return run


def cancel_run(*, run_id: uuid.UUID) -> GearRun:
    """One that waits is over at once; one that runs ends when its worker looks, with its best so far. Nothing happens
    to one that is over. Raises NotFound."""
    return _keeper.cancel(run_id)


def runs_ahead(run: GearRun) -> int:
    """How many wait or run that were there before."""
    return _keeper.ahead(run)


def _new(owner: "User | None", caller: str, spec: BuildSpec, wish: GearWish, build: Build | None) -> GearRun:
    catalogue = current_catalogue()
    game = f", game build {catalogue.game_build}" if catalogue.game_build else ""
    return GearRun(
        owner=owner,
        build=build,
        asker=_keeper.asker_key(caller),
        spec=plain_json(spec),
        request=wish.as_json(),
        engine=engine_version(),
        game_data=f"{catalogue.taken_on}{game}",
    )


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
        self.stopped = not _keeper.tell(
            self.run, done=min(1.0, max(0.0, now.done)), best=now.best, bound=now.bound, evaluated=now.evaluated
        )

    def cancelled(self) -> bool:
        return self.stopped or time.monotonic() - self.began > MOST_SECONDS


def work(*, run_id: uuid.UUID) -> None:
    """The whole life of a run in a worker. Returns at once where the run is gone, over, or another worker's."""
    run = _taken(run_id)
    if run is None:
        return
    report = _Report(run)
    try:
        wish = GearWish.from_json(run.request)
        found = wish.optimised(
            stored_spec(run.spec), current_catalogue(), progress=report.progress, cancelled=report.cancelled
        )
    except DomainError as error:
        _keeper.finish(run, status=GearRun.Status.FAILED, error_code=error.code, error_message=told(error))
    except Exception:
        log.exception("gear_run_failed", run=str(run.pk))
        _keeper.finish(run, status=GearRun.Status.FAILED, error_code="server_error", error_message=_BROKE)
    else:
        finish_run(run=run, found=found, stopped=report.stopped)


def finish_run(*, run: GearRun, found: BuildOptimisation, stopped: bool = False) -> bool:
    """stopped: whoever asked wants no more than the best so far. False where the run is no longer this worker's."""
    best = found.results[0].objective if found.results else None
    proven = found.status != "cancelled"
    return _keeper.finish(
        run,
        status=GearRun.Status.DONE if proven or not stopped else GearRun.Status.CANCELLED,
        result=found.as_json(),
        evaluated=found.evaluated,
        best=best,
        **({"done": 1.0, "bound": best} if proven else {}),
    )


def _taken(run_id: uuid.UUID) -> GearRun | None:
    return _keeper.take(run_id)


# --- What the clock does ---------------------------------------------------------------------------
def tend_runs() -> Mapping[str, int]:
    """Sends runs again whose worker has gone or whose message is lost, and ends those for which that was in vain.
    Returns how many of each."""
    return _keeper.tend()


def delete_old_runs() -> int:
    """Returns how many."""
    return _keeper.delete_before(timezone.now() - KEPT)
