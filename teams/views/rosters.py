"""Pages of a player's own rosters: who is on them, and the link by which others sign up."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from builds.catalogue import current_catalogue
from builds.views.answers import pasted_build
from builds.views.common import add_errors, user_of
from builds.views.library import next_url
from gw2optimizer.errors import DomainError, InvalidInput, NotFound
from gw2optimizer.pages import render_partial
from gw2optimizer.pagination import page_of
from gw2optimizer.ratelimits import limited
from teams.models import Roster, RosterEntry
from teams.pagination import OWN_TEAMS
from teams.roster import Player, RosterSpec, parse_player
from teams.roster_access import own_roster
from teams.roster_forms import EntryForm, LinkForm, RosterForm
from teams.services.rosters import (
    add_entry,
    change_entry,
    close_signup,
    create_roster,
    delete_roster,
    remove_entry,
    renew_signup,
    update_roster,
)


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    rows = Roster.objects.filter(owner=user_of(request)).prefetch_related("entries")
    page = page_of(rows, OWN_TEAMS, request.GET.get("cursor", ""))
    context = {"page": page, "next_url": next_url(request, page.next_cursor)}
    return render_partial(request, "teams/rosters.html", context, partial="results")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    form = RosterForm(request.POST or None, initial={"time_zone": user_of(request).time_zone or "UTC"})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        spec = RosterSpec(data["name"], (), data["game_mode"], data["time_zone"])
        try:
            roster = create_roster(owner=user_of(request), spec=spec)
        except DomainError as error:
            add_errors(form, error)
        else:
            return redirect(roster)
    return render_partial(request, "teams/roster_new.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def detail(request: HttpRequest, roster_id: uuid.UUID) -> HttpResponse:
    return _detail(request, own_roster(request.user, roster_id))


def _detail(request: HttpRequest, roster: Roster, **context: Any) -> HttpResponse:
    forms = [form for form in context.values() if getattr(form, "errors", None)]
    settings = RosterForm(
        initial={
            "name": roster.name,
            "game_mode": roster.game_mode,
            "time_zone": roster.time_zone,
            "version": roster.version,
        }
    )
    link = reverse("rosters:signup", args=[roster.signup_key]) if roster.has_link else ""
    shown = {
        "roster": roster,
        "entries": [(entry, entry.value) for entry in sorted(roster.entries.all(), key=lambda one: one.pk)],
        "link": request.build_absolute_uri(link) if link else "",
        "link_form": LinkForm(),
        "settings_form": settings,
    }
    return render_partial(request, "teams/roster.html", shown | context, status=422 if forms else 200)


@login_required
@require_POST
def change(request: HttpRequest, roster_id: uuid.UUID) -> HttpResponse:
    roster = own_roster(request.user, roster_id)
    form = RosterForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            update_roster(
                roster_id=roster.pk, version=data["version"], name=data["name"], game_mode=data["game_mode"],
                time_zone=data["time_zone"],
            )  # fmt: skip
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect(roster)
    return _detail(request, roster, settings_form=form)


@login_required
@require_POST
def signup_link(request: HttpRequest, roster_id: uuid.UUID) -> HttpResponse:
    """do: renew, close, lock or unlock."""
    roster = own_roster(request.user, roster_id)
    do = request.POST.get("do", "")
    if do == "renew":
        form = LinkForm(request.POST)
        if not form.is_valid():
            return _detail(request, roster, link_form=form)
        renew_signup(roster_id=roster.pk, days=form.cleaned_data["days"])
        messages.success(request, "There is a new sign-up link. An older one opens nothing any more.")
    elif do == "close":
        close_signup(roster_id=roster.pk)
        messages.success(request, "The sign-up link is gone.")
    elif do in ("lock", "unlock"):
        update_roster(roster_id=roster.pk, version=None, locked=do == "lock")
        said = "Locked: nobody changes anything by link." if do == "lock" else "Players may sign up and change again."
        messages.success(request, said)
    else:
        raise InvalidInput("Choose what to do with the link.")
    return redirect(roster)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, roster_id: uuid.UUID) -> HttpResponse:
    roster = own_roster(request.user, roster_id)
    if request.method != "POST":
        return render_partial(request, "teams/roster_delete.html", {"roster": roster})
    delete_roster(roster=roster)
    messages.success(request, f"“{roster.name}” is deleted.")
    return redirect("rosters:mine")


# --- Entries ---------------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, roster_id: uuid.UUID) -> HttpResponse:
    roster = own_roster(request.user, roster_id)
    form = EntryForm(request.POST if request.method == "POST" else None)
    player = read_entry(request, form, roster)
    if player is not None:
        try:
            add_entry(roster_id=roster.pk, player=player)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{player.name} is on the roster.")
            return redirect(roster)
    return entry_page(request, form, {"roster": roster, "entry": None})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, roster_id: uuid.UUID, entry_id: int) -> HttpResponse:
    roster = own_roster(request.user, roster_id)
    entry = _entry_of(roster, entry_id)
    form = EntryForm(request.POST if request.method == "POST" else None, player=entry.value, version=entry.version)
    player = read_entry(request, form, roster)
    if player is not None:
        try:
            change_entry(
                roster_id=roster.pk, entry_id=entry.pk, version=form.cleaned_data["version"], player=player
            )  # fmt: skip
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, f"{player.name} is saved.")
            return redirect(roster)
    return entry_page(request, form, {"roster": roster, "entry": entry})


@login_required
@require_POST
def remove(request: HttpRequest, roster_id: uuid.UUID, entry_id: int) -> HttpResponse:
    roster = own_roster(request.user, roster_id)
    entry = _entry_of(roster, entry_id)
    remove_entry(roster_id=roster.pk, entry_id=entry.pk)
    messages.success(request, f"{entry.name} is off the roster.")
    return redirect(roster)


def _entry_of(roster: Roster, entry_id: int) -> RosterEntry:
    entry = next((one for one in roster.entries.all() if one.pk == entry_id), None)
    if entry is None:
        raise NotFound("There is no such entry any more.")
    return entry


def read_entry(request: HttpRequest, form: EntryForm, roster: Roster) -> Player | None:
    """None where the form was not sent, asks for more rows, or is wrong, which it then tells."""
    if not form.is_bound or "more" in request.POST or not form.is_valid():
        return None
    limited(request, group="answer")
    data = form.cleaned_data
    try:
        pasted = None
        if data["code"].strip():
            pasted, _ = pasted_build(
                data["code"], current_catalogue(), name="", game_mode=roster.game_mode, role=data["code_role"]
            )  # fmt: skip
        return parse_player(form.document(pasted), current_catalogue())
    except DomainError as error:
        form.refuse(error)
        return None


def entry_page(request: HttpRequest, form: EntryForm, context: dict[str, Any]) -> HttpResponse:
    """With more rows where they are asked for; nothing is complained about then."""
    if "more" in request.POST:
        form.errors.clear()
    return render_partial(
        request, "teams/roster_entry.html", {"form": form, **context}, status=422 if form.errors else 200
    )
