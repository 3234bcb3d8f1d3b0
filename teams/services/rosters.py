"""Every write of a roster, by its owner or through its sign-up link."""

import hashlib
import secrets
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.utils import timezone

from builds.gamedata.model import MODES
from builds.spec.shapes import clean_name
from gw2optimizer.errors import Conflict, InvalidInput, NotAllowed, NotFound
from teams.models import Roster, RosterEntry
from teams.models.roster import new_signup_key
from teams.roster import MAX_ENTRIES, RosterSpec, player_json
from teams.roster.model import Player
from teams.roster.parse import known_zone

if TYPE_CHECKING:
    from accounts.models import User

log = structlog.get_logger(__name__)

MAX_ROSTERS = 100
"""Of one account."""
USUAL_DAYS, MOST_DAYS = 14, 90
"""How long a sign-up link is good."""
_GONE = "There is no such entry any more."


# --- The roster ----------------------------------------------------------------------------------
@transaction.atomic
def create_roster(*, owner: "User", spec: RosterSpec) -> Roster:
    """spec: with the players it begins with, none or more. Raises InvalidInput where the account has too many."""
    if Roster.objects.filter(owner=owner).count() >= MAX_ROSTERS:
        raise InvalidInput(f"You have {MAX_ROSTERS} rosters, which is the most. Delete one first.")
    roster = Roster.objects.create(
        owner=owner, name=clean_name(spec.name), game_mode=_mode(spec.game_mode), time_zone=_zone(spec.time_zone)
    )
    RosterEntry.objects.bulk_create([_new_entry(roster, player) for player in spec.players])
    return roster


@transaction.atomic
def update_roster(
    *,
    roster_id: uuid.UUID,
    version: int | None,
    name: str | None = None,
    game_mode: str | None = None,
    time_zone: str | None = None,
    locked: bool | None = None,
) -> Roster:
    """version: the one the owner has seen; None writes over whatever is there. Raises NotFound, Conflict and
    InvalidInput; nothing is written then."""
    roster = _locked(roster_id)
    _check_version("roster", roster.version, version)
    if name is not None:
        roster.name = clean_name(name)
    if game_mode is not None:
        roster.game_mode = _mode(game_mode)
    if time_zone is not None:
        roster.time_zone = _zone(time_zone)
    if locked is not None:
        roster.locked = locked
    return _saved(roster)


@transaction.atomic
def delete_roster(*, roster: Roster) -> None:
    key = str(roster.pk)
    roster.delete()
    log.info("roster_deleted", roster=key)


@transaction.atomic
def renew_signup(*, roster_id: uuid.UUID, days: int = USUAL_DAYS) -> Roster:
    """A new sign-up link; one that there was opens nothing any more. Raises InvalidInput for days out of range."""
    if not 1 <= days <= MOST_DAYS:
        said = f"Give a number of days from 1 to {MOST_DAYS}."
        raise InvalidInput(said, fields={"days": [said]})
    roster = _locked(roster_id)
    roster.signup_key = new_signup_key()
    roster.signup_until = timezone.now() + timedelta(days=days)
    roster.locked = False
    return _saved(roster)


@transaction.atomic
def close_signup(*, roster_id: uuid.UUID) -> Roster:
    """The sign-up link is gone; entries, and the players' own links, stay."""
    roster = _locked(roster_id)
    roster.signup_key = roster.signup_until = None
    return _saved(roster)


# --- Its entries, by the owner -------------------------------------------------------------------
@transaction.atomic
def add_entry(*, roster_id: uuid.UUID, player: Player) -> RosterEntry:
    """Raises InvalidInput for a full roster and for a name that is taken."""
    return _add(_locked(roster_id), player)


@transaction.atomic
def change_entry(*, roster_id: uuid.UUID, entry_id: int, version: int | None, player: Player) -> RosterEntry:
    """Raises NotFound, Conflict where the entry was changed in between, InvalidInput for a name that is taken."""
    roster = _locked(roster_id)
    entry = roster.entries.filter(pk=entry_id).first()
    if entry is None:
        raise NotFound(_GONE)
    return _change(roster, entry, version, player)


@transaction.atomic
def remove_entry(*, roster_id: uuid.UUID, entry_id: int) -> None:
    """Raises NotFound."""
    roster = _locked(roster_id)
    if not roster.entries.filter(pk=entry_id).delete()[0]:
        raise NotFound(_GONE)
    _saved(roster)


