"""The places of a team, one by one."""

import uuid
from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.access import readable_build
from builds.api.builds import player
from builds.api.schema import errors, of
from builds.api.serializers import Seen, checked, parsed_source, seen_version
from builds.catalogue import current_catalogue
from builds.spec import parse_build
from gw2optimizer.errors import InvalidInput
from teams.access import editable_team, readable_team
from teams.api.documents import SlotsOfTeam, SlotWithBuild
from teams.api.serializers import NewSlot, OwnTeam, SavedTeam, SlotFields, SlotMove
from teams.api.slots_json import slot_json, slots_json
from teams.api.teams import IF_MATCH, team_answer, writes
from teams.services.slots import SLOT_FIELDS, add_slot, move_slot, remove_slot, set_slot, take_newer

_WRITTEN = errors(400, 401, 403, 404, 409, 422, 429)


def _given(data: Mapping[str, Any], user: Any) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What `set_slot` takes, and what was changed or left out on the way. Raises NotFound for a build that is not the
    user's to see."""
    catalogue = current_catalogue()
    given: dict[str, Any] = {field: data[field] for field in SLOT_FIELDS if field in data}
    remarks: tuple[str, ...] = ()
    if data.get("build") is not None:
        parsed = parse_build(data["build"], catalogue)
        given["build"], remarks = parsed.spec, parsed.notes
    elif "code" in data:
        parsed = parsed_source({"code": data["code"]}, catalogue)
        given["build"], remarks = parsed.spec, parsed.notes
    elif "build_id" in data:
        given["source"] = readable_build(user, data["build_id"])
    return given, remarks


class Slots(APIView):
    @extend_schema(
        operation_id="teams_slots",
        summary="The places of a team that you may see",
        responses={200: of(SlotsOfTeam), **errors(404)},
    )
    def get(self, request: Request, team_id: uuid.UUID) -> Response:
        team = readable_team(request.user, team_id)
        items = slots_json(team, request.user, current_catalogue())
        return Response({"version": team.version, "items": items}, headers={"ETag": f'"{team.version}"'})

    @extend_schema(
        operation_id="teams_slot_add",
        summary="One place more, at the end of a subgroup or in a new one",
        parameters=[IF_MATCH],
        request=NewSlot,
        responses={201: SavedTeam, **_WRITTEN},
    )
    @writes()
    def post(self, request: Request, team_id: uuid.UUID) -> Response:
        team = editable_team(request.user, team_id)
        data = checked(NewSlot, request.data)
        version = seen_version(request, data.get("version"))
        given, remarks = _given(data, request.user)
        saved = add_slot(team_id=team.pk, author=player(request), version=version, subgroup=data["subgroup"], **given)
        return team_answer(request, saved, SavedTeam, status=201, remarks=remarks)


class OneSlot(APIView):
    @extend_schema(
        operation_id="teams_slot",
        summary="One place of a team that you may see, with its build",
        responses={200: of(SlotWithBuild), **errors(404)},
    )
    def get(self, request: Request, team_id: uuid.UUID, number: int) -> Response:
        team = readable_team(request.user, team_id)
        return Response(
            slot_json(team, number, request.user, current_catalogue()), headers={"ETag": f'"{team.version}"'}
        )

    @extend_schema(
        operation_id="teams_slot_update",
        summary="Change what stands in a place of a team of yours",
        description="With none of `build`, `build_id` and `code` the build stays; `build` null empties the place.",
        parameters=[IF_MATCH],
        request=SlotFields,
        responses={200: SavedTeam, **_WRITTEN},
    )
    @writes()
    def patch(self, request: Request, team_id: uuid.UUID, number: int) -> Response:
        team = editable_team(request.user, team_id)
        data = checked(SlotFields, request.data)
        version = seen_version(request, data.pop("version", None))
        if not data:
            raise InvalidInput("Nothing to change was sent. There are build, build_id, code, player, role and others.")
        given, remarks = _given(data, request.user)
        clear = "build" in data and data["build"] is None
        saved = set_slot(team_id=team.pk, author=player(request), version=version, number=number, clear=clear, **given)
        return team_answer(request, saved, SavedTeam, remarks=remarks)

    @extend_schema(
        operation_id="teams_slot_remove",
        summary="Take a place out of a team of yours",
        parameters=[IF_MATCH],
        responses={200: OwnTeam, **_WRITTEN},
    )
    @writes()
    def delete(self, request: Request, team_id: uuid.UUID, number: int) -> Response:
        team = editable_team(request.user, team_id)
        version = seen_version(request, None)
        saved = remove_slot(team_id=team.pk, author=player(request), version=version, number=number)
        return team_answer(request, saved, OwnTeam)


class MovedSlot(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="teams_slot_move",
        summary="Let two places change what they hold, or put one at the end of a subgroup",
        parameters=[IF_MATCH],
        request=SlotMove,
        responses={200: OwnTeam, **_WRITTEN},
    )
    @writes()
    def post(self, request: Request, team_id: uuid.UUID, number: int) -> Response:
        team = editable_team(request.user, team_id)
        data = checked(SlotMove, request.data)
        version = seen_version(request, data.get("version"))
        saved = move_slot(
            team_id=team.pk,
            author=player(request),
            version=version,
            number=number,
            subgroup=data["subgroup"],
            place=data.get("place"),
        )
        return team_answer(request, saved, OwnTeam)


class NewerSlot(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="teams_slot_newer",
        summary="Take the present version of the build that a place was filled from",
        parameters=[IF_MATCH],
        request=Seen,
        responses={200: OwnTeam, **_WRITTEN},
    )
    @writes()
    def post(self, request: Request, team_id: uuid.UUID, number: int) -> Response:
        return _newer(request, team_id, number)


class NewerSlots(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="teams_newer",
        summary="Take the present versions of all builds of a team whose sources have moved on",
        parameters=[IF_MATCH],
        request=Seen,
        responses={200: OwnTeam, **_WRITTEN},
    )
    @writes()
    def post(self, request: Request, team_id: uuid.UUID) -> Response:
        return _newer(request, team_id, None)


def _newer(request: Request, team_id: uuid.UUID, number: int | None) -> Response:
    team = editable_team(request.user, team_id)
    version = seen_version(request, checked(Seen, request.data).get("version"))
    saved = take_newer(team_id=team.pk, author=player(request), version=version, number=number)
    return team_answer(request, saved, OwnTeam)
