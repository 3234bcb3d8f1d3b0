"""The admin has no log-in of its own: a second door would need the limits and the lock of the first. Beyond that one
it asks for a second factor, once a session."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

# Of the session: when its user passed the second factor.
SECOND_FACTOR = "second_factor_at"


class StaffAdminSite(AdminSite):
    site_title = site_header = "GW2Optimizer"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Whatever staff does there is written down. Here, so that no app has to think of it."""
        from accounts.audited import Audited

        if admin_class is None or not issubclass(admin_class, Audited):
            bases = (Audited,) if admin_class is None else (Audited, admin_class)
            admin_class = type(getattr(admin_class, "__name__", "ModelAdmin"), bases, {})
        super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and SECOND_FACTOR in request.session

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        wished = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(
            wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            wished = reverse("admin:index", current_app=self.name)
        if self.has_permission(request):
            return HttpResponseRedirect(wished)
        page = "accounts:second_factor" if super().has_permission(request) else "accounts:login"
        return HttpResponseRedirect(reverse(page, query={REDIRECT_FIELD_NAME: wished}))


class StaffAdminConfig(AdminConfig):
    default_site = "accounts.admin_site.StaffAdminSite"
