"""What builds show on the dashboard."""

from dataclasses import dataclass

from accounts.cards import Card, Content
from accounts.models import User
from builds.gear_form import OBJECTIVE_WORDS
from builds.models import Build, GearRun
from builds.patches import Change, patches_for

SHOWN = 6
"""Of builds, searches, and of what changed in one build."""

_VERBS = {"changed": "Changed", "renamed": "Renamed", "removed": "Gone"}


@dataclass(frozen=True, slots=True)
class Said:
    """verb: what happened to the things. names: the first of them; more: how many beyond."""

    verb: str
    names: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class RunRow:
    run: GearRun
    name: str
    objective: str
    percent: int


def builds_card(user: User) -> Content:
    builds = list(Build.objects.filter(owner=user).for_list().order_by("-updated_at", "-id")[:SHOWN])
    return Content({"builds": builds}, is_empty=not builds)


def patches_card(user: User) -> Content | None:
    patches = patches_for(user)
    if patches.taken_on is None:
        return None
    rows = [
        {"build": told.build, "problems": told.problems[:2], "said": said_of(told.changes)}
        for told in patches.builds[:SHOWN]
    ]
    context = {
        "rows": rows,
        "more": len(patches.builds) - len(rows),
        "looked_at": patches.looked_at,
        "taken_on": patches.taken_on,
    }
    # It says nothing of the player's own where nothing is concerned.
    return Content(context, is_empty=True, wide=True) if rows else None


def said_of(changes: tuple[Change, ...]) -> list[Said]:
    said = []
    for how in ("removed", "renamed", "changed"):
        # An elementalist's skills lie on several keys under one name.
        names = list(dict.fromkeys(change.name for change in changes if change.how == how))
        if names:
            said.append(Said(_VERBS[how], tuple(names[:SHOWN]), len(names[SHOWN:])))
    return said


def runs_card(user: User) -> Content | None:
    runs = GearRun.objects.filter(owner=user).select_related("build").defer("result", "build__spec")
    newest = list(runs.order_by("-created_at", "-id")[:SHOWN])
    newest.sort(key=lambda run: run.is_over)
    rows = [
        RunRow(run, run.build.name if run.build else run.spec.get("name", ""), _objective(run), int(run.done * 100))
        for run in newest
    ]
    return Content({"rows": rows}) if rows else None


def _objective(run: GearRun) -> str:
    return OBJECTIVE_WORDS.get(run.request.get("objective", ""), "")


CARDS = (
    Card("patches", "What changed for your builds", "builds/cards/patches.html", patches_card, order=10),
    Card("builds", "My builds", "builds/cards/builds.html", builds_card, order=20, all="builds:mine"),
    Card("gear-runs", "My searches for gear", "builds/cards/runs.html", runs_card, order=40),
)
