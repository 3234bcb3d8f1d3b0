"""The log of what players did, for those who learn from it."""

import uuid
from datetime import datetime
from typing import Any

import orjson
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from accounts.models import Activity, User

# The ids of all that was shown, a wish, and some numbers.
MOST_BYTES = 4_000


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
    if data and len(orjson.dumps(data)) > MOST_BYTES:
        raise ValueError(f"an activity keeps at most {MOST_BYTES} bytes beside its target")
    Activity.objects.create(
        user=user,
        at=timezone.now(),
        verb=verb,
        target_kind=target_kind,
        target_id=target_id,
        data=data or {},
    )


def forget_activities(*, before: datetime, most: int = 10_000) -> int:
    """The one way by which the log gets shorter: what is too old to be kept, the oldest first. Returns how many went;
    fewer than `most`: none are left."""
    old = Activity.objects.filter(at__lt=before).order_by("at", "id").values_list("pk", flat=True)[:most]
    count, _ = Activity._base_manager.filter(pk__in=list(old)).delete()
    return count
