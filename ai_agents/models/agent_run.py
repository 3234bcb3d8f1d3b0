"""What somebody asked of an agent, and what has happened since."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from gw2optimizer.runs import WAITING, Run

KEPT = timedelta(days=30)


def usual_expiry() -> datetime:
    return timezone.now() + KEPT


class AgentRun(Run):
    """A row is written only by `ai_agents.services.runs`. result: as the agent gives it."""

    class AnsweredBy(models.TextChoices):
        MODEL = "model", "language model"
        ENGINE = "engine", "engine"

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="agent_runs"
    )
    # Of an agent or a workflow.
    agent = models.CharField(max_length=60)
    inputs = models.JSONField()
    language = models.CharField(max_length=8)
    input_hash = models.CharField(max_length=64, editable=False)
    """Of all that the answer depends on; what is asked again within an hour has the same."""
    from_cache = models.BooleanField(default=False)
    """The result is another run's, which had the same input."""

    steps = models.JSONField(default=list, blank=True)
    """[{"name", "state", "started_at", "finished_at", ...}], in the order in which they began."""
    last_event = models.PositiveIntegerField(default=0)
    """Number of the newest event; 0 before the first."""
    answered_by = models.CharField(max_length=6, choices=AnsweredBy, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    """Why the engine answered and not the model."""
    model = models.CharField(max_length=120, blank=True)
    prompt_version = models.CharField(max_length=40, blank=True)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    repaired = models.BooleanField(default=False)
    rejected = models.PositiveIntegerField(default=0)
    """Sentences and choices of the model that were cut."""
    expires_at = models.DateTimeField(default=usual_expiry)
    """From then on the row may be deleted."""

    class Meta:
        verbose_name = "run of an agent"
        verbose_name_plural = "runs of agents"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["queued", "running", "done", "failed", "cancelled"]),
                name="agent_run_status_known",
            ),
            models.CheckConstraint(condition=models.Q(done__gte=0, done__lte=1), name="agent_run_done_is_a_share"),
            models.CheckConstraint(
                condition=models.Q(answered_by__in=["", "model", "engine"]), name="agent_run_answered_by_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="done") | (models.Q(result__isnull=False) & ~models.Q(answered_by="")),
                name="agent_run_done_has_result",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="failed") | ~models.Q(error_code=""), name="agent_run_failed_has_error"
            ),
        ]
        indexes = [
            # How many somebody has waiting, and which of the finished ones are the oldest.
            models.Index(fields=["asker", "created_at"], name="agent_run_by_asker"),
            # One's own, newest first.
            models.Index(fields=["owner", "created_at", "id"], name="agent_run_own"),
            # What is to be sent again, among any number of finished ones.
            models.Index(fields=["due_at"], condition=models.Q(status__in=WAITING), name="agent_run_due"),
            # What answered the same before.
            models.Index(fields=["input_hash", "finished_at"], name="agent_run_same_input"),
            # The last answers, and figures over the last days.
            models.Index(fields=["finished_at"], name="agent_run_finished"),
            models.Index(fields=["expires_at"], name="agent_run_expired"),
        ]

    def __str__(self) -> str:
        return f"{self.agent}, {self.get_status_display()}"


class RunEvent(models.Model):
    """What happened in a run, in order; appended by the worker that holds it."""

    run = models.ForeignKey(AgentRun, on_delete=models.CASCADE, related_name="events")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="run_event_number_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="run_event_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.kind}"
