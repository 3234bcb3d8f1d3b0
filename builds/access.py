"""Who may see or change a build; pages and API ask the same functions. Strangers are told that it does not exist."""

import uuid
from typing import TYPE_CHECKING

from builds.models import Build, GearRun
from gw2optimizer.errors import NotAllowed, NotFound

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

_GONE = "There is no such build, or it is not open to you."


def readable_build(user: "User | AnonymousUser", build_id: uuid.UUID) -> Build:
    """A public build, which only moderators see while it is hidden, or the user's own. Raises NotFound."""
    build = Build.objects.visible_to(user).select_related("owner").filter(pk=build_id).first()
    if build is None:
        raise NotFound(_GONE)
    return build


def editable_build(user: "User | AnonymousUser", build_id: uuid.UUID) -> Build:
    """The user's own build. Raises NotFound, also for a public build of somebody else."""
    build = None
    if user.is_authenticated:
        build = Build.objects.select_related("owner").filter(pk=build_id, owner=user.pk).first()
    if build is None:
        raise NotFound(_GONE)
    return build


def shared_build(share_key: str) -> Build:
    """The build behind a secret link, unless its owner has made it private or a moderator has hidden it.
    Raises NotFound."""
    build = Build.objects.behind_links().select_related("owner").filter(share_key=share_key).first()
    if build is None:
        raise NotFound(_GONE)
    return build


def readable_run(user: "User | AnonymousUser", run_id: uuid.UUID) -> GearRun:
    """A run of one's own, or one that somebody without an account started; and if it is of a build, only as long as
    that may be seen. Raises NotFound."""
    run = GearRun.objects.select_related("build__owner").filter(pk=run_id).first()
    if run is not None and run.owner_id not in (None, user.pk):
        run = None
    if run is None or (run.build_id and not Build.objects.visible_to(user).filter(pk=run.build_id).exists()):
        raise NotFound("There is no such search, or it is not open to you.")
    return run


def refuse_publishing(owner: "User", visibility: str) -> None:
    """Only a verified account publishes. Raises NotAllowed beside `visibility`."""
    if visibility == Build.Visibility.PUBLIC and not owner.is_verified:
        text = "Only verified accounts publish. Open the link that we mailed you, or ask for another one under Account."
        raise NotAllowed(text, fields={"visibility": [text]})
