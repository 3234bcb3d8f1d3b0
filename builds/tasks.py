"""Background work on game data and gear. The tasks only call services."""

import uuid

from celery import shared_task

from builds.services import gamedata, gear_runs, index
from gw2optimizer.errors import Conflict, Unavailable


@shared_task(  # type: ignore[untyped-decorator]
    autoretry_for=(Unavailable,), retry_backoff=600, max_retries=4
)
def sync_gamedata(language: str = "en") -> None:
    try:
        gamedata.sync(language=language)
    except Conflict as error:
        gamedata.log.info("gamedata_sync_skipped", reason=error.message)


@shared_task  # type: ignore[untyped-decorator]
def search_gear(run_id: str) -> None:
    gear_runs.work(run_id=uuid.UUID(run_id))


@shared_task  # type: ignore[untyped-decorator]
def tend_gear_runs() -> None:
    gear_runs.tend_runs()


@shared_task  # type: ignore[untyped-decorator]
def delete_old_gear_runs() -> None:
    gear_runs.delete_old_runs()


@shared_task  # type: ignore[untyped-decorator]
def mend_library() -> None:
    index.mend_library()
