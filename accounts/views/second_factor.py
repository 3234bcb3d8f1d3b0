"""The second factor of staff, asked once a session before the administration opens."""

import segno
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.admin_site import SECOND_FACTOR
from accounts.devices import source_of
from accounts.forms import CodeForm, ConfirmFactorForm, add_errors
from accounts.models import User
from accounts.services.credentials import check_own_password
from accounts.services.logins import note_wrong_code
from accounts.services.second_factor import confirm_code, has_second_factor, offered_factor, provisioning_address
from accounts.views.common import count_own_password, form_page, player, wished_address
from gw2optimizer.errors import InvalidInput, NotFound
from gw2optimizer.ratelimits import limited


@sensitive_post_parameters("password", "code")
@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor_page(request: HttpRequest) -> HttpResponse:
    user = player(request)
    if not user.is_staff:
        raise NotFound("Only the administration asks for a second factor.")
    enrolled = has_second_factor(user)
    kind = CodeForm if enrolled else ConfirmFactorForm
    form = kind(request.POST or None)
    if request.method == "POST":
        limited(request, group="second_factor", closed=True)
        if not enrolled:
            count_own_password(request)
        if form.is_valid():
            try:
                _check(user, form, enrolled=enrolled)
            except InvalidInput as error:
                note_wrong_code(user, source_of(request))
                add_errors(form, error)
            else:
                return _let_in(request)
    context = {"next": wished_address(request), "enrolled": enrolled}
    return form_page(request, "accounts/second_factor.html", form, **context, **({} if enrolled else _offer(user)))


def _check(user: User, form: CodeForm, *, enrolled: bool) -> None:
    if not enrolled:
        # A factor is bound for good: an open session alone is not enough for that.
        check_own_password(user, form.cleaned_data["password"], field="password")
    confirm_code(user=user, code=form.cleaned_data["code"])


def _let_in(request: HttpRequest) -> HttpResponse:
    request.session.cycle_key()
    request.session[SECOND_FACTOR] = timezone.now().isoformat()
    return HttpResponseRedirect(wished_address(request) or reverse("admin:index"))


def _offer(user: User) -> dict[str, str]:
    factor = offered_factor(user)
    picture = segno.make(provisioning_address(factor, user), error="m", micro=False)
    return {"picture": picture.svg_data_uri(scale=5, border=4, light="#fff"), "secret": factor.secret}
