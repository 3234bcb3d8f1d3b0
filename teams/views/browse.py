"""Lists of teams, a team by its link, and two teams beside each other."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from builds.catalogue import current_catalogue
from builds.views.common import user_of
from builds.views.library import next_url
from gw2optimizer.errors import NotFound
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited
from teams.access import readable_team, shared_team
from teams.compare import compare_teams
from teams.forms import TeamsForm
from teams.models import Team
from teams.pagination import OWN_TEAMS, TEAM_ORDERS, page_of
from teams.presentation.comparison import comparison_view
from teams.views.common import show_team

MOST_OFFERED = 100


@require_safe
def public(request: HttpRequest) -> HttpResponse:
    form = TeamsForm(request.GET)
    if not form.is_valid():
        return render_partial(request, "teams/list.html", {"form": form, "page": None}, partial="results", status=422)
    data = form.cleaned_data
    rows = Team.objects.public().for_list()
    rows = rows.matching(mode=data["mode"], style=data["style"], grade=data["grade"], text=data["q"])
    page = page_of(rows, TEAM_ORDERS[data["order"] or "newest"], request.GET.get("cursor", ""))
    context = {
        "form": form,
        "page": page,
        "next_url": next_url(request, page.next_cursor),
        "filtered": any(data[name] for name in ("q", "mode", "style", "grade")),
    }
    return render_partial(request, "teams/list.html", context, partial="results")


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    rows = Team.objects.filter(owner=user_of(request)).for_list()
    page = page_of(rows, OWN_TEAMS, request.GET.get("cursor", ""))
    context = {"page": page, "next_url": next_url(request, page.next_cursor)}
    return render_partial(request, "teams/mine.html", context, partial="results")


@require_safe
def shared(request: HttpRequest, share_key: str) -> HttpResponse:
    return show_team(request, shared_team(share_key))


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """first, second: ids of teams that the reader may see. Without a second one it is chosen here."""
    limited(request, group="answer")
    first, second = (_asked(request, name) for name in ("first", "second"))
    context = {
        "first": first,
        "second": second,
        "offered": _offered(request, first),
        "view": comparison_view(compare_teams(first.value, second.value, current_catalogue()))
        if first and second
        else None,
    }
    return render_partial(request, "teams/compare.html", context)


def _asked(request: HttpRequest, name: str) -> Team | None:
    text = request.GET.get(name, "")
    if not text:
        return None
    try:
        key = uuid.UUID(text)
    except ValueError as error:
        raise NotFound("There is no such team.") from error
    return readable_team(request.user, key)


def _offered(request: HttpRequest, first: Team | None) -> list[Team]:
    """The reader's own teams; without an account the best public ones of the mode."""
    if request.user.is_authenticated:
        rows = Team.objects.filter(owner=request.user).for_list().order_by("-updated_at", "-id")
    else:
        rows = Team.objects.public().for_list().order_by("-synergy_score", "-id")
    return list(rows[:MOST_OFFERED])
