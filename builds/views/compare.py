"""Builds beside each other, for whoever may see them."""

import re
import uuid
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from builds.access import readable_build
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.presentation.compare import comparison
from builds.sharing import from_payload, to_payload
from builds.spec import BuildSpec
from builds.views.answers import pasted_or_linked
from gw2optimizer.errors import DomainError, InvalidInput, NotFound
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited

PLACES = ("a", "b", "c", "d")
MOST_TEXT = 60_000
_PAYLOAD = re.compile(r"eN[\w-]{40,}", re.ASCII)
"""How a deflated text begins in base64, which no code and no JSON does."""


@dataclass(frozen=True, slots=True)
class Column:
    """asked: what stands for the build in an address. url: its page."""

    spec: BuildSpec
    asked: str
    url: str
    without: str = ""


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """?a= to ?d=, or `build` repeated as the rows of a list send it: ids of builds, links, codes, or builds as JSON."""
    limited(request, group="answer", rate="60/m")
    texts = [request.GET.get(name, "") for name in PLACES] + request.GET.getlist("build")
    asked = list(dict.fromkeys(text.strip() for text in texts if text.strip()))
    columns: list[Column] = []
    errors: list[str] = []
    status = 200
    if len(asked) > len(PLACES):
        errors.append(f"Up to {len(PLACES)} builds stand beside each other; these are the first ones.")
    catalogue = current_catalogue()
    for text in asked[: len(PLACES)]:
        try:
            columns.append(_column(request, text, catalogue))
        except NotFound:
            # One that is not open to the reader hides no other.
            errors.append("One of the builds is gone, or not open to you.")
            status = 404
        except DomainError as error:
            errors.append(error.message)
            status = error.status
    context = {
        "columns": [_closable(column, columns) for column in columns],
        "sections": comparison([column.spec for column in columns], catalogue) if len(columns) > 1 else [],
        "errors": list(dict.fromkeys(errors)),
        "room": len(columns) < len(PLACES),
        "next_place": PLACES[min(len(columns), len(PLACES) - 1)],
        "kept": list(zip(PLACES, (column.asked for column in columns), strict=False)),
    }
    return render_partial(request, "builds/compare.html", context, status=status if errors and not columns else 200)


def _column(request: HttpRequest, text: str, catalogue: Catalogue) -> Column:
    if len(text) > MOST_TEXT:
        raise InvalidInput("This is too long to be a build.")
    try:
        build = readable_build(request.user, uuid.UUID(text))
    except ValueError:
        pass
    else:
        return Column(build.value, str(build.pk), build.get_absolute_url())
    if _PAYLOAD.fullmatch(text):
        return Column(from_payload(text, catalogue), text, reverse("builds:open", args=[text]))
    spec = pasted_or_linked(text, user=request.user, catalogue=catalogue)
    payload = to_payload(spec)
    return Column(spec, payload, reverse("builds:open", args=[payload]))


def _closable(column: Column, columns: list[Column]) -> Column:
    others = [other.asked for other in columns if other is not column]
    query = urlencode(list(zip(PLACES, others, strict=False)))
    return Column(column.spec, column.asked, column.url, f"{reverse('builds:compare')}?{query}")
