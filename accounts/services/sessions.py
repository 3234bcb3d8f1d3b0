"""Where somebody is logged in, and ending that."""

import structlog
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from accounts.models import Session, TokenFamily, User
from accounts.models.sessions import public_id
from accounts.services.login_tokens import end_families
from gw2optimizer.errors import NotFound

log = structlog.get_logger(__name__)


def living_sessions(user: User) -> QuerySet[Session]:
    """Last used first."""
    rows = Session.objects.filter(user=user, expire_date__gt=timezone.now())
    return rows.defer("session_data").order_by("-last_used_at", "session_key")


@transaction.atomic
def end_session(*, user: User, session_id: str) -> str:
    """session_id: what `public_id` gives. Returns the key of the ended session. Raises NotFound, also for a session of
    somebody else."""
    for key in Session.objects.filter(user=user).values_list("session_key", flat=True):
        if public_id(key) == session_id:
            Session.objects.filter(session_key=key).delete()
            log.info("session_ended", user_id=str(user.pk))
            return key
    raise NotFound("There is no such session any more.")


@transaction.atomic
def end_access(user: User, *, keep: str | None = None) -> None:
    """Ends every session but the one with the key `keep`, every token of a log-in, and the trust in known devices.
    Personal tokens stay: they are not log-ins."""
    Session.objects.filter(user=user).exclude(session_key=keep or "").delete()
    end_families(TokenFamily.objects.filter(user=user))
    User.objects.filter(pk=user.pk).update(token_version=F("token_version") + 1)
    user.refresh_from_db(fields=["token_version"])
    log.info("access_ended", user_id=str(user.pk))
