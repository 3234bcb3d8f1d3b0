"""The secret link of an unlisted build."""

import uuid

import structlog
from django.db import transaction

from builds.models import Build
from builds.models.build import new_share_key
from gw2optimizer.errors import NotFound

log = structlog.get_logger(__name__)


@transaction.atomic
def renew_share_link(*, build_id: uuid.UUID) -> Build:
    """The old link opens nothing any more. Raises NotFound for a build that is gone."""
    build = Build.objects.select_for_update(of=("self",)).filter(pk=build_id).first()
    if build is None:
        raise NotFound("There is no such build any more.")
    build.share_key = new_share_key()
    build.save(update_fields=["share_key"])
    log.info("share_link_renewed", build=str(build_id))
    return build
