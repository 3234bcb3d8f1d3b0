"""From a result of a search for gear to a build that wears it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction

from accounts.models import Activity
from accounts.services.activity import record_activity
from builds.catalogue import current_catalogue
from builds.models import Build, GearRun
from builds.services.builds import copy_build, create_build, update_build
from builds.spec import BuildSpec, parse_build, plain_json
from builds.spec.model import GearPiece
from gw2optimizer.errors import Conflict, InvalidInput

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

# What a search may choose beside the prefixes, and where that is in a build.
_CHOICES = {
    "runes": "rune", "sigils": "sigils", "relics": "relic", "foods": "food", "utilities": "utility",
    "infusions": "infusions",
}  # fmt: skip


def chosen_gear(run: GearRun, number: int) -> BuildSpec:
    """The build of the run in the gear of its result `number`, from 1. Raises InvalidInput where there is no such
    result, or where the present game data no longer know it."""
    return _dressed(run, run.value, number)


@transaction.atomic
def save_gear(*, run: GearRun, number: int, owner: "User") -> Build:
    """In the run's build where that is the owner's, as one more revision; else in a private build of the owner's.
    Raises Conflict where the build has changed in more than what it wears since the run began."""
    record_activity(
        user=owner,
        verb=Activity.Verb.PICKED,
        target_kind="gear_run",
        target_id=run.pk,
        data={"number": number, "of": len((run.result or {}).get("results", ()))},
    )
    build = run.build
    note = f"Gear optimised: {run.request.get('objective', '')}"
    if build is None:
        return create_build(owner=owner, spec=chosen_gear(run, number), origin=Build.Origin.PASTED)
    if build.owner_id != owner.pk:
        build = copy_build(source=build, owner=owner)
    present = build.value
    if _rest(present, run) != _rest(run.value, run):
        raise Conflict(
            "This build has changed since the search began, so that its gear may no longer be the best. "
            "Nothing was saved: search again."
        )
    spec = _dressed(run, present, number)
    saved = update_build(build_id=build.pk, author=owner, version=build.version, spec=spec, note=note)
    log.info("gear_chosen", run=str(run.pk), build=str(saved.pk), number=number)
    return saved


def _asked(run: GearRun) -> frozenset[str]:
    """What of the build the search chose, beside the prefixes."""
    choices = run.request.get("choices", {})
    return frozenset(place for name, place in _CHOICES.items() if choices.get(name))


def _rest(spec: BuildSpec, run: GearRun) -> dict[str, Any]:
    """What the search took as given. Results may be tried one after the other, so what they change is not in it."""
    chosen = _asked(run) | {"gear", "name"}
    return {key: value for key, value in plain_json(spec).items() if key not in chosen}


def _dressed(run: GearRun, spec: BuildSpec, number: int) -> BuildSpec:
    results = (run.result or {}).get("results", ())
    if not 1 <= number <= len(results):
        raise InvalidInput("There is no such result.")
    result = results[number - 1]
    upgrades, asked = result["upgrades"], _asked(run)
    gear = dict(spec.gear)
    for slot, prefix in result["gear"].items():
        gear[slot] = replace(gear.get(slot, GearPiece(None)), prefix=prefix)
    changed: dict[str, Any] = {name: upgrades[name] for name in ("rune", "relic", "food", "utility") if name in asked}
    if "rune" in asked:
        gear = {slot: replace(piece, upgrade=None) for slot, piece in gear.items()}
    if "sigils" in asked:
        changed["sigils"] = (tuple(upgrades["sigils"]), *spec.sigils[1:])
    if "infusions" in asked:
        gear = {slot: replace(piece, infusions=()) for slot, piece in gear.items()}
        changed["infusions"] = _counts(upgrades["infusions"] or {})
    worn = replace(spec, gear=gear, **changed)
    return parse_build(plain_json(worn), current_catalogue()).spec


def _counts(infusions: Mapping[str, int]) -> dict[str | int, int]:
    return {int(kind) if kind.isdigit() else kind: count for kind, count in infusions.items() if count}
