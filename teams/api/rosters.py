"""Rosters: one's own, their players and their sign-up links. Thin: shape, access, service, answer."""

import uuid
from datetime import datetime
from functools import partial
from typing import Any

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from pydantic import Field
from rest_framework import serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

from builds.api.builds import player as caller
from builds.api.schema import Document, errors, of
from builds.api.serializers import Choice, PageQuery, Seen, Strict, Text, Whole, asked, checked, seen_version
from builds.catalogue import current_catalogue
from builds.gamedata.model import MODES
from builds.spec import build_json
from builds.spec.shapes import Mode
from gw2optimizer.errors import InvalidInput
from gw2optimizer.pagination import page_of
from gw2optimizer.ratelimits import rate_limited
from teams.models import Roster, RosterEntry
from teams.pagination import OWN_TEAMS
from teams.roster import parse_player, parse_roster, player_json, roster_json
from teams.roster.parse import PlayerShape, RosterShape
from teams.roster_access import own_roster
from teams.services.rosters import (
    MOST_DAYS,
    USUAL_DAYS,
    add_entry,
    change_entry,
    close_signup,
    create_roster,
    delete_roster,
    remove_entry,
    renew_signup,
    update_roster,
)

writes = partial(rate_limited, group="api_write", methods=("POST", "PUT", "PATCH", "DELETE"))
_IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of the version you saw."
)


# --- Shapes ------------------------------------------------------------------------------------
class RosterChange(Seen):
    name = Text(required=False, max_length=120)
    game_mode = Choice(required=False, choices=MODES)
    time_zone = Text(required=False, max_length=64, help_text="By the IANA database, such as Europe/Berlin.")
    locked = serializers.BooleanField(required=False, help_text="Nobody signs up or changes an entry by link.")


class SignupWish(Strict):
    days = Whole(
        required=False, min_value=1, max_value=MOST_DAYS, help_text=f"The link is good; {USUAL_DAYS} if absent."
    )


class RosterPlayerDocument(Document):
    """player: one of `players` of roster/1. signed_up: by the link, so that the player has one of his own."""

    id: int
    version: int
    signed_up: bool
    updated_at: datetime
    player: dict[str, Any]


class RosterSummary(Document):
    id: uuid.UUID
    name: str
    game_mode: Mode
    players: int
    signup_open: bool
    updated_at: datetime


class RosterPageDocument(Document):
    items: list[RosterSummary]
    next: str | None


class RosterDocument(Document):
    """signup_url: null where there is none or it is over. roster: the plain value, as the composer takes it."""

    id: uuid.UUID
    version: int
    locked: bool
    signup_url: str | None
    signup_until: datetime | None
    created_at: datetime
    updated_at: datetime
    entries: list[RosterPlayerDocument]
    roster: dict[str, Any] = Field(description="roster/1")


def _entry(entry: RosterEntry) -> dict[str, Any]:
    catalogue = current_catalogue()
    return {
        "id": entry.pk,
        "version": entry.version,
        "signed_up": entry.edit_digest is not None,
        "updated_at": entry.updated_at,
        "player": player_json(entry.value, lambda build: build_json(build, catalogue)),
    }


def _summary(roster: Roster) -> dict[str, Any]:
    return {
        "id": roster.pk,
        "name": roster.name,
        "game_mode": roster.game_mode,
        "players": len(roster.entries.all()),
        "signup_open": roster.takes_entries,
        "updated_at": roster.updated_at,
    }


def roster_answer(request: Request, roster: Roster, *, status: int = 200) -> Response:
    link = reverse("rosters:signup", args=[roster.signup_key]) if roster.has_link else None
    body = {
        "id": roster.pk,
        "version": roster.version,
        "locked": roster.locked,
        "signup_url": request.build_absolute_uri(link) if link else None,
        "signup_until": roster.signup_until,
        "created_at": roster.created_at,
        "updated_at": roster.updated_at,
        "entries": [_entry(entry) for entry in sorted(roster.entries.all(), key=lambda one: one.pk)],
        "roster": roster_json(roster.value, current_catalogue()),
    }
    response = Response(body, status=status, headers={"ETag": f'"{roster.version}"'})
    if status == 201:
        response["Location"] = request.build_absolute_uri(reverse("api-roster", args=[roster.pk]))
    return response


def entry_answer(entry: RosterEntry, *, status: int = 200) -> Response:
    return Response(_entry(entry), status=status, headers={"ETag": f'"{entry.version}"'})


