"""How the language model and its runs are doing. Workers look at the model; web processes read what they saw."""

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import structlog
from django.core.cache import caches
from django.utils import timezone

from ai_agents.agents import AGENTS
from ai_agents.models import AgentRun
from ai_agents.ollama import is_set, the_model
from gw2optimizer.runs import WAITING

log = structlog.get_logger(__name__)

LOOK_SECONDS = 60.0
SEEN_KEY = "ai-model-seen"
SEEN_FOR = 15 * 60
"""Seconds after which a look tells nothing any more; a long call keeps the worker from looking."""
LAST_ANSWERS = 5
FIGURES_OF = timedelta(days=7)
MOST_FIGURED = 5_000
"""Runs that figures rest on at most, the newest."""


def look_at_model(*, unless_seen_for: float = 0.0) -> None:
    """Asks the model's server, and keeps what it said for the web processes. unless_seen_for: seconds; a look that is
    no older will do."""
    if not is_set():
        caches["shared"].delete(SEEN_KEY)
        return
    seen = model_seen()
    if seen is not None and time.time() - seen["at"] < unless_seen_for:
        return
    found = the_model().status()
    value = {
        "there": found.is_there,
        "name": found.model,
        "reason": found.reason,
        "message": found.message,
        "small": found.info is not None and found.info.is_small,
        "at": time.time(),
    }
    caches["shared"].set(SEEN_KEY, value, SEEN_FOR)
    log.info("model_looked_at", there=found.is_there, reason=found.reason)


def model_seen() -> dict[str, Any] | None:
    """{"there", "name", "reason", "message", "small", "at"}, at in Unix time; None where none has looked lately."""
    found: dict[str, Any] | None = caches["shared"].get(SEEN_KEY)
    return found


def queue_length() -> dict[str, int]:
    """How many runs are queued and how many are running."""
    found = list(AgentRun.objects.filter(status__in=WAITING).order_by().values_list("status", flat=True))
    return {status: found.count(status) for status in WAITING}


def last_answers() -> list[dict[str, Any]]:
    """Newest first; what was asked is nobody else's business. seconds: from asking to the answer."""
    rows = AgentRun.objects.filter(status=AgentRun.Status.DONE, from_cache=False).order_by("-finished_at")
    return [
        {
            "agent": agent,
            "answered_by": answered_by,
            "finished_at": finished_at,
            "seconds": round((finished_at - created_at).total_seconds(), 1) if finished_at else 0.0,
        }
        for agent, answered_by, created_at, finished_at in rows.values_list(
            "agent", "answered_by", "created_at", "finished_at"
        )[:LAST_ANSWERS]
    ]


def figures() -> list[dict[str, Any]]:
    """Of each agent over FIGURES_OF, for staff: shares of runs that succeeded, of answers that are the engine's and
    that were repaired; p50 and p95 of the seconds that workers took; tokens."""
    since = timezone.now() - FIGURES_OF
    rows = AgentRun.objects.filter(finished_at__gte=since, from_cache=False).exclude(started_at=None)
    columns = ("agent", "status", "answered_by", "repaired", "tokens_in", "tokens_out", "started_at", "finished_at")
    by_agent: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows.order_by("-finished_at").values(*columns)[:MOST_FIGURED]:
        by_agent[row["agent"]].append(row)
    return [_figures(name, by_agent.get(name, [])) for name in sorted({*by_agent, *AGENTS})]


def _figures(agent: str, rows: list[dict[str, Any]]) -> dict[str, Any]:
    done = [row for row in rows if row["status"] == AgentRun.Status.DONE]
    wanted = [row for row in rows if row["status"] != AgentRun.Status.CANCELLED]
    seconds = [(row["finished_at"] - row["started_at"]).total_seconds() for row in done]
    p50, p95 = _percentiles(seconds)
    return {
        "agent": agent,
        "runs": len(rows),
        "success": _share(len(done), wanted),
        "by_engine": _share(sum(row["answered_by"] == AgentRun.AnsweredBy.ENGINE for row in done), done),
        "repaired": _share(sum(row["repaired"] for row in done), done),
        "p50_seconds": p50,
        "p95_seconds": p95,
        "tokens_in": sum(row["tokens_in"] for row in rows),
        "tokens_out": sum(row["tokens_out"] for row in rows),
    }


def _share(count: int, of: list[Any]) -> float | None:
    return round(count / len(of), 4) if of else None


def _percentiles(values: Iterable[float]) -> tuple[float | None, float | None]:
    found = sorted(values)
    if len(found) < 2:
        only = round(found[0], 2) if found else None
        return only, only
    cuts = statistics.quantiles(found, n=20, method="inclusive")
    return round(cuts[9], 2), round(cuts[18], 2)
