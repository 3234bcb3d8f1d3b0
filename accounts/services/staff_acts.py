"""The log of what staff did. Call within the transaction of the deed: neither stands without the other."""

import getpass
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.http import HttpRequest

from accounts.models import StaffAct, User
from accounts.models.staff_acts import actor_key
from gw2optimizer.error_views import request_id_of
from gw2optimizer.ratelimits import client_address

LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, and from where. actor: None for a command."""

    actor: User | None
    source: StaffAct.Source
    address: str | None = None
    request_id: str = ""


def by_request(request: HttpRequest, source: StaffAct.Source = StaffAct.Source.PAGE) -> By:
    user: User | AnonymousUser | None = getattr(request, "user", None)
    actor = user if isinstance(user, User) else None
    return By(actor, source, client_address(request), request_id_of(request)[:64])


BY_COMMAND = By(None, StaffAct.Source.COMMAND)


@transaction.atomic
def record_staff_act(
    *,
    by: By,
    verb: StaffAct.Verb,
    target: models.Model | str,
    target_id: object = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """target: the object, or the kind of what has no row. before, after: short plain values, cut to LONGEST_VALUE
    characters. Of a command the name of its user on the machine is added."""
    kind = target if isinstance(target, str) else target._meta.label_lower
    key = target_id if isinstance(target, str) else target.pk
    told = dict(after or {})
    if by.source == StaffAct.Source.COMMAND:
        told["run_by"] = _name_on_this_machine()
    StaffAct.objects.create(
        actor=by.actor,
        actor_key=actor_key(by.actor.pk) if by.actor else "",
        verb=verb,
        target_kind=kind,
        target_id=str(key)[:64],
        before={name: short(value) for name, value in (before or {}).items()},
        after={name: short(value) for name, value in told.items()},
        source=by.source,
        address=by.address,
        request_id=by.request_id,
    )


def short(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, list | tuple | set | models.QuerySet):
        return sorted(short(entry) for entry in value)
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _name_on_this_machine() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container's user may have no name
        return "unknown"


def acts_on(target: models.Model) -> models.QuerySet[StaffAct]:
    """Newest first."""
    rows = StaffAct.objects.filter(target_kind=target._meta.label_lower, target_id=str(target.pk))
    return rows.select_related("actor").order_by("-id")


def acts_of(user_id: uuid.UUID) -> models.QuerySet[StaffAct]:
    """Also of an account that is deleted."""
    return StaffAct.objects.filter(actor_key=actor_key(user_id)).order_by("-id")
