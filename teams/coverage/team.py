"""From the builds of a team to what each subgroup and the squad have."""

from collections.abc import Iterable, Mapping, Sequence
from math import fsum

from builds.gamedata import Catalogue
from builds.gamedata.fact_shapes import BOONS
from teams.coverage import rules
from teams.coverage.group import SHARED, Own, read_group
from teams.coverage.model import Cover, PlayerCover, TeamCoverage
from teams.coverage.squad import squad_cover
from teams.coverage.sums import Beyond, Sum
from teams.spec import GroupSpec, TeamSpec

_Covered = tuple[Cover, tuple[PlayerCover, ...]]


class Memo:
    """Subgroups that were read, for a search that tries one change after another: those that a change leaves as they
    are (the very same value) are not read again. Good for one catalogue and one game mode."""

    def __init__(self) -> None:
        # The subgroup is kept beside its reading, so that no other can take its id.
        self.read: dict[tuple[int, int, int], tuple[GroupSpec, Own, _Covered]] = {}

    def get(self, index: int, group: GroupSpec, catalogue: Catalogue, mode: str, others: int) -> tuple[Own, _Covered]:
        key = (id(group), index, others)
        if key not in self.read:
            own = read_group(index, group, catalogue, mode, others)
            self.read[key] = group, own, (own.with_beyond({}, {}), own.players({}))
        return self.read[key][1:]


def coverage(team: TeamSpec, catalogue: Catalogue, *, memo: Memo | None = None) -> TeamCoverage:
    """By the team's own game mode, whatever mode its builds were made for. Places without a build count for nobody.
    All sums are exact before they are rounded once, so that no order of players or subgroups changes a number."""
    memo = memo or Memo()
    there = sum(any(slot.build for slot in group.slots) for group in team.groups)
    others = max(0, there - 1)
    read = [memo.get(i, group, catalogue, team.game_mode, others) for i, group in enumerate(team.groups)]
    owns = [own for own, _ in read]
    covers: list[Cover] = []
    players: list[PlayerCover] = []
    for own, (cover, its_players) in read:
        rest = [other for other in owns if other is not own] if own.members else []
        boons = _beyond(BOONS, [other.boons for other in rest])
        shared = _beyond(SHARED, [other.shared for other in rest])
        if boons or shared:
            cover, its_players = own.with_beyond(boons, shared), own.players(boons)
        covers.append(cover)
        players += its_players
    return TeamCoverage(
        name=team.name,
        game_mode=team.game_mode,
        wvw_style=team.wvw_style,
        size=len(players),
        squad=squad_cover(covers, players),
        groups=tuple(covers),
        players=tuple(players),
        unknown=tuple(one for own in owns for one in own.untold),
        assumptions=rules.ASSUMPTIONS,
        notes=(*_without_build(team), *(note for own in owns for note in own.notes)),
    )


def _beyond(names: Iterable[str], sums: Sequence[Mapping[str, Sum]]) -> dict[str, Beyond]:
    """What the other subgroups leave over, of those names of which there is any."""
    found = {}
    for name in names:
        spare = [one[name] for one in sums if one[name].spare]
        if spare:
            found[name] = fsum(one.spare for one in spare), fsum(one.spare_spells for one in spare)
    return found


def _without_build(team: TeamSpec) -> tuple[str, ...]:
    empty = [str(place) for place, slot in team.places() if slot.build is None]
    return (f"Places without a build count for nobody: {'; '.join(empty)}.",) if empty else ()
