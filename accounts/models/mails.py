"""Mails that are to be sent, and the links in them."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone


class Mail(models.Model):
    """An order: who gets which letter is found out by the worker, so that the request that gave it takes the same way
    whether anybody has that address or not. A secret is never stored: it is the signature of the row's id."""

    class Kind(models.TextChoices):
        VERIFY = "verify", "verify an address"
        HAS_ACCOUNT = "has_account", "this address has an account"
        RESET = "reset", "set a new password"
        CHANGE_ADDRESS = "change_address", "verify a new address"
        ADDRESS_CHANGING = "address_changing", "the address is about to change"
        ADDRESS_CHANGED = "address_changed", "the address was changed"
        PASSWORD_CHANGED = "password_changed", "the password was changed"
        LOCKED = "locked", "wrong passwords"
        DELETED = "deleted", "the account was deleted"
        RECOVERY_USED = "recovery_used", "a recovery code was used"
        HIDDEN = "hidden", "something public was hidden"
        SHOWN_AGAIN = "shown_again", "something hidden is public again"
        STAYS_HIDDEN = "stays_hidden", "something hidden stays hidden"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="mails", db_index=False
    )
    to = models.EmailField(max_length=254)
    # The account's name as it was: a letter about a deleted account has no other way to it.
    name = models.CharField(max_length=50, blank=True)
    # What the letter is about, such as the name of a build and the reason why it is hidden.
    about = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            # What a lost task left behind is sent again from here.
            models.Index(fields=["created_at"], condition=models.Q(sent_at=None), name="mail_unsent"),
            models.Index(fields=["user", "kind"], name="mail_by_user"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.created_at:%Y-%m-%d %H:%M}"
