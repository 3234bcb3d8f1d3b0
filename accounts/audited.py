"""What every page of the administration writes down, whatever model it is about. The site lays this over each admin
that is registered, so that no app can forget it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from accounts.models import StaffAct
from accounts.services.staff_acts import by_request, record_staff_act, short

CHANGED, SET = "changed", "set"

# Of these fields the value is no text that somebody wrote, and says what a reader of the log wants to know.
_TOLD = (
    forms.BooleanField, forms.ChoiceField, forms.ModelChoiceField, forms.IntegerField, forms.FloatField,
    forms.DateField, forms.DateTimeField,
)  # fmt: skip


class Audited(admin.ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """In place of Django's own log of actions, which goes with its actor and keeps names of what is gone."""

    def construct_change_message(self, request: HttpRequest, form: forms.Form, formsets: Any, add: bool = False) -> Any:
        request.staff_changes = changes_of(form, add=add)  # type: ignore[attr-defined]
        return super().construct_change_message(request, form, formsets, add)

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._note(request, StaffAct.Verb.ADDED, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._note(request, StaffAct.Verb.CHANGED, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: Iterable[Model]) -> Any:
        for obj in queryset:
            record_staff_act(by=by_request(request, StaffAct.Source.ADMIN), verb=StaffAct.Verb.DELETED, target=obj)

    def _note(self, request: HttpRequest, verb: StaffAct.Verb, obj: Model, message: Any) -> None:
        """message: a text of the action, or Django's list for what a form changed."""
        before, after = getattr(request, "staff_changes", ({}, {}))
        if isinstance(message, str):
            before, after = {}, {"did": message}
        elif verb == StaffAct.Verb.CHANGED and not after:
            return
        by = by_request(request, StaffAct.Source.ADMIN)
        record_staff_act(by=by, verb=verb, target=obj, before=before, after=after)

    def response_action(self, request: HttpRequest, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        with transaction.atomic():
            return super().response_action(request, queryset, *args, **kwargs)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        query = {"target_kind": self.opts.label_lower, "target_id": object_id}
        return HttpResponseRedirect(reverse("admin:accounts_staffact_changelist", query=query))


def changes_of(form: forms.Form, *, add: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """Of what a form changed, before and after; of texts, addresses and passwords only that they did."""
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for name in form.changed_data:
        field = form.fields.get(name)
        if not isinstance(field, _TOLD):
            after[name] = SET if add else CHANGED
            continue
        if not add:
            before[name] = short(form.get_initial_for_field(field, name))
        after[name] = short(form.cleaned_data.get(name))
    return before, after
