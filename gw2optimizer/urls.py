from django.contrib import admin
from django.urls import include, path

from gw2optimizer.api_docs import DocsView, SchemaView
from gw2optimizer.health import healthz, readyz
from gw2optimizer.metrics import metrics

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("admin/", admin.site.urls),
    path("api/v1/schema/", SchemaView.as_view(), name="schema"),
    path("api/v1/docs/", DocsView.as_view(), name="docs"),
    path("api/v1/ai/", include("ai_agents.urls")),
    path("api/v1/", include("accounts.api_urls")),
    path("api/v1/", include("builds.api_urls")),
    path("api/v1/", include("teams.roster_api_urls")),
    path("api/v1/", include("teams.api_urls")),
    path("", include("accounts.urls")),
    path("", include("builds.urls")),
    path("", include("teams.roster_urls")),
    path("", include("teams.urls")),
]

handler400 = "gw2optimizer.error_views.bad_request"
handler403 = "gw2optimizer.error_views.permission_denied"
handler404 = "gw2optimizer.error_views.page_not_found"
handler500 = "gw2optimizer.error_views.server_error"
