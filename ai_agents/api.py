"""Routes under /api/v1/ai/, thin over the services of the apps below."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from builds.api.builds import computes
from builds.api.schema import BuildDocument, Document, errors
from builds.api.serializers import Strict, Text, checked
from builds.services.wishes import answer_wish

MAX_CONTEXT = 500


class BuildWish(Strict):
    """What is left out is open; at least one field is needed."""

    profession = Text(required=False, allow_blank=True, allow_null=True, max_length=200)
    role = Text(required=False, allow_blank=True, allow_null=True, max_length=200)
    game_mode = Text(required=False, allow_blank=True, allow_null=True, max_length=200)
    wvw_style = Text(required=False, allow_blank=True, allow_null=True, max_length=200)
    elite_specialization = Text(
        required=False, allow_blank=True, allow_null=True, max_length=200, help_text='A name, or "core" for none.'
    )
    context = Text(  # type: ignore[assignment]  # a field that is called so, not the class's own
        required=False,
        allow_blank=True,
        allow_null=True,
        max_length=MAX_CONTEXT,
        help_text="The wish in words; they fill what the other fields leave open.",
    )


class RecommendationSource(Document):
    """The published build that the answer starts from. as_of: the day, null where its source gives none."""

    id: str
    name: str
    label: str
    as_of: str | None
    stale: bool


class RecommendedBuild(Document):
    """reasons: why this one. given_up: what of the wish it does not keep. answered_by: `engine`."""

    build: BuildDocument
    template_code: str
    reasons: list[str]
    given_up: list[str]
    answered_by: str
    source: RecommendationSource


class RecommendBuild(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_recommend_build",
        summary="A concrete build for a profession, a role and a game mode",
        description="An impossible wish gets the nearest possible build, and `given_up` says what it does not keep.",
        request=BuildWish,
        responses={200: RecommendedBuild, **errors(400, 403, 422, 429, 503)},
    )
    @computes()
    def post(self, request: Request) -> Response:
        wish: dict[str, Any] = checked(BuildWish, request.data)
        return Response(answer_wish(**{field: value or "" for field, value in wish.items()}))
