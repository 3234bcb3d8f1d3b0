"""Codes that stand in for the app of a second factor, once each."""

import base64
import hashlib
import secrets

import structlog
from django.db import transaction
from django.utils import timezone

from accounts.models import Mail, RecoveryCode, SecondFactor, StaffAct, User
from accounts.services.mails import order_mail
from accounts.services.staff_acts import By, record_staff_act
from gw2optimizer.errors import Conflict

log = structlog.get_logger(__name__)

COUNT = 10
_BYTES = 10
_GROUP = 4
# A code by time has six digits; whatever is longer is meant as one of these.
LENGTH = _BYTES * 8 // 5


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """New ones, shown this once; older ones no longer count. Raises Conflict without a confirmed factor."""
    factor = SecondFactor.objects.select_for_update().filter(user=user).exclude(confirmed_at=None).first()
    if factor is None:
        raise Conflict("Switch the second factor on first.")
    RecoveryCode.objects.filter(factor=factor).delete()
    plain = [base64.b32encode(secrets.token_bytes(_BYTES)).decode().lower() for _ in range(COUNT)]
    RecoveryCode.objects.bulk_create([RecoveryCode(factor=factor, digest=_digest(code)) for code in plain])
    log.info("recovery_codes_made", user_id=str(user.pk))
    return ["-".join(code[at : at + _GROUP] for at in range(0, LENGTH, _GROUP)) for code in plain]


def codes_left(user: User) -> int:
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def looks_like_one(code: str) -> bool:
    return len(_plain(code)) == LENGTH


@transaction.atomic
def use_recovery_code(*, user: User, code: str, by: By) -> bool:
    """Whether it counts. Of two uses at once one does. The owner gets a letter."""
    codes = RecoveryCode.objects.filter(factor__user=user, factor__confirmed_at__isnull=False)
    if not codes.filter(digest=_digest(_plain(code)), used_at=None).update(used_at=timezone.now()):
        return False
    left = codes_left(user)
    record_staff_act(by=by, verb=StaffAct.Verb.RECOVERED, target=user, after={"codes_left": left})
    if user.mail_address:
        about = {"left": left, "address": by.address}
        order_mail(kind=Mail.Kind.RECOVERY_USED, to=user.mail_address, user=user, about=about)
    log.warning("recovery_code_used", user_id=str(user.pk), left=left)
    return True


def _plain(code: str) -> str:
    return "".join(code.split()).replace("-", "").lower()


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
