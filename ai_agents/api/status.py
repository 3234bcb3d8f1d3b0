"""Which agents there are, and how the language model is doing. No route here asks the model's server."""

from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ai_agents.agents import AGENTS
from ai_agents.api.asking import asker_of
from ai_agents.api.documents import AgentsDocument, AiStatus
from ai_agents.ollama import is_set
from ai_agents.services import status
from ai_agents.services.runs import quota_of
from builds.api.schema import errors, of
from gw2optimizer.health import HEARTBEAT_LASTS, heartbeat_age


class Agents(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_agents_list",
        summary="What can be asked of the language model",
        responses={200: of(AgentsDocument), **errors(429)},
    )
    def get(self, request: Request) -> Response:
        items = [{"name": name, "version": a.version, "about": a.about} for name, a in sorted(AGENTS.items())]
        return Response({"items": items})


class Status(APIView):
    permission_classes = [AllowAny]

    @extend_schema(
        operation_id="ai_status",
        summary="Whether the language model is there, and how long its queue is",
        responses={200: of(AiStatus), **errors(429)},
    )
    def get(self, request: Request) -> Response:
        owner, caller = asker_of(request)
        quota = quota_of(owner, caller)
        age = heartbeat_age("ai")
        return Response(
            {
                "model": _model(),
                "queue": {**status.queue_length(), "worker": age is not None and age <= HEARTBEAT_LASTS},
                "last_answers": status.last_answers(),
                "quota": {"most": quota.most, "used": min(quota.used, quota.most), "left": quota.left},
                "figures": status.figures() if owner is not None and owner.is_staff else None,
            }
        )


def _model() -> dict[str, Any]:
    seen = status.model_seen() if is_set() else None
    found: dict[str, Any] = {"set": is_set(), "there": None, "reason": "", "message": "", "small": False}
    found["seen_at"] = None
    found["name"] = settings.OLLAMA_MODEL if is_set() else ""
    if seen is not None and seen["name"] == found["name"]:
        found |= {name: seen[name] for name in ("there", "reason", "message", "small")}
        found["seen_at"] = datetime.fromtimestamp(seen["at"], UTC)
    return found
