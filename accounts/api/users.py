"""One's own account."""

import uuid
from typing import Any

from django.contrib.auth import logout
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from accounts.api import shapes
from accounts.api.common import Owner, count_own_password, family_of, forget_cookies, owner
from accounts.api.shapes import errors
from accounts.models import LoginAttempt
from accounts.services.deletion import delete_account
from accounts.services.login_tokens import end_one_family, living_families
from accounts.services.profile import update_profile
from accounts.services.sessions import end_access, end_session, living_sessions
from gw2optimizer.serializers import asked, checked

HISTORY_PAGE = 30
MOST_SESSIONS = 100


class Me(Owner):
    @extend_schema(operation_id="users_me", summary="Your account", responses={200: shapes.OwnAccount, **errors(503)})
    def get(self, request: Request) -> Response:
        return Response(shapes.OwnAccount(owner(request)).data)

    @extend_schema(
        operation_id="users_me_change",
        summary="Change your profile",
        request=shapes.ProfileChange,
        responses={200: shapes.OwnAccount, **errors(422, 503)},
    )
    def patch(self, request: Request) -> Response:
        user = update_profile(user=owner(request), **checked(shapes.ProfileChange, request.data))
        return Response(shapes.OwnAccount(user).data)

    @extend_schema(
        operation_id="users_me_delete",
        summary="Delete your account for good",
        request=shapes.OwnPassword,
        responses={204: None, **errors(422, 503)},
    )
    def delete(self, request: Request) -> Response:
        data = checked(shapes.OwnPassword, request.data)
        count_own_password(request)
        delete_account(user=owner(request), password=data["password"])
        logout(request._request)
        return forget_cookies(Response(status=204))


class MyLogins(Owner):
    @extend_schema(
        operation_id="users_me_login_history",
        summary="Who tried to log in as you, newest first",
        parameters=[shapes.HistoryQuery],
        responses={200: shapes.LoginHistory, **errors(422, 503)},
    )
    def get(self, request: Request) -> Response:
        query = asked(shapes.HistoryQuery, request)
        rows = LoginAttempt.objects.filter(user=owner(request)).exclude(outcome=LoginAttempt.Outcome.BEGUN)
        if "before" in query:
            rows = rows.filter(pk__lt=query["before"])
        found = list(rows.order_by("-pk")[: HISTORY_PAGE + 1])
        more = None
        if len(found) > HISTORY_PAGE:
            more = replace_query_param(request.build_absolute_uri(), "before", str(found[HISTORY_PAGE - 1].pk))
        return Response(shapes.LoginHistory({"items": found[:HISTORY_PAGE], "next": more}).data)


class MySessions(Owner):
    @extend_schema(
        operation_id="users_me_sessions",
        summary="Where you are logged in, in browsers and by tokens",
        responses={200: shapes.SessionList, **errors(503)},
    )
    def get(self, request: Request) -> Response:
        return Response(shapes.SessionList({"items": _sessions(request)}).data)

    @extend_schema(
        operation_id="users_me_sessions_end",
        summary="End every session and every token of your log-ins",
        responses={204: None, **errors(503)},
    )
    def delete(self, request: Request) -> Response:
        end_access(owner(request))
        logout(request._request)
        return forget_cookies(Response(status=204))


def _sessions(request: Request) -> list[dict[str, Any]]:
    user = owner(request)
    here = request._request.session.session_key if request.auth is None else None
    family = family_of(request)
    rows = [
        {"id": row.public_id, "kind": "session", "current": row.session_key == here, **_facts(row)}
        for row in living_sessions(user)[:MOST_SESSIONS]
    ]
    rows += [
        {"id": row.pk, "kind": "token", "current": row.pk.hex == family, **_facts(row)}
        for row in living_families(user)[:MOST_SESSIONS]
    ]
    return sorted(rows, key=lambda row: row["last_used_at"], reverse=True)


def _facts(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("created_at", "last_used_at", "address", "agent")}


class OneSession(Owner):
    @extend_schema(
        operation_id="users_me_session_end",
        summary="End one of them",
        responses={204: None, **errors(404, 503)},
    )
    def delete(self, request: Request, session_id: uuid.UUID) -> Response:
        user = owner(request)
        if living_families(user).filter(pk=session_id).exists():
            end_one_family(user=user, family_id=session_id)
        else:
            end_session(user=user, session_id=str(session_id))
        return Response(status=204)
