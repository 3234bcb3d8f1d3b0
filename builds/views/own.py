"""Pages of a player's own builds: make, change, look back, delete."""

import uuid
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from builds.access import editable_build, readable_build
from builds.catalogue import current_catalogue
from builds.forms import PasteForm
from builds.models import Build
from builds.pagination import OWN_BUILDS, REVISIONS, page_of
from builds.services.builds import copy_build, create_build, delete_build, restore_revision
from builds.services.sharing import renew_share_link
from builds.sharing import from_payload, to_payload
from builds.spec.compare import differences
from builds.views.answers import draw, pasted_build
from builds.views.common import add_errors, saved_at, user_of
from builds.views.library import next_url
from gw2optimizer.errors import DomainError, InvalidInput
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited


@login_required
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    rows = Build.objects.filter(owner=user_of(request)).for_list()
    page = page_of(rows, OWN_BUILDS, request.GET.get("cursor", ""))
    context = {"page": page, "next_url": next_url(request, page.next_cursor)}
    return render_partial(request, "builds/mine.html", context, partial="results")


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """By pasting. Without an account the build is shown, not saved."""
    form = PasteForm(request.POST or None)
    if request.method != "POST":
        return render_partial(request, "builds/create.html", {"form": form})
    limited(request, group="answer", rate="60/m")
    if form.is_valid():
        data = form.cleaned_data
        try:
            spec, notes = pasted_build(
                data["text"], current_catalogue(), name=data["name"], game_mode=data["game_mode"], role=data["role"]
            )
            if not request.user.is_authenticated:
                return redirect("builds:open", to_payload(spec))
            build = create_build(owner=user_of(request), spec=spec, origin=Build.Origin.PASTED)
        except DomainError as error:
            add_errors(form, error)
        else:
            for note in notes:
                messages.info(request, note)
            messages.success(request, "Saved as a private build of yours.")
            return redirect(build)
    return render_partial(request, "builds/create.html", {"form": form}, status=422)


@login_required
@require_POST
def save_open(request: HttpRequest) -> HttpResponse:
    """Keeps a build that lives in a link, or that the home page answered, among one's own."""
    spec = from_payload(request.POST.get("payload", ""), current_catalogue())
    recommended = request.POST.get("kind") == "recommended"
    origin = Build.Origin.RECOMMENDED if recommended else Build.Origin.PASTED
    build = create_build(owner=user_of(request), spec=spec, origin=origin)
    messages.success(request, "Saved as a private build of yours.")
    return redirect(build)


@login_required
@require_POST
def copy(request: HttpRequest, build_id: uuid.UUID) -> HttpResponse:
    build = copy_build(source=readable_build(request.user, build_id), owner=user_of(request))
    messages.success(request, "Copied: this one is yours, and private.")
    return redirect(build)


@login_required
@require_POST
def renew_link(request: HttpRequest, build_id: uuid.UUID) -> HttpResponse:
    build = renew_share_link(build_id=editable_build(request.user, build_id).pk)
    messages.success(request, "The build has a new secret link. The old one opens nothing any more.")
    return redirect(build)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, build_id: uuid.UUID) -> HttpResponse:
    build = editable_build(request.user, build_id)
    if request.method != "POST":
        return render_partial(request, "builds/confirm_delete.html", {"build": build})
    name = build.name
    delete_build(build=build)
    messages.success(request, f"“{name}” is deleted.")
    return redirect("builds:mine")


@login_required
@require_safe
def history(request: HttpRequest, build_id: uuid.UUID) -> HttpResponse:
    """The revisions; with ?from=&to= what differs between two of them."""
    build = editable_build(request.user, build_id)
    cursor = request.GET.get("cursor", "")
    page = page_of(build.revisions.select_related("author").defer("spec"), REVISIONS, cursor)
    context: dict[str, Any] = {
        "build": build,
        "page": page,
        "next_url": next_url(request, page.next_cursor),
        "cursor": cursor,
        "compared": None,
    }
    numbers = [request.GET.get(name, "") for name in ("from", "to")]
    if any(numbers):
        if not all(n.isascii() and n.isdigit() and len(n) < 10 for n in numbers):
            raise InvalidInput("Choose two revisions to compare.")
        pair = {r.number: r for r in build.revisions.filter(number__in=[int(n) for n in numbers])}
        if any(int(n) not in pair for n in numbers):
            raise InvalidInput("There is no such revision.")
        before, after = (pair[int(n)] for n in numbers)
        context["compared"] = {
            "before": before,
            "after": after,
            "differences": differences(before.value, after.value, current_catalogue()),
            "view": draw(after.value, current_catalogue()),
        }
    return render_partial(request, "builds/history.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, build_id: uuid.UUID, number: int) -> HttpResponse:
    build = editable_build(request.user, build_id)
    version = request.POST.get("version", "")
    seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None
    if seen is None:
        raise InvalidInput("Open the history again: the version you saw is missing.")
    restored = restore_revision(build_id=build.pk, number=number, author=user_of(request), version=seen)
    messages.success(request, f"The build is as it was in revision {number}.")
    return redirect(saved_at(restored))
