"""Setting passwords."""

import structlog
from django.db import IntegrityError, transaction

from accounts.models import EMAIL_TAKEN, Mail, PersonalToken, User
from accounts.passwords import password_errors
from accounts.services.addresses import prove_address
from accounts.services.credentials import check_own_password
from accounts.services.mails import linked_mail, order_mail, retire_links, use_up
from accounts.services.sessions import end_access
from gw2optimizer.errors import Conflict, InvalidInput

log = structlog.get_logger(__name__)


def ask_reset(*, email: str) -> None:
    """Does the same for every address; the worker finds out whose it is."""
    order_mail(kind=Mail.Kind.RESET, to=User.objects.normalize_email(email))


def reset_password(*, token: str, password: str) -> User:
    """Ends every session and token of the account, and proves its address. A password that won't do leaves the link as
    it is. Raises NotFound, InvalidInput, Conflict."""
    mail = linked_mail(token, Mail.Kind.RESET)
    user = mail.user
    assert user is not None
    _refuse_weak(password, user, field="password")
    try:
        with transaction.atomic():
            use_up(mail)
            user = User.objects.select_for_update().get(pk=user.pk)
            if not user.is_verified and user.claimed_email.lower() == mail.to.lower():
                prove_address(user, mail.to)
            _set_password(user, password)
            end_access(user)
            PersonalToken.objects.filter(user=user).delete()
    except IntegrityError as error:
        raise Conflict(EMAIL_TAKEN) from error
    log.info("password_reset", user_id=str(user.pk))
    return user


def change_password(*, user: User, current: str, password: str, session_key: str | None) -> None:
    """session_key: of the session that stays; all others end, with every token of log-ins. Raises InvalidInput."""
    check_own_password(user, current, field="current")
    _refuse_weak(password, user, field="password")
    with transaction.atomic():
        _set_password(user, password)
        end_access(user, keep=session_key)
    log.info("password_changed", user_id=str(user.pk))


def _refuse_weak(password: str, user: User, *, field: str) -> None:
    if errors := password_errors(password, user):
        raise InvalidInput("This password can't be used.", fields={field: errors})


def _set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    retire_links(user, Mail.Kind.RESET)
    if user.mail_address:
        order_mail(kind=Mail.Kind.PASSWORD_CHANGED, to=user.mail_address, user=user)
