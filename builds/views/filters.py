"""A player's saved filters of the library."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from builds.catalogue import current_catalogue
from builds.forms import LibraryForm
from builds.services.filters import delete_filter, save_filter
from builds.views.common import user_of
from builds.views.library import elites_of
from gw2optimizer.errors import InvalidInput


@login_required
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    form = LibraryForm(request.POST, elites=elites_of(current_catalogue()))
    if not form.is_valid():
        raise InvalidInput("Choose the filters anew: one of them is none that there is.")
    saved = save_filter(owner=user_of(request), name=request.POST.get("name", ""), asked=form.cleaned_data)
    messages.success(request, f"Saved the filter “{saved.name}”.")
    return redirect(f"{reverse('builds:list')}?{saved.query}")


@login_required
@require_POST
def delete(request: HttpRequest, filter_id: int) -> HttpResponse:
    name = delete_filter(owner=user_of(request), filter_id=filter_id)
    messages.success(request, f"Deleted the filter “{name}”.")
    return redirect("builds:list")
