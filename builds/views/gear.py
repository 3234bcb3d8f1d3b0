"""Searches for gear: the form of a build, the run with its progress and result, and choosing among the results."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from builds.access import readable_build, readable_run
from builds.catalogue import current_catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.gear_form import GearForm, initial_again, initial_of
from builds.gear_wish import GearWish
from builds.models import Build, GearRun
from builds.presentation.gear_run import gear_answer, large, number
from builds.services.gear_choice import chosen_gear, save_gear
from builds.services.gear_runs import answer_at_once, cancel_run, keep_answer, queue_run, runs_ahead
from builds.sharing import from_payload, to_payload
from builds.spec import BuildSpec
from builds.spec.template import specialization_name
from gw2optimizer.errors import DomainError, InvalidInput
from gw2optimizer.health import HEARTBEAT_LASTS, heartbeat_age
from gw2optimizer.pages import render_partial
from gw2optimizer.ratelimits import caller_key, limited

TEMPLATE = "builds/optimise.html"


@dataclass(frozen=True, slots=True)
class Subject:
    """The build that gear is searched for. build: its row, None for one that lives in its link."""

    spec: BuildSpec
    build: Build | None

    @property
    def payload(self) -> str:
        return to_payload(self.spec)

    @property
    def back(self) -> str:
        return self.build.get_absolute_url() if self.build else reverse("builds:open", args=[self.payload])

    @property
    def search(self) -> str:
        """The address of the form."""
        if self.build:
            return reverse("builds:optimise", args=[self.build.pk])
        return reverse("builds:optimise_open", args=[self.payload])

    @property
    def specialization(self) -> str:
        return specialization_name(self.spec, current_catalogue())

    @property
    def in_pvp(self) -> bool:
        return BALANCE_OF_MODE[self.spec.game_mode] == "pvp"


@require_http_methods(["GET", "HEAD", "POST"])
def optimise(request: HttpRequest, build_id: uuid.UUID) -> HttpResponse:
    build = readable_build(request.user, build_id)
    return _form_page(request, Subject(build.value, build))


@require_http_methods(["GET", "HEAD", "POST"])
def optimise_open(request: HttpRequest, payload: str) -> HttpResponse:
    limited(request, group="answer", rate="60/m", key=None)
    return _form_page(request, Subject(from_payload(payload, current_catalogue()), None))


def _form_page(request: HttpRequest, subject: Subject) -> HttpResponse:
    context: dict[str, Any] = {"subject": subject, "run": None}
    if subject.in_pvp:
        return render_partial(request, TEMPLATE, context, status=200 if request.method != "POST" else 422)
    catalogue = current_catalogue()
    if request.method != "POST":
        initial = initial_of(subject.spec, catalogue, request.GET.get("objective", ""))
        context["form"] = GearForm(initial=initial, spec=subject.spec, catalogue=catalogue)
        return render_partial(request, TEMPLATE, context)
    limited(request, group="gear", rate="60/m")
    form = GearForm(request.POST, spec=subject.spec, catalogue=catalogue)
    status = 422
    if form.is_valid():
        try:
            run = _started(request, subject, form.wish())
        except DomainError as error:
            form.add_errors(error)
            status = error.status
        else:
            return _run_answer(request, run, pushed=True) if _for_htmx(request) else redirect(run)
    context["form"] = form
    response = render_partial(request, TEMPLATE, context, partial="wish", status=status)
    # What was sent for a result comes back as the form, with what is wrong in it.
    response["HX-Retarget"] = "#gear-wish"
    return response


def _started(request: HttpRequest, subject: Subject, wish: GearWish) -> GearRun:
    found = answer_at_once(spec=subject.spec, wish=wish)
    who: dict[str, Any] = {
        "owner": request.user if isinstance(request.user, User) else None,
        "caller": caller_key(request),
        "spec": subject.spec,
        "build": subject.build,
        "wish": wish,
    }
    return queue_run(**who) if found is None else keep_answer(**who, found=found)


def _for_htmx(request: HttpRequest) -> bool:
    return bool(getattr(request, "htmx", False))


@require_safe
@never_cache
def gear_run(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The search with its progress or result; ?show= which of the ten results stands there whole."""
    return _run_answer(request, readable_run(request.user, run_id))


def _run_answer(request: HttpRequest, run: GearRun, *, pushed: bool = False) -> HttpResponse:
    catalogue = current_catalogue()
    subject = Subject(run.value, run.build)
    shown = request.GET.get("show", "1")
    context: dict[str, Any] = {
        "subject": subject,
        "run": run,
        "owned": run.build is not None and request.user.is_authenticated and run.build.owner_id == request.user.pk,
    }
    if run.result is not None:
        chosen = int(shown) if shown.isascii() and shown.isdigit() and len(shown) < 3 else 1
        context["answer"] = gear_answer(run.result, subject.spec, catalogue, chosen=chosen)
    if not run.is_over:
        context |= _waiting(run)
    if not _for_htmx(request):
        initial = initial_again(subject.spec, catalogue, GearWish.from_json(run.request))
        context["form"] = GearForm(initial=initial, spec=subject.spec, catalogue=catalogue)
    response = render_partial(request, TEMPLATE, context, partial="run")
    if pushed:
        response["HX-Push-Url"] = run.get_absolute_url()
    return response


def _waiting(run: GearRun) -> dict[str, Any]:
    age = heartbeat_age()
    return {
        "percent": round(100 * run.done),
        "best": "" if run.best is None else number(run.best),
        "bound": "" if run.bound is None else number(run.bound),
        "evaluated": large(run.evaluated),
        "ahead": runs_ahead(run) if run.status == GearRun.Status.QUEUED else 0,
        "no_worker": age is None or age > HEARTBEAT_LASTS,
    }


@require_POST
def cancel(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    run = readable_run(request.user, run_id)
    stopped = cancel_run(run_id=run.pk)
    stopped.build = run.build
    return _run_answer(request, stopped) if _for_htmx(request) else redirect(stopped)


@require_POST
def apply(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Without an account the build with its new gear opens as a link."""
    run = readable_run(request.user, run_id)
    text = request.POST.get("number", "")
    if not (text.isascii() and text.isdigit() and len(text) < 3):
        raise InvalidInput("Choose one of the results.")
    if not isinstance(request.user, User):
        return redirect("builds:open", to_payload(chosen_gear(run, int(text))))
    limited(request, group="answer", rate="60/m")
    build = save_gear(run=run, number=int(text), owner=request.user)
    if run.build_id == build.pk:
        messages.success(request, "Saved with the new gear. What it wore before is in its history.")
    else:
        messages.success(request, "Saved with the new gear as a private build of yours.")
    return redirect(f"{build.get_absolute_url()}?saved")
