"""Personal tokens for scripts."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence
from datetime import timedelta

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import PersonalToken, User
from accounts.models.user import validate_readable
from gw2optimizer.errors import InvalidInput, NotFound

log = structlog.get_logger(__name__)

PREFIX = "gw2pat_"
MOST_TOKENS = 20
LIFETIMES = (7, 30, 90, 365)
# How exact "last used" is: a call must not cost a write.
USE_NOTED_EVERY = timedelta(minutes=5)
# So that their owner still sees why a script stopped.
ENDED_KEPT_FOR = timedelta(days=30)


@transaction.atomic
def make_token(*, user: User, name: str, scopes: Sequence[str], days: int) -> tuple[PersonalToken, str]:
    """The row and the token itself, which nobody can show again. Raises InvalidInput with `name`, `scopes`, `days`."""
    name = name.strip()
    fields: dict[str, list[str]] = {}
    if not name or len(name) > 60:
        fields["name"] = ["Give it a name of up to 60 characters."]
    try:
        validate_readable(name)
    except ValidationError as error:
        fields["name"] = error.messages
    known = [scope for scope in PersonalToken.Scope.values if scope in scopes]
    if not known or set(scopes) - set(known):
        fields["scopes"] = [f"Choose among {', '.join(PersonalToken.Scope.values)}."]
    if days not in LIFETIMES:
        fields["days"] = [f"Choose one of {', '.join(map(str, LIFETIMES))} days."]
    if fields:
        raise InvalidInput("The token was not made. Please look at the marked fields.", fields=fields)
    # The user's row is the lock: two requests at once must not both be the last one that fits.
    User.objects.select_for_update().get(pk=user.pk)
    if PersonalToken.objects.filter(user=user).count() >= MOST_TOKENS:
        raise InvalidInput(f"You have {MOST_TOKENS} tokens already. Please end one first.")
    secret = PREFIX + secrets.token_urlsafe(32)
    token = PersonalToken.objects.create(
        user=user,
        name=name,
        digest=digest_of(secret),
        ending=secret[-4:],
        scopes=known,
        expires_at=timezone.now() + timedelta(days=days),
    )
    log.info("personal_token_made", user_id=str(user.pk))
    return token, secret


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def living_token(secret: str) -> PersonalToken | None:
    """With its user, one query; None for an unknown, expired or ended one and for a closed account. Notes the use."""
    now = timezone.now()
    token = PersonalToken.objects.select_related("user").filter(digest=digest_of(secret), expires_at__gt=now).first()
    if token is None or not token.user.is_active:
        return None
    if token.last_used_at is None or now - token.last_used_at >= USE_NOTED_EVERY:
        PersonalToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


@transaction.atomic
def end_token(*, user: User, token_id: uuid.UUID) -> None:
    """Raises NotFound, also for a token of somebody else."""
    count, _ = PersonalToken.objects.filter(pk=token_id, user=user).delete()
    if not count:
        raise NotFound("There is no such token any more.")
    log.info("personal_token_ended", user_id=str(user.pk))


def delete_expired_tokens() -> int:
    count, _ = PersonalToken.objects.filter(expires_at__lt=timezone.now() - ENDED_KEPT_FOR).delete()
    return count
