"""What players say about themselves and how they want the site."""

from typing import Any

import structlog
from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from accounts.names import is_reserved
from gw2optimizer.errors import InvalidInput

log = structlog.get_logger(__name__)

FIELDS = frozenset({"display_name", "bio", "language", "time_zone", "preferences", "keeps_activity"})


@transaction.atomic
def update_profile(*, user: User, **fields: Any) -> User:
    """fields: of FIELDS; preferences are laid over what there is. Raises InvalidInput with what is wrong by field."""
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"update_profile has no {', '.join(sorted(unknown))}")
    user = User.objects.select_for_update().get(pk=user.pk)
    if isinstance(fields.get("preferences"), dict):
        fields["preferences"] = user.preferences | fields["preferences"]
    for name, value in fields.items():
        setattr(user, name, value.strip() if name in {"display_name", "bio"} else value)
    errors: dict[str, list[str]] = {}
    try:
        user.clean_fields(exclude={field.name for field in user._meta.fields if field.name not in fields})
    except ValidationError as error:
        errors |= error.message_dict
    if "display_name" in fields and is_reserved(user.display_name) and not user.is_staff:
        errors["display_name"] = ["This name is reserved."]
    if errors:
        raise InvalidInput("Nothing was saved. Please look at the marked fields.", fields=errors)
    if fields:
        user.save(update_fields=sorted(fields))
    return user
