"""Which teams a request may see, and how lists are filtered."""

from typing import TYPE_CHECKING, Any

from django.db import models

from accounts.models import HideableQuerySet
from builds.gamedata.names import plain

if TYPE_CHECKING:
    from teams.models import Team  # noqa: F401 -- named in a text: the class does not exist yet when this is read

# What a row of a list shows; the places stay in the database.
LIST_FIELDS = (
    "id", "owner__username", "name", "game_mode", "wvw_style", "size", "filled", "makeup", "synergy_score", "grade",
    "engine_version", "visibility", "source_label", "share_key", "version", "name_key", "created_at", "updated_at",
    "hidden_at", "hidden_reason",
)  # fmt: skip
# Of a source: whether it may be shown, and whether it has moved on.
SOURCE_FIELDS = ("id", "owner", "visibility", "hidden_at", "version", "name")


class TeamQuerySet(HideableQuerySet["Team"]):
    def for_list(self) -> "TeamQuerySet":
        return self.select_related("owner").only(*LIST_FIELDS)

    def with_slots(self) -> "TeamQuerySet":
        """Each team with its owner, its places and their sources, in two queries."""
        from teams.models import TeamSlot

        fields = ("team", "subgroup", "place", "build", "source", "source_version", "player", "role", "priority",
                  "locked")  # fmt: skip
        slots = TeamSlot.objects.order_by("subgroup", "place").select_related("source")
        slots = slots.only(*fields, *(f"source__{name}" for name in SOURCE_FIELDS))
        return self.select_related("owner").prefetch_related(models.Prefetch("slots", slots))

    def matching(
        self, *, mode: str = "", style: str = "", size: int | None = None, grade: str = "", text: str = ""
    ) -> "TeamQuerySet":
        """An empty filter filters nothing. text: every word must occur in name, specializations, mode or style."""
        found: Any = self
        if mode:
            found = found.filter(game_mode=mode)
        if style:
            found = found.filter(wvw_style=style)
        if size:
            found = found.filter(size=size)
        if grade:
            found = found.filter(grade=grade)
        for word in plain(text).split()[:8]:
            found = found.filter(search_text__contains=word)
        return found  # type: ignore[no-any-return]
