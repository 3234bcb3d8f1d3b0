"""Letters about an account: ordered in a request's transaction, written and sent by the worker."""

import uuid
from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.models import Mail, User
from gw2optimizer.errors import NotFound, Unavailable

log = structlog.get_logger(__name__)

# How long the link in a letter counts.
LIFE = {
    Mail.Kind.VERIFY: timedelta(hours=24),
    Mail.Kind.CHANGE_ADDRESS: timedelta(hours=24),
    Mail.Kind.RESET: timedelta(hours=1),
}
PAGES = {
    Mail.Kind.VERIFY: "accounts:verify",
    Mail.Kind.CHANGE_ADDRESS: "accounts:verify",
    Mail.Kind.RESET: "accounts:reset",
}
# Strangers can order these for any address: nobody's mailbox is to be filled that way.
MOST_AN_HOUR = 3
LOCKED_EVERY = timedelta(days=1)
# Links have a day at most; the rest is for whoever asks what was sent.
KEPT_FOR = timedelta(days=30)

SUBJECTS = {
    Mail.Kind.VERIFY: "Verify your e-mail address",
    Mail.Kind.HAS_ACCOUNT: "You have an account already",
    Mail.Kind.RESET: "Set a new password",
    Mail.Kind.CHANGE_ADDRESS: "Verify your new e-mail address",
    Mail.Kind.ADDRESS_CHANGING: "Your e-mail address is about to change",
    Mail.Kind.ADDRESS_CHANGED: "Your e-mail address was changed",
    Mail.Kind.PASSWORD_CHANGED: "Your password was changed",
    Mail.Kind.LOCKED: "Somebody tries to log in as you",
    Mail.Kind.DELETED: "Your account is deleted",
    Mail.Kind.RECOVERY_USED: "A recovery code of yours was used",
    Mail.Kind.HIDDEN: "Something of yours was hidden",
    Mail.Kind.SHOWN_AGAIN: "Something of yours is public again",
    Mail.Kind.STAYS_HIDDEN: "Something of yours stays hidden",
}
GONE = "This link doesn't count any more: it was used, it is too old, or a newer one has replaced it."

_signer = signing.Signer(salt="accounts.mail", sep=".")


def order_mail(*, kind: Mail.Kind, to: str, user: User | None = None, about: dict[str, Any] | None = None) -> Mail:
    """Takes the same steps for every address. The worker is told on commit; what it misses, `unsent` finds again."""
    name = user.username if user else ""
    mail = Mail.objects.create(kind=kind, to=to, user=user, name=name, about=about or {}, created_at=timezone.now())
    key = str(mail.pk)

    def tell_the_worker() -> None:
        from accounts.tasks import send_mail

        try:
            send_mail.delay(key)
        except OperationalError as error:
            log.warning("mail_waits", error=type(error).__name__)

    transaction.on_commit(tell_the_worker, robust=True)
    return mail


def deliver(mail_id: uuid.UUID) -> None:
    """Sends a letter that is not sent yet; drops one that is nobody's. Raises Unavailable where the mail server does
    not take it, and the letter waits again."""
    with transaction.atomic():
        mail = Mail.objects.select_for_update(of=("self",)).select_related("user").filter(pk=mail_id).first()
        if mail is None or mail.sent_at is not None:
            return
        if not _prepare(mail):
            mail.delete()
            return
        mail.sent_at = timezone.now()
        mail.save()
    # Outside: a slow mail server must not hold a lock.
    link = link_of(mail)
    context = {"mail": mail, "link": link, "site": settings.SITE_URL, "name": mail.name}
    text = render_to_string(f"accounts/mail/{mail.kind}.txt", context)
    try:
        EmailMessage(f"GW2Optimizer: {SUBJECTS[Mail.Kind(mail.kind)]}", text, to=[mail.to]).send()
    except OSError as error:
        Mail.objects.filter(pk=mail.pk).update(sent_at=None)
        raise Unavailable(f"The mail server didn't take a letter ({type(error).__name__}).") from error
    log.info("mail_sent", kind=mail.kind, user_id=str(mail.user_id))
    if link and settings.MAIL_SHOWS_LINKS:
        # Only where letters are files on the machine of whoever runs the site.
        log.info("mail_link", kind=mail.kind, link=link)


