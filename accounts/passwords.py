"""What a password has to be. Any Unicode text will do: it is hashed whole, nothing is cut or folded."""

import string
from typing import TYPE_CHECKING, override
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from accounts.models import User

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


def password_errors(password: str, user: "User") -> list[str]:
    """What the validators have to say, in words; nothing for a password that will do."""
    if len(password) > LONGEST_PASSWORD:
        # The other validators would compare megabytes.
        return [f"This password is too long. It may have {LONGEST_PASSWORD} characters."]
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.messages
    return []


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
    """Refuses a password that holds the username, the display name, the e-mail address, its mailbox, or the name of
    the site, in any case."""

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        lowered = password.lower()
        parts = [("your username", getattr(user, "username", None)), ("your name", getattr(user, "display_name", None))]
        for address in (getattr(user, "email", None), getattr(user, "claimed_email", None)):
            parts.append(("your e-mail address", (address or "").rpartition("@")[0]))
        parts += [("the name of this site", name) for name in site_names()]
        for name, part in parts:
            if part and len(part) >= _SHORTEST_PART and part.lower() in lowered:
                raise ValidationError(f"This password holds {name}.", code="password_holds_identity")

    def get_help_text(self) -> str:
        return "Your password can't hold your username, your e-mail address or the name of this site."


def site_names() -> set[str]:
    """The site's own name, and the name of the host that it runs on, unless that is a number or says nothing."""
    host = urlsplit(settings.SITE_URL).hostname or ""
    name = "" if host.replace(".", "").isdigit() or ":" in host else host.removeprefix("www.").split(".")[0]
    return {"gw2optimizer", "gw2 optimizer", *([name] if len(name) > 4 else [])}


class CommonStemValidator(CommonPasswordValidator):
    """Django's list of common passwords, also where one is only dressed up: with digits and signs around it, letters
    written as digits, or repeated until it is long enough."""

    @override
    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if any(form in self.passwords for form in _plain_forms(password.lower().strip())):
            raise ValidationError(self.get_error_message(), code="password_too_common")


_LETTERS_OF_SIGNS = str.maketrans("@401!3$57", "aaoiiesst")


def _plain_forms(text: str) -> set[str]:
    forms = {text, _period(text)}
    for form in tuple(forms):
        # Each way alone: the i of "1" is an l to others, and a digit at the end is rarely a letter.
        core = form.strip(_NOT_LETTERS)
        forms |= {core, _period(core)}
        for spelled in (form.translate(_LETTERS_OF_SIGNS), core.translate(_LETTERS_OF_SIGNS)):
            stem = spelled.strip(_NOT_LETTERS)
            forms |= {spelled, stem, _period(stem)}
    return {form for form in forms if len(form) >= _SHORTEST_STEM}


_NOT_LETTERS = string.digits + string.punctuation + string.whitespace
# Below this a stem says little: "abc" around a good text is not what makes it weak.
_SHORTEST_STEM = 3


def _period(text: str) -> str:
    """What repeats: "abc" for "abcabcabcab"; the text itself where nothing does."""
    for length in range(1, len(text) // 2 + 1):
        if text == (text[:length] * (len(text) // length + 1))[: len(text)]:
            return text[:length]
    return text
