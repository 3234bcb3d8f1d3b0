"""How runs of agents are kept: sent, sent again, stopped, thrown away."""

import uuid
from collections.abc import Mapping
from datetime import timedelta

import structlog
from django.utils import timezone

from ai_agents.models import AgentRun
from gw2optimizer.errors import Conflict
from gw2optimizer.runs import WAITING, Keeper, nudge

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
"""A worker that has told nothing for so long has gone. While it waits for the model it tells twice a second; the
engine's own parts of an answer take less. Redis would give the message to another worker after an hour only."""
RESEND = timedelta(minutes=5)
GIVE_UP = timedelta(hours=1)
MOST_ATTEMPTS = 2
MOST_WAITING = 2
"""Of one account or address."""
MOST_KEPT = 100
"""Finished runs of one account or address; each takes some 20 kB."""

_LOST = "This was cut off twice by a worker that ended. Ask again, with less at once if it does so again."
_UNTAKEN = "No worker took this for an hour. Ask again later."


def _send(run_id: uuid.UUID) -> None:
    from ai_agents.tasks import run_agent

    nudge(run_agent, run_id, keeper.name)


keeper = Keeper(
    model=AgentRun,
    name="agent_run",
    what="run",
    send=lambda run_id: _send(run_id),
    lease=LEASE,
    resend=RESEND,
    give_up=GIVE_UP,
    most_attempts=MOST_ATTEMPTS,
    lost=_LOST,
    untaken=_UNTAKEN,
    afresh={"steps": []},
)


def cancel_run(*, run_id: uuid.UUID) -> AgentRun:
    """One that waits is over at once; of one that runs the worker hears within a second, in the middle of a call of the
    model too. Nothing happens to one that is over. Raises NotFound."""
    return keeper.cancel(run_id)


def delete_run(*, run_id: uuid.UUID) -> None:
    """With its events. Raises Conflict for one that isn't over."""
    deleted, _ = AgentRun.objects.filter(pk=run_id).exclude(status__in=WAITING).delete()
    if not deleted and AgentRun.objects.filter(pk=run_id).exists():
        raise Conflict("This still waits or runs. Stop it first.")


def runs_ahead(run: AgentRun) -> int:
    """How many wait or run that were there before."""
    return keeper.ahead(run)


def tend_runs() -> Mapping[str, int]:
    """Sends runs again whose worker has gone or whose message is lost, and ends those for which that was in vain.
    Returns how many of each."""
    return keeper.tend()


def delete_expired_runs() -> int:
    """Returns how many."""
    _, deleted = AgentRun.objects.filter(expires_at__lt=timezone.now()).exclude(status__in=WAITING).delete()
    count = deleted.get(AgentRun._meta.label, 0)
    log.info("agent_runs_deleted", count=count)
    return count
