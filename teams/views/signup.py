"""Signing up to a roster by its link, and changing one's own entry by another. No account is needed for either."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gw2optimizer.errors import DomainError
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited
from teams.roster_access import own_entry, signup_roster
from teams.roster_forms import EntryForm
from teams.services.rosters import change_own_entry, leave, sign_up
from teams.views.rosters import entry_page, read_entry


@require_http_methods(["GET", "HEAD", "POST"])
def signup(request: HttpRequest, key: str) -> HttpResponse:
    roster = signup_roster(key)
    form = EntryForm(request.POST if request.method == "POST" and roster.takes_entries else None)
    player = read_entry(request, form, roster)
    if player is not None:
        limited(request, group="roster_signup")
        try:
            _, own_key = sign_up(roster=roster, player=player)
        except DomainError as error:
            form.refuse(error)
        else:
            link = request.build_absolute_uri(reverse("rosters:own_entry", args=[own_key]))
            context = {"roster": roster, "player": player, "link": link}
            return _private(render_partial(request, "teams/signup_done.html", context))
    return _private(entry_page(request, form, {"roster": roster, "entry": None, "signup": True}))


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, key: str) -> HttpResponse:
    entry = own_entry(key)
    sent = request.POST if request.method == "POST" and not entry.roster.locked else None
    form = EntryForm(sent, player=entry.value, version=entry.version)
    player = read_entry(request, form, entry.roster)
    if player is not None:
        limited(request, group="roster_signup")
        try:
            change_own_entry(entry=entry, version=form.cleaned_data["version"], player=player)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, "Your entry is saved.")
            return redirect("rosters:own_entry", key)
    context = {"roster": entry.roster, "entry": entry, "signup": True, "own_key": key}
    return _private(entry_page(request, form, context))


@require_POST
def leave_roster(request: HttpRequest, key: str) -> HttpResponse:
    entry = own_entry(key)
    leave(entry=entry)
    context = {"roster": entry.roster, "player": None}
    return _private(render_partial(request, "teams/signup_done.html", context))


def _private(response: HttpResponse) -> HttpResponse:
    """The address is a secret: it goes to no other site, and to no shared store."""
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex"
    return response
