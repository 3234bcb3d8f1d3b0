"""Who a player is here."""

import uuid
from collections.abc import Collection
from typing import ClassVar

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
    email = models.EmailField(max_length=254, validators=[validate_address_characters])
    is_staff = models.BooleanField(default=False)
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
