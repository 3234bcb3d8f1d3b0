"""For the admin of what players publish: hiding and showing again, by the services of moderators."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import StaffAct
from accounts.models.moderation import MOST_CHARACTERS
from accounts.services import moderation
from accounts.services.staff_acts import by_request
from gw2optimizer.errors import DomainError


class ReasonForm(ActionForm):
    reason = forms.CharField(required=False, max_length=MOST_CHARACTERS, label="Reason (for hiding)")


class HideableAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    action_form = ReasonForm
    actions = ("hide", "show_again")

    @admin.display(boolean=True, ordering="hidden_at")
    def hidden(self, thing: Any) -> bool:
        return bool(thing.is_hidden)

    @admin.action(description="Hide, with the reason that stands beside", permissions=["change"])
    def hide(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for thing in rows:
            self._do(request, thing, hide=True)

    @admin.action(description="Show again", permissions=["change"])
    def show_again(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        for thing in rows:
            self._do(request, thing, hide=False)

    def _do(self, request: HttpRequest, thing: Any, *, hide: bool) -> None:
        by = by_request(request, StaffAct.Source.ADMIN)
        try:
            if hide:
                moderation.hide(target=thing, by=by, reason=request.POST.get("reason", ""))
            else:
                moderation.show_again(target=thing, by=by)
        except DomainError as error:
            self.message_user(request, f"{thing}: {error.message}", messages.ERROR)
        else:
            self.message_user(request, f"{thing}: {'hidden' if hide else 'shown again'}.", messages.SUCCESS)
