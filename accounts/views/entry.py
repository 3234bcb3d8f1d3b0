"""Register, log in, log out: by session, on pages that need no JavaScript."""

import structlog
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.devices import source_of
from accounts.forms import LoginForm, RegisterForm, add_errors
from accounts.models import Mail
from accounts.services.logins import candidate_of, log_in_by_password, note_success
from accounts.services.registration import register_user
from accounts.views.common import enter, form_page, sent_text, target, wished_address
from gw2optimizer.errors import InvalidInput
from gw2optimizer.ratelimits import address_key, limited

log = structlog.get_logger(__name__)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _log_in(request)
    if request.user.is_authenticated and not wished_address(request):
        return redirect(settings.LOGIN_REDIRECT_URL)
    # Somebody who is logged in and was still sent here may not see that page: redirecting would go round.
    return form_page(request, "accounts/login.html", LoginForm(), next=wished_address(request))


def _log_in(request: HttpRequest) -> HttpResponse:
    form = LoginForm(request.POST)
    if form.is_valid():
        candidate = candidate_of(form.cleaned_data["identifier"], source_of(request))
        limited(request, group="login", key=candidate.address_key, closed=True)
        try:
            user = log_in_by_password(candidate, form.cleaned_data["password"])
        except InvalidInput as error:
            add_errors(form, error)
        else:
            return enter(request, user)
    return form_page(request, "accounts/login.html", form, next=wished_address(request))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(target(request))
    if request.method == "POST":
        return _register(request)
    return form_page(request, "accounts/register.html", RegisterForm(), next=wished_address(request))


def _register(request: HttpRequest) -> HttpResponse:
    limited(request, group="register", key=address_key(request), closed=True)
    form = RegisterForm(request.POST)
    if form.is_valid():
        try:
            user = register_user(**form.cleaned_data)
        except InvalidInput as error:
            add_errors(form, error)
        else:
            note_success(user, source_of(request))
            response = enter(request, user)
            messages.info(request, sent_text(Mail.objects.get(user=user, kind=Mail.Kind.VERIFY)))
            return response
    return form_page(request, "accounts/register.html", form, next=wished_address(request))


@never_cache
@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        log.info("logged_out", user_id=str(request.user.pk))
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)
