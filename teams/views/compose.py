"""A team from a commander's words."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from builds.catalogue import current_catalogue
from builds.views.common import user_of
from gw2optimizer.errors import DomainError, NotFound
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited
from teams.compose import Playing
from teams.exports import discord_messages
from teams.forms import WordsForm
from teams.models import Roster
from teams.roster_access import own_roster
from teams.services.advice import Proposal, propose
from teams.services.given import given_team
from teams.services.scores import judged
from teams.services.teams import create_team
from teams.views.common import drawn
from teams.views.proposals import SEARCH_SECONDS, document_of, read_document

EXAMPLES = (
    "2 groups of 5 with Firebrand, Druid, Harbinger, Spellbreaker, Scrapper",
    "zerg of 50, 10 subgroups, one stab and one heal each",
    "team of 15, no thieves",
    "Je veux 10 joueurs. Dans chaque groupe : stabeur, healer, booner, strip, dps",
)


@require_safe
def compose(request: HttpRequest) -> HttpResponse:
    """In the address, so that a wish may be sent to somebody; an account is needed only to save."""
    asked = "q" in request.GET
    form = WordsForm(
        request.GET if asked else None,
        rosters=_rosters(request),
        initial={"roster": request.GET.get("roster", "")},
    )
    context: dict[str, Any] = {"form": form, "asked": asked, "examples": EXAMPLES, "found": None, "error": None}
    status = 200
    if asked:
        limited(request, group="api_compute")
        if form.is_valid():
            try:
                context |= _answer(request, form.cleaned_data)
            except DomainError as error:
                context["error"], status = error, error.status
        else:
            status = 422
    return render_partial(request, "teams/compose.html", context, partial="answer", status=status)


def _rosters(request: HttpRequest) -> list[tuple[str, str]]:
    if not request.user.is_authenticated:
        return []
    rows = Roster.objects.filter(owner=request.user).order_by("-updated_at", "-id")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")[:100]]


def _answer(request: HttpRequest, data: dict[str, Any]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if data.get("roster"):
        options["playing"] = Playing(own_roster(request.user, _id(data["roster"])).value, data["when"])
    found = propose(
        request.user, message=data["q"], mode=data["mode"] or None, seconds=SEARCH_SECONDS, **options
    )  # fmt: skip
    team = found.composition.team
    return {
        "found": found,
        "spec": team,
        "notes": _notes(found),
        "proof": _proof(found),
        "document": document_of(team, found.sources()),
        "for_chat": _for_chat(found),
        **drawn(team),
    }


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise NotFound("There is no such roster.") from error


def _notes(found: Proposal) -> list[str]:
    return [
        *(problem.text for problem in found.reading.problems),
        *found.composition.relaxed,
        *found.reading.notes,
        *found.composition.notes,
    ]


def _proof(found: Proposal) -> str:
    made = found.composition
    if made.proven:
        return f"Proven best of the {made.considered} builds that were measured, in {made.seconds:.1f} s."
    if made.status == "feasible":
        return (
            f"Within {made.gap:.1%} of the best possible of the {made.considered} builds that were measured, "
            f"in {made.seconds:.1f} s."
        )
    return "Nothing was found in the time. Ask for less, or try again."


def _for_chat(found: Proposal) -> list[str]:
    catalogue = current_catalogue()
    told = judged(found.composition.team, catalogue)
    return discord_messages(found.composition.team, catalogue, score=told.synergy_score, grade=told.grade)


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    spec, sources, _ = given_team(read_document(request), request.user, current_catalogue())
    team = create_team(owner=user_of(request), spec=spec, sources=sources, composed=True)
    messages.success(request, "Saved as a private team of yours.")
    return redirect(team)
