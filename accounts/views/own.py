"""The pages of one's own account: profile, password, address, data, leaving."""

from typing import Any

import orjson
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.devices import remember_device
from accounts.forms import ChangeAddressForm, ChangePasswordForm, OwnPasswordForm, ProfileForm, SettingsForm, add_errors
from accounts.middleware import TIME_ZONE
from accounts.models import Mail, User
from accounts.services.addresses import change_address
from accounts.services.deletion import delete_account, export_of
from accounts.services.passwords import change_password
from accounts.services.profile import update_profile
from accounts.views.common import count_own_password, form_page, player, sent_text
from gw2optimizer.errors import InvalidInput
from gw2optimizer.ratelimits import limited


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile_page(request: HttpRequest) -> HttpResponse:
    user = player(request)
    now = {"display_name": user.display_name, "bio": user.bio}
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm(initial=now)
    if request.method == "POST" and form.is_valid():
        try:
            update_profile(user=user, **form.cleaned_data)
        except InvalidInput as error:
            add_errors(form, error)
        else:
            messages.success(request, "Saved.")
            return redirect("accounts:profile")
    return form_page(request, "accounts/profile.html", form)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: HttpRequest) -> HttpResponse:
    user = player(request)
    form = SettingsForm(request.POST) if request.method == "POST" else SettingsForm(initial=_settings(user))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        preferences = {"game_mode": data.pop("game_mode")}
        try:
            user = update_profile(user=user, preferences=preferences, **data)
        except InvalidInput as error:
            add_errors(form, error)
        else:
            request.session[TIME_ZONE] = user.time_zone
            messages.success(request, "Saved.")
            return redirect("accounts:settings")
    return form_page(request, "accounts/settings.html", form)


def _settings(user: User) -> dict[str, Any]:
    fields = ("language", "time_zone", "keeps_activity")
    return {name: getattr(user, name) for name in fields} | {"game_mode": user.preferences.get("game_mode", "")}


@sensitive_post_parameters("current", "password")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_page(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    if request.method == "POST":
        count_own_password(request)
        user = player(request)
        if form.is_valid():
            try:
                change_password(user=user, session_key=request.session.session_key, **form.cleaned_data)
            except InvalidInput as error:
                add_errors(form, error)
            else:
                # With a new key, too: whoever had the old one is out.
                update_session_auth_hash(request, user)
                messages.success(request, "Your new password is set. You are logged out everywhere else.")
                response = redirect("accounts:password")
                remember_device(request, response, user)
                return response
    return form_page(request, "accounts/password.html", form)


@sensitive_post_parameters("password")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_page(request: HttpRequest) -> HttpResponse:
    form = ChangeAddressForm(request.POST or None)
    if request.method == "POST":
        count_own_password(request)
        if form.is_valid():
            data = form.cleaned_data
            try:
                mail: Mail = change_address(user=player(request), address=data["email"], password=data["password"])
            except InvalidInput as error:
                add_errors(form, error)
            else:
                messages.info(request, sent_text(mail))
                return redirect("accounts:address")
    return form_page(request, "accounts/address.html", form)


@login_required
@never_cache
@require_safe
def export_page(request: HttpRequest) -> HttpResponse:
    limited(request, group="export")
    user = player(request)
    body = orjson.dumps(export_of(user), option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS)
    response = HttpResponse(body, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="gw2optimizer-{user.username}.json"'
    return response


@sensitive_post_parameters("password")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete_page(request: HttpRequest) -> HttpResponse:
    form = OwnPasswordForm(request.POST or None)
    if request.method == "POST":
        count_own_password(request)
        if form.is_valid():
            try:
                delete_account(user=player(request), password=form.cleaned_data["password"])
            except InvalidInput as error:
                add_errors(form, error)
            else:
                logout(request)
                messages.success(request, "Your account is deleted, with everything that was yours alone.")
                return redirect("builds:home")
    return form_page(request, "accounts/delete.html", form)
