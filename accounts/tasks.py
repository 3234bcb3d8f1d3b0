from celery import shared_task
from django.core.management import call_command


@shared_task  # type: ignore[untyped-decorator]
def clear_expired_sessions() -> None:
    """An expired session stays a row until somebody removes it."""
    call_command("clearsessions")