# --- By link ---------------------------------------------------------------------------------------
@transaction.atomic
def sign_up(*, roster: Roster, player: Player) -> tuple[RosterEntry, str]:
    """roster: found by its link. Returns the entry and the key of the player's own link, which is told this once.
    Raises NotAllowed where the roster takes nobody any more, and what `add_entry` does."""
    roster = _locked(roster.pk)
    if not roster.takes_entries:
        raise NotAllowed("This roster takes no entries any more. Ask whoever gave you the link.")
    key = secrets.token_urlsafe(24)
    entry = _add(roster, player, digest=digest_of(key))
    log.info("roster_signed_up", roster=str(roster.pk))
    return entry, key


@transaction.atomic
def change_own_entry(*, entry: RosterEntry, version: int | None, player: Player) -> RosterEntry:
    """entry: found by the player's own link. Raises NotAllowed while the roster is locked, and what `change_entry`
    does."""
    roster = _open(entry)
    fresh = roster.entries.filter(pk=entry.pk).first()
    if fresh is None:
        raise NotFound(_GONE)
    return _change(roster, fresh, version, player)


@transaction.atomic
def leave(*, entry: RosterEntry) -> None:
    """Raises NotAllowed while the roster is locked."""
    roster = _open(entry)
    roster.entries.filter(pk=entry.pk).delete()
    _saved(roster)


def digest_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


# --- Inside ----------------------------------------------------------------------------------------
def _locked(roster_id: uuid.UUID) -> Roster:
    """Of two writes at once the second waits, and sees what the first did."""
    roster = Roster.objects.select_for_update().filter(pk=roster_id).first()
    if roster is None:
        raise NotFound("There is no such roster any more.")
    return roster


def _open(entry: RosterEntry) -> Roster:
    roster = _locked(entry.roster_id)
    if roster.locked:
        raise NotAllowed("The organiser has closed this roster for changes. Ask them directly.")
    return roster


def _saved(roster: Roster) -> Roster:
    roster.version += 1
    roster.updated_at = timezone.now()
    roster.save()
    return roster


def _add(roster: Roster, player: Player, digest: str | None = None) -> RosterEntry:
    if roster.entries.count() >= MAX_ENTRIES:
        raise InvalidInput(f"This roster has {MAX_ENTRIES} players, which is the most.")
    _check_name(roster, player.name)
    entry = _new_entry(roster, player)
    entry.edit_digest = digest
    entry.save()
    _saved(roster)
    return entry


def _change(roster: Roster, entry: RosterEntry, version: int | None, player: Player) -> RosterEntry:
    _check_version("entry", entry.version, version)
    _check_name(roster, player.name, but=entry.pk)
    _fill(entry, player)
    entry.version += 1
    entry.updated_at = timezone.now()
    entry.save()
    _saved(roster)
    return entry


def _new_entry(roster: Roster, player: Player) -> RosterEntry:
    entry = RosterEntry(roster=roster)
    _fill(entry, player)
    return entry


def _fill(entry: RosterEntry, player: Player) -> None:
    told: dict[str, Any] = player_json(player)
    entry.name = player.name
    entry.name_key = player.name.casefold()
    entry.note, entry.away = player.note, player.away
    entry.plays, entry.available = told["plays"], told["available"]


def _check_name(roster: Roster, name: str, but: int | None = None) -> None:
    same = roster.entries.filter(name_key=name.casefold())
    if (same if but is None else same.exclude(pk=but)).exists():
        said = "Somebody of this name is on the roster already. Give another one, or use the link of your own entry."
        raise InvalidInput(said, fields={"name": [said]})


def _check_version(what: str, present: int, seen: int | None) -> None:
    if seen is not None and seen != present:
        raise Conflict(
            f"This {what} was saved in the meantime (version {present}, you had {seen}). Nothing was overwritten: "
            "copy what you have, reload, and save again.",
            fields={"version": [f"Version {present} is saved.", f"You had version {seen}."]},
        )


def _mode(mode: str) -> str:
    if mode not in MODES:
        said = f"This is not one of {', '.join(MODES)}."
        raise InvalidInput(said, fields={"game_mode": [said]})
    return mode


def _zone(zone: str) -> str:
    try:
        return known_zone(zone)
    except ValueError as error:
        raise InvalidInput(str(error), fields={"time_zone": [str(error)]}) from None
