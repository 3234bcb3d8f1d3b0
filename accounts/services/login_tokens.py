"""Tokens of log-ins: made, renewed, ended, checked."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core.cache import caches
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework_simplejwt.exceptions import TokenError

from accounts.devices import Source
from accounts.jwt import FAMILY, VERSION, Access, LoginToken, Refresh
from accounts.models import TokenFamily, UsedRefresh, User
from gw2optimizer.errors import NotFound, Unavailable

log = structlog.get_logger(__name__)

FAMILY_LIFE = timedelta(days=30)
AWAY = "Whether this token still counts can't be checked right now. Please try again in a minute."


class TokenRefused(Exception):
    """The token doesn't count. The answer says no more, whatever the reason."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tokens and how many seconds each lives."""

    access: str
    access_seconds: int
    refresh: str
    refresh_seconds: int


def open_family(user: User, source: Source) -> Pair:
    now = timezone.now()
    family = TokenFamily.objects.create(
        user=user,
        created_at=now,
        last_used_at=now,
        ends_at=now + FAMILY_LIFE,
        address=source.address,
        agent=source.agent,
    )
    log.info("token_family_begun", user_id=str(user.pk))
    return _pair(family, user, now)


def _pair(family: TokenFamily, user: User, now: datetime) -> Pair:
    access, access_seconds = _signed(Access(), family, user, now)
    refresh, refresh_seconds = _signed(Refresh(), family, user, now)
    return Pair(access, access_seconds, refresh, refresh_seconds)


def _signed(token: LoginToken, family: TokenFamily, user: User, now: datetime) -> tuple[str, int]:
    assert token.lifetime is not None
    # Renewing must not stretch what the log-in began with.
    seconds = int(min(token.lifetime, family.ends_at - now).total_seconds())
    token[FAMILY], token[VERSION] = family.pk.hex, user.token_version
    token.set_exp(from_time=now, lifetime=timedelta(seconds=seconds))
    return str(token), seconds


def renew(text: str, source: Source) -> tuple[User, Pair]:
    """A new pair for a refresh token, once; using one twice ends its whole family. Raises TokenRefused, Unavailable."""
    token = _read(Refresh, text)
    family = _living_family(token)
    now = timezone.now()
    try:
        with transaction.atomic():
            UsedRefresh.objects.create(jti=token["jti"], family=family)
            TokenFamily.objects.filter(pk=family.pk).update(
                last_used_at=now, address=source.address, agent=source.agent
            )
    except IntegrityError as error:
        # Somebody else has it as well, and nothing tells who of the two is the owner.
        log.warning("refresh_token_used_twice", user_id=str(family.user_id))
        end_families(TokenFamily.objects.filter(pk=family.pk))
        raise TokenRefused from error
    except DatabaseError as error:
        raise Unavailable(AWAY) from error
    return family.user, _pair(family, family.user, now)


def user_of_access(text: str) -> tuple[User, Access]:
    """Raises TokenRefused, Unavailable."""
    token = _read(Access, text)
    return _living_family(token).user, token


def _read[T: LoginToken](kind: type[T], text: str) -> T:
    try:
        return kind(text)  # type: ignore[arg-type]  # its own types ask for a token where it takes text
    except TokenError as error:
        raise TokenRefused from error


def _living_family(token: LoginToken) -> TokenFamily:
    """With its user, in one query. The cache only refuses sooner: that it knows nothing proves nothing, since it may
    have been emptied."""
    try:
        key = uuid.UUID(token[FAMILY])
    except ValueError as error:
        raise TokenRefused from error
    if caches["default"].get(_cache_key(key)):
        raise TokenRefused
    try:
        family = TokenFamily.objects.select_related("user").filter(pk=key).first()
    except DatabaseError as error:
        raise Unavailable(AWAY) from error
    if family is None or family.ended_at is not None or family.ends_at <= timezone.now():
        raise TokenRefused
    if not family.user.is_active or family.user.token_version != token[VERSION]:
        raise TokenRefused
    return family


def _cache_key(family: uuid.UUID) -> str:
    return f"ended-tokens:{family.hex}"


@transaction.atomic
def end_families(families: QuerySet[TokenFamily]) -> int:
    """In the database, and in the cache for as long as any of their tokens would live."""
    now = timezone.now()
    living = list(families.filter(ended_at=None, ends_at__gt=now).values_list("pk", "ends_at"))
    TokenFamily.objects.filter(pk__in=[key for key, _ in living]).update(ended_at=now)

    def tell_the_cache() -> None:
        for key, ends_at in living:
            left = min(ends_at - now, Refresh.lifetime)
            caches["default"].set(_cache_key(key), True, int(left.total_seconds()) + 1)

    transaction.on_commit(tell_the_cache, robust=True)
    return len(living)


def end_family_of(text: str) -> None:
    """What logging out does with a refresh token, also one that is used up already. Raises TokenRefused for what is no
    such token."""
    token = _read(Refresh, text)
    try:
        key = uuid.UUID(token[FAMILY])
    except ValueError as error:
        raise TokenRefused from error
    end_families(TokenFamily.objects.filter(pk=key))


def end_one_family(*, user: User, family_id: uuid.UUID) -> None:
    """Raises NotFound, also for tokens of somebody else."""
    if not end_families(TokenFamily.objects.filter(pk=family_id, user=user)):
        raise NotFound("There is no such session any more.")


def living_families(user: User) -> QuerySet[TokenFamily]:
    """Last used first."""
    now = timezone.now()
    rows = TokenFamily.objects.filter(user=user, ended_at=None, ends_at__gt=now)
    # Without a renewal its refresh token is over after its own life.
    return rows.filter(last_used_at__gt=now - Refresh.lifetime).order_by("-last_used_at", "id")


def delete_old_families() -> int:
    """A week after their end, when no token of theirs can be valid."""
    now = timezone.now()
    old = Q(ends_at__lt=now - Refresh.lifetime) | Q(ended_at__lt=now - Refresh.lifetime)
    count, _ = TokenFamily.objects.filter(old).delete()
    return count
