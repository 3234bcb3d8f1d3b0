"""A team's page and what its owner does on the board."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from builds.access import readable_build
from builds.catalogue import current_catalogue
from builds.models import Build
from builds.pagination import BUILD_ORDERS, page_of
from builds.views.answers import pasted_build
from builds.views.common import add_errors, user_of
from builds.views.library import next_url
from gw2optimizer.errors import Conflict, DomainError, InvalidInput, NotFound
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited
from teams.access import editable_team, readable_team
from teams.forms import PasteSlotForm, PickForm, SlotForm
from teams.layout import Placed
from teams.models import Team
from teams.services.slots import add_slot, clear_slot, move_slot, remove_slot, set_slot, take_newer
from teams.services.teams import restore_revision
from teams.views.common import changed, show_team

OWN_SHOWN = 12
_NOTHING = "Choose what to do with the team."


@require_safe
def detail(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    return show_team(request, readable_team(request.user, team_id))


# --- Buttons and dragging ------------------------------------------------------------------------
@login_required
@require_POST
def change(request: HttpRequest, team_id: uuid.UUID) -> HttpResponse:
    """do: what to do and with which places, such as "up:3", "move:3:2:1" (place 3 to subgroup 2, place 1), "add:2"."""
    team = readable_team(request.user, editable_team(request.user, team_id).pk)
    verb, *numbers = request.POST.get("do", "").split(":")
    act = _ACTS.get(verb)
    if act is None or not all(number.isascii() and number.isdigit() and len(number) <= 6 for number in numbers):
        raise InvalidInput(_NOTHING)
    common = {"team_id": team.pk, "author": user_of(request), "version": version_of(request)}
    try:
        saved, moved = act(team, common, [int(number) for number in numbers])
    except (Conflict, InvalidInput, NotFound) as error:
        if not getattr(request, "htmx", None):
            raise
        fresh = readable_team(request.user, team.pk)
        return show_team(request, fresh, status=error.status, problem=error, moved=None)
    return changed(request, saved, moved=moved)


def version_of(request: HttpRequest) -> int:
    text = request.POST.get("version", "")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise InvalidInput("The form lacks the version of the team. Reload the page.")
    return int(text)


type _Done = tuple[Team, int | None]


def _moved(team: Team, common: dict[str, Any], number: int, subgroup: int, place: int | None) -> _Done:
    saved = move_slot(**common, number=number, subgroup=subgroup, place=place)
    return saved, _number_at(saved, subgroup, place)


def _number_at(team: Team, subgroup: int, place: int | None) -> int | None:
    """Counted through the whole team."""
    groups = team.layout.groups
    if not 1 <= subgroup <= len(groups):
        return None
    before = sum(len(group) for group in groups[: subgroup - 1])
    return before + (place or len(groups[subgroup - 1]))


def _step(rows: int, columns: int) -> Callable[[Team, dict[str, Any], list[int]], _Done]:
    """To the place beside: within the subgroup, or to the same place of another, or its end."""

    def act(team: Team, common: dict[str, Any], numbers: list[int]) -> _Done:
        number = _only(numbers)
        group, place = team.layout.where(number)
        subgroup, wanted = group + 1 + columns, place + 1 + rows
        groups = team.layout.groups
        there = len(groups[subgroup - 1]) if 1 <= subgroup <= len(groups) else 0
        if columns and wanted > there:
            return _moved(team, common, number, subgroup, None)
        return _moved(team, common, number, subgroup, wanted)

    return act


def _move(team: Team, common: dict[str, Any], numbers: list[int]) -> _Done:
    if len(numbers) not in (2, 3):
        raise InvalidInput(_NOTHING)
    return _moved(team, common, numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else None)


def _lock(locked: bool) -> Callable[[Team, dict[str, Any], list[int]], _Done]:
    def act(team: Team, common: dict[str, Any], numbers: list[int]) -> _Done:
        number = _only(numbers)
        return set_slot(**common, number=number, locked=locked), number

    return act


def _only(numbers: list[int]) -> int:
    if len(numbers) != 1:
        raise InvalidInput(_NOTHING)
    return numbers[0]


_ACTS: dict[str, Callable[[Team, dict[str, Any], list[int]], _Done]] = {
    "up": _step(-1, 0),
    "down": _step(1, 0),
    "left": _step(0, -1),
    "right": _step(0, 1),
    "move": _move,
    "clear": lambda team, common, numbers: (clear_slot(**common, number=_only(numbers)), _only(numbers)),
    "remove": lambda team, common, numbers: (remove_slot(**common, number=_only(numbers)), None),
    "add": lambda team, common, numbers: (add_slot(**common, subgroup=_only(numbers)), None),
    "lock": _lock(True),
    "unlock": _lock(False),
    "newer": lambda team, common, numbers: (take_newer(**common, number=numbers[0] if numbers else None), None),
    "undo": lambda team, common, numbers: (restore_revision(**common, number=_only(numbers)), None),
}


# --- One place -----------------------------------------------------------------------------------
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest, team_id: uuid.UUID, number: int) -> HttpResponse:
    """Who plays there, as what, and how important it is."""
    team = _own(request, team_id)
    placed = team.layout.at(number)
    form = SlotForm(request.POST or None, initial=_said(placed, team.version))
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        version = data.pop("version")
        # An empty text is none.
        data |= {name: data[name] or None for name in ("player", "role")}
        try:
            set_slot(team_id=team.pk, author=user_of(request), version=version, number=number, **data)
        except DomainError as error:
            add_errors(form, error)
        else:
            return redirect(f"{team.get_absolute_url()}#place-{number}")
    context = {"team": team, "number": number, "placed": placed, "form": form}
    return render_partial(request, "teams/place.html", context, status=422 if form.errors else 200)


def _said(placed: Placed, version: int) -> dict[str, Any]:
    slot = placed.slot
    return {
        "player": slot.player,
        "role": slot.role or "",
        "priority": slot.priority,
        "locked": slot.locked,
        "version": version,
    }


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def pick(request: HttpRequest, team_id: uuid.UUID, number: int) -> HttpResponse:
    """One's own builds and the public ones, of which one is put into the place."""
    team = _own(request, team_id)
    placed = team.layout.at(number)
    paste = PasteSlotForm(initial={"version": team.version})
    if request.method == "POST":
        paste = PasteSlotForm(request.POST)
        try:
            if _put(request, team, number, paste):
                return redirect(f"{team.get_absolute_url()}#place-{number}")
        except DomainError as error:
            if "text" not in request.POST:
                raise
            add_errors(paste, error)
    user = user_of(request)
    form = PickForm(request.GET or None, initial={"mode": team.game_mode})
    query = form.cleaned_data if form.is_bound and form.is_valid() else {"mode": team.game_mode}
    filters = {"mode": query.get("mode", ""), "role": query.get("role", ""), "text": query.get("q", "")}
    page = page_of(
        Build.objects.public().for_list().matching(**filters),
        BUILD_ORDERS["newest"],
        request.GET.get("cursor", ""),
    )
    context = {
        "team": team,
        "number": number,
        "placed": placed,
        "form": form,
        "paste": paste,
        "own": _own_builds(user, filters) if page.first else [],
        "page": page,
        "next_url": next_url(request, page.next_cursor),
    }
    return render_partial(request, "teams/pick.html", context, partial="results", status=422 if paste.errors else 200)


def _put(request: HttpRequest, team: Team, number: int, paste: PasteSlotForm) -> bool:
    common: dict[str, Any] = {"team_id": team.pk, "author": user_of(request), "number": number}
    if "build" in request.POST:
        set_slot(**common, version=version_of(request), source=_chosen(request))
        return True
    limited(request, group="answer")
    if not paste.is_valid():
        return False
    data = paste.cleaned_data
    build, _ = pasted_build(data["text"], current_catalogue(), game_mode=team.game_mode, role=data["role"])
    set_slot(**common, version=data["version"], build=build)
    return True


def _chosen(request: HttpRequest) -> Build:
    try:
        key = uuid.UUID(request.POST["build"])
    except ValueError as error:
        raise NotFound("There is no such build.") from error
    return readable_build(request.user, key)


def _own_builds(user: User, filters: dict[str, str]) -> list[Build]:
    rows = Build.objects.filter(owner=user, library_key=None).for_list().matching(**filters)
    return list(rows.order_by("-updated_at", "-id")[:OWN_SHOWN])


def _own(request: HttpRequest, team_id: uuid.UUID) -> Team:
    return readable_team(request.user, editable_team(request.user, team_id).pk)
