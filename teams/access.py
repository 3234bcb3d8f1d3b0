"""Who may see or change a team; pages and API ask the same functions. Strangers are told that it does not exist."""

import uuid
from typing import TYPE_CHECKING

from gw2optimizer.errors import NotFound
from teams.models import Team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

_GONE = "There is no such team, or it is not open to you."


def readable_team(user: "User | AnonymousUser", team_id: uuid.UUID) -> Team:
    """A public team, which only moderators see while it is hidden, or the user's own; with its places. Raises
    NotFound."""
    return _found(Team.objects.visible_to(user).with_slots().filter(pk=team_id).first())


def editable_team(user: "User | AnonymousUser", team_id: uuid.UUID) -> Team:
    """The user's own team, without its places: services read them. Raises NotFound, also for a public team of somebody
    else."""
    if not user.is_authenticated:
        return _found(None)
    return _found(Team.objects.select_related("owner").filter(pk=team_id, owner=user.pk).first())


def shared_team(share_key: str) -> Team:
    """The team behind a secret link, with its places, unless its owner has made it private or a moderator has
    hidden it. Raises NotFound."""
    return _found(Team.objects.behind_links().with_slots().filter(share_key=share_key).first())


def _found(team: Team | None) -> Team:
    if team is None:
        raise NotFound(_GONE)
    return team
