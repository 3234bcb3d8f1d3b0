"""How the API knows who calls, beside the session: by a personal token or by the token of a log-in."""

from typing import Any, override

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.jwt import Access
from accounts.models import PersonalToken, User
from accounts.services.login_tokens import TokenRefused, user_of_access
from accounts.services.tokens import PREFIX, living_token

_BEARER = f"bearer {PREFIX}"


class PersonalTokenAuthentication(BaseAuthentication):
    """Checks the scope too, so that no view can forget to."""

    @override
    def authenticate(self, request: Request) -> tuple[User, PersonalToken] | None:
        header = request.headers.get("Authorization", "")
        if not header.lower().startswith(_BEARER):
            return None
        token = living_token(header.partition(" ")[2].strip())
        if token is None:
            raise exceptions.AuthenticationFailed("This token isn't known, or it has ended.")
        scope = PersonalToken.Scope.READ if request.method in SAFE_METHODS else PersonalToken.Scope.WRITE
        if scope not in token.scopes:
            raise exceptions.PermissionDenied(f"This token hasn't the scope {scope.value}.")
        return token.user, token

    @override
    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class LoginTokenAuthentication(BaseAuthentication):
    """The access token of a log-in: from the header, or from a cookie that no script of a page can read. What comes by
    cookie comes from whatever page the browser shows, so there an unsafe call needs the token of forms."""

    @override
    def authenticate(self, request: Request) -> tuple[User, Access] | None:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        by_header = kind.lower() == "bearer"
        text = text.strip() if by_header else request.COOKIES.get(settings.ACCESS_COOKIE_NAME, "")
        if not by_header and not text:
            return None
        try:
            user, token = user_of_access(text)
        except TokenRefused as error:
            raise exceptions.AuthenticationFailed("This token doesn't count, or it has ended.") from error
        if not by_header:
            enforce_csrf(request)
        return user, token

    @override
    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


def enforce_csrf(request: Request) -> None:
    """Raises PermissionDenied for an unsafe call without the token of forms."""
    SessionAuthentication().enforce_csrf(request)


class LoginTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the API's description says of it."""

    target_class = LoginTokenAuthentication
    name = "loginToken"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        text = "The access token of `auth/token`, 30 minutes long; also read from its cookie."
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": text}


class PersonalTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the API's description says of it."""

    target_class = PersonalTokenAuthentication
    name = "personalToken"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token made under Account, Tokens: gw2pat_..."}
