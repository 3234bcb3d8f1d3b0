"""Who may see a run of an agent; API and streams ask the same function."""

import uuid
from typing import TYPE_CHECKING

from ai_agents.models import AgentRun
from gw2optimizer.errors import NotFound

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def readable_agent_run(user: "User | AnonymousUser", run_id: uuid.UUID) -> AgentRun:
    """A run of one's own, or one that somebody without an account started and whose id one has. Raises NotFound."""
    run = AgentRun.objects.filter(pk=run_id).first()
    if run is None or run.owner_id not in (None, user.pk):
        raise NotFound("There is no such run, or it is not open to you.")
    return run
