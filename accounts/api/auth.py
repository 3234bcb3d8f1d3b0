"""Tokens of log-ins and what leads to them."""

from django.conf import settings
from django.contrib.auth import logout, update_session_auth_hash
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import shapes
from accounts.api.common import (
    Anyone,
    OAuthForm,
    Owner,
    count_own_password,
    forget_cookies,
    owner,
    tokens_answer,
)
from accounts.api.shapes import errors
from accounts.authentication import enforce_csrf
from accounts.devices import remember_device, source_of
from accounts.services.addresses import change_address, confirm_address
from accounts.services.login_tokens import TokenRefused, end_family_of, open_family, renew
from accounts.services.logins import REFUSED, candidate_of, log_in_by_password
from accounts.services.passwords import ask_reset, change_password, reset_password
from accounts.services.registration import register_user
from accounts.services.sessions import end_access
from gw2optimizer.api import JSONParser
from gw2optimizer.errors import InvalidInput
from gw2optimizer.ratelimits import address_key, limited
from gw2optimizer.serializers import Nothing, checked

_REFRESH_REFUSED = "This refresh token doesn't count, or it has ended. Please log in again."


class Register(Anyone):
    @extend_schema(
        operation_id="auth_register",
        summary="Make an account; a letter verifies its address",
        request=shapes.Registration,
        responses={201: shapes.Sent, **errors(409, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        limited(request, group="register", key=address_key(request), closed=True)
        user = register_user(**checked(shapes.Registration, request.data))
        text = f"The account {user.username} is made. A link on its way to {user.claimed_email} verifies the address."
        return Response({"message": text}, status=201)


class Token(Anyone):
    parser_classes = (JSONParser, OAuthForm)

    @extend_schema(
        operation_id="auth_token",
        summary="Log in for tokens; also as the password grant of OAuth2",
        request={"application/json": shapes.Credentials, "application/x-www-form-urlencoded": shapes.Credentials},
        responses={200: shapes.Tokens, **errors(422, 503)},
    )
    def post(self, request: Request) -> Response:
        data = checked(shapes.Credentials, request.data)
        if data["cookie"]:
            # Else a strange page could log its visitor in as somebody else.
            enforce_csrf(request)
        source = source_of(request)
        candidate = candidate_of(data["username"], source)
        limited(request, group="login", key=candidate.address_key, closed=True)
        try:
            user = log_in_by_password(candidate, data["password"])
        except InvalidInput as error:
            raise exceptions.AuthenticationFailed(REFUSED) from error
        response = tokens_answer(open_family(user, source), by_cookie=data["cookie"])
        if data["cookie"]:
            remember_device(request, response, user)
        return response


class TokenRefresh(Anyone):
    @extend_schema(
        operation_id="auth_token_refresh",
        summary="A new pair for a refresh token, which is used up; using it twice ends all tokens of its log-in",
        request=shapes.RefreshBody,
        responses={200: shapes.Tokens, **errors(422, 503)},
    )
    def post(self, request: Request) -> Response:
        text, by_cookie = _refresh_token(request)
        try:
            _, pair = renew(text, source_of(request))
        except TokenRefused as error:
            raise exceptions.AuthenticationFailed(_REFRESH_REFUSED) from error
        return tokens_answer(pair, by_cookie=by_cookie)


class Logout(Anyone):
    @extend_schema(
        operation_id="auth_logout",
        summary="End the tokens of one log-in, its access token too",
        request=shapes.RefreshBody,
        responses={204: None, **errors(422, 503)},
    )
    def post(self, request: Request) -> Response:
        text, _ = _refresh_token(request)
        try:
            end_family_of(text)
        except TokenRefused as error:
            raise exceptions.AuthenticationFailed(_REFRESH_REFUSED) from error
        return forget_cookies(Response(status=204))


def _refresh_token(request: Request) -> tuple[str, bool]:
    """Of the body, else of the cookie, and whether it was that."""
    data = checked(shapes.RefreshBody, request.data)
    if "refresh_token" in data:
        return str(data["refresh_token"]), False
    text = request.COOKIES.get(settings.REFRESH_COOKIE_NAME, "")
    if not text:
        raise exceptions.AuthenticationFailed("No refresh token was sent.")
    enforce_csrf(request)
    return text, True


class LogoutAll(Owner):
    @extend_schema(
        operation_id="auth_logout_all",
        summary="End every session and every token of your log-ins",
        request=None,
        responses={204: None, **errors(422, 503)},
    )
    def post(self, request: Request) -> Response:
        checked(Nothing, request.data)
        end_access(owner(request))
        logout(request._request)
        return forget_cookies(Response(status=204))


class VerifyEmail(Anyone):
    @extend_schema(
        operation_id="auth_verify_email",
        summary="What the link of a verification does",
        request=shapes.LinkToken,
        responses={204: None, **errors(404, 409, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        data = checked(shapes.LinkToken, request.data)
        limited(request, group="mail_link", key=address_key(request))
        confirm_address(token=data["token"])
        return Response(status=204)


class PasswordForgot(Anyone):
    @extend_schema(
        operation_id="auth_password_forgot",
        summary="Have a link sent that sets a new password; the answer is the same for every address",
        request=shapes.Address,
        responses={202: shapes.Sent, **errors(422, 503)},
    )
    def post(self, request: Request) -> Response:
        limited(request, group="mail", key=address_key(request), closed=True)
        data = checked(shapes.Address, request.data)
        ask_reset(email=data["email"])
        return Response({"message": "If the address belongs to an account, a link is on its way there."}, status=202)


class PasswordReset(Anyone):
    @extend_schema(
        operation_id="auth_password_reset",
        summary="Set a new password with the link of the letter; ends every session and token",
        request=shapes.NewPassword,
        responses={204: None, **errors(404, 409, 422, 503)},
    )
    def post(self, request: Request) -> Response:
        data = checked(shapes.NewPassword, request.data)
        limited(request, group="mail_link", key=address_key(request), closed=True)
        reset_password(token=data["token"], password=data["password"])
        return Response(status=204)


class PasswordChange(Owner):
    @extend_schema(
        operation_id="auth_password_change",
        summary="Change your password; ends every other session and all tokens of log-ins, these too",
        request=shapes.PasswordChange,
        responses={204: None, **errors(422, 503)},
    )
    def post(self, request: Request) -> Response:
        data = checked(shapes.PasswordChange, request.data)
        count_own_password(request)
        user, by_session = owner(request), request.auth is None
        key = request._request.session.session_key if by_session else None
        change_password(user=user, current=data["current"], password=data["password"], session_key=key)
        response = Response(status=204)
        if by_session:
            update_session_auth_hash(request._request, user)
            return response
        return forget_cookies(response)


class EmailChange(Owner):
    @extend_schema(
        operation_id="auth_email_change",
        summary="Ask for another address; it counts once the link sent there is used",
        request=shapes.AddressChange,
        responses={202: shapes.Sent, **errors(422, 503)},
    )
    def post(self, request: Request) -> Response:
        data = checked(shapes.AddressChange, request.data)
        count_own_password(request)
        mail = change_address(user=owner(request), address=data["email"], password=data["password"])
        return Response({"message": f"A link is on its way to {mail.to}."}, status=202)
