"""What an account's export holds of its rosters."""

from typing import TYPE_CHECKING, Any

from teams.models import Roster
from teams.roster import plain_roster_json

if TYPE_CHECKING:
    from accounts.models import User


def export_rosters(user: "User") -> list[dict[str, Any]]:
    """Own rosters, oldest first, with all who are on them; two queries however many there are."""
    rows = Roster.objects.filter(owner=user).order_by("created_at", "id").prefetch_related("entries")
    return [
        {
            "id": str(roster.pk),
            "signup_key": roster.signup_key,
            "signup_until": roster.signup_until.isoformat() if roster.signup_until else None,
            "locked": roster.locked,
            "version": roster.version,
            "created_at": roster.created_at.isoformat(),
            "updated_at": roster.updated_at.isoformat(),
            "roster": plain_roster_json(roster.value),
        }
        for roster in rows
    ]
