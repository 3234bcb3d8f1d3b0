"""The one way in which a route answers at once by the engine, and has the model's addition come by a run."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from django.urls import reverse
from django.utils.translation.trans_real import parse_accept_lang_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from ai_agents.agents import AGENTS
from ai_agents.api.documents import AgentRunDocument
from ai_agents.models import AgentRun
from ai_agents.ollama import is_set
from ai_agents.services.runs import runs_ahead, start_run
from builds.api.schema import of
from gw2optimizer.errors import InvalidInput, TooManyRequests
from gw2optimizer.ratelimits import address_key, caller_key, limited

log = structlog.get_logger(__name__)

LANGUAGES = ("en", "fr")
PREFER = OpenApiParameter(
    "Prefer",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="`respond-async`: no answer at once but 202 and the address of a run, which ends in an answer of the "
    "language model, or of the engine where that fails.",
)
ACCEPTED = {202: of(AgentRunDocument)}


def asker_of(request: Any) -> tuple[User | None, str]:
    """The account, and by whom runs are counted: the account only if it is verified, so that nobody gets a larger share
    by making many."""
    owner = request.user if isinstance(request.user, User) else None
    if owner is not None and owner.is_verified:
        return owner, caller_key(request)
    return owner, f"address:{address_key(request)}"


def language_of(request: Any) -> str:
    """Of those that agents know, the one that the browser asks for first."""
    for tag, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()[:200]):
        if tag.partition("-")[0] in LANGUAGES:
            return str(tag.partition("-")[0])
    return LANGUAGES[0]


def prefers_async(request: Any) -> bool:
    """By RFC 7240."""
    words = re.split(r"[,;]", request.headers.get("Prefer", ""))
    return any(word.partition("=")[0].strip().lower() == "respond-async" for word in words)


def answered(
    request: Request,
    *,
    agent: str,
    inputs: Mapping[str, Any],
    at_once: Callable[[], dict[str, Any]],
    language: str = "",
) -> Response:
    """200 with what the engine says, and `run`: where the model's addition will stand, or null; 202 with a run alone
    for whoever prefers that. Raises what `at_once` raises, and for the latter what `start_run` raises."""
    language = language or language_of(request)
    if prefers_async(request):
        limited(request, group="ai")
        response = run_answer(request, _started(request, agent, inputs, language), status=202)
        response["Preference-Applied"] = "respond-async"
    else:
        response = Response(at_once() | {"run": _beside(request, agent, inputs, language)})
    response["Vary"] = "Prefer"
    return response


def _started(request: Request, agent: str, inputs: Mapping[str, Any], language: str) -> AgentRun:
    owner, caller = asker_of(request)
    return start_run(owner=owner, caller=caller, agent=agent, inputs=inputs, language=language)


def _beside(request: Request, agent: str, inputs: Mapping[str, Any], language: str) -> dict[str, Any] | None:
    """None where there is no model, the caller has had their share, or the model isn't asked such things: the engine's
    answer stands alone then."""
    if not is_set() or agent not in AGENTS:
        return None
    try:
        run = _started(request, agent, inputs, language)
    except (TooManyRequests, InvalidInput) as error:
        log.info("no_run_beside", agent=agent, reason=error.code)
        return None
    return {**addresses(request, run), "status": run.status, "from_cache": run.from_cache}


def addresses(request: Any, run: AgentRun) -> dict[str, Any]:
    return {
        "id": run.pk,
        "url": request.build_absolute_uri(reverse("api-ai-run", args=[run.pk])),
        "events_url": request.build_absolute_uri(reverse("api-ai-run-events", args=[run.pk])),
    }


def run_summary(request: Any, run: AgentRun) -> dict[str, Any]:
    return {
        **addresses(request, run),
        "agent": run.agent,
        "status": run.status,
        "cancelling": run.cancel_asked and not run.is_over,
        "done": run.done,
        "answered_by": run.answered_by or None,
        "from_cache": run.from_cache,
        "created_at": run.created_at,
        "finished_at": run.finished_at,
    }


def run_json(request: Any, run: AgentRun) -> dict[str, Any]:
    """As AgentRunDocument."""
    return {
        **run_summary(request, run),
        "language": run.language,
        "inputs": run.inputs,
        "ahead": runs_ahead(run) if run.status == AgentRun.Status.QUEUED else None,
        "steps": run.steps,
        "last_event": run.last_event,
        "result": run.result,
        "reason": run.reason,
        "model": run.model,
        "prompt_version": run.prompt_version,
        "tokens_in": run.tokens_in,
        "tokens_out": run.tokens_out,
        "repaired": run.repaired,
        "rejected": run.rejected,
        "error": {"code": run.error_code, "message": run.error_message} if run.error_code else None,
        "started_at": run.started_at,
        "expires_at": run.expires_at,
    }


def run_answer(request: Request, run: AgentRun, *, status: int = 200) -> Response:
    body = run_json(request, run)
    headers = {"Location": body["url"], "Retry-After": "1"} if status == 202 else {}
    return Response(body, status=status, headers=headers)
