"""How an account comes to be."""

import structlog
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import NAME_RESERVED, Mail, User
from accounts.names import SYSTEM_OWNER, is_reserved
from accounts.passwords import password_errors
from accounts.services.hashing import Rank, place
from accounts.services.mails import order_mail
from gw2optimizer.errors import Conflict, InvalidInput

log = structlog.get_logger(__name__)


def register_user(*, username: str, email: str, password: str) -> User:
    """The address is only claimed until its owner opens the link in the mail, so that nothing here depends on whether
    it has an account. Raises InvalidInput with `username`, `email` and `password` among its fields, also when another
    registration took the name in the meantime."""
    user = User(username=username, claimed_email=User.objects.normalize_email(email))
    _refuse_invalid(user, password)
    with place(Rank.FRESH):
        user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            order_mail(kind=Mail.Kind.VERIFY, to=user.claimed_email, user=user)
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
    if not user.claimed_email:
        fields["claimed_email"] = ["This field cannot be blank."]
    if "claimed_email" in fields:
        fields["email"] = fields.pop("claimed_email")
    if "username" not in fields and is_reserved(user.username):
        fields["username"] = [NAME_RESERVED]
    if errors := password_errors(password, user):
        fields["password"] = errors
    if fields:
        raise InvalidInput("The account was not made. Please look at the marked fields.", fields=fields)


def system_owner() -> User:
    """The owner of the starter library: nobody can log in as this user or register its name.
    Made on first use; two that ask at once get the same row."""
    owner, made = User.objects.get_or_create(
        username=SYSTEM_OWNER,
        defaults={
            "email": "library@gw2optimizer.invalid",
            "password": make_password(None),
            "is_verified": True,
            "keeps_activity": False,
        },
    )
    if made:
        log.info("system_owner_made", user_id=str(owner.id))
    return owner
