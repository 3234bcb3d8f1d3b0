"""Background work of the language model. The tasks only call services."""

import uuid

from celery import shared_task
from django.conf import settings

from ai_agents.services import runs
from ai_agents.services import status as model_status


# The limits are beyond what a run gives itself: they are for one that no longer looks.
@shared_task(  # type: ignore[untyped-decorator]
    soft_time_limit=settings.AI_RUN_SECONDS + 30, time_limit=settings.AI_RUN_SECONDS + 90
)
def run_agent(run_id: str) -> None:
    runs.work(run_id=uuid.UUID(run_id))
    model_status.look_at_model(unless_seen_for=model_status.LOOK_SECONDS)


@shared_task  # type: ignore[untyped-decorator]
def look_at_model() -> None:
    model_status.look_at_model()


@shared_task  # type: ignore[untyped-decorator]
def tend_agent_runs() -> None:
    runs.tend_runs()


@shared_task  # type: ignore[untyped-decorator]
def delete_expired_agent_runs() -> None:
    runs.delete_expired_runs()
