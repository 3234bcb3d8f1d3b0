"""Logging in by password, and what keeps others from guessing it.

An account gets five wrong passwords in a quarter of an hour, an address twenty; each one more makes the next wait
twice as long, and after five of those comes a lock of a quarter of an hour, which ends by itself. Names that nobody
has are treated like accounts, so that a lock tells nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.core.cache import caches
from django.db import transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from kombu.exceptions import OperationalError

from accounts.devices import Source, keyed
from accounts.models import LoginAttempt, Mail, User
from accounts.services.credentials import password_fits
from accounts.services.hashing import Rank, crowded, place, places
from accounts.services.mails import LOCKED_EVERY, order_mail
from gw2optimizer.errors import InvalidInput, TooManyRequests
from gw2optimizer.ratelimits import in_words

log = structlog.get_logger(__name__)

WINDOW = timedelta(minutes=15)
LOCK = timedelta(minutes=15)
FREE_OF_ACCOUNT = 5
FREE_OF_ADDRESS = 20
DELAYS = 5
_LONGEST_DELAY = timedelta(minutes=1)
ROW_EVERY_SECONDS = 5
# Of keys in the cache: was wrong lately; until when a lock holds.
_WRONG, _HELD = "login-wrong:", "login-held:"
KEPT_FOR = timedelta(days=90)
UNKNOWN_KEPT_FOR = timedelta(days=1)

REFUSED = "No account has this name and password. Upper and lower case matter in passwords."

_Outcome = LoginAttempt.Outcome
_COUNTED = (_Outcome.BEGUN, _Outcome.WRONG_PASSWORD, _Outcome.WRONG_CODE, _Outcome.INACTIVE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Whom somebody wants to log in as. user: None for a name that nobody has."""

    user: User | None
    account_key: str
    address_key: str
    source: Source


def candidate_of(identifier: str, source: Source) -> Candidate:
    """One query, for every name alike. Raises TooManyRequests where a stranger of this address has no chance now."""
    if not source.known:
        _refuse_in_a_crowd(identifier, source)
    try:
        user = User.objects.by_login(identifier)
    except User.DoesNotExist:
        return Candidate(None, keyed("unknown", identifier.lower()[:300]), keyed("address", source.address_key), source)
    device = source.device_of(user)
    if device is not None:
        # Counted by itself: neither strangers nor the neighbours behind the same address can keep it out.
        key = keyed("device", str(user.pk), device)
        return Candidate(user, key, key, source)
    return _as_stranger(user, source)


def log_in_by_password(candidate: Candidate, password: str) -> User:
    """The same queries and the same one hash whoever is asked for, up to a right password. Raises TooManyRequests
    without any hash, InvalidInput for wrong ones."""
    _refuse_held(candidate)
    rank = _rank_of(candidate)
    try:
        with place(rank):
            attempt = _begin(candidate)
            _refuse_blocked(attempt)
            user = candidate.user
            fits = password_fits(user, password)
    except TooManyRequests:
        _note_wrong(candidate)
        raise
    if user is not None and fits and user.is_active:
        _finish(attempt, _Outcome.SUCCESS)
        return user
    _note_wrong(candidate)
    _finish(attempt, _Outcome.INACTIVE if fits else _Outcome.WRONG_PASSWORD)
    log.info("login_refused")
    raise InvalidInput(REFUSED)


def _refuse_in_a_crowd(identifier: str, source: Source) -> None:
    """Before anything is asked of the database, since these come a hundred a second. Whose name it is isn't known yet,
    so what was typed is what counts."""
    if places.has(Rank.WRONG_BEFORE):
        return
    typed = keyed("typed", identifier.lower()[:300])
    keys = [_WRONG + key for key in (typed, keyed("address", source.address_key))]
    if not places.has(Rank.FRESH) or caches["default"].get_many(keys):
        caches["default"].set_many(dict.fromkeys(keys, True), int(WINDOW.total_seconds()))
        raise crowded()


def _rank_of(candidate: Candidate) -> Rank:
    """The cache is asked, since it costs little; where it forgets, whoever was wrong counts as fresh."""
    if candidate.account_key == candidate.address_key:
        return Rank.KNOWN
    wrong = caches["default"].get_many([_WRONG + candidate.account_key, _WRONG + candidate.address_key])
    return Rank.WRONG_BEFORE if wrong else Rank.FRESH


def _note_wrong(candidate: Candidate) -> None:
    keys = {_WRONG + candidate.account_key, _WRONG + candidate.address_key}
    caches["default"].set_many(dict.fromkeys(keys, True), int(WINDOW.total_seconds()))


def _refuse_held(candidate: Candidate) -> None:
    """Of many tries against one lock a row is written every few seconds; the others cost the database nothing."""
    now = timezone.now()
    known = caches["default"].get_many([_HELD + candidate.account_key, _HELD + candidate.address_key])
    until = max(known.values(), default=now)
    if until > now:
        raise _held(until - now)


def note_success(user: User, source: Source) -> None:
    """For a way in that asked for no password, such as registering."""
    _record(_as_stranger(user, source), _Outcome.SUCCESS).save()


def note_wrong_code(user: User, source: Source) -> None:
    """Counts like a wrong password: a guessed one must not be worth a free try at the other."""
    _record(_as_stranger(user, source), _Outcome.WRONG_CODE).save()


def note_recovery_code(user: User, source: Source) -> None:
    """For the owner's history; the letter about it is the service's."""
    _record(_as_stranger(user, source), _Outcome.RECOVERY_CODE).save()


