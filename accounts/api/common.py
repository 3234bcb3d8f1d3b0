"""What the routes of accounts share."""

from typing import IO, Any, override

from django.conf import settings
from django.http import QueryDict
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.authentication import LoginTokenAuthentication
from accounts.jwt import Access
from accounts.models import User
from accounts.services.login_tokens import Pair
from gw2optimizer.middleware import storable
from gw2optimizer.ratelimits import limited

_MOST_BYTES = 20_000


class Anyone(APIView):
    """For who has no way in yet: an old token that is sent along must not be in the way."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class Owner(APIView):
    """For whoever has logged in. A script's token is not enough to change what opens the account."""

    authentication_classes = (SessionAuthentication, LoginTokenAuthentication)
    permission_classes = (IsAuthenticated,)


class OAuthForm(BaseParser):
    """The form in which OAuth2 sends its password grant."""

    media_type = "application/x-www-form-urlencoded"

    @override
    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> dict[str, str]:
        body = stream.read(_MOST_BYTES + 1)
        if len(body) > _MOST_BYTES:
            raise exceptions.ParseError("The form is too large.")
        try:
            values = QueryDict(body, encoding="utf-8")
            text = body.decode("ascii")
        except UnicodeDecodeError as error:
            raise exceptions.ParseError("The form isn't text.") from error
        if "%00" in text or not all(storable(part) for pair in values.items() for part in map(str, pair)):
            raise exceptions.ParseError("The form holds characters that aren't text.")
        return {str(name): str(value) for name, value in values.items()}


def owner(request: Request) -> User:
    assert isinstance(request.user, User)  # a permission stands before every caller
    return request.user


def family_of(request: Request) -> str:
    """Of the token that called; "" for a session."""
    return str(request.auth["fam"]) if isinstance(request.auth, Access) else ""


def count_own_password(request: Request) -> None:
    limited(request, group="own_password", closed=True)


def tokens_answer(pair: Pair, *, by_cookie: bool) -> Response:
    """By cookie, the tokens are where no script of a page reads them, and not in the body."""
    body = {
        "token_type": "bearer",
        "access_token": None if by_cookie else pair.access,
        "expires_in": pair.access_seconds,
        "refresh_token": None if by_cookie else pair.refresh,
        "refresh_expires_in": pair.refresh_seconds,
    }
    response = Response(body, headers={"Cache-Control": "no-store", "Pragma": "no-cache"})
    if by_cookie:
        for name, value, seconds in (
            (settings.ACCESS_COOKIE_NAME, pair.access, pair.access_seconds),
            (settings.REFRESH_COOKIE_NAME, pair.refresh, pair.refresh_seconds),
        ):
            response.set_cookie(
                name, value, max_age=seconds, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
            )
    return response


def forget_cookies(response: Response) -> Response:
    for name in (settings.ACCESS_COOKIE_NAME, settings.REFRESH_COOKIE_NAME):
        # A browser drops a __Host- cookie only for an answer that names it as it was set.
        response.set_cookie(name, "", max_age=0, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    return response
