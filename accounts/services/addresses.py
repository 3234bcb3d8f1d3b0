"""The e-mail address of an account: claimed, proven, changed."""

import structlog
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import EMAIL_TAKEN, Mail, User
from accounts.services.credentials import check_own_password
from accounts.services.mails import linked_mail, order_mail, retire_links, use_up
from gw2optimizer.errors import Conflict, InvalidInput

log = structlog.get_logger(__name__)

_LINKS = (Mail.Kind.VERIFY, Mail.Kind.CHANGE_ADDRESS)


def confirm_address(*, token: str) -> User:
    """What the link of either letter does. Raises NotFound for a link that doesn't count, Conflict for an address that
    became another account's in the meantime."""
    mail = linked_mail(token, *_LINKS)
    assert mail.user is not None
    try:
        with transaction.atomic():
            use_up(mail)
            user = User.objects.select_for_update().get(pk=mail.user.pk)
            prove_address(user, mail.to)
            retire_links(user, *_LINKS, Mail.Kind.RESET)
    except IntegrityError as error:
        raise Conflict(EMAIL_TAKEN) from error
    log.info("address_verified", user_id=str(user.pk))
    return user


def prove_address(user: User, address: str) -> None:
    """Raises IntegrityError where another account holds the address, Conflict where the user named another since."""
    wanted = user.claimed_email or user.email or ""
    if address.lower() != wanted.lower():
        raise Conflict("This account has named another address since. Please use the link that went there.")
    before = user.email
    user.email, user.claimed_email, user.is_verified = address, "", True
    user.save(update_fields=["email", "claimed_email", "is_verified"])
    if before and before.lower() != address.lower():
        order_mail(kind=Mail.Kind.ADDRESS_CHANGED, to=before, user=user)


@transaction.atomic
def send_verification(*, user: User) -> Mail | None:
    """Another letter with a fresh link; None where there is nothing left to prove."""
    if user.is_verified and not user.claimed_email:
        return None
    retire_links(user, *_LINKS)
    kind = Mail.Kind.CHANGE_ADDRESS if user.is_verified else Mail.Kind.VERIFY
    return order_mail(kind=kind, to=user.mail_address if kind == Mail.Kind.VERIFY else user.claimed_email, user=user)


def change_address(*, user: User, address: str, password: str) -> Mail:
    """The old address stays until the new one is proven, and is told at once. Raises InvalidInput; whether another
    account has the new address shows in the letter alone."""
    check_own_password(user, password, field="password")
    address = User.objects.normalize_email(address)
    try:
        User._meta.get_field("claimed_email").clean(address, user)
    except ValidationError as error:
        raise InvalidInput("This address can't be used.", fields={"email": error.messages}) from error
    if not address or address.lower() == (user.email or "").lower():
        text = "This is your address already." if address else "Please enter an address."
        raise InvalidInput(text, fields={"email": [text]})
    with transaction.atomic():
        user.claimed_email = address
        user.save(update_fields=["claimed_email"])
        retire_links(user, *_LINKS)
        kind = Mail.Kind.CHANGE_ADDRESS if user.email else Mail.Kind.VERIFY
        mail = order_mail(kind=kind, to=address, user=user)
        if user.email:
            order_mail(kind=Mail.Kind.ADDRESS_CHANGING, to=user.email, user=user)
    log.info("address_change_asked", user_id=str(user.pk))
    return mail
