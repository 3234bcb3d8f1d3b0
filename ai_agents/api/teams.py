"""Routes under /api/v1/ai/ about teams, thin over `teams.services.advice`: the engine answers."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ai_agents.api.asking import ACCEPTED, PREFER, answered
from ai_agents.api.documents import RunLink
from builds.api.schema import errors, of
from builds.api.serializers import checked
from builds.catalogue import current_catalogue
from teams.api.documents import ComposedTeam, TeamAnalysis, TeamOptimisation
from teams.api.teams import computes
from teams.api.wishes import AnalysisWish, CommandWish, OfTeamOptimisationWish, playing_of, team_of
from teams.services.advice import analyse_team, optimise, optimised_json, propose
from teams.spec import plain_team_json

_ANSWERS = ACCEPTED | errors(400, 403, 404, 422, 429)


class AnalysedTeam(TeamAnalysis):
    """run: of what the language model says of it; null where there is none."""

    run: RunLink | None


class OptimisedTeam(TeamOptimisation):
    """run: of what the language model adds; null where there is none."""

    run: RunLink | None


class CommandedTeam(ComposedTeam):
    """run: of what the language model makes of the words; null where there is none."""

    run: RunLink | None


class AnalyseTeamSynergy(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_analyze_team_synergy",
        summary="What a team has and lacks, its score, and what would mend it",
        request=AnalysisWish,
        parameters=[PREFER],
        responses={200: of(AnalysedTeam), **_ANSWERS},
    )
    @computes()
    def post(self, request: Request) -> Response:
        wish = checked(AnalysisWish, request.data)
        team = team_of(wish, request.user)
        assert team is not None  # the shape asks for one
        return answered(
            request,
            agent="synergy",
            inputs={"team": plain_team_json(team), "mends": wish["mends"]},
            at_once=lambda: analyse_team(team, request.user, mends=wish["mends"]).as_json(current_catalogue()),
        )


class OptimiseTeam(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_optimize_team",
        summary="The best team within a few changes of the one at hand",
        request=OfTeamOptimisationWish,
        parameters=[PREFER],
        responses={200: of(OptimisedTeam), **_ANSWERS},
    )
    @computes()
    def post(self, request: Request) -> Response:
        wish = checked(OfTeamOptimisationWish, request.data)
        team = team_of(wish, request.user)
        assert team is not None
        return answered(
            request,
            agent="optimizer",
            inputs={"team": plain_team_json(team), "max_changes": wish["max_changes"], "preserve": wish["preserve"]},
            at_once=lambda: optimised_json(*optimise(team, request.user, **wish), current_catalogue()),
        )


class TeamCommand(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_teams_command",
        summary="A commander's words, English or French, read and carried out",
        description="`reading` says how they were read. With a team at hand they may change it. Nothing is saved.",
        request=CommandWish,
        parameters=[PREFER],
        responses={200: of(CommandedTeam), **_ANSWERS},
    )
    @computes()
    def post(self, request: Request) -> Response:
        wish = checked(CommandWish, request.data)
        team = team_of(wish, request.user)
        playing = playing_of(wish, request.user)
        asked = {"message": wish["message"]} | ({"team": plain_team_json(team)} if team is not None else {})
        return answered(
            request,
            agent="commander",
            inputs=asked,
            language=wish.get("language", ""),
            at_once=lambda: propose(request.user, team=team, playing=playing, **wish).as_json(current_catalogue()),
        )
