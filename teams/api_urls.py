from django.urls import URLPattern, path

from accounts.api.moderation import moderation_routes
from teams.api import computed, history, slots, teams


def _both(route: str, view: type, name: str) -> list[URLPattern]:
    """With and without the slash that lists have: a redirect would lose the body."""
    shown = path(f"teams/{route}", view.as_view(), name=name)  # type: ignore[attr-defined]
    return [shown, path(f"teams/{route}/", view.as_view(schema=None))]  # type: ignore[attr-defined]


_ONE = "<uuid:team_id>"
_SLOT = f"{_ONE}/slots/<int:number>"

urlpatterns: list[URLPattern] = [
    path("teams/", teams.Teams.as_view(), name="api-teams"),
    path("teams/mine/", teams.OwnTeams.as_view(), name="api-teams-mine"),
    *_both("compose", computed.ComposedTeams, "api-teams-compose"),
    path("teams/shared/<slug:share_key>/", teams.SharedTeam.as_view(), name="api-team-shared"),
    path(f"teams/{_ONE}/", teams.OneTeam.as_view(), name="api-team"),
    *_both(f"{_ONE}/copy", teams.CopyOfTeam, "api-team-copy"),
    *_both(f"{_ONE}/slots", slots.Slots, "api-team-slots"),
    *_both(f"{_ONE}/newer", slots.NewerSlots, "api-team-newer"),
    *_both(_SLOT, slots.OneSlot, "api-team-slot"),
    *_both(f"{_SLOT}/move", slots.MovedSlot, "api-team-slot-move"),
    *_both(f"{_SLOT}/newer", slots.NewerSlot, "api-team-slot-newer"),
    *_both(f"{_ONE}/analysis", computed.AnalysisOfTeam, "api-team-analysis"),
    *_both(f"{_ONE}/optimize", computed.OptimisedTeam, "api-team-optimize"),
    *_both(f"{_ONE}/compare", computed.ComparedTeams, "api-team-compare"),
    *_both(f"{_ONE}/export", computed.ExportOfTeam, "api-team-export"),
    *_both(f"{_ONE}/history", history.History, "api-team-history"),
    *_both(f"{_ONE}/history/<int:number>", history.OneTeamRevision, "api-team-revision"),
    *_both(f"{_ONE}/history/<int:number>/restore", history.RestoredTeam, "api-team-revision-restore"),
    *moderation_routes("team", "teams"),
]
