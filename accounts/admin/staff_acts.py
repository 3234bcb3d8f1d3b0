"""The log of staff acts: to be read by admins, and by nobody to be changed."""

from typing import Any

import orjson
from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.models import StaffAct, User


@admin.register(StaffAct)
class StaffActAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ("at", "who", "verb", "target_kind", "target_id", "source", "address")
    list_filter = ("verb", "source")
    search_fields = ("actor_key", "actor__username", "target_id", "request_id")
    search_help_text = "Name or key of who did it, id of what it was done to, or of the request"
    ordering = ("-id",)
    list_select_related = ("actor",)
    show_full_result_count = False
    fields = (
        "at", "who", "actor_key", "verb", "target_kind", "target_id", "before_text", "after_text", "source", "address",
        "request_id",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="who")
    def who(self, act: StaffAct) -> str:
        if act.actor is not None:
            return act.actor.username
        return f"gone ({act.actor_key[:8]})" if act.actor_key else "a command"

    @admin.display(description="before")
    def before_text(self, act: StaffAct) -> SafeString:
        return _plain(act.before)

    @admin.display(description="after")
    def after_text(self, act: StaffAct) -> SafeString:
        return _plain(act.after)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup in {"target_kind", "target_id"} or super().lookup_allowed(lookup, value, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return _is_admin(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_admin(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _is_admin(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser


def _plain(value: dict[str, Any]) -> SafeString:
    return format_html("<pre>{}</pre>", orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())
