"""What the pages of accounts share."""

from typing import Any

import structlog
from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from accounts.devices import remember_device
from accounts.middleware import TIME_ZONE
from accounts.models import Mail, User
from accounts.services.mails import link_of
from accounts.sessions import note_origin
from gw2optimizer.ratelimits import limited

log = structlog.get_logger(__name__)

# Django refuses to redirect to a longer one.
LONGEST_ADDRESS = 2000


def player(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required stands before every caller
    return request.user


def enter(request: HttpRequest, user: User) -> HttpResponse:
    """Logs in and goes where the visitor was going."""
    login(request, user)
    log.info("logged_in", user_id=str(user.pk))
    note_origin(request)
    request.session[TIME_ZONE] = user.time_zone
    response = HttpResponseRedirect(target(request))
    remember_device(request, response, user)
    return response


def form_page(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound else 200)


def wished_address(request: HttpRequest) -> str:
    """Where the visitor was going: an address of this site, or nothing."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    if len(address) <= LONGEST_ADDRESS and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return ""


def target(request: HttpRequest) -> str:
    return wished_address(request) or resolve_url(settings.LOGIN_REDIRECT_URL)


def count_own_password(request: HttpRequest) -> None:
    """Before a password is checked on the pages of somebody who is logged in: whoever finds an open session must not
    try them all."""
    limited(request, group="own_password", closed=True)


def sent_text(mail: Mail) -> str | SafeString:
    """Says where a letter went. A site that writes its letters to files shows the link, to whom it belongs."""
    if settings.MAIL_SHOWS_LINKS:
        return format_html(
            'This site writes its mails to files. The link of yours: <a href="{}">verify {}</a>.',
            link_of(mail),
            mail.to,
        )
    return f"We sent a link to {mail.to}. Open it within 24 hours to verify your address."
