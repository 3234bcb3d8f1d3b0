"""A run begins: what was asked before answers again, and nobody asks for more than their share."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ai_agents.agents import AGENTS
from ai_agents.models import AgentRun
from ai_agents.models.agent_run import KEPT
from ai_agents.ollama import is_set
from ai_agents.services.runs.keeping import MOST_KEPT, MOST_WAITING, keeper
from builds.catalogue import current_catalogue
from gw2optimizer.errors import InvalidInput, TooManyRequests
from gw2optimizer.models import count_try, tries_counted
from gw2optimizer.ratelimits import in_words

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

SAME_INPUT = timedelta(hours=1)
"""For so long what was answered is answered again."""
KEPT_WITHOUT_ACCOUNT = timedelta(days=1)
DAY = 86_400
_QUOTA = "ai_run"
# Reasons of `ai_agents.ollama.errors` that another try may not meet.
PASSING = ("away", "broken", "busy", "cancelled", "missing", "not_set", "paused", "server_error", "slow")


@dataclass(frozen=True, slots=True)
class Quota:
    """Of a day, which ends for all at midnight UTC."""

    most: int
    used: int

    @property
    def left(self) -> int:
        return max(0, self.most - self.used)


def quota_of(owner: "User | None", caller: str) -> Quota:
    """caller: as `start_run` gets it."""
    return Quota(_most(owner), tries_counted(_QUOTA, keeper.asker_key(caller), DAY))


def _most(owner: "User | None") -> int:
    verified = owner is not None and owner.is_verified
    return settings.AI_RUNS_A_DAY if verified else settings.AI_RUNS_A_DAY_WITHOUT_ACCOUNT


def start_run(*, owner: "User | None", caller: str, agent: str, inputs: Mapping[str, Any], language: str) -> AgentRun:
    """A run for a worker; or one that is over, with what the same input was answered within SAME_INPUT; or the one
    that already waits with that input.

    caller: by whom runs are counted, as `ratelimits.caller_key` names an account or address; of an account that isn't
        verified its address. inputs: JSON.
    Raises InvalidInput, and TooManyRequests where the caller's share of the day is used up or MOST_WAITING are waiting.
    """
    if agent not in AGENTS:
        raise InvalidInput(f"There is no agent {agent[:60]!r}; there are {', '.join(sorted(AGENTS))}.")
    AGENTS[agent].check_inputs(inputs)
    run = AgentRun(
        owner=owner,
        asker=keeper.asker_key(caller),
        agent=agent,
        inputs=dict(inputs),
        language=language,
        input_hash=_hash(agent, inputs, language),
        expires_at=timezone.now() + (KEPT_WITHOUT_ACCOUNT if owner is None else KEPT),
    )
    waiting = keeper.waiting().filter(asker=run.asker)
    twin = waiting.filter(owner=owner, input_hash=run.input_hash, cancel_asked=False).first()
    if twin is not None:
        return twin
    return _answered_again(run) or _queued(run)


def _hash(agent: str, inputs: Mapping[str, Any], language: str) -> str:
    catalogue = current_catalogue()
    told = {
        "agent": agent,
        "version": AGENTS[agent].version,
        "inputs": inputs,
        "language": language,
        "model": settings.OLLAMA_MODEL if is_set() else "",
        "game": [str(catalogue.taken_on), catalogue.game_build],
    }
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()


@transaction.atomic
def _answered_again(run: AgentRun) -> AgentRun | None:
    """An account's answers may rest on builds that it alone sees, so they are its own; those without are everybody's
    who has none."""
    now = timezone.now()
    same = AgentRun.objects.filter(
        input_hash=run.input_hash, owner=run.owner, status=AgentRun.Status.DONE, from_cache=False
    )
    found = same.filter(finished_at__gte=now - SAME_INPUT).exclude(reason__in=PASSING).order_by("-finished_at").first()
    if found is None:
        return None
    for field in ("result", "steps", "answered_by", "reason", "model", "prompt_version", "repaired", "rejected"):
        setattr(run, field, getattr(found, field))
    run.from_cache, run.status, run.done = True, AgentRun.Status.DONE, 1.0
    run.started_at = run.finished_at = now
    run.save(force_insert=True)
    keeper.thin_out(run.asker, MOST_KEPT)
    log.info("agent_run_from_cache", run=str(run.pk), agent=run.agent)
    return run


@transaction.atomic
def _queued(run: AgentRun) -> AgentRun:
    # Counting first makes one asker's starts wait for each other, so that no two see one place left; what is refused
    # below is not counted, since it is undone with the rest.
    most = _most(run.owner)
    used, wait = count_try(_QUOTA, run.asker, DAY)
    if used > most:
        raise TooManyRequests(
            f"You have asked the language model {most} times today, which is the most. There is more in "
            f"{in_words(wait)}.",
            retry_after=wait,
        )
    waiting = keeper.waiting().filter(asker=run.asker).count()
    if waiting >= MOST_WAITING:
        raise TooManyRequests(
            f"You have {waiting} runs waiting or running, which is the most. Wait until one is over, or stop one.",
            retry_after=10,
        )
    keeper.queue(run)
    keeper.thin_out(run.asker, MOST_KEPT)
    log.info("agent_run_queued", run=str(run.pk), agent=run.agent, waiting=waiting)
    return run
