"""The one way in which a team is written: read, changed, judged, and saved if nobody else has saved in between."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import Activity
from accounts.services.activity import record_activity
from builds.access import refuse_publishing
from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.gamedata.names import plain
from builds.models import Build
from builds.spec import plain_json
from builds.spec.shapes import clean_name, is_readable
from builds.spec.template import specialization_name
from gw2optimizer.errors import Conflict, InvalidInput, NotFound
from teams.layout import Layout, Placed
from teams.models import Team, TeamRevision, TeamSlot
from teams.services.scores import Judged, judged
from teams.spec import GROUP_SIZE, MAX_PLAYERS, plain_team_json

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

MAX_NOTES = 10_000
MAX_NOTE = 200
KEPT_REVISIONS = 50
"""Of one team; a full squad takes some 80 kB."""
_TRIES = 3
FIELDS = frozenset({"visibility", "notes"})


class TeamConflict(Conflict):
    """present: the version that is saved; seen: the one that the editor had. What he wanted to write is still his;
    what he began from is revision `seen`."""

    def __init__(self, *, present: int, seen: int, by: str = "") -> None:
        who = f" by {by}" if by else ""
        text = (
            f"This team was saved in the meantime{who} (version {present}, you had {seen}). "
            "Nothing was overwritten: copy what you have, reload, and save again."
        )
        fields = {"version": [f"Version {present} is saved.", f"You had version {seen}."]}
        super().__init__(text, fields=fields)
        self.present = present
        self.seen = seen


@dataclass(frozen=True, slots=True)
class State:
    """All of a team that its owner writes."""

    layout: Layout
    visibility: str
    notes: str


def create(
    *, owner: "User", state: State, verb: Activity.Verb, copied: Team | None = None, source_label: str = ""
) -> Team:
    """copied: the team that it was made from. Raises InvalidInput for what a team can't hold, NotAllowed for publishing
    without a verified address."""
    refuse_publishing(owner, state.visibility)
    now = timezone.now()
    team = Team(owner=owner, source_label=source_label[:300], created_at=now, updated_at=now)
    catalogue = current_catalogue()
    # It takes its time, so that it comes before anything is locked.
    _fill(team, state, catalogue, _judged(state.layout, catalogue))
    with transaction.atomic():
        team.save(force_insert=True)
        TeamSlot.objects.bulk_create(_rows(team, state.layout))
        _add_revision(team, state, author=owner, note="")
        record_activity(user=owner, verb=verb, target_kind="team", target_id=(copied or team).pk)
    log.debug("team_created", team=str(team.pk), size=team.size)
    return Team.objects.with_slots().get(pk=team.pk)


def write(
    *, team_id: uuid.UUID, author: "User", version: int | None, change: Callable[[State], State], note: str = ""
) -> Team:
    """version: the one the author has seen; None writes on top of whatever is there. Judging takes its time, so that it
    comes before the row is locked; what was saved meanwhile is then changed instead, or is a conflict.
    Raises NotFound, TeamConflict, InvalidInput and NotAllowed; nothing is written then."""
    catalogue = current_catalogue()
    for _ in range(_TRIES):
        before = Team.objects.with_slots().filter(pk=team_id).first()
        if before is None:
            raise NotFound("There is no such team any more.")
        if version is not None and before.version != version:
            raise _conflict(before, version)
        was = State(before.layout, before.visibility, before.notes)
        state = change(was)
        if state == was:
            return before
        if before.visibility != Team.Visibility.PUBLIC:
            refuse_publishing(before.owner, state.visibility)
        found = _judged(state.layout, catalogue)
        if _save(before, was, state, catalogue, found, author, note):
            return Team.objects.with_slots().get(pk=team_id)
    raise Conflict("This team is being saved by others again and again. Try once more.")


@transaction.atomic
def _save(
    before: Team, was: State, state: State, catalogue: Catalogue, found: Judged, author: "User", note: str
) -> bool:
    """False where another version is there by now."""
    team = Team.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=before.pk).first()
    if team is None or team.version != before.version:
        return False
    _fill(team, state, catalogue, found)
    team.version += 1
    team.updated_at = timezone.now()
    team.save()
    _replace_slots(team, was.layout, state.layout)
    _add_revision(team, state, author=author, note=note or _changed(was, state))
    log.debug("team_saved", team=str(team.pk), version=team.version)
    return True


def _conflict(team: Team, seen: int) -> TeamConflict:
    latest = TeamRevision.objects.select_related("author").filter(team=team, number=team.version).first()
    by = latest.author.username if latest and latest.author else ""
    return TeamConflict(present=team.version, seen=seen, by=by)


def _changed(was: State, state: State) -> str:
    names = [name for name in sorted(FIELDS) if getattr(was, name) != getattr(state, name)]
    return f"Changed: {', '.join(names)}" if names and was.layout == state.layout else ""


def _judged(layout: Layout, catalogue: Catalogue) -> Judged:
    if not 1 <= layout.size <= MAX_PLAYERS:
        text = f"A team has 1 to {MAX_PLAYERS} places; this one has {layout.size}."
        raise InvalidInput(text, fields={"groups": [text]})
    for number, group in enumerate(layout.groups):
        if len(group) > GROUP_SIZE:
            text = f"A subgroup has at most {GROUP_SIZE} places; these are {len(group)}."
            raise InvalidInput(text, fields={f"groups.{number}.slots": [text]})
    return judged(layout.spec, catalogue)


# --- Rows ----------------------------------------------------------------------------------------
def _fill(team: Team, state: State, catalogue: Catalogue, found: Judged) -> None:
    """Sets every column; saves nothing."""
    layout = state.layout
    names = [
        [specialization_name(one.slot.build, catalogue) if one.slot.build else None for one in group]
        for group in layout.groups
    ]
    team.name = clean_name(layout.name)
    team.game_mode = layout.game_mode
    team.wvw_style = layout.wvw_style or ""
    team.notes = state.notes
    team.visibility = state.visibility
    team.size = layout.size
    team.filled = sum(one.slot.build is not None for one in layout.placed())
    team.makeup = names
    team.name_key = plain(team.name)[:120]
    words = (team.name, team.game_mode, team.wvw_style, *sorted({name for group in names for name in group if name}))
    team.search_text = " ".join(plain(word) for word in words)[:1200]
    for field, value in found.fields().items():
        setattr(team, field, value)
    _check(team)


def _check(team: Team) -> None:
    errors: dict[str, list[str]] = {}
    try:
        team.full_clean(exclude={"owner"}, validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        errors |= error.message_dict
    # A text field has no limit of its own, and no database takes every character.
    if len(team.notes) > MAX_NOTES:
        errors["notes"] = [f"This is longer than {MAX_NOTES} characters."]
    elif not is_readable(team.notes, lines=True):
        errors["notes"] = ["It holds a control character."]
    if errors:
        field, texts = next(iter(errors.items()))
        raise InvalidInput(f"The team can't be saved: {field}: {texts[0]}", fields=errors)


def _rows(team: Team, layout: Layout, only: Iterable[tuple[int, int]] | None = None) -> list[TeamSlot]:
    wanted = None if only is None else set(only)
    alive = _living_sources(layout)
    return [
        _row(team, i, j, placed, alive)
        for (i, j), placed in _numbered(layout).items()
        if wanted is None or (i, j) in wanted
    ]


def _row(team: Team, subgroup: int, place: int, placed: Placed, alive: set[uuid.UUID]) -> TeamSlot:
    slot, source = placed.slot, placed.source
    return TeamSlot(
        team=team,
        subgroup=subgroup,
        place=place,
        build=None if slot.build is None else plain_json(slot.build),
        source_id=source.build_id if source and source.build_id in alive else None,
        source_version=source.version if source and slot.build is not None else None,
        player=slot.player or "",
        role=slot.role or "",
        priority=slot.priority,
        locked=slot.locked,
    )


def _living_sources(layout: Layout) -> set[uuid.UUID]:
    """A source may have been deleted since it was read, or since the revision that names it."""
    ids = {placed.source.build_id for placed in layout.placed() if placed.source and placed.source.build_id}
    # Locked until the end of the transaction, so that none goes before its row is written.
    rows = Build.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    return set(rows.values_list("pk", flat=True)) if ids else set()


def _numbered(layout: Layout) -> dict[tuple[int, int], Placed]:
    return {(i, j): placed for i, group in enumerate(layout.groups, start=1) for j, placed in enumerate(group, start=1)}


def _replace_slots(team: Team, was: Layout, now: Layout) -> None:
    """Only the places that changed."""
    old, new = _numbered(was), _numbered(now)
    changed = {place for place in old.keys() | new.keys() if old.get(place) != new.get(place)}
    gone = [row.pk for row in team.slots.only("pk", "subgroup", "place") if (row.subgroup, row.place) in changed]
    if gone:
        TeamSlot.objects.filter(pk__in=gone).delete()
    if changed & new.keys():
        TeamSlot.objects.bulk_create(_rows(team, now, changed))


def _add_revision(team: Team, state: State, *, author: "User", note: str) -> None:
    TeamRevision.objects.create(
        team=team,
        number=team.version,
        name=team.name,
        notes=team.notes,
        spec=plain_team_json(state.layout.spec),
        sources=[
            one.source and [str(one.source.build_id) if one.source.build_id else None, one.source.version]
            for one in state.layout.placed()
        ],
        synergy_score=team.synergy_score,
        author=author,
        note=note[:MAX_NOTE],
    )
    if team.version > KEPT_REVISIONS:
        TeamRevision.objects.filter(team=team, number__lte=team.version - KEPT_REVISIONS).delete()
