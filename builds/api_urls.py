from django.urls import URLPattern, path

from accounts.api.moderation import moderation_routes
from builds.api import attributes, builds, catalogue, effects, improve, links
from builds.api import gear_runs as gear

urlpatterns: list[URLPattern] = [
    path("builds/", builds.Builds.as_view(), name="api-builds"),
    path("builds/mine/", builds.OwnBuilds.as_view(), name="api-builds-mine"),
    path("builds/validate/", builds.BuildCheck.as_view(), name="api-builds-validate"),
    path("builds/<uuid:build_id>/", builds.OneBuild.as_view(), name="api-build"),
    path("builds/<uuid:build_id>/attributes", attributes.BuildAttributes.as_view(), name="api-build-attributes"),
    # The slash that all other routes have is no mistake to answer for.
    path("builds/<uuid:build_id>/attributes/", attributes.BuildAttributes.as_view(schema=None)),
    path("builds/<uuid:build_id>/copy/", builds.CopyOfBuild.as_view(), name="api-build-copy"),
    path("builds/<uuid:build_id>/effects", effects.EffectsOfBuild.as_view(), name="api-build-effects"),
    path("builds/<uuid:build_id>/effects/", effects.EffectsOfBuild.as_view(schema=None)),
    path("builds/improve", improve.ImprovedNew.as_view(), name="api-builds-improve"),
    path("builds/improve/", improve.ImprovedNew.as_view(schema=None)),
    path("builds/<uuid:build_id>/improve", improve.ImprovedOfBuild.as_view(), name="api-build-improve"),
    path("builds/<uuid:build_id>/improve/", improve.ImprovedOfBuild.as_view(schema=None)),
    path("builds/<uuid:build_id>/optimize-gear", gear.OptimisedBuildGear.as_view(), name="api-build-optimize-gear"),
    path("builds/<uuid:build_id>/optimize-gear/", gear.OptimisedBuildGear.as_view(schema=None)),
    path("gear-runs/<uuid:run_id>", gear.OneGearRun.as_view(), name="api-gear-run"),
    path("gear-runs/<uuid:run_id>/", gear.OneGearRun.as_view(schema=None)),
    path("gear-runs/<uuid:run_id>/cancel", gear.CancelledGearRun.as_view(), name="api-gear-run-cancel"),
    path("gear-runs/<uuid:run_id>/cancel/", gear.CancelledGearRun.as_view(schema=None)),
    path("builds/<uuid:build_id>/revisions/", builds.Revisions.as_view(), name="api-revisions"),
    path("builds/<uuid:build_id>/revisions/<int:number>/", builds.OneRevision.as_view(), name="api-revision"),
    path(
        "builds/<uuid:build_id>/revisions/<int:number>/restore/",
        builds.RestoredRevision.as_view(),
        name="api-revision-restore",
    ),
    *moderation_routes("build", "builds"),
    path("shared/<slug:share_key>/", builds.SharedBuild.as_view(), name="api-shared"),
    path("chatlinks/decode/", links.DecodeLink.as_view(), name="api-link-decode"),
    path("chatlinks/encode/", links.EncodeLink.as_view(), name="api-link-encode"),
    path("catalogue/", catalogue.CatalogueOverview.as_view(), name="api-catalogue"),
    path("catalogue/<str:kind>/", catalogue.CatalogueOfKind.as_view(), name="api-catalogue-kind"),
    path("catalogue/<str:kind>/<str:thing>/", catalogue.CatalogueOne.as_view(), name="api-catalogue-thing"),
]
