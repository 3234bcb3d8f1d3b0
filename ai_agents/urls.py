from django.urls import URLPattern, path

from ai_agents.api import RecommendBuild

urlpatterns: list[URLPattern] = [
    path("recommend-build", RecommendBuild.as_view(), name="api-recommend-build"),
    # A form of the address that clients of the other routes would guess; a redirect would lose the body.
    path("recommend-build/", RecommendBuild.as_view(schema=None)),
]
