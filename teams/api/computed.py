"""What the engine says of a team that may be seen, and the team in other forms."""

import uuid
from typing import Any, override

import orjson
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.api.schema import errors, of
from builds.api.serializers import asked, checked
from builds.catalogue import current_catalogue
from teams.access import readable_team
from teams.api.documents import ComposedTeam, TeamAnalysis, TeamComparison, TeamOptimisation
from teams.api.serializers import CompareQuery, ExportQuery
from teams.api.teams import computes
from teams.api.wishes import AnalysisQuery, ComposeWish, TeamOptimisationWish, playing_of, team_of
from teams.compare import compare_teams
from teams.exports import csv_text, discord_messages
from teams.services.advice import analyse_team, optimise, optimised_json, propose
from teams.spec import team_json


class AnalysisOfTeam(APIView):
    @extend_schema(
        operation_id="teams_analysis",
        summary="What a team has and lacks, its score, and what would mend it",
        parameters=[AnalysisQuery],
        responses={200: of(TeamAnalysis), **errors(404, 422, 429)},
    )
    @computes(methods=("GET",))
    def get(self, request: Request, team_id: uuid.UUID) -> Response:
        team = readable_team(request.user, team_id)
        query = asked(AnalysisQuery, request)
        return Response(analyse_team(team.value, request.user, **query).as_json(current_catalogue()))


class OptimisedTeam(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="teams_optimize",
        summary="The best team within a few changes of the one at hand",
        description="From the library and your own builds. Nothing is saved: `PATCH` the slots that you like.",
        request=TeamOptimisationWish,
        responses={200: of(TeamOptimisation), **errors(400, 403, 404, 422, 429)},
    )
    @computes()
    def post(self, request: Request, team_id: uuid.UUID) -> Response:
        team = readable_team(request.user, team_id)
        wish = checked(TeamOptimisationWish, request.data)
        return Response(optimised_json(*optimise(team.value, request.user, **wish), current_catalogue()))


class ComposedTeams(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="teams_compose",
        summary="A team from a wish, or the team at hand changed as wished",
        description="From the library and your own builds. Nothing is saved.",
        request=ComposeWish,
        responses={200: of(ComposedTeam), **errors(400, 403, 404, 422, 429)},
    )
    @computes()
    def post(self, request: Request) -> Response:
        return Response(composed_answer(request, checked(ComposeWish, request.data)))


def composed_answer(request: Request, data: dict[str, Any]) -> dict[str, Any]:
    """data: as ComposeWish or CommandWish checks it."""
    team = team_of(data, request.user)
    playing = playing_of(data, request.user)
    return propose(request.user, team=team, playing=playing, **data).as_json(current_catalogue())


class ComparedTeams(APIView):
    @extend_schema(
        operation_id="teams_compare",
        summary="Two teams that you may see, beside each other",
        parameters=[CompareQuery],
        responses={200: of(TeamComparison), **errors(404, 422, 429)},
    )
    @computes(methods=("GET",))
    def get(self, request: Request, team_id: uuid.UUID) -> Response:
        first = readable_team(request.user, team_id)
        second = readable_team(request.user, asked(CompareQuery, request)["other"])
        return Response(compare_teams(first.value, second.value, current_catalogue()))


class FirstRenderer(BaseContentNegotiation):
    """`format` names a form of the team here, which the framework would take for one of its renderers."""

    @override
    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    @override
    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class ExportOfTeam(APIView):
    content_negotiation_class = FirstRenderer

    @extend_schema(
        operation_id="teams_export",
        summary="A team as team/1, as a table, or as text for a chat",
        parameters=[ExportQuery],
        responses={
            (200, "application/json"): OpenApiTypes.OBJECT,
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "text/plain"): OpenApiTypes.STR,
            **errors(404, 422),
        },
    )
    def get(self, request: Request, team_id: uuid.UUID) -> HttpResponse:
        team = readable_team(request.user, team_id)
        form = asked(ExportQuery, request)["format"]
        catalogue, spec = current_catalogue(), team.value
        if form == "csv":
            return _file(csv_text(spec, catalogue), "text/csv", f"team-{team.pk}.csv")
        if form == "text":
            messages = discord_messages(spec, catalogue, score=team.synergy_score, grade=team.grade)
            return _file("\n\n".join(messages) + "\n", "text/plain", "")
        document = orjson.dumps(team_json(spec, catalogue), option=orjson.OPT_INDENT_2)
        return _file(document.decode(), "application/json", f"team-{team.pk}.json")


def _file(content: str, kind: str, name: str) -> HttpResponse:
    charset = "" if kind == "application/json" else "; charset=utf-8"
    response = HttpResponse(content, content_type=kind + charset)
    if name:
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
