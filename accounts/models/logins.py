"""Every try to log in, for the owner to see and for the guard to count."""

from django.conf import settings
from django.db import models
from django.utils import timezone

LONGEST_AGENT = 200


class LoginAttempt(models.Model):
    """Written before a password is hashed, so that tries at the same moment count each other. The keys are keyed
    hashes: of the account (or of the unknown name that was typed, which itself is not kept), of the known device,
    and of the address."""

    class Outcome(models.TextChoices):
        BEGUN = "begun", "not finished"
        SUCCESS = "success", "logged in"
        WRONG_PASSWORD = "wrong_password", "wrong password"
        WRONG_CODE = "wrong_code", "wrong second factor"
        RECOVERY_CODE = "recovery_code", "second factor by a recovery code"
        INACTIVE = "inactive", "account is closed"
        DELAYED = "delayed", "too soon after wrong passwords"
        LOCKED = "locked", "locked after wrong passwords"

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="login_attempts",
        db_index=False,
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    outcome = models.CharField(max_length=16, choices=Outcome, default=Outcome.BEGUN)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=LONGEST_AGENT, blank=True)
    account_key = models.CharField(max_length=43, editable=False)
    address_key = models.CharField(max_length=43, editable=False)
    # Until when this try keeps the next one waiting; null while it keeps nobody.
    account_blocked_until = models.DateTimeField(null=True, editable=False)
    address_blocked_until = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            # The guard counts the last minutes of an account and of an address.
            models.Index(fields=["account_key", "at"], name="login_by_account"),
            models.Index(fields=["address_key", "at"], name="login_by_source"),
            # The owner's history, newest first.
            models.Index(fields=["user", "-id"], name="login_by_user"),
            # The clean-up removes what is old.
            models.Index(fields=["at"], name="login_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} at {self.at:%Y-%m-%d %H:%M}"

    @property
    def succeeded(self) -> bool:
        return self.outcome in {self.Outcome.SUCCESS, self.Outcome.RECOVERY_CODE}
