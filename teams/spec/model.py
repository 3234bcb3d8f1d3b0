"""`team/1` as a value: builds in subgroups. Made by `teams.spec.parse`, which has checked it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from builds.spec import BuildSpec

GROUP_SIZE = 5
"""Players in a subgroup, which is also how many a boon reaches (hardstuck.gg, "Squads and Commanding")."""
MAX_PLAYERS = 50
"""A full squad."""
MAX_GROUPS = MAX_PLAYERS
PRIORITIES = (1, 2, 3, 4, 5)
"""1 is given up last."""
USUAL_PRIORITY = 3


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """build: None for a place that nobody has filled. locked: nothing that suggests or composes may change it."""

    build: BuildSpec | None = None
    player: str | None = None
    role: str | None = None
    priority: int = USUAL_PRIORITY
    locked: bool = False


@dataclass(frozen=True, slots=True)
class GroupSpec:
    slots: tuple[SlotSpec, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where somebody stands: indices from 0."""

    group: int
    slot: int

    def __str__(self) -> str:
        return f"group {self.group + 1}, place {self.slot + 1}"


@dataclass(frozen=True, slots=True)
class TeamSpec:
    name: str
    game_mode: str = "pve"
    wvw_style: str | None = None
    groups: tuple[GroupSpec, ...] = ()

    @property
    def size(self) -> int:
        """Places, filled or not."""
        return sum(len(group.slots) for group in self.groups)

    def places(self) -> Iterator[tuple[Place, SlotSpec]]:
        for i, group in enumerate(self.groups):
            for j, slot in enumerate(group.slots):
                yield Place(i, j), slot

    def with_build(self, place: Place, build: BuildSpec) -> "TeamSpec":
        """The same team with another build at one place, all else kept."""
        groups = list(self.groups)
        slots = list(groups[place.group].slots)
        slots[place.slot] = replace(slots[place.slot], build=build)
        groups[place.group] = GroupSpec(tuple(slots))
        return replace(self, groups=tuple(groups))
