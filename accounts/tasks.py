import uuid

from celery import shared_task
from django.core.management import call_command

from accounts.services import mails
from accounts.services.login_tokens import delete_old_families
from accounts.services.logins import delete_old_attempts, tell_owner_of_lock
from accounts.services.moderation import delete_settled_reports
from accounts.services.tokens import delete_expired_tokens


@shared_task  # type: ignore[untyped-decorator]
def clear_expired_sessions() -> None:
    """An expired session stays a row until somebody removes it; so do old letters, tries and tokens."""
    call_command("clearsessions")
    mails.delete_old_mails()
    delete_old_attempts()
    delete_expired_tokens()
    delete_old_families()
    delete_settled_reports()


@shared_task  # type: ignore[untyped-decorator]
def send_mail(mail_id: str) -> None:
    mails.deliver(uuid.UUID(mail_id))


@shared_task  # type: ignore[untyped-decorator]
def send_unsent_mails() -> None:
    """What a lost task or a mail server that was away left behind."""
    for mail_id in mails.unsent():
        send_mail.delay(str(mail_id))


@shared_task  # type: ignore[untyped-decorator]
def tell_of_lock(attempt_id: int) -> None:
    tell_owner_of_lock(attempt_id=attempt_id)
