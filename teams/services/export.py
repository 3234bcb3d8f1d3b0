"""What an account's export holds of its teams."""

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch

from teams.models import Team, TeamRevision
from teams.spec import plain_team_json

if TYPE_CHECKING:
    from accounts.models import User


def export_teams(user: "User") -> list[dict[str, Any]]:
    """Own teams, oldest first, each with the revisions that are kept; three queries however many there are."""
    revisions = Prefetch("revisions", TeamRevision.objects.order_by("number"))
    rows = Team.objects.filter(owner=user).order_by("created_at", "id").with_slots().prefetch_related(revisions)
    return [_plain(team) for team in rows]


def _plain(team: Team) -> dict[str, Any]:
    return {
        "id": str(team.pk),
        "name": team.name,
        "visibility": team.visibility,
        "share_key": team.share_key,
        "hidden_at": team.hidden_at.isoformat() if team.hidden_at else None,
        "hidden_reason": team.hidden_reason,
        "notes": team.notes,
        "source_label": team.source_label,
        "synergy_score": team.synergy_score,
        "grade": team.grade,
        "created_at": team.created_at.isoformat(),
        "updated_at": team.updated_at.isoformat(),
        "version": team.version,
        "team": plain_team_json(team.value),
        "revisions": [
            {
                "number": revision.number,
                "name": revision.name,
                "notes": revision.notes,
                "note": revision.note,
                "created_at": revision.created_at.isoformat(),
                "team": revision.spec,
            }
            for revision in team.revisions.all()
        ],
    }
