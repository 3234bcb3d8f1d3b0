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


class RecoveryCode(models.Model):
    """Stands in once for a code by time. Kept as its SHA-256 alone: it is 80 random bits, which a slow hash would
    protect no better."""

    factor = models.ForeignKey(SecondFactor, on_delete=models.CASCADE, related_name="recovery_codes")
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["factor", "digest"], name="recovery_code_once_a_factor")]

    def __str__(self) -> str:
        return "used recovery code" if self.used_at else "recovery code"
