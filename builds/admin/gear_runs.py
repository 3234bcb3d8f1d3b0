"""Searches for gear, for staff to look at: how long they take and what goes wrong."""

from typing import Any

import orjson
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from builds.admin.builds import pretty
from builds.models import GearRun


@admin.register(GearRun)
class GearRunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ("id", "status", "owner", "build", "attempts", "error_code", "created_at", "finished_at")
    list_filter = ("status",)
    search_fields = ("owner__username", "build__name")
    search_help_text = "Name of the owner or of the build"
    ordering = ("-created_at", "-id")
    list_select_related = ("owner", "build")
    show_full_result_count = False
    fields = (
        "id", "status", "cancel_asked", "owner", "build", "done", "best", "bound", "evaluated", "attempts",
        "error_code", "error_message", "created_at", "started_at", "finished_at", "due_at", "engine", "game_data",
        "request_text", "spec_text", "result_size",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="wish")
    def request_text(self, run: GearRun) -> SafeString:
        return pretty(run.request)

    @admin.display(description="build/1")
    def spec_text(self, run: GearRun) -> SafeString:
        return pretty(run.spec)

    @admin.display(description="result", empty_value="none")
    def result_size(self, run: GearRun) -> str | None:
        return None if run.result is None else f"{len(orjson.dumps(run.result)):,} bytes"

    def get_queryset(self, request: HttpRequest) -> QuerySet[GearRun]:
        rows = super().get_queryset(request)
        own = request.resolver_match is not None and str(request.resolver_match.url_name).endswith("_changelist")
        heavy = ("spec", "request", "result", "build__spec", "build__description", "build__search_text")
        return rows.defer(*heavy) if own else rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A run goes with its build, its owner or its age; the pages of the first two ask here too.
        match = request.resolver_match
        own_page = match is not None and str(match.url_name).startswith("builds_gearrun_")
        return not own_page and super().has_delete_permission(request, obj)
