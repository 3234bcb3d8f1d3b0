from django.urls import path

from teams.views import board, browse, compose, own, proposals

app_name = "teams"

_ONE = "teams/<uuid:team_id>/"

urlpatterns = [
    path("teams/", browse.public, name="list"),
    path("teams/mine/", browse.mine, name="mine"),
    path("teams/new/", own.new, name="new"),
    path("teams/compose/", compose.compose, name="compose"),
    path("teams/compose/save/", compose.save, name="save_composed"),
    path("teams/compare/", browse.compare, name="compare"),
    path(_ONE, board.detail, name="detail"),
    path(f"{_ONE}change/", board.change, name="change"),
    path(f"{_ONE}mends/", proposals.mends, name="mends"),
    path(f"{_ONE}words/", proposals.by_words, name="words"),
    path(f"{_ONE}best/", proposals.best, name="best"),
    path(f"{_ONE}take/", proposals.take, name="take"),
    path(f"{_ONE}places/<int:number>/", board.place, name="place"),
    path(f"{_ONE}places/<int:number>/build/", board.pick, name="pick"),
    path(f"{_ONE}settings/", own.settings, name="settings"),
    path(f"{_ONE}copy/", own.copy, name="copy"),
    path(f"{_ONE}delete/", own.delete, name="delete"),
    path(f"{_ONE}renew-link/", own.renew_link, name="renew_link"),
    path(f"{_ONE}history/", own.history, name="history"),
    path(f"{_ONE}history/<int:number>/restore/", own.restore, name="restore"),
    path("t/<str:share_key>/", browse.shared, name="shared"),
]
