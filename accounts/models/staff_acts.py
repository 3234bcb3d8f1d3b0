"""What staff and moderators did, and what commands did to accounts. Written once, never changed."""

import hashlib
import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.append_only import AppendOnly, AppendOnlyQuerySet


class StaffActQuerySet(AppendOnlyQuerySet["StaffAct"]):
    pass


class StaffAct(AppendOnly):
    """Of the object there is its kind and id and no name, so that nothing of it has to be severed when it goes.
    before, after: field to value, in short; of texts and addresses only that they changed."""

    class Verb(models.TextChoices):
        HIDDEN = "hidden", "hidden"
        SHOWN = "shown", "shown again"
        DISMISSED = "dismissed", "reports dismissed"
        ADDED = "added", "added"
        CHANGED = "changed", "changed"
        DELETED = "deleted", "deleted"
        STARTED = "started", "started"
        RECOVERED = "recovered", "let in by a recovery code"
        FACTOR_REMOVED = "factor_removed", "second factor removed"
        ADMIN_MADE = "admin_made", "admin made"

    class Source(models.TextChoices):
        PAGE = "page", "page"
        API = "api", "API"
        ADMIN = "admin", "administration"
        COMMAND = "command", "command"

    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="staff_acts"
    )
    """Null for a command, and once the account is deleted."""
    actor_key = models.CharField(max_length=32, blank=True, editable=False)
    """Stays when the account goes: acts of one account remain of one, and whoever has its id finds them."""
    verb = models.CharField(max_length=16, choices=Verb)
    target_kind = models.CharField(max_length=60)
    target_id = models.CharField(max_length=64, blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=8, choices=Source)
    address = models.GenericIPAddressField(null=True, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    objects: ClassVar[models.Manager["StaffAct"]] = models.Manager.from_queryset(StaffActQuerySet)()

    class Meta:
        verbose_name = "act of staff"
        verbose_name_plural = "acts of staff"
        indexes = [
            models.Index(fields=["target_kind", "target_id", "-id"], name="staff_act_by_target"),
            models.Index(fields=["actor_key", "-id"], name="staff_act_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.target_kind} {self.target_id}"


def actor_key(user_id: uuid.UUID) -> str:
    """An id is 122 random bits: it can't be guessed from its hash, and needs no secret that might change."""
    return hashlib.sha256(f"staff act {user_id}".encode()).hexdigest()[:32]
