from django.urls import URLPattern, path

from ai_agents.api import runs, status, teams
from ai_agents.api.recommend import RecommendBuild

urlpatterns: list[URLPattern] = [
    path("recommend-build", RecommendBuild.as_view(), name="api-recommend-build"),
    # A form of the address that clients of the other routes would guess; a redirect would lose the body.
    path("recommend-build/", RecommendBuild.as_view(schema=None)),
    path("analyze-team-synergy", teams.AnalyseTeamSynergy.as_view(), name="api-analyze-team"),
    path("analyze-team-synergy/", teams.AnalyseTeamSynergy.as_view(schema=None)),
    path("optimize-team", teams.OptimiseTeam.as_view(), name="api-optimize-team"),
    path("optimize-team/", teams.OptimiseTeam.as_view(schema=None)),
    path("teams/command", teams.TeamCommand.as_view(), name="api-teams-command"),
    path("teams/command/", teams.TeamCommand.as_view(schema=None)),
    path("agents", status.Agents.as_view(), name="api-ai-agents"),
    path("status", status.Status.as_view(), name="api-ai-status"),
    path("runs", runs.OwnRuns.as_view(), name="api-ai-runs"),
    path("runs/<uuid:agent_run_id>", runs.OneRun.as_view(), name="api-ai-run"),
    path("runs/<uuid:agent_run_id>/events", runs.EventsOfRun.as_view(), name="api-ai-run-events"),
]
