"""The best gear of a build, at once or by a run that a worker takes."""

import uuid
from datetime import datetime
from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from pydantic import Field
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from builds.access import readable_build, readable_run
from builds.api.builds import computes, writes
from builds.api.optimise import GearOptimisation, OptimiseWish, gear_wish
from builds.api.schema import Document, errors, of
from builds.api.serializers import Nothing, checked
from builds.catalogue import current_catalogue
from builds.engine.optimise.choices import MOST_PREFIXES, MOST_VARIANTS
from builds.models import GearRun
from builds.services.gear_runs import AT_ONCE_SECONDS, MOST_SECONDS, answer_at_once, cancel_run, queue_run
from gw2optimizer.ratelimits import caller_key


class GearRunProgress(Document):
    """done: share of the variants that are settled. best: objective of the best so far; bound: what no gear exceeds,
    null while that is not known. evaluated: combinations that were scored in full."""

    done: float = Field(ge=0, le=1)
    best: float | None
    bound: float | None
    evaluated: int


class GearRunError(Document):
    code: str
    message: str


class GearRunDocument(Document):
    """status: queued and running end by themselves in done, failed or cancelled. result: once it is done; of a
    cancelled run the best so far, if a worker had begun. cancelling: a worker was told to stop and has not yet.
    engine, game_data: the state of both that the run began with."""

    id: uuid.UUID
    url: str
    status: str = Field(pattern="^(queued|running|done|failed|cancelled)$")
    cancelling: bool
    build: uuid.UUID | None
    progress: GearRunProgress
    result: GearOptimisation | None
    error: GearRunError | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    engine: str
    game_data: str


def run_answer(request: Request, run: GearRun, *, status: int = 200) -> Response:
    url = request.build_absolute_uri(reverse("api-gear-run", args=[run.pk]))
    body: dict[str, Any] = {
        "id": run.pk,
        "url": url,
        "status": run.status,
        "cancelling": run.cancel_asked and not run.is_over,
        "build": run.build_id,
        "progress": {"done": run.done, "best": run.best, "bound": run.bound, "evaluated": run.evaluated},
        "result": run.result,
        "error": {"code": run.error_code, "message": run.error_message} if run.error_code else None,
        "created_at": run.created_at,
        "started_at": run.started_at,
        "finished_at": run.finished_at,
        "engine": run.engine,
        "game_data": run.game_data,
    }
    headers = {"Location": url, "Retry-After": "1"} if status == 202 else {}
    return Response(body, status=status, headers=headers)


class OptimisedBuildGear(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="builds_optimize_gear",
        summary="The proven best gear of a build",
        description="Prefixes of armor, trinkets and weapon set 1, at most "
        f"{MOST_PREFIXES}, and at most {MOST_VARIANTS} combinations of rune, sigils, relic, food and utility. A search "
        f"that takes longer than {AT_ONCE_SECONDS:g} seconds goes on in a run: ask its url (also in Location) until "
        f"it is over. After {MOST_SECONDS:g} seconds the best so far is its result.",
        request=OptimiseWish,
        responses={200: of(GearOptimisation), 202: of(GearRunDocument), **errors(400, 403, 404, 422, 429)},
    )
    @computes()
    def post(self, request: Request, build_id: uuid.UUID) -> Response:
        asked = checked(OptimiseWish, request.data)
        build = readable_build(request.user, build_id)
        wish = gear_wish(asked, current_catalogue())
        found = answer_at_once(spec=build.value, wish=wish)
        if found is not None:
            return Response(found.as_json())
        owner = request.user if isinstance(request.user, User) else None
        run = queue_run(owner=owner, caller=caller_key(request), spec=build.value, wish=wish, build=build)
        return run_answer(request, run, status=202)


class OneGearRun(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="gear_runs_retrieve",
        summary="How far a search for gear is, and its result",
        description="Runs that somebody without an account started are open to whoever has the id, as long as their "
        "build is; all others to their owner.",
        responses={200: of(GearRunDocument), **errors(404)},
    )
    def get(self, request: Request, run_id: uuid.UUID) -> Response:
        return run_answer(request, readable_run(request.user, run_id))

    @extend_schema(
        operation_id="gear_runs_delete",
        summary="Stop a search for gear; the same as cancel",
        responses={200: of(GearRunDocument), **errors(403, 404, 429)},
    )
    @writes()
    def delete(self, request: Request, run_id: uuid.UUID) -> Response:
        return run_answer(request, cancel_run(run_id=readable_run(request.user, run_id).pk))


class CancelledGearRun(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="gear_runs_cancel",
        summary="Stop a search for gear",
        description="One that waits is over at once, one that runs within a second, with its best so far as result. "
        "Nothing happens to one that is over.",
        request=None,
        responses={200: of(GearRunDocument), **errors(400, 403, 404, 422, 429)},
    )
    @writes()
    def post(self, request: Request, run_id: uuid.UUID) -> Response:
        run = readable_run(request.user, run_id)
        checked(Nothing, request.data)
        return run_answer(request, cancel_run(run_id=run.pk))
