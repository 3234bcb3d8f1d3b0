"""Background work on game data. The tasks only call services."""

from celery import shared_task

from builds.services import gamedata
from gw2optimizer.errors import Conflict, Unavailable


@shared_task(  # type: ignore[untyped-decorator]
    autoretry_for=(Unavailable,), retry_backoff=600, max_retries=4
)
def sync_gamedata(language: str = "en") -> None:
    try:
        gamedata.sync(language=language)
    except Conflict as error:
        gamedata.log.info("gamedata_sync_skipped", reason=error.message)
