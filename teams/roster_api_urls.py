from django.urls import URLPattern, path

from teams.api import rosters

urlpatterns: list[URLPattern] = [
    path("teams/rosters/", rosters.Rosters.as_view(), name="api-rosters"),
    path("teams/rosters/<uuid:roster_id>/", rosters.OneRoster.as_view(), name="api-roster"),
    path("teams/rosters/<uuid:roster_id>/signup/", rosters.RosterSignup.as_view(), name="api-roster-signup"),
    path("teams/rosters/<uuid:roster_id>/players/", rosters.RosterPlayers.as_view(), name="api-roster-players"),
    path(
        "teams/rosters/<uuid:roster_id>/players/<int:entry_id>/",
        rosters.OneRosterPlayer.as_view(),
        name="api-roster-player",
    ),
]
