"""Runs of agents: asked for, worked on, stopped, thrown away."""

from ai_agents.services.runs.keeping import (
    MOST_WAITING,
    cancel_run,
    delete_expired_runs,
    delete_run,
    runs_ahead,
    tend_runs,
)
from ai_agents.services.runs.starting import Quota, quota_of, start_run
from ai_agents.services.runs.working import work

__all__ = [
    "MOST_WAITING",
    "Quota",
    "cancel_run",
    "delete_expired_runs",
    "delete_run",
    "quota_of",
    "runs_ahead",
    "start_run",
    "tend_runs",
    "work",
]
