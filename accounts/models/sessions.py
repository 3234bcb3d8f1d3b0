"""A session that knows whose it is, so that its owner can see and end it."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils import timezone

from accounts.models.logins import LONGEST_AGENT


class Session(AbstractBaseSession):
    """Goes with its user: whoever was deleted is logged in nowhere."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="sessions",
        db_index=False,
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    last_used_at = models.DateTimeField(default=timezone.now, editable=False)
    address = models.GenericIPAddressField(null=True, blank=True)
    agent = models.CharField(max_length=LONGEST_AGENT, blank=True)

    class Meta:
        indexes = [
            # One's own, last used first.
            models.Index(fields=["user", "-last_used_at"], name="session_by_user"),
        ]

    def __str__(self) -> str:
        return f"session {self.public_id}"

    @classmethod
    def get_session_store_class(cls) -> Any:
        from accounts.sessions import SessionStore

        return SessionStore

    @property
    def public_id(self) -> str:
        """In the form of a UUID. Names the session on a page without being the key that opens it."""
        return public_id(self.session_key)


def public_id(session_key: str) -> str:
    return str(uuid.UUID(hashlib.sha256(session_key.encode()).hexdigest()[:32]))
