"""The secret link of an unlisted team."""

import uuid

import structlog
from django.db import transaction

from builds.models.build import new_share_key
from gw2optimizer.errors import NotFound
from teams.models import Team

log = structlog.get_logger(__name__)


@transaction.atomic
def renew_share_link(*, team_id: uuid.UUID) -> Team:
    """The old link opens nothing any more. Raises NotFound for a team that is gone."""
    team = Team.objects.select_for_update(of=("self",)).filter(pk=team_id).first()
    if team is None:
        raise NotFound("There is no such team any more.")
    team.share_key = new_share_key()
    team.save(update_fields=["share_key"])
    log.info("team_link_renewed", team=str(team_id))
    return team
