"""Rosters, for staff to look at. Whoever has a sign-up link or an own one gets in by it, so that neither is shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from teams.models import Roster, RosterEntry


class RosterEntries(admin.TabularInline):  # type: ignore[type-arg]  # generic in the stubs only
    model = RosterEntry
    fields = readonly_fields = ("name", "note", "away", "created_at", "updated_at")
    extra = 0
    can_delete = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Roster)
class RosterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ("name", "owner", "game_mode", "locked", "signup_until", "updated_at")
    search_fields = ("name", "owner__username")
    search_help_text = "Name of the roster or of its owner"
    ordering = ("-updated_at", "-id")
    list_select_related = ("owner",)
    show_full_result_count = False
    fields = readonly_fields = (
        "id", "name", "owner", "game_mode", "time_zone", "locked", "signup_until", "version", "created_at",
        "updated_at",
    )  # fmt: skip
    inlines = [RosterEntries]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