# --- Views -------------------------------------------------------------------------------------
class Rosters(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="rosters_list",
        summary="Your rosters, last changed first",
        parameters=[PageQuery],
        responses={200: of(RosterPageDocument), **errors(400, 401, 422)},
    )
    def get(self, request: Request) -> Response:
        query = asked(PageQuery, request)
        rows = Roster.objects.filter(owner=caller(request)).prefetch_related("entries")
        page = page_of(rows, OWN_TEAMS, query.get("cursor", ""), query["limit"])
        here = request.build_absolute_uri()
        following = replace_query_param(here, "cursor", page.next_cursor) if page.next_cursor else None
        return Response({"items": [_summary(roster) for roster in page.items], "next": following})

    @extend_schema(
        operation_id="rosters_create",
        summary="Make a roster",
        description="With its players, or with none yet.",
        request=of(RosterShape),
        responses={201: of(RosterDocument), **errors(400, 401, 403, 422, 429)},
    )
    @writes()
    def post(self, request: Request) -> Response:
        spec = parse_roster(request.data, current_catalogue(), least=0)
        return roster_answer(request, create_roster(owner=caller(request), spec=spec), status=201)


class OneRoster(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="rosters_retrieve",
        summary="A roster of yours",
        responses={200: of(RosterDocument), **errors(401, 404)},
    )
    def get(self, request: Request, roster_id: uuid.UUID) -> Response:
        return roster_answer(request, own_roster(request.user, roster_id))

    @extend_schema(
        operation_id="rosters_update",
        summary="Change name, mode, time zone or lock of a roster",
        parameters=[_IF_MATCH],
        request=RosterChange,
        responses={200: of(RosterDocument), **errors(400, 401, 403, 404, 409, 422, 429)},
    )
    @writes()
    def patch(self, request: Request, roster_id: uuid.UUID) -> Response:
        roster = own_roster(request.user, roster_id)
        data = checked(RosterChange, request.data)
        version = seen_version(request, data.pop("version", None))
        if not data:
            raise InvalidInput("Nothing to change was sent. There are name, game_mode, time_zone and locked.")
        return roster_answer(request, update_roster(roster_id=roster.pk, version=version, **data))

    @extend_schema(
        operation_id="rosters_delete",
        summary="Delete a roster, with all entries and links",
        responses={204: None, **errors(401, 403, 404, 429)},
    )
    @writes()
    def delete(self, request: Request, roster_id: uuid.UUID) -> Response:
        delete_roster(roster=own_roster(request.user, roster_id))
        return Response(status=204)


class RosterSignup(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="rosters_signup_renew",
        summary="A new sign-up link",
        description="Whoever has it may add himself, without an account. A link that there was opens nothing any more.",
        request=SignupWish,
        responses={200: of(RosterDocument), **errors(400, 401, 403, 404, 422, 429)},
    )
    @writes()
    def post(self, request: Request, roster_id: uuid.UUID) -> Response:
        roster = own_roster(request.user, roster_id)
        data = checked(SignupWish, request.data)
        return roster_answer(request, renew_signup(roster_id=roster.pk, days=data.get("days", USUAL_DAYS)))

    @extend_schema(
        operation_id="rosters_signup_close",
        summary="Take the sign-up link back",
        responses={200: of(RosterDocument), **errors(401, 403, 404, 429)},
    )
    @writes()
    def delete(self, request: Request, roster_id: uuid.UUID) -> Response:
        return roster_answer(request, close_signup(roster_id=own_roster(request.user, roster_id).pk))


class RosterPlayers(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="rosters_players_add",
        summary="Add a player to a roster",
        request=of(PlayerShape),
        responses={201: of(RosterPlayerDocument), **errors(400, 401, 403, 404, 422, 429)},
    )
    @writes()
    def post(self, request: Request, roster_id: uuid.UUID) -> Response:
        roster = own_roster(request.user, roster_id)
        player = parse_player(request.data, current_catalogue())
        return entry_answer(add_entry(roster_id=roster.pk, player=player), status=201)


class OneRosterPlayer(APIView):
    permission_classes = [IsAuthenticated]

    @extend_schema(
        operation_id="rosters_players_update",
        summary="Write a player of a roster anew",
        parameters=[_IF_MATCH],
        request=of(PlayerShape),
        responses={200: of(RosterPlayerDocument), **errors(400, 401, 403, 404, 409, 422, 429)},
    )
    @writes()
    def put(self, request: Request, roster_id: uuid.UUID, entry_id: int) -> Response:
        roster = own_roster(request.user, roster_id)
        player = parse_player(request.data, current_catalogue())
        version = seen_version(request, None)
        return entry_answer(change_entry(roster_id=roster.pk, entry_id=entry_id, version=version, player=player))

    @extend_schema(
        operation_id="rosters_players_remove",
        summary="Take a player off a roster",
        responses={204: None, **errors(401, 403, 404, 429)},
    )
    @writes()
    def delete(self, request: Request, roster_id: uuid.UUID, entry_id: int) -> Response:
        remove_entry(roster_id=own_roster(request.user, roster_id).pk, entry_id=entry_id)
        return Response(status=204)
