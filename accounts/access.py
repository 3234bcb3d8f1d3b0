"""Who may look at, report and decide about what players published; pages and API ask the same functions. Strangers
are told that it does not exist."""

import uuid
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import Hideable, HideableQuerySet, User
from accounts.registries import hideables
from gw2optimizer.errors import NotFound

_GONE = "There is no such thing, or it is not open to you."


def moderator(user: User | AnonymousUser | Any) -> User:
    """Raises NotFound for everybody else."""
    if not isinstance(user, User) or not user.may_moderate:
        raise NotFound(_GONE)
    return user


def hideable_rows(kind: str) -> HideableQuerySet[Any]:
    """Raises NotFound for a kind that there is not."""
    model = hideables().get(kind)
    if model is None:
        raise NotFound(_GONE)
    rows = model._default_manager.all()
    assert isinstance(rows, HideableQuerySet)
    return rows


def decidable(user: User | AnonymousUser | Any, kind: str, target_id: uuid.UUID) -> Hideable:
    """Something public, hidden or not, for a moderator. Raises NotFound."""
    moderator(user)
    return _found(hideable_rows(kind).filter(visibility="public", pk=target_id))


def reportable(user: User, kind: str, target_id: uuid.UUID) -> Hideable:
    """Something public of somebody else. Raises NotFound."""
    return _found(hideable_rows(kind).public().exclude(owner=user).filter(pk=target_id))


def appealable(user: User, kind: str, target_id: uuid.UUID) -> Hideable:
    """Something hidden of one's own. Raises NotFound."""
    return _found(hideable_rows(kind).filter(owner=user, pk=target_id).exclude(hidden_at=None))


def _found(rows: QuerySet[Any]) -> Hideable:
    thing: Hideable | None = rows.select_related("owner").first()
    if thing is None:
        raise NotFound(_GONE)
    return thing
