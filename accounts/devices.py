"""Known devices: a signed cookie says whom a browser has logged in before. Wrong passwords that others type are not
held against it, so nobody can lock an owner out; its own are, like anybody's."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.sessions import agent_of
from gw2optimizer.ratelimits import address_key, client_address

_SALT = "accounts.device"
LIFE = timedelta(days=365)
_MOST_USERS = 5

# User id to (a random name of this device, the token version under which it was trusted).
Known = dict[str, tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Source:
    """Where a try to log in comes from. address_key: of the household, as rate limits count it."""

    address: str
    address_key: str
    agent: str
    known: Known = field(default_factory=dict)

    def device_of(self, user: User) -> str | None:
        """The name of this device, where the user is known on it; None after a password reset and the like."""
        name, version = self.known.get(str(user.pk), ("", 0))
        return name if name and version == user.token_version else None


def source_of(request: HttpRequest) -> Source:
    return Source(
        address=client_address(request),
        address_key=address_key(request),
        agent=agent_of(request),
        known=_read(request),
    )


def remember_device(request: HttpRequest, response: HttpResponseBase, user: User) -> None:
    known = _read(request)
    name, _ = known.pop(str(user.pk), (secrets.token_urlsafe(12), 0))
    known[str(user.pk)] = (name, user.token_version)
    newest = dict(list(known.items())[-_MOST_USERS:])
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.dumps(newest, salt=_SALT, compress=True),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> Known:
    try:
        value = signing.loads(request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), salt=_SALT, max_age=LIFE)
    except signing.BadSignature:
        return {}
    return {str(user): (str(name), int(version)) for user, (name, version) in value.items()}


def keyed(*parts: str) -> str:
    """A name of 43 characters that says nothing about its parts to whoever reads the database alone."""
    return salted_hmac("accounts.guard", "\x00".join(parts), algorithm="sha256").hexdigest()[:43]
