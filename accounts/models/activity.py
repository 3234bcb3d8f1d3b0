"""What players did here, for those who learn from it. Written once, never changed."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone


class AppendOnlyError(TypeError):
    """Somebody tried to change or to remove what only grows."""


class ActivityQuerySet(models.QuerySet["Activity"]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError("the activity log is not changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("the activity log is not shortened")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnlyError("the activity log is not changed")


class Activity(models.Model):
    """`data` holds plain ids and numbers, such as what else was shown; never a text that a player wrote."""

    class Verb(models.TextChoices):
        RATED = "rated", "rated"
        SAVED = "saved", "saved"
        COPIED = "copied", "copied"
        PICKED = "picked", "picked among what was shown"

    # Deleting an account cuts this: what was done stays, by whom does not.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="activities",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    verb = models.CharField(max_length=12, choices=Verb)
    # A name and an id instead of a foreign key: the table belongs to the lowest app and outlives its targets.
    target_kind = models.CharField(max_length=20)
    target_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)

    # The base manager stays Django's plain one: through it the deletion of an account severs.
    objects: ClassVar[models.Manager["Activity"]] = models.Manager.from_queryset(ActivityQuerySet)()

    class Meta:
        indexes = [
            # Collectors read what came since the last time; an owner's export reads their own.
            models.Index(fields=["at", "id"], name="activity_by_time"),
            models.Index(fields=["user", "at"], name="activity_by_user"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(verb__in=["rated", "saved", "copied", "picked"]), name="activity_verb_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_kind}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("the activity log is not changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("the activity log is not shortened")
