"""Who may see or change a build; pages and API ask the same functions. Strangers are told that it does not exist."""

import uuid
from typing import TYPE_CHECKING

from builds.models import Build
from gw2optimizer.errors import NotFound

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

_GONE = "There is no such build, or it is not open to you."


def readable_build(user: "User | AnonymousUser", build_id: uuid.UUID) -> Build:
    """A public build, or the user's own. Raises NotFound."""
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
    """The build behind a secret link, unless its owner has made it private since. Raises NotFound."""
    build = (
        Build.objects.select_related("owner")
        .filter(share_key=share_key)
        .exclude(visibility=Build.Visibility.PRIVATE)
        .first()
    )
    if build is None:
        raise NotFound(_GONE)
    return build
