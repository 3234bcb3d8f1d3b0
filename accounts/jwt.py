"""The signed tokens of a log-in, over simplejwt. Each type works only as itself; the key that signed one is named in
its header (`kid`), so that keys rotate: a new SECRET_KEY signs, the old one in SECRET_KEY_FALLBACKS still verifies."""

import hashlib
from datetime import timedelta
from typing import Any, override

import jwt
from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError, TokenError
from rest_framework_simplejwt.tokens import Token

ALGORITHM = "HS256"
FAMILY, VERSION = "fam", "ver"


def keys() -> dict[str, bytes]:
    """By name, the one that signs first. Derived, so that a token says nothing about the site's own key."""
    derived = [
        salted_hmac("accounts.jwt", b"", secret=secret, algorithm="sha256").digest()
        for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    ]
    return {hashlib.sha256(key).hexdigest()[:12]: key for key in derived}


class KeyRing(TokenBackend):
    def __init__(self) -> None:
        super().__init__(ALGORITHM)

    @override
    def encode(self, payload: dict[str, Any]) -> str:
        name, key = next(iter(keys().items()))
        return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"kid": name})

    @override
    def get_verifying_key(self, token: Any) -> bytes:
        try:
            name = jwt.get_unverified_header(token).get("kid")
        except jwt.PyJWTError as error:
            raise TokenBackendError("Token is invalid") from error
        key = keys().get(name) if isinstance(name, str) else None
        if key is None:
            raise TokenBackendError("Token is invalid")
        return key


_RING = KeyRing()


class LoginToken(Token):
    @override
    def get_token_backend(self) -> TokenBackend:
        return _RING

    @override
    def verify(self) -> None:
        super().verify()
        if any(not isinstance(self.payload.get(name), kind) for name, kind in _CLAIMS.items()):
            raise TokenError("Token is invalid")
        # By the clock of the site as well, which decides about families.
        if self.payload["exp"] <= timezone.now().timestamp():
            raise TokenError("Token is expired")


_CLAIMS: dict[str, type] = {"jti": str, FAMILY: str, VERSION: int, "exp": int}


class Access(LoginToken):
    token_type = "access"  # noqa: S105
    lifetime = timedelta(minutes=30)


class Refresh(LoginToken):
    token_type = "refresh"  # noqa: S105
    lifetime = timedelta(days=7)
