"""What the links in our letters open. A letter's link is opened by mail scanners too: only a button does anything."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.devices import remember_device
from accounts.forms import ForgotForm, NewPasswordForm, add_errors
from accounts.models import Mail
from accounts.services.addresses import confirm_address, send_verification
from accounts.services.mails import linked_mail
from accounts.services.passwords import ask_reset, reset_password
from accounts.views.common import form_page, player, sent_text
from gw2optimizer.errors import InvalidInput
from gw2optimizer.ratelimits import address_key, limited


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def verify_page(request: HttpRequest, token: str) -> HttpResponse:
    if request.method != "POST":
        mail = linked_mail(token, Mail.Kind.VERIFY, Mail.Kind.CHANGE_ADDRESS)
        return render(request, "accounts/verify.html", {"mail": mail, "token": token})
    limited(request, group="mail_link", key=address_key(request))
    confirm_address(token=token)
    messages.success(request, "Your address is verified. You can publish your builds now.")
    return redirect("accounts:profile" if request.user.is_authenticated else "accounts:login")


@login_required
@require_POST
def send_verification_again(request: HttpRequest) -> HttpResponse:
    limited(request, group="mail")
    mail = send_verification(user=player(request))
    messages.info(request, sent_text(mail) if mail else "Your address is verified already.")
    return redirect("accounts:profile")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def forgot_page(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return form_page(request, "accounts/forgot.html", ForgotForm())
    limited(request, group="mail", key=address_key(request), closed=True)
    form = ForgotForm(request.POST)
    if not form.is_valid():
        return form_page(request, "accounts/forgot.html", form)
    ask_reset(email=form.cleaned_data["email"])
    context = {"email": form.cleaned_data["email"], "in_terminal": settings.MAIL_SHOWS_LINKS}
    return render(request, "accounts/forgot_sent.html", context)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_page(request: HttpRequest, token: str) -> HttpResponse:
    mail = linked_mail(token, Mail.Kind.RESET)
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST":
        limited(request, group="mail_link", key=address_key(request), closed=True)
        if form.is_valid():
            try:
                user = reset_password(token=token, password=form.cleaned_data["password"])
            except InvalidInput as error:
                add_errors(form, error)
            else:
                messages.success(request, "Your new password is set, and you are logged out everywhere. Please log in.")
                response = redirect("accounts:login")
                # Whoever reads the owner's mail is no stranger: a lock that strangers caused doesn't hold them up.
                remember_device(request, response, user)
                return response
    return form_page(request, "accounts/reset.html", form, name=mail.name, token=token)