def _prepare(mail: Mail) -> bool:
    """Finds out whose letter it is and which one they get. False for one that nobody gets."""
    kind = Mail.Kind(mail.kind)
    if kind in LIFE and mail.created_at + LIFE[kind] <= timezone.now():
        return False
    if kind in LIFE and _too_many(mail):
        log.warning("mail_not_sent", kind=kind)
        return False
    if kind == Mail.Kind.RESET:
        mail.user = _account_of(mail.to)
        mail.name = mail.user.username if mail.user else ""
        return mail.user is not None
    if kind in {Mail.Kind.VERIFY, Mail.Kind.CHANGE_ADDRESS}:
        holder = _holder_of(mail.to)
        if holder is not None and holder.pk != mail.user_id:
            mail.kind, mail.user, mail.name = Mail.Kind.HAS_ACCOUNT, holder, holder.username
    return True


def _too_many(mail: Mail) -> bool:
    since = timezone.now() - timedelta(hours=1)
    return Mail.objects.filter(kind=mail.kind, to=mail.to, sent_at__gt=since).count() >= MOST_AN_HOUR


def _holder_of(address: str) -> User | None:
    try:
        return User.objects.by_address(address)
    except User.DoesNotExist:
        return None


def _account_of(address: str) -> User | None:
    """Whose password the owner of the address may set: who holds it, else who claimed it last. Opening the link
    proves the address as well as the first letter would have."""
    user = _holder_of(address)
    if user is None:
        claimed = User.objects.alias(claim=Lower("claimed_email")).filter(claim=Lower(Value(address)), email=None)
        user = claimed.order_by("-date_joined", "-id").first()
    return user if user is not None and user.is_active and not user.is_system_owner else None


def link_of(mail: Mail) -> str:
    """The address in the letter; "" for a letter without one."""
    page = PAGES.get(Mail.Kind(mail.kind))
    return f"{settings.SITE_URL}{reverse(page, args=[_signer.sign(mail.pk.hex)])}" if page else ""


def linked_mail(token: str, *kinds: Mail.Kind) -> Mail:
    """The letter whose link this is, if it still counts. Raises NotFound."""
    try:
        mail_id = uuid.UUID(_signer.unsign(token))
    except (signing.BadSignature, ValueError) as error:
        raise NotFound(GONE) from error
    mail = Mail.objects.select_related("user").filter(pk=mail_id, kind__in=kinds, used_at=None).first()
    if mail is None or mail.user is None or not mail.user.is_active:
        raise NotFound(GONE)
    if mail.created_at + LIFE[Mail.Kind(mail.kind)] <= timezone.now():
        raise NotFound(GONE)
    return mail


def use_up(mail: Mail) -> None:
    """Call within the transaction of what the link does. Of two uses at once one raises NotFound."""
    if not Mail.objects.filter(pk=mail.pk, used_at=None).update(used_at=timezone.now()):
        raise NotFound(GONE)


def retire_links(user: User, *kinds: Mail.Kind) -> None:
    """What was mailed before leads nowhere any more."""
    Mail.objects.filter(user=user, kind__in=kinds, used_at=None).update(used_at=timezone.now())


def unsent() -> list[uuid.UUID]:
    """Letters whose task was lost: a few minutes old and not sent; older ones are not worth it any more."""
    now = timezone.now()
    waiting = Mail.objects.filter(
        sent_at=None, created_at__lt=now - timedelta(minutes=2), created_at__gt=now - timedelta(days=1)
    )
    return list(waiting.order_by("created_at").values_list("pk", flat=True)[:100])


def delete_old_mails() -> int:
    count, _ = Mail.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()
    return count
