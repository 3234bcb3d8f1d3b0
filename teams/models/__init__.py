from teams.models.roster import Roster, RosterEntry
from teams.models.team import Team, TeamRevision, TeamSlot

__all__ = ["Roster", "RosterEntry", "Team", "TeamRevision", "TeamSlot"]
