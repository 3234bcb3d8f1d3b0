"""Who a player is here."""

import functools
import uuid
import zoneinfo
from collections.abc import Collection
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.managers import UserManager
from accounts.names import SYSTEM_OWNER, same_name

validate_username = RegexValidator(
    r"\A[A-Za-z0-9_]{3,50}\Z", "Use 3 to 50 letters of A to Z, digits and underscores.", code="username"
)


def validate_address_characters(value: str) -> None:
    """Django's check lets halves of surrogate pairs pass, which no database stores."""
    if not value.isprintable():
        raise ValidationError("This address holds characters that can't be written.", code="invalid")


def validate_readable(value: str) -> None:
    """Letters of any script and line ends, nothing that can't be seen: it could turn a name around."""
    if not all(part.isprintable() for part in value.splitlines()):
        raise ValidationError("This holds characters that can't be seen.", code="invalid")


def validate_language(value: str) -> None:
    if value not in dict(settings.LANGUAGES):
        raise ValidationError("This is not a language of the site.", code="invalid")


def validate_time_zone(value: str) -> None:
    if value not in available_time_zones():
        raise ValidationError("This is not a time zone, such as Europe/Berlin.", code="invalid")


@functools.cache
def available_time_zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def default_preferences() -> dict[str, str]:
    """game_mode: what is chosen where a page asks for a mode, "" for no wish."""
    return {"game_mode": ""}


PREFERENCES = {
    "game_mode": ("", "pve", "fractals", "raids", "strikes", "wvw", "pvp"),
}


def validate_preferences(value: object) -> None:
    if not isinstance(value, dict):
        raise ValidationError("Preferences are an object.", code="invalid")
    for name, chosen in value.items():
        if name not in PREFERENCES:
            raise ValidationError(f"There is no preference {str(name)[:40]}.", code="invalid")
        if chosen not in PREFERENCES[name]:
            raise ValidationError(f"{name} is one of {', '.join(filter(None, PREFERENCES[name]))}.", code="invalid")


NAME_RESERVED = "This name is reserved."
USERNAME_TAKEN = "This name is taken."
EMAIL_TAKEN = "This address has an account already."

# A constraint over an expression belongs to no field: its code says beside which one it is shown.
_FIELD_OF_CODE = {"username_taken": "username", "email_taken": "email"}


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Unique twice: Django's own check asks for the plain one, the players need the one without case.
    username = models.CharField(
        max_length=50, unique=True, validators=[validate_username], error_messages={"unique": USERNAME_TAKEN}
    )
    # Null until the address is verified, or staff has entered it: what somebody only claims must not keep its owner
    # from registering, nor tell whether it is taken.
    email = models.EmailField(max_length=254, null=True, blank=True, validators=[validate_address_characters])
    claimed_email = models.EmailField(max_length=254, blank=True, validators=[validate_address_characters])
    is_verified = models.BooleanField(default=False)
    display_name = models.CharField(max_length=50, blank=True, validators=[validate_readable])
    bio = models.CharField(max_length=1000, blank=True, validators=[validate_readable])
    language = models.CharField(max_length=10, default="en", validators=[validate_language])
    time_zone = models.CharField(max_length=40, default="UTC", validators=[validate_time_zone])
    preferences = models.JSONField(default=default_preferences, blank=True, validators=[validate_preferences])
    keeps_activity = models.BooleanField(default=True)
    # Every token names the version under which it was made; those of an older one are over.
    token_version = models.PositiveIntegerField(default=1, editable=False)
    is_staff = models.BooleanField(default=False)
    # Of the row and not of a group: pages ask with each request, and it costs them no query.
    is_moderator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_username_unique_without_case",
                violation_error_code="username_taken",
                violation_error_message=USERNAME_TAKEN,
            ),
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique_without_case",
                violation_error_code="email_taken",
                violation_error_message=EMAIL_TAKEN,
            ),
        ]
        # The order of the list of users in the admin.
        indexes = [models.Index(fields=["-date_joined", "-id"], name="user_newest_first")]

    def __str__(self) -> str:
        return self.username

    def get_short_name(self) -> str:
        return self.username

    @property
    def shown_name(self) -> str:
        return self.display_name or self.username

    @property
    def mail_address(self) -> str:
        """Where mail about the account goes: the verified address, else the claimed one."""
        return self.email or self.claimed_email

    @property
    def may_moderate(self) -> bool:
        return self.is_active and (self.is_moderator or self.is_superuser)

    @property
    def role(self) -> str:
        """player, moderator or admin."""
        if self.is_superuser:
            return "admin"
        return "moderator" if self.is_moderator else "player"

    @property
    def is_system_owner(self) -> bool:
        return same_name(self.username, SYSTEM_OWNER)

    def clean(self) -> None:
        super().clean()
        if self.is_system_owner:
            # Its row is made by `services.system_owner` alone and never edited.
            raise ValidationError({"username": ValidationError(NAME_RESERVED, code="username_reserved")})

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        try:
            super().validate_constraints(exclude=exclude)
        except ValidationError as error:
            by_field: dict[str, list[ValidationError]] = {}
            for name, parts in error.error_dict.items():
                for part in parts:
                    field = _FIELD_OF_CODE.get(part.code or "", name) if name == NON_FIELD_ERRORS else name
                    by_field.setdefault(field, []).append(part)
            raise ValidationError(by_field) from error
