"""Reporting, asking for another look, and the pages of moderators."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import appealable, decidable, hideable_rows, moderator, reportable
from accounts.forms import HideForm, ReportForm, add_errors
from accounts.models import Hideable, Report
from accounts.registries import hideables
from accounts.services import moderation
from accounts.services.staff_acts import acts_on, by_request
from accounts.views.common import form_page, player
from gw2optimizer.errors import DomainError, MalformedInput
from gw2optimizer.pagination import Order, Page, moment, number, page_of
from gw2optimizer.ratelimits import limited

OPEN = Order({"id": number}, descending=False)
HIDDEN = Order({"hidden_at": moment, "id": uuid.UUID}, descending=True)
NEWEST = Order({"updated_at": moment, "id": uuid.UUID}, descending=True)
LISTS = ("open", "hidden", "new")
MOST_SHOWN = 50


def listed_page(show: str, kind: str, cursor: str) -> Page[Any]:
    """show: of LISTS. kind: of what is listed, where it is not what is open. What is open comes oldest first, each
    report with `thing`. Raises NotFound for another kind, MalformedInput."""
    if show == "open":
        page: Page[Any] = page_of(moderation.queue(), OPEN, cursor)
        things = moderation.targets_of(page.items)
        for report in page.items:
            report.thing = things.get(report.pk)
        return page
    rows = hideable_rows(kind)
    if show == "hidden":
        return page_of(moderation.listed(rows.hidden()), HIDDEN, cursor)
    return page_of(moderation.listed(rows.public()), NEWEST, cursor)


@login_required
@never_cache
@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    moderator(request.user)
    show, kind = request.GET.get("show", "open"), request.GET.get("kind", next(iter(hideables())))
    if show not in LISTS:
        raise MalformedInput("There is no such list.")
    page = listed_page(show, kind, request.GET.get("cursor", ""))
    next_url = None
    if page.next_cursor:
        query = request.GET.copy()
        query["cursor"] = page.next_cursor
        next_url = f"{request.path}?{query.urlencode()}"
    context = {"page": page, "show": show, "kind": kind, "kinds": list(hideables()), "next_url": next_url}
    return render(request, "accounts/moderation.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case_page(request: HttpRequest, target_kind: str, target_id: uuid.UUID) -> HttpResponse:
    """All about one thing, and the decision about it."""
    thing = decidable(request.user, target_kind, target_id)
    form = HideForm(request.POST if request.POST.get("act") == "hide" else None)
    if request.method == "POST" and (not form.is_bound or form.is_valid()):
        try:
            done = _decide(request, thing, form)
        except DomainError as error:
            if not form.is_bound:
                raise
            add_errors(form, error)
        else:
            messages.success(request, done)
            return redirect("accounts:moderation_case", target_kind, target_id)
    context = {
        "thing": thing,
        "kind": target_kind,
        "reports": list(moderation.reports_on(thing)[:MOST_SHOWN]),
        "open_count": moderation.open_reports(thing).count(),
        "acts": list(acts_on(thing)[:MOST_SHOWN]),
        "own": thing.owner_id == player(request).pk and not player(request).is_superuser,
    }
    return form_page(request, "accounts/moderation_case.html", form, **context)


def _decide(request: HttpRequest, thing: Hideable, form: HideForm) -> str:
    by = by_request(request)
    match request.POST.get("act"):
        case "hide":
            moderation.hide(target=thing, by=by, reason=form.cleaned_data["reason"])
            return "Hidden. Its owner is told, with the reason."
        case "show":
            moderation.show_again(target=thing, by=by)
            return "Others see it again. Its owner is told."
        case "dismiss":
            count = moderation.dismiss(target=thing, by=by)
            return f"{count} settled; it stays as it is."
    raise MalformedInput("There is no such decision.")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, target_kind: str, target_id: uuid.UUID) -> HttpResponse:
    thing = reportable(player(request), target_kind, target_id)

    def say(text: str) -> Report:
        return moderation.report(target=thing, reporter=player(request), text=text)

    return _words_page(request, thing, say, appeal=False, done="Thank you. A moderator will look at it.")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_page(request: HttpRequest, target_kind: str, target_id: uuid.UUID) -> HttpResponse:
    thing = appealable(player(request), target_kind, target_id)

    def say(text: str) -> Report:
        return moderation.appeal(target=thing, owner=player(request), text=text)

    return _words_page(request, thing, say, appeal=True, done="Sent. A moderator will look at it again.")


def _words_page(
    request: HttpRequest, thing: Hideable, say: Callable[[str], Report], *, appeal: bool, done: str
) -> HttpResponse:
    form = ReportForm(request.POST or None, appeal=appeal)
    if request.method == "POST":
        limited(request, group="report")
        if form.is_valid():
            try:
                say(form.cleaned_data["text"])
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, done)
                return redirect(thing.get_absolute_url())
    return form_page(request, "accounts/report.html", form, thing=thing, appeal=appeal)
