from teams.models.team import Team, TeamRevision, TeamSlot

__all__ = ["Team", "TeamRevision", "TeamSlot"]
