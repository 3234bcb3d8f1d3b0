"""The second factor of staff: codes by time (RFC 6238)."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class SecondFactor(models.Model):
    """Counts only once confirmed by a first code. `last_step` is the newest 30 seconds of which a code was taken:
    none of them is taken twice."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="second_factor")
    secret = models.CharField(max_length=32, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)

    def __str__(self) -> str:
        return "second factor" if self.confirmed_at else "second factor, not confirmed"
