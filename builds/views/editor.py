"""The editor: a build made or changed piece by piece, with what it is worth beside it."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from builds.access import editable_build, readable_build
from builds.catalogue import current_catalogue
from builds.editing import FIELDS, INFUSIONS, Draft, carried_over, values_of
from builds.forms import BuildForm, DraftForm, StartForm
from builds.gamedata import Catalogue
from builds.gamedata.model import MODES
from builds.icons import icon_url
from builds.models import Build
from builds.presentation.editor import GEAR_GROUPS, editor_view, label_of, line_edit
from builds.presentation.editor_bar import drawn_bar, offers_for, stamp_of
from builds.presentation.gear_gives import gives
from builds.presentation.options import legend_skills
from builds.presentation.worth import asked_for, worth_view
from builds.services.builds import create_build, update_build
from builds.sharing import from_payload, to_payload
from builds.spec import BuildSpec, ParsedBuild, stored_spec
from builds.spec.compare import differences
from builds.spec.template import specialization_name
from builds.views.common import add_errors, saved_at, undo_of, user_of
from gw2optimizer.errors import Conflict, DomainError, InvalidInput
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import limited

_ABOUT = ("name", "game_mode", "wvw_style", "role")
_ALL_SLOTS = tuple(slot for slots in GEAR_GROUPS.values() for slot in slots)
NEW_LINE = "The line is another one now. Choose its traits, and save again."


@dataclass(slots=True)
class _Editing:
    """One editor: its build, None for a new one, and what its form holds. origin: what the link held that a new build
    began with, "" for none."""

    form: forms.Form
    draft: Draft
    build: Build | None = None
    origin: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def saved(self) -> BuildSpec | None:
        """What changes are measured against."""
        return self.draft.base if self.build or self.origin else None


# --- what a form holds -----------------------------------------------------------------------------
def _posted(request: HttpRequest, base: BuildSpec, form: forms.Form, **more: Any) -> _Editing:
    """Traits of a line that has become another one since it was drawn are none of it. A form without the editor's own
    fields leaves the build as it is."""
    data = request.POST
    if "drawn.0" in data:
        values = {name: data.get(name, "") for name in FIELDS if name in data}
    else:
        values = values_of(base, current_catalogue())
    errors: dict[str, list[str]] = {}
    for number in _redrawn(data):
        values |= {f"specializations.{number}.traits.{tier}": "" for tier in range(3)}
        if values.get(f"specializations.{number}.specialization"):
            errors[f"specializations.{number}.specialization"] = [NEW_LINE]
    form.is_valid()
    about = {name: form.cleaned_data.get(name) or None for name in _ABOUT}
    about["name"], about["game_mode"] = about["name"] or base.name or "Build", about["game_mode"] or base.game_mode
    return _Editing(form, Draft(base, values, about), errors=errors, **more)


def _redrawn(data: QueryDict) -> Iterable[int]:
    for number in range(3):
        drawn = data.get(f"drawn.{number}")
        if drawn is not None and drawn != data.get(f"specializations.{number}.specialization", ""):
            yield number


def _begun(base: BuildSpec, form: forms.Form, catalogue: Catalogue, **more: Any) -> _Editing:
    about = {name: getattr(base, name) for name in _ABOUT} | {"name": base.name or "Build"}
    return _Editing(form, Draft(base, values_of(base, catalogue), about), **more)


def _with_gear_set(editing: _Editing, data: QueryDict, catalogue: Catalogue) -> None:
    slots = GEAR_GROUPS.get(data.get("set_gear", ""), _ALL_SLOTS)
    editing.draft = editing.draft.with_gear(slots, data.get("all_gear", ""), catalogue)


# --- pages -----------------------------------------------------------------------------------------
def _page(request: HttpRequest, editing: _Editing, *, status: int = 200, **more: Any) -> HttpResponse:
    catalogue, draft = current_catalogue(), editing.draft
    found = _worth(request, editing, catalogue)
    context = {
        "form": editing.form,
        "build": editing.build,
        "origin": editing.origin,
        "profession": draft.base.profession,
        "legends": legend_skills(catalogue) if draft.base.profession == "Revenant" else None,
        "editor": editor_view(
            catalogue.professions[draft.base.profession],
            draft.values,
            catalogue,
            errors=editing.errors,
            gives=gives(found["spec"], catalogue),
            icon=icon_url,
        ),
        "other_errors": [
            (label_of(name), text)
            for name, texts in editing.errors.items()
            if name not in FIELDS and name not in editing.form.fields and name != "infusions"
            for text in texts
        ],
        "bar": drawn_bar(found["spec"], catalogue, icon=icon_url),
        **found,
        **more,
    }
    return render_partial(request, "builds/edit.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, build_id: uuid.UUID) -> HttpResponse:
    build, catalogue = editable_build(request.user, build_id), current_catalogue()
    if request.method != "POST":
        return _page(request, _begun(build.value, BuildForm(initial=_initial(build)), catalogue, build=build))
    form = BuildForm(request.POST)
    editing = _posted(request, build.value, form, build=build)
    if "set_gear" in request.POST:
        _with_gear_set(editing, request.POST, catalogue)
        return _page(request, editing)
    if (parsed := _checked(editing, catalogue)) is None:
        return _page(request, editing, status=422)
    data = form.cleaned_data
    try:
        saved = update_build(
            build_id=build.pk,
            author=user_of(request),
            version=data["version"],
            spec=parsed.spec,
            **{name: data[name] for name in ("description", "visibility", "difficulty", "tags")},
        )
    except Conflict as error:
        # What was changed stays in the form, what is saved stands beside it, and the rest is as saved. Sent again, it
        # is meant.
        editing.build = build = editable_build(request.user, build_id)
        typed = _on_what_is_saved(editing, build, request.POST, data["version"], catalogue)
        more = {"conflict": True, "saved": _saved_otherwise(form, build, typed or parsed.spec, catalogue)}
        return _page(request, editing, status=error.status, **more)
    except DomainError as error:
        add_errors(form, error)
        return _page(request, editing, status=422)
    for note in parsed.notes:
        messages.info(request, note)
    if saved.version == build.version or undo_of(saved) is None:
        messages.success(request, "Saved.")
        return redirect(saved)
    return redirect(saved_at(saved))


def _on_what_is_saved(
    editing: _Editing, build: Build, sent: QueryDict, opened: int, catalogue: Catalogue
) -> BuildSpec | None:
    """Takes over what was saved since and was not changed here. opened: the version that the form began with. None
    where the two together are no build: then the form stays as it was sent."""
    data = sent.copy()
    data["version"] = str(build.version)
    editing.form.data = data
    editing.draft = replace(editing.draft, base=build.value)
    began = build.revisions.filter(number=opened).first()
    if began is None:
        return None
    before = stored_spec(began.spec)
    values = carried_over(editing.draft.values, values_of(before, catalogue), values_of(build.value, catalogue))
    untouched = [name for name in _ABOUT if (editing.draft.about[name] or "") == (getattr(before, name) or "")]
    about = {**editing.draft.about, **{name: getattr(build.value, name) for name in untouched}}
    draft = replace(editing.draft, values=values, about=about)
    try:
        spec = draft.parsed(catalogue).spec
    except InvalidInput:
        return None
    editing.draft = draft
    for name in untouched:
        data[name] = about[name] or ""
    if str(data.get("description", "")).replace("\r\n", "\n") == began.description:
        data["description"] = build.description
    return spec


def _checked(editing: _Editing, catalogue: Catalogue) -> ParsedBuild | None:
    """None with the errors of form and build noted where they belong."""
    try:
        parsed = editing.draft.parsed(catalogue)
    except InvalidInput as error:
        for name, texts in error.fields.items():
            if name in editing.form.fields:
                editing.form.add_error(name, list(texts))
            else:
                editing.errors.setdefault(name, []).extend(texts)
        return None
    return parsed if editing.form.is_valid() and not editing.errors else None


def _initial(build: Build) -> dict[str, Any]:
    fields = ("name", "description", "visibility", "game_mode", "wvw_style", "role", "difficulty", "version")
    return {field: getattr(build, field) for field in fields} | {"tags": ", ".join(build.tags)}


def _saved_otherwise(
    form: BuildForm, build: Build, typed: BuildSpec, catalogue: Catalogue
) -> list[tuple[str, str, str]]:
    """Label, saved text and text of the form of each field, and of each piece of the build, that differs."""
    saved = _initial(build)
    found: list[tuple[str, str, str]] = []
    for bound in form.visible_fields():
        value = saved[bound.name]
        if bound.field.has_changed(value, bound.value()):
            choices = {str(key): str(text) for key, text in getattr(bound.field, "choices", ())}
            both = ["" if one is None else str(one) for one in (value, bound.value())]
            found.append((str(bound.label), choices.get(both[0], both[0]), choices.get(both[1], both[1])))
    same_about = {name: getattr(typed, name) for name in _ABOUT}
    played = differences(
        replace(build.value, template_code="", **same_about), replace(typed, template_code=""), catalogue
    )
    return found + [(change.place, change.before, change.after) for change in played]


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """From nothing, or from a build that stays as it is. Without an account what is made is kept in a link."""
    catalogue = current_catalogue()
    if request.method != "POST":
        return _beginning(request, catalogue)
    limited(request, group="answer", rate="60/m")
    editing = _posted(request, _base_of_new(request.POST, catalogue), DraftForm(request.POST))
    editing.origin = request.POST.get("origin", "")
    if "set_gear" in request.POST:
        _with_gear_set(editing, request.POST, catalogue)
        return _page(request, editing)
    if (parsed := _checked(editing, catalogue)) is None:
        return _page(request, editing, status=422)
    for note in parsed.notes:
        messages.info(request, note)
    if not request.user.is_authenticated:
        return redirect("builds:open", to_payload(parsed.spec))
    build = create_build(owner=user_of(request), spec=parsed.spec)
    messages.success(request, "Saved as a private build of yours.")
    return redirect(build)


def _beginning(request: HttpRequest, catalogue: Catalogue) -> HttpResponse:
    origin = request.GET.get("from", "")
    if request.GET.get("build"):
        origin = to_payload(readable_build(request.user, _build_id(request.GET["build"])).value)
    if origin:
        base = from_payload(origin, catalogue)
        form = DraftForm(initial={name: getattr(base, name) for name in _ABOUT})
        return _page(request, _begun(base, form, catalogue, origin=origin))
    start = StartForm(request.GET or None)
    if not start.is_valid():
        status = 422 if start.is_bound else 200
        return render_partial(request, "builds/new.html", {"form": start}, status=status)
    base = BuildSpec(
        f"New {start.cleaned_data['profession']}",
        start.cleaned_data["profession"],
        start.cleaned_data["game_mode"] or MODES[0],
    )
    form = DraftForm(initial={"name": base.name, "game_mode": base.game_mode})
    return _page(request, _begun(base, form, catalogue))


def _base_of_new(data: QueryDict, catalogue: Catalogue) -> BuildSpec:
    if origin := data.get("origin", ""):
        return from_payload(origin, catalogue)
    profession = data.get("profession", "")
    if profession not in catalogue.professions:
        raise InvalidInput("Choose a profession first.", fields={"profession": ["There is no such profession."]})
    return BuildSpec("", profession)


# --- what it is worth ------------------------------------------------------------------------------
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the form of an editor would be worth. Nothing is saved. Counted as any other page: a click is never too
    many."""
    catalogue, data = current_catalogue(), request.POST
    if data.get("build"):
        build = editable_build(request.user, _build_id(data["build"]))
        editing = _posted(request, build.value, DraftForm(data), build=build)
    else:
        editing = _posted(request, _base_of_new(data, catalogue), DraftForm(data), origin=data.get("origin", ""))
    # A line that is drawn anew says itself what to do.
    editing.errors = {}
    profession = catalogue.professions[editing.draft.base.profession]
    lines = [line_edit(number, profession, editing.draft.values, catalogue, icon=icon_url) for number in _redrawn(data)]
    found = _worth(request, editing, catalogue)
    # What is drawn already stays, and with it the focus.
    drawn = data.get("drawn_bar", "") == stamp_of(found["spec"])
    bar = None if drawn else drawn_bar(found["spec"], catalogue, icon=icon_url)
    return render_partial(
        request,
        "builds/preview.html",
        {
            "lines": lines,
            "profession": profession.id,
            "bar": bar,
            "gives": gives(found["spec"], catalogue),
            **found,
        },
    )


