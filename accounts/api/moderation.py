"""Hiding, reporting, asking for another look: the same routes for each kind of what players publish."""

import uuid
from typing import Any

from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from accounts.access import appealable, decidable, moderator, reportable
from accounts.api.common import owner
from accounts.api.shapes import errors
from accounts.models import Report, StaffAct
from accounts.models.moderation import MOST_CHARACTERS
from accounts.registries import hideables, kind_of
from accounts.services import moderation
from accounts.services.staff_acts import By, by_request
from accounts.views.moderation import LISTS, listed_page
from gw2optimizer.ratelimits import limited, rate_limited
from gw2optimizer.serializers import Choice, Nothing, Strict, Text, asked, checked

_WRITES: dict[str, Any] = {"group": "api_write", "methods": ("POST", "DELETE")}


class HideReason(Strict):
    reason = Text(max_length=MOST_CHARACTERS, help_text="The owner reads it.")


class ReportText(Strict):
    text = Text(max_length=MOST_CHARACTERS, help_text="Only moderators read it.")


class QueueQuery(Strict):
    show = Choice(
        required=False,
        default="open",
        choices=LISTS,
        help_text="open: what waits for a decision, oldest first. hidden, new: things of the kind, newest first.",
    )
    kind = Text(required=False, max_length=20, help_text="Of `hidden` and `new`; `build`, unless said.")
    cursor = Text(required=False, allow_blank=True, max_length=500)


class HiddenState(serializers.Serializer[Any]):
    hidden_at = serializers.DateTimeField(allow_null=True)
    hidden_reason = serializers.CharField()


class ReportEntry(serializers.Serializer[Any]):
    cause = serializers.ChoiceField(choices=Report.Cause.values)
    text = serializers.CharField()
    at = serializers.DateTimeField()
    reporter = serializers.CharField(allow_null=True, help_text="Null: the account is gone.")


class QueueEntry(serializers.Serializer[Any]):
    kind = serializers.CharField()
    id = serializers.UUIDField()
    name = serializers.CharField()
    owner = serializers.CharField()
    url = serializers.CharField(help_text="The page of the thing.")
    hidden_at = serializers.DateTimeField(allow_null=True)
    hidden_reason = serializers.CharField()
    report = ReportEntry(allow_null=True, help_text="Null in the lists of things.")


class Queue(serializers.Serializer[Any]):
    items = QueueEntry(many=True)
    next = serializers.CharField(allow_null=True)


def _by(request: Request) -> By:
    by = by_request(request._request, StaffAct.Source.API)
    # A token's user is known to the API's own request alone.
    return By(owner(request), by.source, by.address, by.request_id)


class ModerationQueue(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="moderation_queue",
        summary="For moderators: what waits for a decision, is hidden, or new",
        parameters=[QueueQuery],
        responses={200: Queue, **errors(404, 422)},
    )
    def get(self, request: Request) -> Response:
        moderator(request.user)
        query = asked(QueueQuery, request)
        kind = query.get("kind") or next(iter(hideables()))
        page = listed_page(query["show"], kind, query.get("cursor", ""))
        items = [_entry(request, entry) for entry in page.items]
        more = None
        if page.next_cursor:
            more = replace_query_param(request.build_absolute_uri(), "cursor", page.next_cursor)
        return Response(Queue({"items": [item for item in items if item], "next": more}).data)


def _entry(request: Request, entry: Any) -> dict[str, Any] | None:
    """None for a report whose thing went between two queries."""
    said = entry if isinstance(entry, Report) else None
    thing: Any = entry if said is None else getattr(said, "thing", None)
    if thing is None:
        return None
    report = None
    if said is not None:
        who = said.reporter.username if said.reporter else None
        report = {"cause": said.cause, "text": said.text, "at": said.at, "reporter": who}
    return {
        "kind": kind_of(thing),
        "id": thing.pk,
        "name": thing.name,
        "owner": thing.owner.username,
        "url": request.build_absolute_uri(thing.get_absolute_url()),
        "hidden_at": thing.hidden_at,
        "hidden_reason": thing.hidden_reason,
        "report": report,
    }


def moderation_routes(kind: str, plural: str) -> list[URLPattern]:
    """The routes beneath `{plural}/{id}/` for what is registered as `kind`."""

    class Hidden(APIView):
        permission_classes = [IsAuthenticated]

        @extend_schema(
            operation_id=f"{plural}_hide",
            summary=f"For moderators: hide a public {kind}, with a reason that its owner reads",
            request=HideReason,
            responses={200: HiddenState, **errors(403, 404, 409, 422)},
        )
        @rate_limited(**_WRITES)
        def post(self, request: Request, **named: uuid.UUID) -> Response:
            thing = decidable(request.user, kind, *named.values())
            data = checked(HideReason, request.data)
            moderation.hide(target=thing, by=_by(request), reason=data["reason"])
            return Response(HiddenState(thing).data)

        @extend_schema(
            operation_id=f"{plural}_show_again",
            summary=f"For moderators: show a hidden {kind} again",
            responses={204: None, **errors(403, 404, 409)},
        )
        @rate_limited(**_WRITES)
        def delete(self, request: Request, **named: uuid.UUID) -> Response:
            moderation.show_again(target=decidable(request.user, kind, *named.values()), by=_by(request))
            return Response(status=204)

    class Dismissed(APIView):
        permission_classes = [IsAuthenticated]

        @extend_schema(
            operation_id=f"{plural}_dismiss",
            summary=f"For moderators: settle what is open about a {kind}, and leave it as it is",
            request=None,
            responses={204: None, **errors(403, 404, 409)},
        )
        @rate_limited(**_WRITES)
        def post(self, request: Request, **named: uuid.UUID) -> Response:
            thing = decidable(request.user, kind, *named.values())
            checked(Nothing, request.data)
            moderation.dismiss(target=thing, by=_by(request))
            return Response(status=204)

    class Reported(APIView):
        permission_classes = [IsAuthenticated]

        @extend_schema(
            operation_id=f"{plural}_report",
            summary=f"Tell the moderators what is wrong with a public {kind}",
            request=ReportText,
            responses={204: None, **errors(404, 409, 422)},
        )
        def post(self, request: Request, **named: uuid.UUID) -> Response:
            user = owner(request)
            thing = reportable(user, kind, *named.values())
            limited(request._request, group="report", key=f"user:{user.pk}")
            moderation.report(target=thing, reporter=user, text=checked(ReportText, request.data)["text"])
            return Response(status=204)

    class Appealed(APIView):
        permission_classes = [IsAuthenticated]

        @extend_schema(
            operation_id=f"{plural}_appeal",
            summary=f"Ask the moderators for another look at a hidden {kind} of yours",
            request=ReportText,
            responses={204: None, **errors(404, 409, 422)},
        )
        def post(self, request: Request, **named: uuid.UUID) -> Response:
            user = owner(request)
            thing = appealable(user, kind, *named.values())
            limited(request._request, group="report", key=f"user:{user.pk}")
            moderation.appeal(target=thing, owner=user, text=checked(ReportText, request.data)["text"])
            return Response(status=204)

    views = {"hide": Hidden, "dismiss": Dismissed, "report": Reported, "appeal": Appealed}
    found: list[URLPattern] = []
    for word, view in views.items():
        address = f"{plural}/<uuid:{kind}_id>/{word}"
        found.append(path(address, view.as_view(), name=f"api-{kind}-{word}"))
        # The slash that other routes have is no mistake to answer for.
        found.append(path(f"{address}/", view.as_view(schema=None)))
    return found
