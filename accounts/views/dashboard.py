"""The page after the log-in: what is one's own, and what has changed for it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.cards import filled_cards
from accounts.views.common import player


@login_required
@never_cache
@require_safe
def dashboard_page(request: HttpRequest) -> HttpResponse:
    cards = filled_cards(player(request))
    is_new = all(filled.content.is_empty for filled in cards)
    return render(request, "accounts/dashboard.html", {"cards": cards, "is_new": is_new})
