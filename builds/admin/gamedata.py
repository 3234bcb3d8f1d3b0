"""Snapshots of the game data for staff: what is active, what each brought, and the way back to an older one."""

from collections.abc import Callable
from functools import partial
from typing import Any

import structlog
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from accounts.models import StaffAct
from accounts.services.staff_acts import by_request, record_staff_act
from builds.gamedata.diff import lines
from builds.models import GameDataSnapshot
from builds.services.gamedata import activate_snapshot
from builds.tasks import sync_gamedata

log = structlog.get_logger(__name__)


@admin.register(GameDataSnapshot)
class SnapshotAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    change_list_template = "admin/builds/snapshots.html"
    list_display = ("__str__", "is_active", "game_build", "taken_on", "source", "language", "holds", "status")
    list_filter = ("source", "is_active")
    search_fields = ("game_build", "status", "checksum")
    search_help_text = "Game build, what it brought, or checksum"
    ordering = ("-id",)
    show_full_result_count = False
    actions = ("activate",)
    fields = (
        "game_build", "taken_on", "source", "language", "is_active", "status", "holds", "changes", "previous",
        "checksum", "created_at", "activated_at",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[GameDataSnapshot]:
        # Half a megabyte a row, which no page shows; the row before is only named.
        return super().get_queryset(request).defer("payload", "previous__payload").select_related("previous")

    @admin.display(description="holds")
    def holds(self, snapshot: GameDataSnapshot) -> str:
        return ", ".join(f"{count} {kind}" for kind, count in snapshot.counts.items())

    @admin.display(description="changes against the snapshot before")
    def changes(self, snapshot: GameDataSnapshot) -> SafeString | str:
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines(snapshot.diff))) or "None are recorded."

    @admin.action(description="Make the game data of this snapshot the active one", permissions=["change"])
    def activate(self, request: HttpRequest, rows: QuerySet[GameDataSnapshot]) -> None:
        chosen = list(rows[:2])
        if len(chosen) != 1:
            self.message_user(request, "Choose one snapshot: only one can be active.", messages.ERROR)
            return
        activate_snapshot(snapshot=chosen[0])
        self.log_change(request, chosen[0], "Activated.")
        self.message_user(request, f"Active now: {chosen[0]}.", messages.SUCCESS)

    def get_urls(self) -> list[URLPattern]:
        view: Callable[..., Any] = self.admin_site.admin_view(require_POST(self.sync_now))
        return [path("sync/", view, name="builds_gamedatasnapshot_sync"), *super().get_urls()]

    def sync_now(self, request: HttpRequest) -> HttpResponseRedirect:
        back = HttpResponseRedirect(reverse("admin:builds_gamedatasnapshot_changelist"))
        if not self.has_change_permission(request):
            self.message_user(request, "Your account may not change the game data.", messages.ERROR)
            return back
        with transaction.atomic():
            by = by_request(request, StaffAct.Source.ADMIN)
            record_staff_act(by=by, verb=StaffAct.Verb.STARTED, target="builds.sync_gamedata")
            transaction.on_commit(partial(self._enqueue, request))
        return back

    def _enqueue(self, request: HttpRequest) -> None:
        try:
            sync_gamedata.delay()
        except OperationalError as error:
            log.error("gamedata_sync_not_enqueued", error=type(error).__name__)
            self.message_user(request, "The task queue can't be reached; nothing was started.", messages.ERROR)
        else:
            self.message_user(request, "The sync was started. Its snapshot appears here when it is done.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: GameDataSnapshot | None = None) -> bool:
        # Syncs thin them out; a row that is active or leads back to the packaged data is not to be lost by a click.
        return False
