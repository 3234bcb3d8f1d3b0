"""What would make a team better: changes by words, the best within a few changes, what mends a weakness. Each is shown
first, with what it does to the score, and taken by a click."""

import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from builds.catalogue import current_catalogue
from builds.spec import BuildSpec, parse_build, plain_json
from builds.views.common import user_of
from gw2optimizer.errors import InvalidInput, MalformedInput
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited
from teams.access import editable_team, readable_team
from teams.forms import BestForm, ChangeForm
from teams.layout import Source
from teams.models import Team
from teams.presentation.comparison import changes_between
from teams.presentation.worth import score_view
from teams.services.advice import analyse_team, optimise, propose
from teams.services.candidates import Library
from teams.services.given import given_team
from teams.services.scores import judged
from teams.services.slots import set_slot
from teams.services.teams import update_team
from teams.spec import TeamSpec, plain_team_json
from teams.views.board import version_of
from teams.views.common import drawn

SEARCH_SECONDS = 4.0
MOST_BYTES = 1_500_000


@require_safe
def mends(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    """Tried by the engine: the smallest changes for each weakness. Takes seconds for a full squad."""
    team = readable_team(request.user, team_id)
    limited(request, group="api_compute")
    found = analyse_team(team.value, request.user)
    numbers = {place: number for number, (place, _) in enumerate(team.value.places(), start=1)}
    titles = {part.name: part.title for part in found.score.parts}
    told = [
        {"mend": one, "number": numbers[one.place], "title": titles.get(one.part, one.part), "build": _text(one.build)}
        for one in found.mends
    ]
    owned = request.user.is_authenticated and team.owner_id == request.user.pk
    context = {"team": team, "mends": told, "owned": owned, "weakest": score_view(found.score).weakest}
    return render_partial(request, "teams/mends.html", context, partial="mends")


def _text(build: BuildSpec) -> str:
    return orjson.dumps(plain_json(build)).decode()


@login_required
@require_POST
def by_words(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    team = _own(request, team_id)
    limited(request, group="api_compute")
    form = ChangeForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Say what to change, such as “replace the Reaper by a Harbinger”.")
    value = team.value
    found = propose(
        request.user, message=form.cleaned_data["q"], mode=team.game_mode, team=value, seconds=SEARCH_SECONDS
    )
    notes = [
        *(problem.text for problem in found.reading.problems),
        *found.composition.relaxed,
        *found.reading.notes,
        *found.composition.notes,
    ]
    return _show(
        request, team, found.composition.team, found.library, said=found.reading.said_back, notes=notes,
        unread=found.reading.unread,
    )  # fmt: skip


@login_required
@require_POST
def best(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    team = _own(request, team_id)
    limited(request, group="api_compute")
    form = BestForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("Give how many places may change, from 1 to 10.")
    most = form.cleaned_data["max_changes"]
    found, library = optimise(team.value, request.user, max_changes=most, seconds=SEARCH_SECONDS)
    proven = found.status == "optimal"
    notes = [
        "Proven: by the measure of the search no other choice of so many changes is better."
        if proven
        else f"The best that was found in {SEARCH_SECONDS:.0f} seconds; a better one may exist."
    ]
    said = (f"The best team with at most {most} change{'s' if most > 1 else ''}.",)
    return _show(request, team, found.team, library, said=said, notes=notes, unread=())


def _show(
    request: HttpRequest,
    team: Team,
    proposed: TeamSpec,
    library: Library,
    *,
    said: Any,
    notes: list[str],
    unread: Any,
) -> HttpResponse:
    catalogue = current_catalogue()
    before, after = judged(team.value, catalogue), judged(proposed, catalogue)
    context = {
        "team": team,
        "said": said,
        "notes": notes,
        "unread": unread,
        "changes": changes_between(team.value, proposed, catalogue),
        "before": before,
        "after": after,
        "gain": after.synergy_score - before.synergy_score,
        "document": document_of(proposed, library.sources_in(proposed, team.value)),
        **drawn(proposed),
    }
    return render_partial(request, "teams/proposal.html", context)


def document_of(team: TeamSpec, sources: Mapping[tuple[int, int], Source]) -> str:
    """`team/1` as `given_team` reads it again: with the id of a build in place of what was copied from it."""
    document = plain_team_json(team)
    for (i, j), source in sources.items():
        slot = document["groups"][i]["slots"][j]
        slot["build"] = None
        slot["build_id"] = str(source.build_id)
    return orjson.dumps(document).decode()


@login_required
@require_POST
def take(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    """What was shown becomes the team; undone by its history."""
    team = editable_team(request.user, team_id)
    version = version_of(request)
    if "place" in request.POST:
        saved = _take_one(request, team, version)
    else:
        spec, sources, _ = given_team(read_document(request), request.user, current_catalogue())
        given: dict[str, Any] = {"spec": spec, "sources": sources, "note": "Took a proposal"}
        saved = update_team(team_id=team.pk, author=user_of(request), version=version, **given)
    messages.success(request, "Taken. Undo stands above the board.")
    return redirect(saved)


def _take_one(request: HttpRequest, team: Team, version: int) -> Team:
    text = request.POST["place"]
    if not text.isascii() or not text.isdigit() or len(text) > 3:
        raise InvalidInput("This is not the number of a place.")
    build = parse_build(read_document(request), current_catalogue()).spec
    return set_slot(team_id=team.pk, author=user_of(request), version=version, number=int(text), build=build)


def read_document(request: HttpRequest) -> dict[str, Any]:
    text = request.POST.get("document", "")
    if len(text) > MOST_BYTES:
        raise InvalidInput("This team is longer than a full squad can be.")
    try:
        data = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise MalformedInput("What the page sent is damaged. Reload it and try again.") from error
    if not isinstance(data, dict):
        raise MalformedInput("What the page sent is damaged. Reload it and try again.")
    return data


def _own(request: HttpRequest, team_id: uuid.UUID) -> Team:
    return readable_team(request.user, editable_team(request.user, team_id).pk)
