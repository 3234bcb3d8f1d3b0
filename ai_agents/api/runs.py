"""Runs of agents: one's own, what happens in one, an end to it."""

import uuid
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from ai_agents.access import readable_agent_run
from ai_agents.api.asking import run_answer, run_summary
from ai_agents.api.documents import AgentRunDocument, AgentRunPage, RunEventsDocument
from ai_agents.models import AgentRun, RunEvent
from ai_agents.services.runs import cancel_run, delete_run
from builds.api.builds import player, writes
from builds.api.schema import errors, of
from builds.api.serializers import PageQuery, asked
from gw2optimizer.pagination import Order, moment, page_of
from gw2optimizer.serializers import Strict

OWN_RUNS = Order({"created_at": moment, "id": uuid.UUID}, descending=True)
# What lists don't show may be large.
HEAVY = ("inputs", "result", "steps")
MOST_EVENTS = 100


class EventsQuery(Strict):
    after = serializers.IntegerField(
        required=False, min_value=0, max_value=2**31 - 1, default=0, help_text="Number of the last event that you have."
    )


class OwnRuns(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="ai_runs_list",
        summary="What you asked agents for, newest first",
        parameters=[PageQuery],
        responses={200: of(AgentRunPage), **errors(400, 401, 422)},
    )
    def get(self, request: Request) -> Response:
        query = asked(PageQuery, request)
        rows = AgentRun.objects.filter(owner=player(request)).defer(*HEAVY)
        page = page_of(rows, OWN_RUNS, query.get("cursor", ""), query["limit"])
        here = request.build_absolute_uri()
        following = replace_query_param(here, "cursor", page.next_cursor) if page.next_cursor else None
        return Response({"items": [run_summary(request, run) for run in page.items], "next": following})


class OneRun(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_runs_retrieve",
        summary="How far a run is, and its result",
        description="Runs that somebody without an account started are open to whoever has the id; all others to their "
        "owner.",
        responses={200: of(AgentRunDocument), **errors(404)},
    )
    def get(self, request: Request, agent_run_id: uuid.UUID) -> Response:
        return run_answer(request, readable_agent_run(request.user, agent_run_id))

    @extend_schema(
        operation_id="ai_runs_delete",
        summary="Stop a run, or delete one that is over",
        description="One that waits is over at once, of one that runs the call of the model is broken off within a "
        "second: both are answered with 200 and stay in the list. One that is over is deleted: 204.",
        responses={200: of(AgentRunDocument), 204: None, **errors(403, 404, 409, 429)},
    )
    @writes()
    def delete(self, request: Request, agent_run_id: uuid.UUID) -> Response:
        run = readable_agent_run(request.user, agent_run_id)
        if run.is_over:
            delete_run(run_id=run.pk)
            return Response(status=204)
        return run_answer(request, cancel_run(run_id=run.pk))


class EventsOfRun(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_runs_events",
        summary="What has happened in a run since",
        description="Numbered from 1 without a gap. Ask `next` again after a second; or have them sent as they come, "
        "where the site serves /stream/.",
        parameters=[EventsQuery],
        responses={200: of(RunEventsDocument), **errors(404, 422)},
    )
    def get(self, request: Request, agent_run_id: uuid.UUID) -> Response:
        run = readable_agent_run(request.user, agent_run_id)
        after: int = asked(EventsQuery, request)["after"]
        items = [event_json(event) for event in events_after(run.pk, after)]
        last = items[-1]["number"] if items else after
        url = request.build_absolute_uri(reverse("api-ai-run-events", args=[run.pk]))
        complete = run.is_over and last >= run.last_event
        return Response({"items": items, "status": run.status, "next": None if complete else f"{url}?after={last}"})


def events_after(run_id: uuid.UUID, after: int) -> list[RunEvent]:
    """At most MOST_EVENTS, in order."""
    return list(RunEvent.objects.filter(run=run_id, number__gt=after).order_by("number")[:MOST_EVENTS])


def event_json(event: RunEvent) -> dict[str, Any]:
    return {"number": event.number, "kind": event.kind, "data": event.data, "at": event.at}
