"""Teams: the public ones, one's own, copies. Thin: shape, access, service, answer."""

import uuid
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.api.builds import page_answer, player
from builds.api.schema import errors
from builds.api.serializers import Nothing, asked, checked, seen_version
from builds.catalogue import current_catalogue
from gw2optimizer.errors import InvalidInput
from gw2optimizer.ratelimits import rate_limited
from teams.access import editable_team, readable_team, shared_team
from teams.api.serializers import (
    NewTeam,
    OwnTeam,
    OwnTeamPage,
    OwnTeamsQuery,
    SavedTeam,
    TeamChange,
    TeamDetail,
    TeamPage,
    TeamsQuery,
)
from teams.layout import Source, blank_team
from teams.models import Team
from teams.pagination import OWN_TEAMS, TEAM_ORDERS, page_of
from teams.querysets import TeamQuerySet
from teams.services.given import given_team
from teams.services.teams import copy_team, create_team, delete_team, update_team
from teams.spec import TeamSpec

# Judging a squad of builds that were never looked at takes half a second.
writes = partial(rate_limited, group="api_write", methods=("POST", "PATCH", "DELETE"), cpu=0.1)
computes = partial(rate_limited, group="api_compute", cpu=0.5)

IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the version you saw."
)
# One's own team fits both, which the package's "one of" would not allow.
_ANY_TEAM = {"anyOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("OwnTeam", "TeamDetail")]}
_BESIDE = ("visibility", "notes")


def owns(request: Request, team: Team) -> bool:
    return request.user.is_authenticated and team.owner_id == request.user.pk


def team_answer(
    request: Request, team: Team, serializer: type[TeamDetail], *, status: int = 200, remarks: Sequence[str] = ()
) -> Response:
    """team: with its slots, as services give it."""
    body = serializer(team, context={"request": request, "remarks": remarks}).data
    response = Response(body, status=status, headers={"ETag": f'"{team.version}"'})
    if status == 201:
        response["Location"] = request.build_absolute_uri(reverse("api-team", args=[team.pk]))
    return response


def _filtered(rows: TeamQuerySet, query: Mapping[str, Any]) -> TeamQuerySet:
    return rows.for_list().matching(
        mode=query.get("mode", ""),
        style=query.get("style", ""),
        size=query.get("size"),
        grade=query.get("grade", ""),
        text=query.get("q", ""),
    )


class Teams(APIView):
    @extend_schema(
        operation_id="teams_list",
        summary="Public teams",
        parameters=[TeamsQuery],
        responses={200: TeamPage, **errors(400, 422)},
    )
    def get(self, request: Request) -> Response:
        query = asked(TeamsQuery, request)
        rows = _filtered(Team.objects.public(), query)
        page = page_of(rows, TEAM_ORDERS[query["order"]], query.get("cursor", ""), query["limit"])
        return page_answer(request, TeamPage, page)

    @extend_schema(
        operation_id="teams_create",
        summary="Save a team of your own",
        request=NewTeam,
        responses={201: SavedTeam, **errors(400, 401, 403, 422, 429)},
    )
    @writes()
    def post(self, request: Request) -> Response:
        data = checked(NewTeam, request.data)
        spec, sources, remarks = _new_value(data, request.user)
        beside = {field: data[field] for field in _BESIDE if field in data}
        team = create_team(owner=player(request), spec=spec, sources=sources, **beside)
        return team_answer(request, team, SavedTeam, status=201, remarks=remarks)


def _new_value(data: Mapping[str, Any], user: Any) -> tuple[TeamSpec, dict[tuple[int, int], Source], tuple[str, ...]]:
    if "team" in data:
        given = {name: data[name] for name in ("name", "game_mode", "wvw_style") if name in data}
        return given_team({**data["team"], **given}, user, current_catalogue())
    mode, style = data.get("game_mode", "pve"), data.get("wvw_style")
    if style and mode != "wvw":
        text = "Only a WvW team has a WvW style."
        raise InvalidInput(text, fields={"wvw_style": [text]})
    return blank_team(data["name"], mode, style, data["size"]), {}, ()


class OwnTeams(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="teams_mine",
        summary="Your own teams, last saved first",
        parameters=[OwnTeamsQuery],
        responses={200: OwnTeamPage, **errors(400, 401, 422)},
    )
    def get(self, request: Request) -> Response:
        query = asked(OwnTeamsQuery, request)
        rows = _filtered(Team.objects.filter(owner=player(request)), query)
        return page_answer(request, OwnTeamPage, page_of(rows, OWN_TEAMS, query.get("cursor", ""), query["limit"]))


class OneTeam(APIView):
    @extend_schema(
        operation_id="teams_retrieve",
        summary="A public team, or one of yours",
        description="Its owner is also told its visibility and its share link. The ETag is the version.",
        responses={200: _ANY_TEAM, **errors(404)},
    )
    def get(self, request: Request, team_id: uuid.UUID) -> Response:
        team = readable_team(request.user, team_id)
        return team_answer(request, team, OwnTeam if owns(request, team) else TeamDetail)

    @extend_schema(
        operation_id="teams_update",
        summary="Change a team of yours",
        description="A build that stood in the team before keeps its source. Where somebody saved since the version "
        "that you saw, nothing is written, and the error tells both versions.",
        parameters=[IF_MATCH],
        request=TeamChange,
        responses={200: SavedTeam, **errors(400, 401, 403, 404, 409, 422, 429)},
    )
    @writes()
    def patch(self, request: Request, team_id: uuid.UUID) -> Response:
        team = editable_team(request.user, team_id)
        data = checked(TeamChange, request.data)
        version = seen_version(request, data.pop("version", None))
        if not data:
            raise InvalidInput(f"Nothing to change was sent. There are team, name, game_mode, {', '.join(_BESIDE)}.")
        remarks: tuple[str, ...] = ()
        if "team" in data:
            value = given_team(data.pop("team"), request.user, current_catalogue())
            data["spec"], data["sources"], remarks = value
        saved = update_team(team_id=team.pk, author=player(request), version=version, **data)
        return team_answer(request, saved, SavedTeam, remarks=remarks)

    @extend_schema(
        operation_id="teams_delete",
        summary="Delete a team of yours, with its history",
        responses={204: None, **errors(401, 403, 404, 429)},
    )
    @writes()
    def delete(self, request: Request, team_id: uuid.UUID) -> Response:
        delete_team(team=editable_team(request.user, team_id))
        return Response(status=204)


class CopyOfTeam(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="teams_copy",
        summary="Make a private team of your own from one that you may see",
        request=None,
        responses={201: OwnTeam, **errors(400, 401, 403, 404, 422, 429)},
    )
    @writes()
    def post(self, request: Request, team_id: uuid.UUID) -> Response:
        source = readable_team(request.user, team_id)
        checked(Nothing, request.data)
        return team_answer(request, copy_team(source=source, owner=player(request)), OwnTeam, status=201)


class SharedTeam(APIView):
    @extend_schema(
        operation_id="teams_shared",
        summary="An unlisted or public team, by its secret link",
        responses={200: TeamDetail, **errors(404)},
    )
    def get(self, request: Request, share_key: str) -> Response:
        return team_answer(request, shared_team(share_key), TeamDetail)
