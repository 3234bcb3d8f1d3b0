"""What a team was before."""

import uuid

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.api.builds import page_answer, player
from builds.api.schema import errors
from builds.api.serializers import PageQuery, Seen, asked, checked, seen_version
from gw2optimizer.errors import NotFound
from teams.access import editable_team
from teams.api.serializers import OwnTeam, TeamRevisionDetail, TeamRevisionPage
from teams.api.teams import IF_MATCH, team_answer, writes
from teams.models import Team, TeamRevision
from teams.pagination import REVISIONS, page_of
from teams.services.teams import restore_revision


class History(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="teams_history",
        summary="What a team of yours was, newest first",
        parameters=[PageQuery],
        responses={200: TeamRevisionPage, **errors(400, 401, 404, 422)},
    )
    def get(self, request: Request, team_id: uuid.UUID) -> Response:
        team = editable_team(request.user, team_id)
        query = asked(PageQuery, request)
        fields = ("number", "name", "note", "synergy_score", "created_at", "author__username")
        rows = _revisions(team).only(*fields)
        return page_answer(request, TeamRevisionPage, page_of(rows, REVISIONS, query.get("cursor", ""), query["limit"]))


class OneTeamRevision(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="teams_revision",
        summary="A team of yours as it was",
        responses={200: TeamRevisionDetail, **errors(401, 404)},
    )
    def get(self, request: Request, team_id: uuid.UUID, number: int) -> Response:
        revision = _revisions(editable_team(request.user, team_id)).filter(number=number).first()
        if revision is None:
            raise NotFound("This team has no such revision.")
        return Response(TeamRevisionDetail(revision).data)


class RestoredTeam(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="teams_restore",
        summary="Make a team what it was; what it is now stays in its history",
        parameters=[IF_MATCH],
        request=Seen,
        responses={200: OwnTeam, **errors(400, 401, 403, 404, 409, 422, 429)},
    )
    @writes()
    def post(self, request: Request, team_id: uuid.UUID, number: int) -> Response:
        team = editable_team(request.user, team_id)
        version = seen_version(request, checked(Seen, request.data).get("version"))
        restored = restore_revision(team_id=team.pk, number=number, author=player(request), version=version)
        return team_answer(request, restored, OwnTeam)


def _revisions(team: Team) -> QuerySet[TeamRevision]:
    return TeamRevision.objects.filter(team=team).select_related("author")
