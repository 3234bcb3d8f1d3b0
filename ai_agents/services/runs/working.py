"""What a worker does with a run."""

import time
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from ai_agents import agents
from ai_agents.models import AgentRun, RunEvent
from ai_agents.ollama import CallCancelled, ModelError
from ai_agents.services.runs.keeping import keeper
from gw2optimizer.errors import DomainError
from gw2optimizer.middleware import storable
from gw2optimizer.runs import told

log = structlog.get_logger(__name__)

REPORT_SECONDS = 0.5
MOST_EVENTS = 500
"""Of one run; what comes then is known from its steps and its result."""
MOST_EVENT_BYTES = 16_000
_BROKE = "Something broke on our side; it is noted in our log. Ask again later."


class Report:
    """Tells the row and its events how far the run is, and hears from the row whether to stop."""

    def __init__(self, run: AgentRun) -> None:
        self.run = run
        self.stopped = False
        """Whoever asked no longer wants it, or it is another worker's by now."""
        self.began = self.told = time.monotonic()
        self.steps: list[dict[str, Any]] = []
        self.done = 0.0

    @property
    def is_late(self) -> bool:
        return time.monotonic() - self.began > settings.AI_RUN_SECONDS

    def cancelled(self) -> bool:
        if not self.stopped and time.monotonic() - self.told >= REPORT_SECONDS:
            self.told = time.monotonic()
            self.stopped = not keeper.tell(self.run)
        return self.stopped or self.is_late

    def event(self, kind: str, data: Mapping[str, Any]) -> None:
        """Kept as it is. Of kind `step` ({"name", "state", "of"?, ...}) it is also a step that begins, or ends with any
        state but `running`; of kind `progress` ({"done"}) the share that is settled."""
        if self.stopped:
            return
        if kind == "progress":
            self.done = min(1.0, max(0.0, float(data.get("done", 0.0))))
        if kind == "step":
            self._step(data)
        self.told = time.monotonic()
        self._append(kind, dict(data))

    def _step(self, data: Mapping[str, Any]) -> None:
        now = timezone.now().isoformat()
        step = next((step for step in self.steps if step["name"] == data.get("name")), None)
        if step is None:
            step = {"name": str(data.get("name", "")), "started_at": now, "finished_at": None}
            self.steps.append(step)
        step |= {key: value for key, value in data.items() if key not in {"name", "of"}}
        if data.get("state") != "running":
            step["finished_at"] = now
        ended = sum(1 for step in self.steps if step["finished_at"])
        self.done = min(1.0, ended / max(len(self.steps), int(data.get("of", 0))))

    @transaction.atomic
    def _append(self, kind: str, data: dict[str, Any]) -> None:
        """The row first: whose it is decides whether there is an event, and its lock gives out the number."""
        data = clean(data)
        values: dict[str, Any] = {"steps": clean(self.steps), "done": self.done}
        kept = self.run.last_event < MOST_EVENTS and len(orjson.dumps(data)) <= MOST_EVENT_BYTES
        if kept:
            values["last_event"] = F("last_event") + 1
        else:
            log.warning("agent_run_event_left_out", run=str(self.run.pk), kind=kind)
        self.stopped = not keeper.tell(self.run, **values)
        if self.stopped or not kept:
            return
        self.run.last_event = AgentRun.objects.values_list("last_event", flat=True).get(pk=self.run.pk)
        RunEvent.objects.create(run=self.run, number=self.run.last_event, kind=kind[:40], data=data)


def clean(value: Any) -> Any:
    """JSON without what a database can't hold."""
    if isinstance(value, str):
        if storable(value):
            return value
        return "".join(character for character in value if storable(character))
    if isinstance(value, Mapping):
        return {clean(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return value


def work(*, run_id: uuid.UUID) -> None:
    """The whole life of a run in a worker. Returns at once where the run is gone, over, or another worker's."""
    run = keeper.take(run_id)
    if run is None:
        return
    report = Report(run)
    report.event("begun", {"attempt": run.attempts})
    try:
        answer = _answered(run, report)
    except DomainError as error:
        _end(run, report, status=AgentRun.Status.FAILED, error_code=error.code, error_message=told(error))
    except Exception:
        log.exception("agent_run_failed", run=str(run.pk), agent=run.agent)
        _end(run, report, status=AgentRun.Status.FAILED, error_code="server_error", error_message=_BROKE)
    else:
        _end(run, report, **answer)


def _answered(run: AgentRun, report: Report) -> dict[str, Any]:
    """What the row is to hold. Whatever goes wrong with the model, the engine answers. Raises DomainError for what
    can't be asked at all."""
    try:
        found = agents.run_agent(
            run.agent,
            run.inputs,
            user=run.owner or AnonymousUser(),
            language=run.language,
            on_event=report.event,
            cancelled=report.cancelled,
        )
    except CallCancelled:
        if report.stopped:
            return {"status": AgentRun.Status.CANCELLED}
        return _by_engine(run, "slow")
    except ModelError as error:
        return _by_engine(run, error.reason)
    except SoftTimeLimitExceeded:
        return _by_engine(run, "slow")
    except DomainError:
        raise
    except Exception:
        log.exception("agent_broke", run=str(run.pk), agent=run.agent)
        return _by_engine(run, "server_error")
    return {
        "status": AgentRun.Status.DONE,
        "result": clean(found.result),
        "answered_by": found.answered_by,
        "model": found.model[:120],
        "prompt_version": found.prompt_version[:40],
        "tokens_in": found.tokens_in,
        "tokens_out": found.tokens_out,
        "repaired": found.repaired,
        "rejected": found.rejected,
        "reason": found.reason[:40],
        "done": 1.0,
    }


def _by_engine(run: AgentRun, reason: str) -> dict[str, Any]:
    agent = agents.AGENTS[run.agent]
    result = agent.engine_answer(run.inputs, run.owner or AnonymousUser(), run.language)
    return {
        "status": AgentRun.Status.DONE,
        "result": clean(result),
        "answered_by": AgentRun.AnsweredBy.ENGINE,
        "reason": reason,
        "prompt_version": str(agent.version)[:40],
        "done": 1.0,
    }


def _end(run: AgentRun, report: Report, **values: Any) -> None:
    cancelled = AgentRun.objects.filter(pk=run.pk, cancel_asked=True).exists()
    if cancelled and values["status"] == AgentRun.Status.DONE:
        # Who stopped it was told that there will be no answer.
        values = {"status": AgentRun.Status.CANCELLED}
    keeper.finish(run, **values)
