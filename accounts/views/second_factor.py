"""The second factor of staff, asked once a session before the administration opens, and its recovery codes."""

import segno
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.admin_site import SECOND_FACTOR
from accounts.devices import remember_device, source_of
from accounts.forms import CodeForm, ConfirmFactorForm, OwnPasswordForm, add_errors
from accounts.models import User
from accounts.services.credentials import check_own_password
from accounts.services.logins import note_recovery_code, note_wrong_code
from accounts.services.recovery import codes_left, looks_like_one, make_recovery_codes, use_recovery_code
from accounts.services.second_factor import (
    confirm_code,
    has_second_factor,
    offered_factor,
    provisioning_address,
    remove_factor,
)
from accounts.services.staff_acts import by_request
from accounts.views.common import count_own_password, form_page, player, wished_address
from gw2optimizer.errors import InvalidInput, NotFound
from gw2optimizer.ratelimits import limited

# With fewer left, whoever used one is led to where there are new ones.
FEW = 3


def _staff(request: HttpRequest) -> User:
    user = player(request)
    if not user.is_staff:
        raise NotFound("Only the administration asks for a second factor.")
    return user


@sensitive_post_parameters("password", "code")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    user = _staff(request)
    enrolled = has_second_factor(user)
    form = (CodeForm if enrolled else ConfirmFactorForm)(request.POST or None)
    if request.method == "POST":
        limited(request, group="second_factor", closed=True)
        if not enrolled:
            count_own_password(request)
        if form.is_valid():
            try:
                recovered = _check(request, user, form, enrolled=enrolled)
            except InvalidInput as error:
                note_wrong_code(user, source_of(request))
                add_errors(form, error)
            else:
                return _let_in(request, user, enrolled=enrolled, recovered=recovered)
    context = {"next": wished_address(request), "enrolled": enrolled}
    return form_page(request, "accounts/second_factor.html", form, **context, **({} if enrolled else _offer(user)))


def _check(request: HttpRequest, user: User, form: CodeForm | ConfirmFactorForm, *, enrolled: bool) -> bool:
    """Whether it was a recovery code."""
    code = form.cleaned_data["code"]
    if not enrolled:
        # A factor is bound for good: an open session alone is not enough for that.
        check_own_password(user, form.cleaned_data["password"], field="password")
    elif looks_like_one(code) and use_recovery_code(user=user, code=code, by=by_request(request)):
        note_recovery_code(user, source_of(request))
        return True
    confirm_code(user=user, code=code)
    return False


def _let_in(request: HttpRequest, user: User, *, enrolled: bool, recovered: bool) -> HttpResponse:
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = timezone.now().isoformat()
    if not enrolled:
        return _codes_answer(request, user, OwnPasswordForm(), made=make_recovery_codes(user=user))
    if recovered:
        left = codes_left(user)
        messages.warning(request, f"That code is used up. Recovery codes left: {left}.")
        if left <= FEW:
            return redirect("accounts:recovery_codes")
    return HttpResponseRedirect(wished_address(request) or reverse("admin:index"))


def _offer(user: User) -> dict[str, str]:
    factor = offered_factor(user)
    picture = segno.make(provisioning_address(factor, user), error="m", micro=False)
    return {"picture": picture.svg_data_uri(scale=5, border=4, light="#fff"), "secret": factor.secret}


@sensitive_post_parameters("password")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def codes_page(request: HttpRequest) -> HttpResponse:
    """How many are left; sending the password makes new ones."""
    user = _staff(request)
    if not _has_passed(request, user):
        return redirect(reverse("accounts:second_factor", query={"next": request.path}))
    form, fits = _asked_password(request, user)
    if not fits:
        return _codes_answer(request, user, form)
    return _codes_answer(request, user, OwnPasswordForm(), made=make_recovery_codes(user=user))


@sensitive_post_parameters("password")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def replace_page(request: HttpRequest) -> HttpResponse:
    """Another app in place of the present one."""
    user = _staff(request)
    if not _has_passed(request, user):
        return redirect(reverse("accounts:second_factor", query={"next": request.path}))
    form, fits = _asked_password(request, user)
    if not fits:
        return form_page(request, "accounts/replace_factor.html", form)
    remove_factor(user=user, by=by_request(request), session_key=request.session.session_key)
    del request.session[SECOND_FACTOR]
    messages.success(request, "The old app and its codes don't count any more. You are logged out elsewhere.")
    response = redirect("accounts:second_factor")
    remember_device(request, response, user)
    return response


def _has_passed(request: HttpRequest, user: User) -> bool:
    return SECOND_FACTOR in request.session and has_second_factor(user)


def _asked_password(request: HttpRequest, user: User) -> tuple[OwnPasswordForm, bool]:
    form = OwnPasswordForm(request.POST or None)
    if request.method != "POST":
        return form, False
    count_own_password(request)
    if not form.is_valid():
        return form, False
    try:
        check_own_password(user, form.cleaned_data["password"], field="password")
    except InvalidInput as error:
        add_errors(form, error)
        return form, False
    return form, True


def _codes_answer(
    request: HttpRequest, user: User, form: OwnPasswordForm, *, made: list[str] | None = None
) -> HttpResponse:
    """made: shown in this answer alone: they are kept nowhere from which a redirect could fetch them."""
    following = wished_address(request) or reverse("admin:index")
    context = {"made": made, "left": codes_left(user), "following": following}
    return form_page(request, "accounts/recovery_codes.html", form, **context)
