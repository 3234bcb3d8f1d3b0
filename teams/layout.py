"""The places of a team with where their builds came from, and how they are changed. Plain Python, no Django."""

import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import orjson

from builds.spec import BuildSpec, plain_json
from gw2optimizer.errors import InvalidInput, NotFound
from teams.spec import GROUP_SIZE, MAX_PLAYERS, GroupSpec, SlotSpec, TeamSpec

EMPTY = SlotSpec()


@dataclass(frozen=True, slots=True)
class Source:
    """The build that was copied in, and its version then. build_id: None where that build is gone."""

    build_id: uuid.UUID | None
    version: int


@dataclass(frozen=True, slots=True)
class Placed:
    slot: SlotSpec = EMPTY
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """numbers of places: from 1, through the whole team. Every change gives a new layout; subgroups that it leaves
    without a place go."""

    name: str
    game_mode: str
    wvw_style: str | None
    groups: tuple[tuple[Placed, ...], ...]

    @property
    def spec(self) -> TeamSpec:
        groups = tuple(GroupSpec(tuple(placed.slot for placed in group)) for group in self.groups)
        return TeamSpec(self.name, self.game_mode, self.wvw_style, groups)

    @property
    def size(self) -> int:
        return sum(map(len, self.groups))

    def placed(self) -> Iterator[Placed]:
        for group in self.groups:
            yield from group

    def at(self, number: int) -> Placed:
        group, place = self.where(number)
        return self.groups[group][place]

    def where(self, number: int) -> tuple[int, int]:
        """Indices from 0. Raises NotFound."""
        left = number - 1
        for index, group in enumerate(self.groups):
            if 0 <= left < len(group):
                return index, left
            left -= len(group)
        raise NotFound(f"This team has no place {number}.")

    def with_slot(self, number: int, placed: Placed) -> "Layout":
        index, place = self.where(number)
        groups = [list(group) for group in self.groups]
        groups[index][place] = placed
        return self._of(groups)

    def with_place(self, subgroup: int, placed: Placed) -> "Layout":
        """One place more, at the end of a subgroup (from 1) or in a new one. Raises InvalidInput where it is full."""
        if self.size >= MAX_PLAYERS:
            raise _invalid("subgroup", f"A team has at most {MAX_PLAYERS} players.")
        groups = [list(group) for group in self.groups]
        _room(groups, subgroup).append(placed)
        return self._of(groups)

    def without_place(self, number: int) -> "Layout":
        """Raises InvalidInput for the only one."""
        index, place = self.where(number)
        if self.size == 1:
            raise _invalid("slots", "A team has at least one place.")
        groups = [list(group) for group in self.groups]
        del groups[index][place]
        return self._of(groups)

    def moved(self, number: int, subgroup: int, place: int | None) -> "Layout":
        """The two places change what they hold; place None, or the one after a subgroup's last: it goes there, and its
        own place with it. Raises InvalidInput where there is no such place."""
        index, own = self.where(number)
        groups = [list(group) for group in self.groups]
        there = groups[subgroup - 1] if 1 <= subgroup <= len(groups) else []
        if place is not None and 1 <= place <= len(there):
            groups[index][own], there[place - 1] = there[place - 1], groups[index][own]
            return self._of(groups)
        if place not in (None, len(there) + 1):
            raise _invalid("place", f"Subgroup {subgroup} has no place {place}.")
        if subgroup - 1 != index:
            _room(groups, subgroup).append(groups[index].pop(own))
        else:
            groups[index].append(groups[index].pop(own))
        return self._of(groups)

    def with_spec(self, spec: TeamSpec, given: Mapping[tuple[int, int], Source] | None = None) -> "Layout":
        """Another value; a build that was there before keeps its source. given: sources of places that are told."""
        known = {value_key(placed.slot.build): placed.source for placed in self.placed() if placed.source is not None}
        told = given or {}
        groups = tuple(
            tuple(
                Placed(slot, told.get((i, j)) or known.get(value_key(slot.build))) for j, slot in enumerate(group.slots)
            )
            for i, group in enumerate(spec.groups)
            if group.slots
        )
        return Layout(spec.name, spec.game_mode, spec.wvw_style, groups)

    def mapped(self, change: Callable[[Placed], Placed]) -> "Layout":
        return self._of([[change(placed) for placed in group] for group in self.groups])

    def _of(self, groups: list[list[Placed]]) -> "Layout":
        return replace(self, groups=tuple(tuple(group) for group in groups if group))


def blank_team(name: str, game_mode: str, wvw_style: str | None, size: int) -> TeamSpec:
    """So many empty places, in subgroups of five. Raises InvalidInput for a size that no team has."""
    if not 1 <= size <= MAX_PLAYERS:
        raise _invalid("size", f"A team has 1 to {MAX_PLAYERS} players; {size} can't be.")
    sizes = [min(GROUP_SIZE, size - start) for start in range(0, size, GROUP_SIZE)]
    return TeamSpec(name, game_mode, wvw_style, tuple(GroupSpec((SlotSpec(),) * count) for count in sizes))


def empty_layout(spec: TeamSpec) -> Layout:
    """What `with_spec` starts from for a new team."""
    return Layout(spec.name, spec.game_mode, spec.wvw_style, ())


def _room(groups: list[list[Placed]], subgroup: int) -> list[Placed]:
    if not 1 <= subgroup <= len(groups) + 1:
        raise _invalid("subgroup", f"There is no subgroup {subgroup}: the next new one is {len(groups) + 1}.")
    if subgroup == len(groups) + 1:
        groups.append([])
    if len(groups[subgroup - 1]) >= GROUP_SIZE:
        raise _invalid("subgroup", f"Subgroup {subgroup} is full: it has {GROUP_SIZE} places.")
    return groups[subgroup - 1]


def value_key(build: BuildSpec | None) -> bytes:
    """The same for equal builds; b"" for none."""
    return b"" if build is None else orjson.dumps(plain_json(build), option=orjson.OPT_SORT_KEYS)


def _invalid(field: str, text: str) -> InvalidInput:
    return InvalidInput(text, fields={field: [text]})
