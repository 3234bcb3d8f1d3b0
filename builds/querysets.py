"""Which builds a request may see, and how lists are filtered and walked."""

from typing import TYPE_CHECKING, Any

from accounts.models import HideableQuerySet
from builds.gamedata.names import plain

if TYPE_CHECKING:
    from builds.models import Build  # noqa: F401 -- named in a text: the class does not exist yet when this is read

# What a row of a list shows; the build itself stays in the database.
LIST_FIELDS = (
    "id", "owner__username", "name", "profession", "elite_specialization", "game_mode", "wvw_style", "role",
    "visibility", "origin", "source_label", "is_fresh", "as_of", "updated_at", "tags", "difficulty", "template_code",
    "name_key", "share_key", "version", "created_at", "hidden_at", "hidden_reason",
)  # fmt: skip


class BuildQuerySet(HideableQuerySet["Build"]):
    def library(self) -> "BuildQuerySet":
        """The published builds that come with the site: what the engine recommends from. What players publish stands
        beside them in lists; until others have judged it, one account could else decide what everybody is told."""
        return self.public().filter(library_key__isnull=False)

    def for_list(self) -> "BuildQuerySet":
        return self.select_related("owner").only(*LIST_FIELDS)

    def matching(
        self, *, profession: str = "", elite: str = "", mode: str = "", role: str = "", text: str = ""
    ) -> "BuildQuerySet":
        """Filters of the library; an empty one filters nothing. elite "core" stands for builds without one.
        text: every word must occur in name, specialization, profession, role or tags."""
        found: Any = self
        if profession:
            found = found.filter(profession=profession)
        if elite:
            found = found.filter(elite_specialization="" if elite == "core" else elite)
        if mode:
            found = found.filter(game_mode=mode)
        if role:
            found = found.filter(role=role)
        for word in plain(text).split()[:8]:
            found = found.filter(search_text__contains=word)
        return found  # type: ignore[no-any-return]
