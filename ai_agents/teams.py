"""Routes under /api/v1/ai/ about teams, thin over `teams.services.advice`: the engine answers."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.api.schema import errors, of
from builds.api.serializers import checked
from builds.catalogue import current_catalogue
from teams.api.computed import composed_answer
from teams.api.documents import ComposedTeam, TeamAnalysis, TeamOptimisation
from teams.api.teams import computes
from teams.api.wishes import AnalysisWish, CommandWish, OfTeamOptimisationWish, team_of
from teams.services.advice import analyse_team, optimise, optimised_json

_ANSWERS = errors(400, 403, 404, 422, 429)


class AnalyseTeamSynergy(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_analyze_team_synergy",
        summary="What a team has and lacks, its score, and what would mend it",
        request=AnalysisWish,
        responses={200: of(TeamAnalysis), **_ANSWERS},
    )
    @computes()
    def post(self, request: Request) -> Response:
        wish = checked(AnalysisWish, request.data)
        team = team_of(wish, request.user)
        assert team is not None  # the shape asks for one
        return Response(analyse_team(team, request.user, mends=wish["mends"]).as_json(current_catalogue()))


class OptimiseTeam(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_optimize_team",
        summary="The best team within a few changes of the one at hand",
        request=OfTeamOptimisationWish,
        responses={200: of(TeamOptimisation), **_ANSWERS},
    )
    @computes()
    def post(self, request: Request) -> Response:
        wish = checked(OfTeamOptimisationWish, request.data)
        team = team_of(wish, request.user)
        assert team is not None
        return Response(optimised_json(*optimise(team, request.user, **wish), current_catalogue()))


class TeamCommand(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_teams_command",
        summary="A commander's words, English or French, read and carried out",
        description="`reading` says how they were read. With a team at hand they may change it. Nothing is saved.",
        request=CommandWish,
        responses={200: of(ComposedTeam), **_ANSWERS},
    )
    @computes()
    def post(self, request: Request) -> Response:
        return Response(composed_answer(request, checked(CommandWish, request.data)))
