from django.urls import path

from teams.views import rosters, signup

app_name = "rosters"

_ONE = "teams/rosters/<uuid:roster_id>/"
_ENTRY = f"{_ONE}players/<int:entry_id>/"

urlpatterns = [
    path("teams/rosters/", rosters.mine, name="mine"),
    path("teams/rosters/new/", rosters.new, name="new"),
    path(_ONE, rosters.detail, name="detail"),
    path(f"{_ONE}change/", rosters.change, name="change"),
    path(f"{_ONE}link/", rosters.signup_link, name="link"),
    path(f"{_ONE}delete/", rosters.delete, name="delete"),
    path(f"{_ONE}players/", rosters.add, name="add"),
    path(_ENTRY, rosters.edit, name="edit"),
    path(f"{_ENTRY}remove/", rosters.remove, name="remove"),
    path("teams/signup/<str:key>/", signup.signup, name="signup"),
    path("teams/signup/mine/<str:key>/", signup.own, name="own_entry"),
    path("teams/signup/mine/<str:key>/leave/", signup.leave_roster, name="leave"),
]
