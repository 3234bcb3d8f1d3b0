"""What an account's export holds of what it asked agents for."""

from typing import TYPE_CHECKING, Any

from ai_agents.models import AgentRun

if TYPE_CHECKING:
    from accounts.models import User


def export_agent_runs(user: "User") -> list[dict[str, Any]]:
    """Own runs that are still kept, oldest first; two queries however many there are."""
    rows = AgentRun.objects.filter(owner=user).order_by("created_at", "id").prefetch_related("events")
    return [
        {
            "id": str(run.pk),
            "agent": run.agent,
            "inputs": run.inputs,
            "language": run.language,
            "status": run.status,
            "answered_by": run.answered_by,
            "result": run.result,
            "error": run.error_message,
            "created_at": run.created_at.isoformat(),
            "finished_at": run.finished_at.isoformat() if run.finished_at else None,
            "events": [{"number": e.number, "kind": e.kind, "data": e.data} for e in run.events.all()],
        }
        for run in rows
    ]
