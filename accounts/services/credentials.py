"""Whether somebody is who they say."""

import structlog
from django.contrib.auth.hashers import make_password

from accounts.models import User
from accounts.passwords import can_be_a_password
from gw2optimizer.errors import InvalidInput

log = structlog.get_logger(__name__)

WRONG = "This is not your password."


def password_fits(user: User | None, password: str) -> bool:
    """One hash is made whether the user exists or not, so that the time of the answer doesn't tell. None is made for
    what nobody's password can be."""
    if not password or not can_be_a_password(password):
        return False
    if user is None or not user.has_usable_password():
        make_password(password)
        return False
    return user.check_password(password)


def check_own_password(user: User, password: str, *, field: str) -> None:
    """Raises InvalidInput beside `field`. Count the try before calling this."""
    if not password_fits(user, password):
        log.info("own_password_wrong", user_id=str(user.pk))
        raise InvalidInput(WRONG, fields={field: [WRONG]})
