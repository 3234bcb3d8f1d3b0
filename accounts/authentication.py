"""How the API knows a script: by a personal token in `Authorization: Bearer gw2pat_...`."""

from typing import Any, override

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts.models import PersonalToken, User
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


class PersonalTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the API's description says of it."""

    target_class = PersonalTokenAuthentication
    name = "personalToken"

    @override
    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token made under Account, Tokens: gw2pat_..."}
