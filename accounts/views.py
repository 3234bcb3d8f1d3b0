"""Register, log in, log out: by session, on pages that need no JavaScript."""

import structlog
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.forms import LoginForm, RegisterForm
from accounts.models import User
from accounts.services import register_user
from gw2optimizer.errors import InvalidInput
from gw2optimizer.ratelimits import address_key, limited

log = structlog.get_logger(__name__)

# Django refuses to redirect to a longer one.
LONGEST_ADDRESS = 2000


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login_page(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return _log_in(request)
    if request.user.is_authenticated and not _wished_address(request):
        return redirect(settings.LOGIN_REDIRECT_URL)
    # Somebody who is logged in and was still sent here may not see that page: redirecting would go round.
    return _form_page(request, "accounts/login.html", LoginForm())


def _log_in(request: HttpRequest) -> HttpResponse:
    limited(request, group="login", rate="10/5m", key=address_key(request), closed=True)
    form = LoginForm(request.POST)
    if form.is_valid():
        user = authenticate(request, username=form.cleaned_data["identifier"], password=form.cleaned_data["password"])
        if isinstance(user, User):
            return _enter(request, user)
        log.info("login_refused")
        form.add_error(None, "No account has this name and password. Upper and lower case matter in passwords.")
    return _form_page(request, "accounts/login.html", form)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return HttpResponseRedirect(_target(request))
    if request.method == "POST":
        return _register(request)
    return _form_page(request, "accounts/register.html", RegisterForm())


def _register(request: HttpRequest) -> HttpResponse:
    limited(request, group="register", rate="5/h", key=address_key(request), closed=True)
    form = RegisterForm(request.POST)
    if form.is_valid():
        try:
            return _enter(request, register_user(**form.cleaned_data))
        except InvalidInput as error:
            for name, texts in error.fields.items():
                for text in texts:
                    form.add_error(name if name in form.fields else None, text)
    return _form_page(request, "accounts/register.html", form)


@never_cache
@require_POST
def logout_page(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        log.info("logged_out", user_id=str(request.user.pk))
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    login(request, user)
    log.info("logged_in", user_id=str(user.pk))
    return HttpResponseRedirect(_target(request))


def _form_page(request: HttpRequest, template: str, form: LoginForm | RegisterForm) -> HttpResponse:
    context = {"form": form, "next": _wished_address(request)}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _wished_address(request: HttpRequest) -> str:
    """Where the visitor was going: an address of this site, or nothing."""
    address = request.POST.get("next") or request.GET.get("next") or ""
    if len(address) <= LONGEST_ADDRESS and url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return address
    return ""


def _target(request: HttpRequest) -> str:
    return _wished_address(request) or resolve_url(settings.LOGIN_REDIRECT_URL)
