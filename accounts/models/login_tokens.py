"""The tokens of one log-in: a family, in which each refresh token is used once."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models.logins import LONGEST_AGENT


class TokenFamily(models.Model):
    """Begins with a log-in and ends 30 days later at the latest, however often its refresh token is renewed. Every
    token names its family; none counts once that is ended or gone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_families", db_index=False
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(default=timezone.now, editable=False)
    ends_at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=LONGEST_AGENT, blank=True)

    class Meta:
        verbose_name_plural = "token families"
        indexes = [
            # One's own, last used first.
            models.Index(fields=["user", "-last_used_at"], name="family_by_user"),
            # The clean-up removes what is over.
            models.Index(fields=["ends_at"], name="family_by_end"),
        ]

    def __str__(self) -> str:
        return f"tokens since {self.created_at:%Y-%m-%d}"


class UsedRefresh(models.Model):
    """A refresh token that was used. The row is written before a successor is made: of many uses at once the unique key
    lets one through."""

    jti = models.CharField(max_length=32, primary_key=True)
    family = models.ForeignKey(TokenFamily, on_delete=models.CASCADE, related_name="used")

    def __str__(self) -> str:
        return self.jti
