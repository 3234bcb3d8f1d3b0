"""Routes under /api/v1/ai/, thin over the services of the apps below."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ai_agents.api.asking import ACCEPTED, PREFER, answered
from ai_agents.api.documents import RunLink
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
    """reasons: why this one. given_up: what of the wish it does not keep. answered_by: `engine`.
    run: of the language model's addition; null where there is none."""

    build: BuildDocument
    template_code: str
    reasons: list[str]
    given_up: list[str]
    answered_by: str
    source: RecommendationSource
    run: RunLink | None


class RecommendBuild(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_recommend_build",
        summary="A concrete build for a profession, a role and a game mode",
        description="An impossible wish gets the nearest possible build, and `given_up` says what it does not keep.",
        request=BuildWish,
        parameters=[PREFER],
        responses={200: RecommendedBuild, **ACCEPTED, **errors(400, 403, 422, 429, 503)},
    )
    @computes()
    def post(self, request: Request) -> Response:
        wish: dict[str, Any] = {field: value or "" for field, value in checked(BuildWish, request.data).items()}
        asked = {field: value for field, value in wish.items() if value}
        return answered(request, agent="recommender", inputs=asked, at_once=lambda: answer_wish(**wish))
