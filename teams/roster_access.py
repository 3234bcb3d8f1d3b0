"""Who may see or change a roster; pages and API ask the same functions. Strangers are told that it does not exist."""

import uuid
from typing import TYPE_CHECKING

from gw2optimizer.errors import NotFound
from teams.models import Roster, RosterEntry
from teams.services.rosters import digest_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

_GONE = "There is no such roster, or it is not open to you."


def own_roster(user: "User | AnonymousUser", roster_id: uuid.UUID) -> Roster:
    """The user's own roster, with its entries. Raises NotFound."""
    roster = None
    if user.is_authenticated:
        roster = Roster.objects.prefetch_related("entries").filter(pk=roster_id, owner=user.pk).first()
    if roster is None:
        raise NotFound(_GONE)
    return roster


def signup_roster(key: str) -> Roster:
    """The roster behind a sign-up link, locked or not. Raises NotFound for a link that is renewed, closed or over."""
    roster = Roster.objects.select_related("owner").filter(signup_key=key[:100]).first()
    if roster is None or not roster.has_link:
        raise NotFound("This link is over. Ask whoever gave it to you for a new one.")
    return roster


def own_entry(key: str) -> RosterEntry:
    """The entry behind a player's own link. Raises NotFound."""
    found = RosterEntry.objects.select_related("roster__owner").filter(edit_digest=digest_of(key[:100])).first()
    if found is None:
        raise NotFound("There is no such entry any more, or this is not its link.")
    return found
