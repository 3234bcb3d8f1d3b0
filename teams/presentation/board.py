"""A team as its board draws it: subgroups of places, who stands there and what they bring."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from builds.gamedata import Catalogue
from builds.presentation.glyphs import EFFECTS
from teams.compose import slot_facts
from teams.coverage import TeamCoverage
from teams.services.sources import SourceView
from teams.spec import GROUP_SIZE, MAX_PLAYERS, Place, SlotSpec, TeamSpec

MOST_GIFTS = 6
_LEAST = 0.05
"""Of the time, or stacks: a boon that is there for less is not worth a mark on a card."""


@dataclass(frozen=True, slots=True)
class Gift:
    """A boon that this player gives to the subgroup. amount: ready to be read."""

    boon: str
    glyph: str
    tone: str
    amount: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """number: of the place, from 1, through the whole team; group, place: from 1. profession: "" for an empty place.
    source: of the build that was copied in, None where there is none or it is nobody's business."""

    number: int
    group: int
    place: int
    player: str
    role: str
    priority: int
    locked: bool
    profession: str
    specialization: str
    build_name: str
    code: str
    gifts: tuple[Gift, ...]
    damage: str
    source: SourceView | None

    @property
    def empty(self) -> bool:
        return not self.profession


@dataclass(frozen=True, slots=True)
class GroupView:
    """room: whether one more fits."""

    number: int
    slots: tuple[SlotView, ...]
    room: bool


@dataclass(frozen=True, slots=True)
class BoardView:
    """next_group: number of the subgroup that would be the next new one, None in a full squad."""

    groups: tuple[GroupView, ...]
    next_group: int | None
    newer: int
    """Places whose source has moved on."""


def board_view(
    team: TeamSpec, found: TeamCoverage, catalogue: Catalogue, sources: Mapping[int, SourceView] | None = None
) -> BoardView:
    """sources: by number of the place."""
    told = sources or {}
    groups: list[GroupView] = []
    number = 0
    for i, group in enumerate(team.groups):
        slots = []
        for j, slot in enumerate(group.slots):
            number += 1
            slots.append(_slot(number, Place(i, j), slot, found, catalogue, told.get(number)))
        groups.append(GroupView(i + 1, tuple(slots), len(slots) < GROUP_SIZE and team.size < MAX_PLAYERS))
    newer = sum(1 for view in told.values() if view.state == "newer")
    return BoardView(tuple(groups), len(groups) + 1 if team.size < MAX_PLAYERS else None, newer)


def _slot(
    number: int, place: Place, slot: SlotSpec, found: TeamCoverage, catalogue: Catalogue, source: SourceView | None
) -> SlotView:
    facts = slot_facts(slot.build, catalogue)
    cover = found.of(place)
    return SlotView(
        number=number,
        group=place.group + 1,
        place=place.slot + 1,
        player=slot.player or "",
        role=slot.role or (slot.build.role if slot.build else None) or "",
        priority=slot.priority,
        locked=slot.locked,
        profession=facts["profession"] or "",
        specialization=facts["specialization"] or "",
        build_name=facts["build_name"] or "",
        code=facts["template_code"] or "",
        gifts=tuple(_gifts(place, found)) if slot.build else (),
        damage=f"{cover.damage / 1000:.1f}k" if cover and cover.damage >= 1000 else "",
        source=source,
    )


def _gifts(place: Place, found: TeamCoverage) -> Iterable[Gift]:
    """The greatest first; what goes to others, not what the giver alone has."""
    given = []
    for boon, cover in found.groups[place.group].boons.items():
        own = [one for one in cover.sources if (one.group, one.slot) == (place.group, place.slot)]
        amount = sum(one.amount for one in own if one.reach != "self")
        if amount >= _LEAST:
            given.append((amount / (25 if boon == "Might" else 1), boon, amount))
    for _, boon, amount in sorted(given, reverse=True)[:MOST_GIFTS]:
        glyph, tone = EFFECTS.get(boon, ("circle-dot", "steel"))
        yield Gift(boon, glyph, tone, boon_amount(boon, amount))


def boon_amount(boon: str, amount: float) -> str:
    return f"{amount:.1f} stacks" if boon in ("Might", "Stability") else f"{min(1.0, amount):.0%}"
