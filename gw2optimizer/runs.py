"""Work that a worker does for somebody, one row each. The row is the truth, the message to the worker only a nudge: a
message that is lost is sent again from the row, and one that comes twice finds the run taken."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog
from django.db import models, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from kombu.exceptions import OperationalError

from gw2optimizer.errors import DomainError, NotFound

log = structlog.get_logger(__name__)

WAITING = ("queued", "running")


class Run(models.Model):
    """What runs of all kinds have; written only by a `Keeper` and the service that has one."""

    class Status(models.TextChoices):
        QUEUED = "queued", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "stopped"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asker = models.CharField(max_length=32, editable=False)
    """Stands for the account or address that asked, by which runs are counted; keyed, so that it tells nothing."""
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    cancel_asked = models.BooleanField(default=False)

    done = models.FloatField(default=0.0)
    """Share of the work that is settled."""
    result = models.JSONField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)

    attempts = models.PositiveSmallIntegerField(default=0)
    """Of workers to finish it; also tells a worker that was given up that the run is no longer its own."""
    due_at = models.DateTimeField(default=timezone.now)
    """When nobody has been heard of by then, the run is sent to a worker again."""
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.pk}, {self.get_status_display()}"

    @property
    def is_over(self) -> bool:
        return self.status not in WAITING


@dataclass(frozen=True, kw_only=True)
class Keeper[R: Run]:
    """name: begins the names of its log lines. send: the nudge. lease: a worker that has told nothing for so long has
    gone. resend: what waits for so long is sent again, give_up: and for so long fails. most_attempts: of workers that
    end in the middle. lost, untaken: what whoever asked is told then. afresh: fields as they are before a worker
    begins. what: it is called by those who ask for one that isn't there."""

    model: type[R]
    name: str
    what: str
    send: Callable[[uuid.UUID], None]
    lease: timedelta
    resend: timedelta
    give_up: timedelta
    most_attempts: int
    lost: str
    untaken: str
    afresh: Mapping[str, Any] = field(default_factory=dict)

    def rows(self) -> QuerySet[R]:
        return self.model._default_manager.all()

    def waiting(self) -> QuerySet[R]:
        return self.rows().filter(status__in=WAITING)

    # --- What whoever asks does --------------------------------------------------------------------
    def asker_key(self, caller: str) -> str:
        """caller: as `ratelimits.caller_key` names an account or address."""
        return salted_hmac(self.name, caller, algorithm="sha256").hexdigest()[:32]

    def queue(self, run: R) -> None:
        """Writes the row and has it sent when that stands; within a transaction."""
        run.due_at = timezone.now() + self.resend
        run.save(force_insert=True)
        transaction.on_commit(partial(self.send, run.pk))

    @transaction.atomic
    def cancel(self, run_id: uuid.UUID) -> R:
        """One that waits is over at once; one that runs ends when its worker looks. Nothing happens to one that is
        over. Raises NotFound."""
        run = self.rows().select_for_update().filter(pk=run_id).first()
        if run is None:
            raise NotFound(f"There is no such {self.what} any more.")
        if run.status == Run.Status.QUEUED:
            run.status, run.finished_at = Run.Status.CANCELLED, timezone.now()
            run.save(update_fields=["status", "finished_at"])
        elif run.status == Run.Status.RUNNING:
            run.cancel_asked = True
            run.save(update_fields=["cancel_asked"])
        return run

    def ahead(self, run: R) -> int:
        """How many wait or run that were there before."""
        return self.waiting().filter(created_at__lt=run.created_at).count()

    def thin_out(self, asker: str, most: int) -> None:
        """Nobody fills the table: of one asker's finished runs the newest stay."""
        over = self.rows().filter(asker=asker).exclude(status__in=WAITING)
        surplus = over.order_by("-created_at", "-id").values_list("pk", flat=True)[most : 2 * most]
        self.rows().filter(pk__in=list(surplus)).delete()

    # --- What a worker does ------------------------------------------------------------------------
    def take(self, run_id: uuid.UUID) -> R | None:
        """The run, from now on this worker's; None where it is gone, over, or another worker's."""
        now = timezone.now()
        free = Q(status=Run.Status.QUEUED) | Q(status=Run.Status.RUNNING, due_at__lt=now)
        taken = (
            self.rows()
            .filter(free, pk=run_id, attempts__lt=self.most_attempts)
            .update(status=Run.Status.RUNNING, attempts=F("attempts") + 1, started_at=now, due_at=now + self.lease)
        )
        if not taken:
            log.info(f"{self.name}_not_taken", run=str(run_id))
        return self.rows().filter(pk=run_id).first() if taken else None

    def held(self, run: R) -> QuerySet[R]:
        """The row, as long as it is still this worker's."""
        return self.rows().filter(pk=run.pk, status=Run.Status.RUNNING, attempts=run.attempts)

    def tell(self, run: R, **values: Any) -> bool:
        """Keeps the run held, and writes what it has come to. False where it is to stop or is another's."""
        return bool(self.held(run).filter(cancel_asked=False).update(**values, due_at=timezone.now() + self.lease))

    def finish(self, run: R, **values: Any) -> bool:
        """values: status and what goes with it. False where the run is no longer this worker's."""
        kept = bool(self.held(run).update(**values, finished_at=timezone.now()))
        log.info(f"{self.name}_over", run=str(run.pk), status=str(values["status"]), kept=kept)
        return kept

    # --- What the clock does -----------------------------------------------------------------------
    @transaction.atomic
    def tend(self) -> Mapping[str, int]:
        """Sends runs again whose worker has gone or whose message is lost, and ends those for which that was in vain.
        Returns how many of each."""
        now = timezone.now()
        due = self.waiting().filter(due_at__lt=now)
        gone = due.filter(status=Run.Status.RUNNING)
        failed = {"status": Run.Status.FAILED, "finished_at": now}
        counts = {
            "cancelled": gone.filter(cancel_asked=True).update(status=Run.Status.CANCELLED, finished_at=now),
            "lost": gone.filter(attempts__gte=self.most_attempts).update(
                **failed, error_code="lost", error_message=self.lost
            ),
            "untaken": due.filter(status=Run.Status.QUEUED, created_at__lt=now - self.give_up).update(
                **failed, error_code="unavailable", error_message=self.untaken
            ),
        }
        again = list(due.select_for_update().values_list("pk", flat=True))
        self.rows().filter(pk__in=again).update(
            status=Run.Status.QUEUED, due_at=now + self.resend, done=0.0, **self.afresh
        )
        for run_id in again:
            transaction.on_commit(partial(self.send, run_id))
        counts["sent again"] = len(again)
        if any(counts.values()):
            log.warning(f"{self.name}s_tended", **{name.replace(" ", "_"): count for name, count in counts.items()})
        return counts

    def delete_before(self, moment: datetime) -> int:
        """Those that are over and began before. Returns how many."""
        count = 0
        old = self.rows().filter(created_at__lt=moment).exclude(status__in=WAITING)
        for model, deleted in old.delete()[1].items():
            count += deleted if model == self.model._meta.label else 0
        log.info(f"{self.name}s_deleted", count=count)
        return count


def nudge(task: Any, run_id: uuid.UUID, name: str) -> None:
    """A broker that is away fails no request: the row stays and is sent again when it is due."""
    try:
        task.delay(str(run_id))
    except OperationalError as error:
        log.error(f"{name}_not_sent", run=str(run_id), error=type(error).__name__)


def told(error: DomainError) -> str:
    """What a row keeps of an error."""
    texts = [text for told in error.fields.values() for text in told]
    return " ".join([error.message, *(text for text in texts if text not in error.message)])[:500]
