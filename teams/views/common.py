"""What several pages of teams need."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from builds.catalogue import current_catalogue
from gw2optimizer.pages import render_partial
from teams.coverage import coverage
from teams.exports import discord_messages
from teams.forms import BestForm, ChangeForm
from teams.models import Team
from teams.presentation.board import board_view
from teams.presentation.worth import heat_map, score_view, untold_view
from teams.score import score
from teams.services.sources import source_view
from teams.spec import TeamSpec


def drawn(team: TeamSpec, sources: Any = None) -> dict[str, Any]:
    """board, score and heat of a team."""
    catalogue = current_catalogue()
    found = coverage(team, catalogue)
    told = score(found)
    return {
        "board": board_view(team, found, catalogue, sources),
        "score": score_view(told),
        "heat": heat_map(found, told),
        "unknown": untold_view(found),
        "assumptions": found.assumptions,
        "notes": found.notes,
    }


def show_team(
    request: HttpRequest, team: Team, *, status: int = 200, moved: int | None = None, **context: Any
) -> HttpResponse:
    """team: with its slots. moved: number of the place where the keyboard goes on."""
    owned = request.user.is_authenticated and team.owner_id == request.user.pk
    value = team.value
    rows = sorted(team.slots.all(), key=lambda row: (row.subgroup, row.place))
    sources = {number: source_view(row, team, request.user) for number, row in enumerate(rows, start=1)}
    path = team.get_absolute_url() if team.visibility == Team.Visibility.PUBLIC else team.get_share_url()
    shared = team.visibility != Team.Visibility.PRIVATE and not team.is_hidden
    messages = discord_messages(value, current_catalogue(), score=team.synergy_score, grade=team.grade)
    shown = {
        "team": team,
        "owned": owned,
        "undo": _undo(team) if owned else None,
        "moved": moved,
        "share_url": request.build_absolute_uri(path) if shared else "",
        "for_chat": messages,
        "change_form": ChangeForm(),
        "best_form": BestForm(),
        **drawn(value, {number: view for number, view in sources.items() if view}),
        **context,
    }
    return render_partial(request, "teams/detail.html", shown, partial="team", status=status)


def _undo(team: Team) -> tuple[int, str] | None:
    """The revision before the present one, and what was done since."""
    newest = list(team.revisions.order_by("-number")[:2])
    if len(newest) < 2 or newest[0].spec == newest[1].spec:
        return None
    return newest[1].number, newest[0].note


def changed(request: HttpRequest, team: Team, *, moved: int | None = None) -> HttpResponse:
    """After a change: the part that HTMX puts in place of the old one, or the page anew."""
    if getattr(request, "htmx", None):
        return show_team(request, team, moved=moved)
    return redirect(team)
