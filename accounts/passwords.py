"""What a password has to be. Any Unicode text will do: it is hashed whole, nothing is cut or folded."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

LONGEST_PASSWORD = 128

# A shorter name or mailbox turns up inside ordinary words by chance.
_SHORTEST_PART = 3


def can_be_a_password(text: str) -> bool:
    """False for what no registered password can be: too long to be worth a hash, or holding half of a
    surrogate pair, which UTF-8 can't write."""
    if len(text) > LONGEST_PASSWORD:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


class WholeTextValidator:
    """Refuses what `can_be_a_password` refuses, so that every password that was set can be logged in with."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) > LONGEST_PASSWORD:
            raise ValidationError(
                f"This password is too long. It may have {LONGEST_PASSWORD} characters.",
                code="password_too_long",
            )
        if not can_be_a_password(password):
            raise ValidationError("This password holds half a character.", code="password_not_text")

    def get_help_text(self) -> str:
        return f"Your password may have up to {LONGEST_PASSWORD} characters of any kind."


class NotHoldingIdentityValidator:
    """Refuses a password that holds the username, the e-mail address or its mailbox, in any case."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        lowered = password.lower()
        email = getattr(user, "email", None) or ""
        parts = {
            "your username": getattr(user, "username", None) or "",
            "your e-mail address": email.rpartition("@")[0],
        }
        for name, part in parts.items():
            if len(part) >= _SHORTEST_PART and part.lower() in lowered:
                raise ValidationError(f"This password holds {name}.", code="password_holds_identity")

    def get_help_text(self) -> str:
        return "Your password can't hold your username or your e-mail address."
