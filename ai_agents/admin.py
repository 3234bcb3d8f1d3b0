"""Runs of agents, for staff to look at: how long they take, what the model does and what goes wrong."""

from typing import Any

import orjson
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from ai_agents.models import AgentRun
from builds.admin.builds import pretty


@admin.register(AgentRun)
class AgentRunAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ("id", "agent", "status", "answered_by", "reason", "owner", "attempts", "created_at", "finished_at")
    list_filter = ("status", "agent", "answered_by")
    search_fields = ("owner__username",)
    search_help_text = "Name of the owner"
    ordering = ("-created_at", "-id")
    list_select_related = ("owner",)
    show_full_result_count = False
    fields = (
        "id", "agent", "status", "cancel_asked", "owner", "language", "done", "answered_by", "reason", "from_cache",
        "model", "prompt_version", "tokens_in", "tokens_out", "repaired", "rejected", "attempts", "error_code",
        "error_message", "created_at", "started_at", "finished_at", "due_at", "expires_at", "last_event",
        "inputs_text", "steps_text", "result_size",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description="inputs")
    def inputs_text(self, run: AgentRun) -> SafeString:
        return pretty(run.inputs)

    @admin.display(description="steps")
    def steps_text(self, run: AgentRun) -> SafeString:
        return pretty(run.steps)

    @admin.display(description="result", empty_value="none")
    def result_size(self, run: AgentRun) -> str | None:
        return None if run.result is None else f"{len(orjson.dumps(run.result)):,} bytes"

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgentRun]:
        rows = super().get_queryset(request)
        own = request.resolver_match is not None and str(request.resolver_match.url_name).endswith("_changelist")
        return rows.defer("inputs", "result", "steps") if own else rows

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # A run goes with its owner or its age; the page of the former asks here too.
        match = request.resolver_match
        own_page = match is not None and str(match.url_name).startswith("ai_agents_agentrun_")
        return not own_page and super().has_delete_permission(request, obj)
