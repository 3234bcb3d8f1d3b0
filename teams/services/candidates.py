"""The builds that teams are made of: the library's and one's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builds.gamedata.model import BALANCE_OF_MODE
from builds.models import Build
from builds.spec import BuildSpec
from teams.compose import Candidate
from teams.layout import Source, value_key
from teams.spec import TeamSpec

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

MOST_OWN = 200
"""Builds of the user's that are looked at, those saved last."""


@dataclass(frozen=True, slots=True)
class Library:
    candidates: tuple[Candidate, ...]
    sources: dict[bytes, Source]
    """By the value of the build: whose copy a chosen build is."""

    def source_of(self, build: BuildSpec | None) -> Source | None:
        return None if build is None else self.sources.get(value_key(build))

    def sources_in(self, team: TeamSpec, besides: TeamSpec | None = None) -> dict[tuple[int, int], Source]:
        """Of a proposed team; a build that stood in `besides` already is nobody's copy by this."""
        there = {value_key(slot.build) for _, slot in besides.places() if slot.build} if besides else set()
        found = {}
        for place, slot in team.places():
            source = self.source_of(slot.build)
            if source is not None and slot.build is not None and value_key(slot.build) not in there:
                found[place.group, place.slot] = source
        return found

    def of_mode(self, mode: str) -> list[BuildSpec]:
        """Fresh builds for the mode, or where there are none of the same balance."""
        fresh = [candidate.build for candidate in self.candidates if candidate.fresh]
        same = [build for build in fresh if build.game_mode == mode]
        balance = BALANCE_OF_MODE[mode]
        return same or [build for build in fresh if BALANCE_OF_MODE[build.game_mode] == balance]


def library_for(user: "User | AnonymousUser") -> Library:
    """The library and what the user has saved; two queries, one without an account."""
    rows: Sequence[Build] = list(Build.objects.library().only(*_FIELDS).order_by("library_key"))
    if user.is_authenticated:
        own = Build.objects.filter(owner=user, library_key=None).only(*_FIELDS).order_by("-updated_at", "-id")
        rows = [*rows, *own[:MOST_OWN]]
    candidates: list[Candidate] = []
    sources: dict[bytes, Source] = {}
    for row in rows:
        build = row.value
        candidates.append(Candidate(str(row.pk), build, row.is_fresh))
        sources.setdefault(value_key(build), Source(row.pk, row.version))
    return Library(tuple(candidates), sources)


_FIELDS = ("id", "spec", "version", "is_fresh", "library_key", "updated_at")
