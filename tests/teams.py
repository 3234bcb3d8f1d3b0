"""Teams for tests, from the packaged library."""

import functools
from collections.abc import Sequence
from dataclasses import replace

from builds.library.records import packaged_records
from builds.spec import BuildSpec
from teams.spec import GroupSpec, SlotSpec, TeamSpec


@functools.cache
def library() -> tuple[BuildSpec, ...]:
    return tuple(record.spec for record in packaged_records())


def library_build(name: str) -> BuildSpec:
    return next(build for build in library() if build.name == name)


def team(*groups: Sequence[BuildSpec | None], mode: str = "wvw", style: str | None = None) -> TeamSpec:
    """A team of these builds, in these subgroups."""
    return TeamSpec(
        "Test", mode, style, tuple(GroupSpec(tuple(SlotSpec(build) for build in group)) for group in groups)
    )


def with_player(given: TeamSpec, group: int, build: BuildSpec) -> TeamSpec:
    groups = list(given.groups)
    groups[group] = GroupSpec((*groups[group].slots, SlotSpec(build)))
    return replace(given, groups=tuple(groups))


def without_player(given: TeamSpec, group: int, slot: int) -> TeamSpec:
    groups = list(given.groups)
    slots = groups[group].slots
    groups[group] = GroupSpec((*slots[:slot], *slots[slot + 1 :]))
    return replace(given, groups=tuple(groups))
