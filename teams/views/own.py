"""What an owner does with a whole team: make, name, share, copy, look back, delete."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from builds.access import readable_build
from builds.models import Build
from builds.views.common import add_errors, user_of
from builds.views.library import next_url
from gw2optimizer.errors import DomainError, NotFound
from gw2optimizer.pages import render_partial
from teams.access import editable_team, readable_team
from teams.forms import NewTeamForm, TeamForm
from teams.layout import Placed, Source, blank_team
from teams.models import Team
from teams.pagination import REVISIONS, page_of
from teams.services.sharing import renew_share_link
from teams.services.sources import placed_from
from teams.services.teams import copy_team, create_team, delete_team, restore_revision, update_team
from teams.spec import GroupSpec, TeamSpec
from teams.views.board import version_of

MOST_OFFERED = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """An empty team, or one with a build in its first place, which may go into a team that is there as well."""
    build = _build(request, request.POST.get("build") or request.GET.get("build") or "")
    initial = {"game_mode": build.game_mode, "wvw_style": build.wvw_style} if build else None
    form = NewTeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        style = data["wvw_style"] if data["game_mode"] == "wvw" else ""
        try:
            spec = blank_team(data["name"], data["game_mode"], style or None, data["size"])
            spec, sources = _with_first(spec, build)
            team = create_team(owner=user_of(request), spec=spec, sources=sources)
        except DomainError as error:
            add_errors(form, error)
        else:
            return redirect(team)
    context = {"form": form, "build": build, "with_room": _with_room(user_of(request)) if build else []}
    return render_partial(request, "teams/new.html", context, status=422 if form.errors else 200)


def _build(request: HttpRequest, text: str) -> Build | None:
    if not text:
        return None
    try:
        return readable_build(request.user, uuid.UUID(text))
    except ValueError as error:
        raise NotFound("There is no such build.") from error


def _with_room(user: User) -> list[tuple[Team, int]]:
    """One's own teams with an empty place, and the number of the first."""
    rows = Team.objects.filter(owner=user, filled__lt=F("size")).order_by("-updated_at", "-id")[:MOST_OFFERED]
    return [(team, [name for group in team.makeup for name in group].index(None) + 1) for team in rows]


def _with_first(spec: TeamSpec, build: Build | None) -> tuple[TeamSpec, dict[tuple[int, int], Source]]:
    if build is None:
        return spec, {}
    placed = placed_from(build, Placed())
    first = spec.groups[0]
    groups = (GroupSpec((placed.slot, *first.slots[1:])), *spec.groups[1:])
    assert placed.source is not None
    return replace(spec, groups=groups), {(0, 0): placed.source}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    team = editable_team(request.user, team_id)
    fields = ("name", "game_mode", "wvw_style", "notes", "visibility", "version")
    form = TeamForm(request.POST or None, initial={name: getattr(team, name) for name in fields})
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        if data["game_mode"] != "wvw":
            data["wvw_style"] = ""
        try:
            update_team(team_id=team.pk, author=user_of(request), version=data.pop("version"), **data)
        except DomainError as error:
            add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect(team)
    return render_partial(
        request, "teams/settings.html", {"team": team, "form": form}, status=422 if form.errors else 200
    )  # fmt: skip


@login_required
@require_POST
def copy(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    team = copy_team(source=readable_team(request.user, team_id), owner=user_of(request))
    messages.success(request, "Copied: this one is yours, and private.")
    return redirect(team)


@login_required
@require_POST
def renew_link(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    team = renew_share_link(team_id=editable_team(request.user, team_id).pk)
    messages.success(request, "The team has a new secret link. The old one opens nothing any more.")
    return redirect(team)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    team = editable_team(request.user, team_id)
    if request.method != "POST":
        return render_partial(request, "teams/delete.html", {"team": team})
    delete_team(team=team)
    messages.success(request, f"“{team.name}” is deleted.")
    return redirect("teams:mine")


@login_required
@require_safe
def history(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    team = editable_team(request.user, team_id)
    rows = team.revisions.select_related("author").defer("spec", "sources", "notes")
    page = page_of(rows, REVISIONS, request.GET.get("cursor", ""))
    context = {"team": team, "page": page, "next_url": next_url(request, page.next_cursor)}
    return render_partial(request, "teams/history.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, team_id: uuid.UUID, number: int) -> HttpResponse:
    team = editable_team(request.user, team_id)
    if number >= 2**31:
        raise NotFound("This team has no such revision.")
    restored = restore_revision(
        team_id=team.pk, number=number, author=user_of(request), version=version_of(request)
    )  # fmt: skip
    messages.success(request, f"Revision {number} is back, as a new save.")
    return redirect(restored)
