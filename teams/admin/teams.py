"""Teams for staff: to look at, to hide and to delete. What a team says is its owner's to change."""

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.admin.hideable import HideableAdmin
from accounts.models import User
from builds.admin.builds import pretty
from teams.models import Team, TeamRevision
from teams.services.teams import delete_team, update_team
from teams.spec import plain_team_json


@admin.register(Team)
class TeamAdmin(HideableAdmin):
    list_display = (
        "name", "owner", "game_mode", "wvw_style", "size", "synergy_score", "grade", "visibility", "hidden",
        "updated_at",
    )  # fmt: skip
    list_filter = ("visibility", ("hidden_at", admin.EmptyFieldListFilter), "game_mode", "wvw_style", "grade")
    search_fields = ("name", "owner__username")
    search_help_text = "Name of the team or of its owner"
    ordering = ("-updated_at", "-id")
    list_select_related = ("owner",)
    show_full_result_count = False
    fields = (
        "name", "owner", "visibility", "hidden_at", "hidden_reason", "game_mode", "wvw_style", "size", "filled",
        "synergy_score", "grade", "engine_version", "notes", "source_label", "version", "created_at", "updated_at",
        "history", "value_text",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "visibility")

    @admin.display(description="team/1")
    def value_text(self, team: Team) -> SafeString:
        return pretty(plain_team_json(team.value))

    def history(self, team: Team) -> SafeString:
        address = reverse("admin:teams_teamrevision_changelist", query={"team": team.pk})
        return format_html('<a href="{}">Revisions</a>', address)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        return super().get_queryset(request).defer("notes", "search_text", "makeup")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Team, form: "ModelForm[Team]", change: bool) -> None:
        if "visibility" in form.changed_data:
            assert isinstance(request.user, User)
            update_team(team_id=obj.pk, author=request.user, version=None, visibility=obj.visibility)

    def delete_model(self, request: HttpRequest, obj: Team) -> None:
        delete_team(team=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Team]) -> None:
        for team in queryset:
            delete_team(team=team)


@admin.register(TeamRevision)
class TeamRevisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    list_display = ("name", "number", "owner", "author", "note", "created_at")
    search_fields = ("name", "team__owner__username")
    search_help_text = "Name of the team or of its owner"
    ordering = ("-id",)
    list_select_related = ("team__owner", "author")
    show_full_result_count = False
    fields = ("team", "number", "name", "notes", "note", "synergy_score", "author", "created_at", "value_text")
    readonly_fields = fields

    @admin.display(ordering="team__owner__username")
    def owner(self, revision: TeamRevision) -> str:
        return revision.team.owner.username

    @admin.display(description="team/1")
    def value_text(self, revision: TeamRevision) -> SafeString:
        return pretty(revision.spec)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TeamRevision]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        if match is None or not str(match.url_name).endswith("_changelist"):
            return rows
        return rows.defer("spec", "sources", "notes", "team__notes", "team__makeup", "team__search_text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: TeamRevision | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: TeamRevision | None = None) -> bool:
        # A revision goes only with its team or its owner, whose own pages ask here too.
        match = request.resolver_match
        own_page = match is not None and str(match.url_name).startswith("teams_teamrevision_")
        return not own_page and super().has_delete_permission(request, obj)
