"""Taking one's data along, and leaving."""

from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import Activity, LoginAttempt, Mail, PersonalToken, Report, User
from accounts.registries import exports, farewells
from accounts.services.credentials import check_own_password
from accounts.services.login_tokens import living_families
from accounts.services.mails import order_mail
from accounts.services.sessions import living_sessions

log = structlog.get_logger(__name__)

SCHEMA = "account/1"


def export_of(user: User) -> dict[str, Any]:
    """All that is the user's, as plain JSON values; no hash and no key among it."""
    parts = {name: export(user) for name, export in sorted(exports().items())}
    return {"schema": SCHEMA, "made_at": timezone.now().isoformat(), "account": _account(user), **parts}


def _account(user: User) -> dict[str, Any]:
    attempts = LoginAttempt.objects.filter(user=user).order_by("-id")
    activities = Activity.objects.filter(user=user).order_by("-at", "-id")
    return {
        "id": str(user.pk),
        "username": user.username,
        "email": user.email,
        "claimed_email": user.claimed_email or None,
        "is_verified": user.is_verified,
        "role": user.role,
        "display_name": user.display_name,
        "bio": user.bio,
        "language": user.language,
        "time_zone": user.time_zone,
        "preferences": user.preferences,
        "keeps_activity": user.keeps_activity,
        "date_joined": user.date_joined.isoformat(),
        "sessions": [
            {
                "begun_at": session.created_at.isoformat(),
                "last_used_at": session.last_used_at.isoformat(),
                "address": session.address,
                "agent": session.agent,
            }
            for session in living_sessions(user)
        ],
        "token_log_ins": [
            {
                "begun_at": family.created_at.isoformat(),
                "last_used_at": family.last_used_at.isoformat(),
                "ends_at": family.ends_at.isoformat(),
                "address": family.address,
                "agent": family.agent,
            }
            for family in living_families(user)
        ],
        "personal_tokens": [
            {
                "name": token.name,
                "scopes": token.scopes,
                "created_at": token.created_at.isoformat(),
                "expires_at": token.expires_at.isoformat(),
                "last_used_at": token.last_used_at.isoformat() if token.last_used_at else None,
            }
            for token in PersonalToken.objects.filter(user=user)
        ],
        "login_history": [
            {"at": entry.at.isoformat(), "outcome": entry.outcome, "address": entry.address, "agent": entry.agent}
            for entry in attempts.iterator()
        ],
        "letters": [
            {
                "kind": letter.kind,
                "to": letter.to,
                "about": letter.about,
                "ordered_at": letter.created_at.isoformat(),
                "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
            }
            for letter in Mail.objects.filter(user=user).order_by("-created_at", "-id").iterator()
        ],
        "reports": [
            {
                "at": entry.at.isoformat(),
                "cause": entry.cause,
                "target_kind": entry.target_kind,
                "target_id": str(entry.target_id),
                "text": entry.text,
                "outcome": entry.outcome or None,
            }
            for entry in Report.objects.filter(reporter=user).order_by("-id").iterator()
        ],
        "activity": [
            {
                "at": entry.at.isoformat(),
                "verb": entry.verb,
                "target_kind": entry.target_kind,
                "target_id": str(entry.target_id) if entry.target_id else None,
                "data": entry.data,
            }
            for entry in activities.iterator()
        ],
    }


def delete_account(*, user: User, password: str) -> None:
    """Raises InvalidInput for a wrong password."""
    check_own_password(user, password, field="password")
    remove_account(user)


@transaction.atomic
def remove_account(user: User) -> None:
    """For good. What is the user's alone goes; what others built on is severed by the farewells, the activity log by
    its foreign key."""
    locked = User.objects.select_for_update().get(pk=user.pk)
    for farewell in farewells():
        farewell(locked)
    if locked.mail_address:
        mail = order_mail(kind=Mail.Kind.DELETED, to=locked.mail_address, user=locked)
        # The letter outlives the account.
        Mail.objects.filter(pk=mail.pk).update(user=None)
    locked.delete()
    log.info("account_deleted", user_id=str(user.pk))