def _as_stranger(user: User, source: Source) -> Candidate:
    return Candidate(user, keyed("user", str(user.pk)), keyed("address", source.address_key), source)


def _record(candidate: Candidate, outcome: LoginAttempt.Outcome) -> LoginAttempt:
    return LoginAttempt(
        user=candidate.user,
        at=timezone.now(),
        outcome=outcome,
        address=candidate.source.address,
        agent=candidate.source.agent,
        account_key=candidate.account_key,
        address_key=candidate.address_key,
    )


def _begin(candidate: Candidate) -> LoginAttempt:
    """In the database before anything is hashed, so that tries at the same moment see each other."""
    attempt = _record(candidate, _Outcome.BEGUN)
    attempt.save()
    return attempt


def _refuse_blocked(attempt: LoginAttempt) -> None:
    now = attempt.at
    recent = Q(at__gt=now - WINDOW)
    account, address = Q(account_key=attempt.account_key), Q(address_key=attempt.address_key)
    counted = Q(outcome__in=_COUNTED)
    seen = LoginAttempt.objects.filter(recent, account | address).exclude(pk=attempt.pk)
    state = seen.aggregate(
        account_count=Count("pk", filter=account & counted),
        address_count=Count("pk", filter=address & counted),
        account_until=Max("account_blocked_until", filter=account),
        address_until=Max("address_blocked_until", filter=address),
    )
    blocks = [until for until in (state["account_until"], state["address_until"]) if until and until > now]
    spent = state["account_count"] >= FREE_OF_ACCOUNT + DELAYS or state["address_count"] >= FREE_OF_ADDRESS + DELAYS
    if not blocks and spent:
        # Others of the same moment have used up what there was.
        blocks = [now + LOCK]
    if blocks:
        _remember_lock(attempt.account_key, state["account_until"], now)
        _remember_lock(attempt.address_key, state["address_until"], now)
        _refuse(attempt, max(blocks))
    attempt.account_blocked_until = _block(now, state["account_count"] + 1, FREE_OF_ACCOUNT)
    attempt.address_blocked_until = _block(now, state["address_count"] + 1, FREE_OF_ADDRESS)
    attempt.save(update_fields=["account_blocked_until", "address_blocked_until"])


def _remember_lock(key: str, until: datetime | None, now: datetime) -> None:
    if until is not None and until - now > _LONGEST_DELAY:
        caches["default"].set(_HELD + key, until, ROW_EVERY_SECONDS)


def _block(now: datetime, count: int, free: int) -> datetime | None:
    """count: of the wrong ones with this one. From the last free one on the next waits 2, 4, 8, 16, 32 seconds, then
    for the length of the lock."""
    if count < free:
        return None
    if count >= free + DELAYS:
        return now + LOCK
    return now + timedelta(seconds=2 ** (count - free + 1))


def _refuse(attempt: LoginAttempt, until: datetime) -> None:
    left = until - attempt.at
    attempt.outcome = _Outcome.LOCKED if left > _LONGEST_DELAY else _Outcome.DELAYED
    attempt.save(update_fields=["outcome"])
    log.warning("login_held", outcome=attempt.outcome)
    raise _held(left)


def _held(left: timedelta) -> TooManyRequests:
    wait = max(1, round(left.total_seconds()))
    return TooManyRequests(
        f"Too many wrong passwords. Please wait {in_words(wait)}; it ends by itself.", retry_after=wait
    )


def _finish(attempt: LoginAttempt, outcome: LoginAttempt.Outcome) -> None:
    attempt.outcome = outcome
    fields = ["outcome"]
    if outcome == _Outcome.SUCCESS:
        # Whoever has the right password is not kept waiting for it.
        attempt.account_blocked_until = attempt.address_blocked_until = None
        fields += ["account_blocked_until", "address_blocked_until"]
    attempt.save(update_fields=fields)
    until = attempt.account_blocked_until
    if until is not None and until - attempt.at >= LOCK:
        log.warning("account_locked", known=attempt.user_id is not None)
        transaction.on_commit(_tell_of_lock(attempt.pk), robust=True)


def _tell_of_lock(attempt_id: int) -> Callable[[], None]:
    def tell() -> None:
        from accounts.tasks import tell_of_lock

        try:
            tell_of_lock.delay(attempt_id)
        except OperationalError as error:
            log.warning("lock_not_told", error=type(error).__name__)

    return tell


def tell_owner_of_lock(*, attempt_id: int) -> None:
    """In the worker, so that a lock of an account takes the request no longer than one of a name that nobody has.
    Once a day at most."""
    attempt = LoginAttempt.objects.select_related("user").filter(pk=attempt_id).first()
    if attempt is None or attempt.user is None or not attempt.user.mail_address:
        return
    since = timezone.now() - LOCKED_EVERY
    if not Mail.objects.filter(user=attempt.user, kind=Mail.Kind.LOCKED, created_at__gt=since).exists():
        with transaction.atomic():
            order_mail(kind=Mail.Kind.LOCKED, to=attempt.user.mail_address, user=attempt.user)


def delete_old_attempts() -> int:
    now = timezone.now()
    unknown = Q(user=None, at__lt=now - UNKNOWN_KEPT_FOR)
    count, _ = LoginAttempt.objects.filter(Q(at__lt=now - KEPT_FOR) | unknown).delete()
    return count
