"""A better build: from one that can be read, from one that is sent, or from profession and role."""

import uuid
from typing import Any, override

from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.access import readable_build
from builds.api.builds import computes
from builds.api.schema import BuildDocument, Document, errors, of
from builds.api.serializers import BuildInput, Choice, Strict, Text, Whole, checked
from builds.catalogue import current_catalogue
from builds.engine.improve import LOCKS
from builds.gamedata.catalogue import UnknownName
from builds.gamedata.model import MODES
from builds.services.improve import MOST_SECONDS, answer_json, improve_build
from builds.spec import ROLES, parse_build
from builds.spec.shapes import Mode, Role
from gw2optimizer.errors import InvalidInput

MOST_SEED = 2**31 - 1


class ImproveWish(Strict):
    role = Choice(required=False, choices=ROLES, help_text="The build's own if absent.")
    mode = Choice(required=False, choices=MODES, help_text="The build's own if absent.")
    locks = serializers.ListField(
        child=Text(max_length=40), required=False, max_length=len(LOCKS),
        help_text=f"Parts that stay: {', '.join(LOCKS)}.",
    )  # fmt: skip
    seed = Whole(required=False, min_value=0, max_value=MOST_SEED, default=0, help_text="Of what is drawn.")


class NewImproveWish(ImproveWish):
    """Either `build`, or `profession` and `role`."""

    build = BuildInput(required=False)
    profession = Text(required=False, max_length=100)

    @override
    def validate(self, attrs: Any) -> Any:
        if ("build" in attrs) == ("profession" in attrs):
            raise serializers.ValidationError("Give either `build` or `profession`.")
        return attrs


class ScorePart(Document):
    """number: as measured. value: against what is good, which counts as 1. contribution: points of the score."""

    name: str
    title: str
    number: float
    unit: str
    weight: float
    value: float
    contribution: float
    sentence: str


class BuildScore(Document):
    """total: the sum of the contributions; about 100 for a build that does everything well."""

    role: Role
    mode: Mode
    total: float
    parts: list[ScorePart]
    notes: list[str]
    assumptions: list[str]


class BuildChange(Document):
    """gain: points that the build would lose with `before` in its place; moved: the same by part."""

    part: str
    before: str | None
    after: str | None
    gain: float
    moved: dict[str, float]
    why: str


class ImprovedBuild(Document):
    """before: the score of the build given, null without one. status: stopped means that the time was used up, and the
    build is the best so far. changes: against the build given, or the one that the search started from."""

    build: BuildDocument
    template_code: str
    role: Role
    mode: Mode
    status: str = Field(pattern="^(done|stopped)$")
    before: BuildScore | None
    after: BuildScore
    changes: list[BuildChange]
    started_from: str | None
    seed: int
    evaluations: int
    seconds: float
    notes: list[str]


_ABOUT = (
    "Searches traits, skills, weapons and gear for a role, and says what changed and why. Never below the build given. "
    f"After {MOST_SECONDS:g} seconds the best so far is the answer."
)


class ImprovedOfBuild(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="builds_improve",
        summary="A better build, from one that you may read",
        description=_ABOUT,
        request=ImproveWish,
        responses={200: of(ImprovedBuild), **errors(400, 404, 422, 429)},
    )
    @computes()
    def post(self, request: Request, build_id: uuid.UUID) -> Response:
        wish = checked(ImproveWish, request.data)
        build = readable_build(request.user, build_id)
        found = improve_build(build.value, **wish, seconds=MOST_SECONDS)
        return Response(answer_json(found, current_catalogue()))


class ImprovedNew(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="builds_improve_new",
        summary="A better build, from one that is sent, or from profession and role",
        description=_ABOUT,
        request=NewImproveWish,
        responses={200: of(ImprovedBuild), **errors(400, 422, 429)},
    )
    @computes()
    def post(self, request: Request) -> Response:
        catalogue = current_catalogue()
        wish = checked(NewImproveWish, request.data)
        build = parse_build(wish.pop("build"), catalogue).spec if "build" in wish else None
        if "profession" in wish:
            try:
                wish["profession"] = catalogue.find("profession", wish["profession"]).id
            except UnknownName as error:
                raise InvalidInput(str(error), fields={"profession": [str(error)]}) from error
        found = improve_build(build, **wish, seconds=MOST_SECONDS)
        return Response(answer_json(found, catalogue))
