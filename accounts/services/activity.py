"""The log of what players did, for those who learn from it."""

import uuid
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import Activity, User


@transaction.atomic
def record_activity(
    *,
    user: User | AnonymousUser,
    verb: Activity.Verb,
    target_kind: str,
    target_id: uuid.UUID | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """One insert, in the transaction of what was done: neither stands without the other. Nothing for somebody without
    an account, or who opted out."""
    if not isinstance(user, User) or not user.keeps_activity:
        return
    Activity.objects.create(user=user, verb=verb, target_kind=target_kind, target_id=target_id, data=data or {})
