"""What Celery's clock sends, and how often."""

from datetime import timedelta
from typing import Any

from celery.schedules import crontab


def beat_schedule(*, sync_gamedata: bool) -> dict[str, dict[str, Any]]:
    """By name; the tasks are named, not imported, since settings read this."""
    schedule: dict[str, dict[str, Any]] = {
        "clear-expired-sessions": {
            "task": "accounts.tasks.clear_expired_sessions",
            "schedule": timedelta(days=1),
        },
        "send-unsent-mails": {
            "task": "accounts.tasks.send_unsent_mails",
            "schedule": timedelta(minutes=5),
            "options": {"expires": 300},
        },
        # One that waits behind a long search is worth nothing when the next one comes.
        "tend-gear-runs": {
            "task": "builds.tasks.tend_gear_runs",
            "schedule": timedelta(seconds=15),
            "options": {"expires": 15},
        },
        "delete-old-gear-runs": {
            "task": "builds.tasks.delete_old_gear_runs",
            "schedule": timedelta(days=1),
        },
        "tend-agent-runs": {
            "task": "ai_agents.tasks.tend_agent_runs",
            "schedule": timedelta(seconds=15),
            "options": {"expires": 15},
        },
        "delete-expired-agent-runs": {
            "task": "ai_agents.tasks.delete_expired_agent_runs",
            "schedule": timedelta(hours=6),
        },
        "look-at-model": {
            "task": "ai_agents.tasks.look_at_model",
            "schedule": timedelta(minutes=1),
            "options": {"expires": 60},
        },
        "mend-library": {
            "task": "builds.tasks.mend_library",
            "schedule": crontab(hour="3", minute="41"),
            "options": {"expires": 3600},
        },
        "refresh-team-scores": {
            "task": "teams.tasks.refresh_team_scores",
            "schedule": timedelta(minutes=10),
            "options": {"expires": 600},
        },
    }
    if sync_gamedata:
        schedule["sync-gamedata"] = {
            "task": "builds.tasks.sync_gamedata",
            "schedule": crontab(hour="4", minute="17"),
        }
    return schedule