@require_POST
def choices(request: HttpRequest) -> HttpResponse:
    """What a field of an editor's form could hold, with the numbers that it has in this build."""
    catalogue, data = current_catalogue(), request.POST
    if data.get("build"):
        editing = _posted(request, editable_build(request.user, _build_id(data["build"])).value, DraftForm(data))
    else:
        editing = _posted(request, _base_of_new(data, catalogue), DraftForm(data))
    parsed = _as_far_as_it_goes(editing.draft, catalogue, {})
    name = data.get("field", "")
    spec = parsed.spec if parsed else editing.draft.base
    offers = offers_for(name, editing.draft.text(name), spec, catalogue, icon=icon_url)
    if offers is None:
        raise InvalidInput("There is nothing to choose from for this field.")
    return render_partial(request, "builds/choices.html", {"offers": offers})


def _build_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise InvalidInput("This says no build: open it again from its page.") from error


def _worth(request: HttpRequest, editing: _Editing, catalogue: Catalogue) -> dict[str, Any]:
    """What is wrong is left out, so that the numbers go on answering, and named."""
    problems: dict[str, list[str]] = {name: list(map(str, texts)) for name, texts in editing.form.errors.items()}
    parsed = _as_far_as_it_goes(editing.draft, catalogue, problems)
    data = request.POST
    asked = asked_for(data.getlist("boon"), data.getlist("with"), data.get("set", ""))
    return {
        "spec": parsed.spec if parsed else editing.draft.base,
        "problems": [
            (name, f"id_{name}" if name in editing.form.fields else f"edit-{name}", label_of(name), text)
            for name, texts in problems.items()
            for text in texts
        ],
        "worth": worth_view(parsed.spec, catalogue, asked, editing.saved) if parsed else None,
        "notes": parsed.notes if parsed else (),
        "specialization": specialization_name(parsed.spec, catalogue) if parsed else "",
    }


def _as_far_as_it_goes(draft: Draft, catalogue: Catalogue, problems: dict[str, list[str]]) -> ParsedBuild | None:
    while True:
        try:
            return draft.parsed(catalogue)
        except InvalidInput as error:
            for name, texts in error.fields.items():
                problems.setdefault(name, []).extend(texts)
            rest = _without(draft, error.fields)
            if rest == draft:
                return None
            draft = rest


def _without(draft: Draft, wrong: Mapping[str, Any]) -> Draft:
    names = set(wrong)
    if "infusions" in names:
        names |= set(INFUSIONS)
    filled = {name for name in names if draft.text(name)}
    about = {name: value for name, value in draft.about.items() if name == "name" or name not in names}
    return replace(draft.without(filled), about=about)
