"""Builds for staff: to look at, to hide and to delete. What a build says is its owner's to change."""

from datetime import datetime
from typing import Any

import orjson
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.hideable import HideableAdmin
from accounts.models import User
from builds.catalogue import current_catalogue
from builds.models import Build, BuildRevision
from builds.services.builds import delete_build, update_build


def pretty(spec: Any) -> SafeString:
    return format_html("<pre>{}</pre>", orjson.dumps(spec, option=orjson.OPT_INDENT_2).decode())


class ProfessionFilter(admin.SimpleListFilter):
    """Django's own would look through all builds for the names that occur."""

    title = parameter_name = "profession"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in current_catalogue().professions]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Build]) -> QuerySet[Build]:
        return queryset.filter(profession=self.value()) if self.value() else queryset


@admin.register(Build)
class BuildAdmin(HideableAdmin):
    list_display = (
        "name", "owner", "profession", "elite_specialization", "game_mode", "role", "visibility", "hidden", "stale",
        "dated",
    )  # fmt: skip
    list_filter = (
        "visibility",
        ("hidden_at", admin.EmptyFieldListFilter),
        ProfessionFilter,
        "game_mode",
        "role",
        "origin",
        "is_fresh",
    )
    search_fields = ("name", "owner__username")
    search_help_text = "Name of the build or of its owner"
    ordering = ("-updated_at", "-id")
    list_select_related = ("owner",)
    show_full_result_count = False
    fields = (
        "name", "owner", "visibility", "hidden_at", "hidden_reason", "profession", "elite_specialization", "game_mode",
        "wvw_style", "role", "origin",
        "source_label", "source_url", "description", "difficulty", "tags", "template_code", "version", "stale", "dated",
        "created_at", "updated_at", "history", "value_text",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "visibility")

    @admin.display(boolean=True, ordering="is_fresh")
    def stale(self, build: Build) -> bool:
        return build.is_stale

    @admin.display(description="as of", ordering="as_of", empty_value="no date")
    def dated(self, build: Build) -> datetime | None:
        return build.as_of if build.is_dated else None

    @admin.display(description="build/1")
    def value_text(self, build: Build) -> SafeString:
        return pretty(build.spec)

    def history(self, build: Build) -> SafeString:
        address = reverse("admin:builds_buildrevision_changelist", query={"build": build.pk})
        return format_html('<a href="{}">Revisions</a>', address)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Build]:
        rows = super().get_queryset(request)
        return rows.defer("spec", "description", "search_text") if _is_list(request) else rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Build, form: "ModelForm[Build]", change: bool) -> None:
        if "visibility" in form.changed_data:
            assert isinstance(request.user, User)
            update_build(build_id=obj.pk, author=request.user, version=None, visibility=obj.visibility)

    def delete_model(self, request: HttpRequest, obj: Build) -> None:
        delete_build(build=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Build]) -> None:
        for build in queryset:
            delete_build(build=build)


@admin.register(BuildRevision)
class BuildRevisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ("name", "number", "owner", "author", "note", "created_at")
    search_fields = ("name", "build__owner__username")
    search_help_text = "Name of the build or of its owner"
    ordering = ("-id",)
    list_select_related = ("build__owner", "author")
    show_full_result_count = False
    fields = ("build", "number", "name", "description", "note", "author", "created_at", "value_text")
    readonly_fields = fields

    @admin.display(ordering="build__owner__username")
    def owner(self, revision: BuildRevision) -> str:
        return revision.build.owner.username

    @admin.display(description="build/1")
    def value_text(self, revision: BuildRevision) -> SafeString:
        return pretty(revision.spec)

    def get_queryset(self, request: HttpRequest) -> QuerySet[BuildRevision]:
        rows = super().get_queryset(request)
        if not _is_list(request):
            return rows
        return rows.defer("spec", "description", "build__spec", "build__description", "build__search_text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: BuildRevision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: BuildRevision | None = None) -> bool:
        # A revision goes only with its build or its owner, whose own pages ask here too.
        match = request.resolver_match
        own_page = match is not None and str(match.url_name).startswith("builds_buildrevision_")
        return not own_page and super().has_delete_permission(request, obj)


def _is_list(request: HttpRequest) -> bool:
    return request.resolver_match is not None and str(request.resolver_match.url_name).endswith("_changelist")
