"""Making, changing, copying and deleting teams."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction

from accounts.models import Activity
from builds.catalogue import current_catalogue
from builds.spec.shapes import clean_name
from gw2optimizer.errors import InvalidInput, NotFound
from teams.layout import Layout, Placed, Source, empty_layout
from teams.models import Team, TeamRevision
from teams.services.sources import sources_open_to
from teams.services.writing import FIELDS, State, create, write
from teams.spec import TeamSpec, parse_team

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

Sources = Mapping[tuple[int, int], Source]
"""By subgroup and place, indices from 0, of builds whose owner opened them to the author (`services.sources`)."""


def create_team(
    *,
    owner: "User",
    spec: TeamSpec,
    sources: Sources | None = None,
    visibility: str = Team.Visibility.PRIVATE,
    notes: str = "",
    composed: bool = False,
) -> Team:
    """spec: from `parse_team` or the composer. composed: whether the site proposed it. Raises InvalidInput for a team
    without a place, NotAllowed for publishing without a verified address."""
    layout = empty_layout(spec).with_spec(spec, sources)
    verb = Activity.Verb.PICKED if composed else Activity.Verb.SAVED
    return create(owner=owner, state=State(layout, visibility, notes), verb=verb)


def update_team(
    *,
    team_id: uuid.UUID,
    author: "User",
    version: int | None,
    spec: TeamSpec | None = None,
    sources: Sources | None = None,
    name: str | None = None,
    game_mode: str | None = None,
    wvw_style: str | None = None,
    note: str = "",
    **fields: Any,
) -> Team:
    """version: the one the author has seen; None writes over whatever is there. spec: takes the place of the whole
    value; a build that was there before keeps its source. wvw_style: "" for none. fields: visibility, notes.
    Raises NotFound for a team that is gone, TeamConflict with both versions where somebody saved in between,
    InvalidInput for what the team can't hold; nothing is written then."""
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"update_team has no {', '.join(sorted(unknown))}")

    def change(state: State) -> State:
        layout = state.layout if spec is None else state.layout.with_spec(spec, sources)
        if name is not None:
            layout = replace(layout, name=clean_name(name))
        if game_mode is not None:
            layout = replace(layout, game_mode=game_mode, wvw_style=layout.wvw_style if game_mode == "wvw" else None)
        if wvw_style is not None:
            layout = replace(layout, wvw_style=_style(wvw_style, layout.game_mode))
        return replace(state, layout=layout, **fields)

    return write(team_id=team_id, author=author, version=version, change=change, note=note)


def _style(wvw_style: str, game_mode: str) -> str | None:
    if wvw_style and game_mode != "wvw":
        text = "Only a WvW team has a WvW style."
        raise InvalidInput(text, fields={"wvw_style": [text]})
    return wvw_style or None


def copy_team(*, source: Team, owner: "User") -> Team:
    """A private copy for the owner; source: a team that the owner may see. Links to builds that are closed to the owner
    are not copied, the builds themselves are."""
    layout = source.layout
    if source.owner_id != owner.pk:
        layout = _without_closed_sources(layout, owner)
    label = source.source_label or f"{source.name}, {source.owner.username}"
    return create(
        owner=owner,
        state=State(layout, Team.Visibility.PRIVATE, source.notes),
        verb=Activity.Verb.COPIED,
        copied=source,
        source_label=label,
    )


@transaction.atomic
def delete_team(*, team: Team) -> None:
    key = str(team.pk)
    team.delete()
    log.info("team_deleted", team=key)


def restore_revision(*, team_id: uuid.UUID, number: int, author: "User", version: int | None) -> Team:
    """The team becomes what it was; what it is now stays in its history. Raises NotFound for a number that is not in
    the history, InvalidInput where the present game data no longer know a build of it."""
    revision = TeamRevision.objects.filter(team=team_id, number=number).first()
    if revision is None:
        raise NotFound("This team has no such revision.")
    spec = parse_team(revision.spec, current_catalogue()).spec
    sources = _sources_of(revision, spec)

    def change(state: State) -> State:
        return replace(state, layout=empty_layout(spec).with_spec(spec, sources), notes=revision.notes)

    return write(team_id=team_id, author=author, version=version, change=change, note=f"Restored revision {number}")


def _sources_of(revision: TeamRevision, spec: TeamSpec) -> dict[tuple[int, int], Source]:
    told = [entry and Source(entry[0] and uuid.UUID(entry[0]), entry[1]) for entry in revision.sources]
    places = [(place.group, place.slot) for place, _ in spec.places()]
    return {place: source for place, source in zip(places, told, strict=True) if source}


def _without_closed_sources(layout: Layout, owner: "User") -> Layout:
    visible = sources_open_to(owner, layout)

    def without(placed: Placed) -> Placed:
        kept = placed.source if placed.source and placed.source.build_id in visible else None
        return replace(placed, source=kept)

    return layout.mapped(without)
