"""A search for gear that somebody started."""

from django.conf import settings
from django.db import models
from django.urls import reverse

from builds.models.build import Build
from builds.spec.model import BuildSpec
from builds.spec.stored import stored_spec
from gw2optimizer.runs import WAITING, Run


class GearRun(Run):
    """A row is written only by `builds.services.gear_runs`. done: share of the variants that are settled. result: as
    `BuildOptimisation.as_json` gives it."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="gear_runs"
    )
    # With its build goes the run: one without a build is open to whoever has its id.
    build = models.ForeignKey(Build, null=True, blank=True, on_delete=models.CASCADE, related_name="gear_runs")
    spec = models.JSONField()
    """The build as it was when the run began, as `plain_json` gives it."""
    request = models.JSONField()
    """As `GearWish.as_json` gives it."""
    best = models.FloatField(null=True, blank=True)
    bound = models.FloatField(null=True, blank=True)
    """What no gear exceeds."""
    evaluated = models.BigIntegerField(default=0)
    engine = models.CharField(max_length=16)
    """Names the state of the engine's sources."""
    game_data = models.CharField(max_length=60)

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(status__in=["queued", "running", "done", "failed", "cancelled"]),
                name="gear_run_status_known",
            ),
            models.CheckConstraint(condition=models.Q(done__gte=0, done__lte=1), name="gear_run_done_is_a_share"),
            models.CheckConstraint(
                condition=~models.Q(status="done") | models.Q(result__isnull=False), name="gear_run_done_has_result"
            ),
            models.CheckConstraint(
                condition=~models.Q(status="failed") | ~models.Q(error_code=""), name="gear_run_failed_has_error"
            ),
        ]
        indexes = [
            # How many somebody has waiting, and which of the finished ones are the oldest.
            models.Index(fields=["asker", "created_at"], name="gear_run_by_asker"),
            # What is to be sent again, among any number of finished ones.
            models.Index(fields=["due_at"], condition=models.Q(status__in=WAITING), name="gear_run_due"),
            models.Index(fields=["created_at", "id"], name="gear_run_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.request.get('objective', '')}, {self.get_status_display()}"

    def get_absolute_url(self) -> str:
        return reverse("builds:gear_run", args=[self.pk])

    @property
    def value(self) -> BuildSpec:
        return stored_spec(self.spec)
