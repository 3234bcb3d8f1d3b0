"""Personal tokens for scripts."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class PersonalToken(models.Model):
    """The token itself is shown once and kept as its SHA-256 alone: it is 256 random bits, which a slow hash would
    protect no better."""

    class Scope(models.TextChoices):
        READ = "read", "Read: everything you can see"
        WRITE = "write", "Write: save, change and delete builds"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="personal_tokens", db_index=False
    )
    name = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    # The last characters, by which the owner tells one from another.
    ending = models.CharField(max_length=4, editable=False)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["user", "-created_at"], name="token_by_user")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def scope_words(self) -> str:
        return " and ".join(self.scopes)
