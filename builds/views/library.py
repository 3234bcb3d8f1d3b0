"""Pages that anyone may open: home, library, a build, a build in a link."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from builds.access import readable_build, shared_build
from builds.catalogue import current_catalogue
from builds.facets import FILTERS, facets
from builds.forms import LibraryForm, WishForm
from builds.gamedata import Catalogue
from builds.models import Build, SavedFilter
from builds.pagination import BUILD_ORDERS, Page, page_of
from builds.search import Found, says_something, search
from builds.sharing import from_payload, to_payload
from builds.similar import similar_to
from builds.views.answers import answer_to, draw, shown
from builds.views.common import undo_of
from gw2optimizer.errors import DomainError
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited

GOOD_BUILDS = 6


# With the token of forms: whoever logs in by cookie from a script finds it on the first page.
@ensure_csrf_cookie
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The box, its answer beneath, and some good builds of the chosen mode."""
    asked = any(request.GET.get(name) for name in ("q", "profession", "role", "mode"))
    preferred = request.user.preferences.get("game_mode", "") if request.user.is_authenticated else ""
    form = WishForm(request.GET if asked else None, initial={"mode": preferred})
    context: dict[str, Any] = {"form": form, "asked": asked, "answer": None, "error": None}
    status = 200
    if asked:
        limited(request, group="answer", rate="60/m")
        if form.is_valid():
            data = form.cleaned_data
            try:
                context["answer"] = answer_to(
                    data["q"], user=request.user, profession=data["profession"], role=data["role"], mode=data["mode"]
                )
            except DomainError as error:
                context["error"], status = error, error.status
        else:
            status = 422
    mode = request.GET.get("mode", preferred)
    rows = Build.objects.library().filter(is_fresh=True)
    if mode in dict(form.fields["mode"].choices):  # type: ignore[attr-defined]
        rows = rows.matching(mode=mode)
    context["good"] = _one_of_each(rows.for_list().order_by("-is_fresh", "-as_of", "-id")[: 20 * GOOD_BUILDS])
    return render_partial(request, "builds/home.html", context, partial="answer", status=status)


def _one_of_each(rows: Iterable[Build]) -> list[Build]:
    """The first GOOD_BUILDS of different professions, filled up with the rest."""
    firsts: dict[str, Build] = {}
    rest: list[Build] = []
    for row in rows:
        if firsts.setdefault(row.profession, row) is not row:
            rest.append(row)
    return [*firsts.values(), *rest][:GOOD_BUILDS]


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    catalogue = current_catalogue()
    form = LibraryForm(request.GET, elites=elites_of(catalogue))
    if not form.is_valid():
        return render_partial(request, "builds/list.html", {"form": form, "page": None}, partial="results", status=422)
    data = form.cleaned_data
    filters = {name: data[name] for name in FILTERS}
    page, found = listed(data["q"], data["order"], request.GET.get("cursor", ""), filters)
    total = None
    if found is None:
        # Beside words the counts would tell of builds that do not hold them.
        told = facets(filters)
        form.tell_counts(told.of)
        total = told.total
    user = request.user
    context = {
        "form": form,
        "total": total,
        "swapped": request.headers.get("HX-Request") == "true",
        "saved_filters": SavedFilter.objects.filter(owner=user) if user.is_authenticated else (),
        "page": page,
        "found": found,
        "next_url": next_url(request, page.next_cursor),
        "filtered": bool(data["q"] or any(filters.values())),
    }
    return render_partial(request, "builds/list.html", context, partial="results")


def listed(words: str, order: str, cursor: str, filters: dict[str, str]) -> tuple[Page[Build], Found | None]:
    """Found: for words alone. order: "" for the best match, or the newest where there are no words."""
    if says_something(words):
        found = search(words, filters, order=order or "best", cursor=cursor)
        return found.page, found
    rows = Build.objects.public().for_list().matching(**filters)
    return page_of(rows, BUILD_ORDERS[order or "newest"], cursor), None


@require_safe
def detail(request: HttpRequest, build_id: uuid.UUID) -> HttpResponse:
    return _show(request, readable_build(request.user, build_id))


@require_safe
def shared(request: HttpRequest, share_key: str) -> HttpResponse:
    return _show(request, shared_build(share_key))


@require_safe
def open_link(request: HttpRequest, payload: str) -> HttpResponse:
    """A build that lives in its link alone."""
    limited(request, group="answer", rate="60/m", key=None)
    catalogue = current_catalogue()
    spec = from_payload(payload, catalogue)
    answer = shown(spec, catalogue, reading="This build lives in its link: nothing of it is stored here.")
    return render_partial(request, "builds/open.html", {"answer": answer, "share_url": request.build_absolute_uri()})


def _show(request: HttpRequest, build: Build) -> HttpResponse:
    owned = request.user.is_authenticated and build.owner_id == request.user.pk
    may_share = build.visibility != Build.Visibility.PRIVATE and not build.is_hidden
    path = build.get_absolute_url() if build.visibility == Build.Visibility.PUBLIC else build.get_share_url()
    unlisted = build.visibility == Build.Visibility.UNLISTED
    context = {
        "build": build,
        "payload": to_payload(build.value) if unlisted and not owned else "",
        "view": draw(build.value, current_catalogue()),
        "owned": owned,
        "undo": undo_of(build) if owned and "saved" in request.GET else None,
        "share_url": request.build_absolute_uri(path) if may_share else "",
        "similar": similar_to(build),
    }
    return render_partial(request, "builds/detail.html", context)


def elites_of(catalogue: Catalogue) -> dict[str, list[str]]:
    """Profession to the names of its elite specializations, in the game's order."""
    return {
        profession.name: [
            catalogue.specializations[s].name for s in profession.specializations if catalogue.specializations[s].elite
        ]
        for profession in catalogue.professions.values()
    }


def next_url(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}"
