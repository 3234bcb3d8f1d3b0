"""Every write to an account."""

import structlog
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import NAME_RESERVED, User
from accounts.names import SYSTEM_OWNER, is_reserved
from accounts.passwords import LONGEST_PASSWORD
from gw2optimizer.errors import Conflict, InvalidInput

log = structlog.get_logger(__name__)


def register_user(*, username: str, email: str, password: str) -> User:
    """Raises InvalidInput with `username`, `email` and `password` among its fields, also when another
    registration took the name or the address in the meantime."""
    user = User(username=username, email=User.objects.normalize_email(email))
    _refuse_invalid(user, password)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        _refuse_invalid(user, password)
        raise Conflict("This account was changed at the same moment. Please try again.") from error
    log.info("user_registered", user_id=str(user.id))
    return user


def _refuse_invalid(user: User, password: str) -> None:
    fields: dict[str, list[str]] = {}
    try:
        user.full_clean(exclude={"password"})
    except ValidationError as error:
        fields.update(error.message_dict)
    if "username" not in fields and is_reserved(user.username):
        fields["username"] = [NAME_RESERVED]
    password_errors = _password_errors(user, password)
    if password_errors:
        fields["password"] = password_errors
    if fields:
        raise InvalidInput("The account was not made. Please look at the marked fields.", fields=fields)


def _password_errors(user: User, password: str) -> list[str]:
    if len(password) > LONGEST_PASSWORD:
        # The other validators would compare megabytes.
        return [f"This password is too long. It may have {LONGEST_PASSWORD} characters."]
    try:
        validate_password(password, user)
    except ValidationError as error:
        return error.messages
    return []


def system_owner() -> User:
    """The owner of the starter library: nobody can log in as this user or register its name.
    Made on first use; two that ask at once get the same row."""
    owner, made = User.objects.get_or_create(
        username=SYSTEM_OWNER,
        defaults={"email": "library@gw2optimizer.invalid", "password": make_password(None)},
    )
    if made:
        log.info("system_owner_made", user_id=str(owner.id))
    return owner
