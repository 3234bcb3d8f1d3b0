"""Codes by time for staff."""

import pyotp
import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import SecondFactor, StaffAct, User
from accounts.services.sessions import end_access
from accounts.services.staff_acts import By, record_staff_act
from gw2optimizer.errors import Conflict, InvalidInput

log = structlog.get_logger(__name__)

ISSUER = "GW2Optimizer"
WRONG_CODE = "This code doesn't fit. Codes change every 30 seconds, and each counts once."
_SECONDS = 30


def has_second_factor(user: User) -> bool:
    return SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists()


@transaction.atomic
def offered_factor(user: User) -> SecondFactor:
    """The secret that the user is asked to scan, the same until it is confirmed. Raises Conflict for one that is."""
    factor, _ = SecondFactor.objects.get_or_create(user=user, defaults={"secret": pyotp.random_base32()})
    if factor.confirmed_at is not None:
        raise Conflict("You have a second factor already.")
    return factor


def provisioning_address(factor: SecondFactor, user: User) -> str:
    """What the picture says: otpauth://totp/..."""
    return pyotp.TOTP(factor.secret).provisioning_uri(name=user.username, issuer_name=ISSUER)


@transaction.atomic
def confirm_code(*, user: User, code: str) -> None:
    """The first right code confirms the factor. A code of the half minute before or after counts, none counts twice.
    Raises InvalidInput."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).first()
    if factor is None:
        raise InvalidInput(WRONG_CODE, fields={"code": [WRONG_CODE]})
    now = timezone.now()
    step = int(now.timestamp()) // _SECONDS
    totp = pyotp.TOTP(factor.secret)
    digits = code.replace(" ", "")
    for candidate in (step, step - 1, step + 1):
        if candidate > factor.last_step and digits.isascii() and totp.verify(digits, for_time=candidate * _SECONDS):
            factor.last_step = candidate
            factor.confirmed_at = factor.confirmed_at or now
            factor.save(update_fields=["last_step", "confirmed_at"])
            log.info("second_factor_passed", user_id=str(user.pk))
            return
    log.warning("second_factor_refused", user_id=str(user.pk))
    raise InvalidInput(WRONG_CODE, fields={"code": [WRONG_CODE]})


@transaction.atomic
def remove_factor(*, user: User, by: By, session_key: str | None = None) -> bool:
    """For a lost device; the next visit to the administration offers a new one. The recovery codes go with it, and
    so does every session but that of session_key: somebody else may have passed with what is lost."""
    count, _ = SecondFactor.objects.filter(user=user).delete()
    if count:
        end_access(user, keep=session_key)
        record_staff_act(by=by, verb=StaffAct.Verb.FACTOR_REMOVED, target=user)
    log.warning("second_factor_removed", user_id=str(user.pk))
    return bool(count)
