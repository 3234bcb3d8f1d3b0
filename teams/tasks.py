"""Background work on teams. The tasks only call services."""

from celery import shared_task

from teams.services import scores


@shared_task  # type: ignore[untyped-decorator]
def refresh_team_scores() -> None:
    scores.refresh_scores()
