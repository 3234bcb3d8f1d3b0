"""From the subgroups to the squad: sums, and means over the players of what each member has."""

from collections.abc import Callable, Sequence
from math import fsum

from builds.gamedata.fact_shapes import BOONS
from teams.coverage import rules
from teams.coverage.model import BoonCover, ComboCover, Cover, PlayerCover, Rate


def squad_cover(groups: Sequence[Cover], players: Sequence[PlayerCover]) -> Cover:
    """Who gives what stands in the subgroups."""
    there = [group for group in groups if group.players]
    damage = fsum(group.damage for group in there)
    strikes = fsum(group.damage * group.power_share for group in there if group.power_share is not None)
    health = [one.effective_health for one in players if one.effective_health is not None]
    return Cover(
        group=None,
        players=len(players),
        boons={boon: _boon(boon, there) for boon in BOONS},
        rates={name: _rate(name, there) for name in rules.RATES},
        regeneration_per_second=fsum(group.regeneration_per_second for group in there),
        combos=_combos(there),
        ranged=sum(group.ranged for group in there),
        melee=sum(group.melee for group in there),
        damage=damage,
        power_share=strikes / damage if damage else None,
        effective_health=fsum(health) / len(health) if health else None,
        least_effective_health=min(health, default=None),
        mobility=_mean(there, lambda group: group.mobility),
    )


def _mean(groups: Sequence[Cover], number: Callable[[Cover], float]) -> float:
    """Over the players, each of whom has what the subgroup has."""
    players = sum(group.players for group in groups)
    return fsum(group.players * number(group) for group in groups) / players if players else 0.0


def _boon(boon: str, groups: Sequence[Cover]) -> BoonCover:
    return BoonCover(
        boon=boon,
        uptime=_mean(groups, lambda group: group.boons[boon].uptime),
        stacks=_mean(groups, lambda group: group.boons[boon].stacks),
        sure=_mean(groups, lambda group: group.boons[boon].sure),
        from_beyond=_mean(groups, lambda group: group.boons[boon].from_beyond),
        without_best=_mean(groups, lambda group: group.boons[boon].without_best),
        givers=sum(group.boons[boon].givers for group in groups),
    )


def _rate(name: str, groups: Sequence[Cover]) -> Rate:
    givers = sum(group.rates[name].givers for group in groups)
    if rules.RATES[name][0] == rules.SHARED:
        return Rate(_mean(groups, lambda group: group.rates[name].number), givers)
    return Rate(fsum(group.rates[name].number for group in groups), givers)


def _combos(groups: Sequence[Cover]) -> tuple[ComboCover, ...]:
    found: dict[tuple[str, str], list[ComboCover]] = {}
    for group in groups:
        for one in group.combos:
            found.setdefault((one.field, one.finisher), []).append(one)
    covers = [
        ComboCover(
            field, finisher, several[0].effect, fsum(one.per_30_s for one in several),
            tuple(sorted({who for one in several for who in one.fields_of})),
            tuple(sorted({who for one in several for who in one.finishers_of})),
        )
        for (field, finisher), several in found.items()
    ]  # fmt: skip
    return tuple(sorted(covers, key=lambda one: (-one.per_30_s, one.field, one.finisher)))
