from django.urls import path, re_path

from builds import icons
from builds.views import compare, editor, filters, gear, library, own

app_name = "builds"

urlpatterns = [
    path("", library.home, name="home"),
    path("builds/", library.library, name="list"),
    path("builds/compare/", compare.compare, name="compare"),
    path("builds/create/", own.create, name="create"),
    path("builds/new/", editor.new, name="new"),
    path("builds/preview/", editor.preview, name="preview"),
    path("builds/choices/", editor.choices, name="choices"),
    path("builds/save/", own.save_open, name="save_open"),
    path("builds/filters/", filters.save, name="save_filter"),
    path("builds/filters/<int:filter_id>/delete/", filters.delete, name="delete_filter"),
    path("builds/mine/", own.mine, name="mine"),
    path("builds/<uuid:build_id>/", library.detail, name="detail"),
    path("builds/<uuid:build_id>/edit/", editor.edit, name="edit"),
    path("builds/<uuid:build_id>/copy/", own.copy, name="copy"),
    path("builds/<uuid:build_id>/renew-link/", own.renew_link, name="renew_link"),
    path("builds/<uuid:build_id>/delete/", own.delete, name="delete"),
    path("builds/<uuid:build_id>/history/", own.history, name="history"),
    path("builds/<uuid:build_id>/history/<int:number>/restore/", own.restore, name="restore"),
    path("builds/<uuid:build_id>/optimize/", gear.optimise, name="optimise"),
    path("gear-runs/<uuid:run_id>/", gear.gear_run, name="gear_run"),
    path("gear-runs/<uuid:run_id>/cancel/", gear.cancel, name="gear_run_cancel"),
    path("gear-runs/<uuid:run_id>/apply/", gear.apply, name="gear_run_apply"),
    path("s/<str:share_key>/", library.shared, name="shared"),
    re_path(rf"^icons/(?P<name>{icons.NAME})$", icons.icon, name="icon"),
    path("open/<str:payload>/", library.open_link, name="open"),
    path("open/<str:payload>/optimize/", gear.optimise_open, name="optimise_open"),
]
