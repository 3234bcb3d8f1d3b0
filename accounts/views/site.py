"""What this site is, whose the game is, and what is stored about whoever comes here."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.keeping import cookies, keepings


@require_safe
def about_page(request: HttpRequest) -> HttpResponse:
    return render(request, "site/about.html")


@require_safe
def legal_page(request: HttpRequest) -> HttpResponse:
    return render(request, "site/legal.html")


@require_safe
def privacy_page(request: HttpRequest) -> HttpResponse:
    context = {
        "keepings": keepings(),
        "cookies": cookies(),
        "model": bool(settings.OLLAMA_URL),
    }
    return render(request, "site/privacy.html", context)
