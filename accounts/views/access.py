"""Who and what gets into one's account: sessions, tokens, the history of log-ins."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.forms import TokenForm, add_errors
from accounts.models import LoginAttempt, PersonalToken
from accounts.services.sessions import end_access, end_session, living_sessions
from accounts.services.tokens import end_token, make_token
from accounts.views.common import form_page, player
from gw2optimizer.errors import InvalidInput, MalformedInput
from gw2optimizer.ratelimits import limited

HISTORY_PAGE = 30
# More sessions than this are ended all at once, not one by one.
MOST_SESSIONS = 100


@login_required
@never_cache
@require_safe
def sessions_page(request: HttpRequest) -> HttpResponse:
    rows = list(living_sessions(player(request))[:MOST_SESSIONS])
    here = request.session.session_key
    return render(request, "accounts/sessions.html", {"sessions": rows, "here": here})


@login_required
@require_POST
def end_one_session(request: HttpRequest, session_id: uuid.UUID) -> HttpResponse:
    ended = end_session(user=player(request), session_id=str(session_id))
    if ended == request.session.session_key:
        logout(request)
        return redirect(settings.LOGOUT_REDIRECT_URL)
    messages.success(request, "That session is ended.")
    return redirect("accounts:sessions")


@login_required
@require_POST
def log_out_everywhere(request: HttpRequest) -> HttpResponse:
    end_access(player(request))
    logout(request)
    messages.success(request, "You are logged out everywhere.")
    return redirect("accounts:login")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens_page(request: HttpRequest) -> HttpResponse:
    user = player(request)
    form = TokenForm(request.POST or None)
    made: tuple[PersonalToken, str] | None = None
    if request.method == "POST":
        limited(request, group="token_made")
        if form.is_valid():
            try:
                made = make_token(user=user, **form.cleaned_data)
            except InvalidInput as error:
                add_errors(form, error)
            else:
                # Shown in this answer alone: it is kept nowhere from which a redirect could fetch it.
                form = TokenForm()
    context = {"tokens": list(PersonalToken.objects.filter(user=user)), "made": made}
    return form_page(request, "accounts/tokens.html", form, **context)


@login_required
@require_POST
def end_one_token(request: HttpRequest, token_id: uuid.UUID) -> HttpResponse:
    end_token(user=player(request), token_id=token_id)
    messages.success(request, "That token is ended.")
    return redirect("accounts:tokens")


@login_required
@never_cache
@require_safe
def history_page(request: HttpRequest) -> HttpResponse:
    """Newest first, by keyset: ?before= is the id at which the page begins."""
    rows = LoginAttempt.objects.filter(user=player(request)).exclude(outcome=LoginAttempt.Outcome.BEGUN)
    before = request.GET.get("before", "")
    if before:
        if not (before.isascii() and before.isdigit() and len(before) < 19):
            raise MalformedInput("This is not a page of your history.")
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.order_by("-pk")[: HISTORY_PAGE + 1])
    following = found[HISTORY_PAGE - 1].pk if len(found) > HISTORY_PAGE else None
    context = {"attempts": found[:HISTORY_PAGE], "following": following, "first": not before}
    return render(request, "accounts/logins.html", context)
