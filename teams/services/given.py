"""A team as a caller gives it: `team/1`, whose places may name a build in place of holding one."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from builds.gamedata import Catalogue
from gw2optimizer.errors import InvalidInput
from teams.layout import Source
from teams.services.sources import copied_in
from teams.spec import TeamSpec, parse_team

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User


def given_team(
    data: Mapping[str, Any], user: "User | AnonymousUser", catalogue: Catalogue
) -> tuple[TeamSpec, dict[tuple[int, int], Source], tuple[str, ...]]:
    """data: `team/1`, whose slots may hold `build_id` in place of `build`. Where both stand, the build counts as
    it is given. Returns the value, the sources and what was
    changed or left out on the way. Raises InvalidInput."""
    plain, wanted = _without_ids(data)
    parsed = parse_team(plain, catalogue)
    spec, sources = copied_in(parsed.spec, wanted, user)
    return spec, sources, parsed.notes


def _without_ids(data: Mapping[str, Any]) -> tuple[dict[str, Any], dict[tuple[int, int], uuid.UUID]]:
    groups = data.get("groups")
    wanted: dict[tuple[int, int], uuid.UUID] = {}
    if not isinstance(groups, list):
        return dict(data), wanted
    plain = []
    for i, group in enumerate(groups):
        slots = group.get("slots") if isinstance(group, Mapping) else None
        if not isinstance(slots, list):
            plain.append(group)
            continue
        kept = []
        for j, slot in enumerate(slots):
            if isinstance(slot, Mapping) and "build_id" in slot:
                rest = {key: value for key, value in slot.items() if key != "build_id"}
                if slot["build_id"] is not None and slot.get("build") is None:
                    wanted[i, j] = _identity(slot, f"groups.{i}.slots.{j}.build_id")
                kept.append(rest)
            else:
                kept.append(slot)
        plain.append({**group, "slots": kept})
    return {**data, "groups": plain}, wanted


def _identity(slot: Mapping[str, Any], path: str) -> uuid.UUID:
    try:
        return uuid.UUID(slot["build_id"])
    except (ValueError, AttributeError, TypeError) as error:
        text = "This is not the id of a build."
        raise InvalidInput(f"The team can't be used: {path}: {text}", fields={path: [text]}) from error
