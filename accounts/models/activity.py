"""What players did here, for those who learn from it. Written once, never changed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.append_only import AppendOnly, AppendOnlyError, AppendOnlyQuerySet

__all__ = ["Activity", "AppendOnlyError"]


class ActivityQuerySet(AppendOnlyQuerySet["Activity"]):
    pass


class Activity(AppendOnly):
    """`data` holds plain ids, numbers and words of the game, such as what else was shown and in which order, and of
    texts that a player wrote the wish alone; docs/accounts.md names what each verb keeps."""

    class Verb(models.TextChoices):
        RATED = "rated", "rated"
        PLAYED = "played", "played it"
        SAVED = "saved", "saved"
        COPIED = "copied", "copied"
        PICKED = "picked", "picked among what was shown"
        ACCEPTED = "accepted", "accepted a suggestion"
        REJECTED = "rejected", "rejected a suggestion"
        EDITED = "edited", "edited after a recommendation"
        JUDGED = "judged", "judged an answer"

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

    objects: ClassVar[models.Manager["Activity"]] = models.Manager.from_queryset(ActivityQuerySet)()

    class Meta:
        indexes = [
            # Collectors read what came since the last time; an owner's export reads their own.
            models.Index(fields=["at", "id"], name="activity_by_time"),
            models.Index(fields=["user", "at"], name="activity_by_user"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    verb__in=[
                        "rated", "played", "saved", "copied", "picked", "accepted", "rejected", "edited", "judged",
                    ]
                ),
                name="activity_verb_known",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.verb} {self.target_kind}"
