"""One subgroup: what it has by itself, and what it has with what others leave over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from builds.gamedata import Catalogue
from builds.gamedata.fact_shapes import BOONS
from teams.coverage import rules
from teams.coverage.combos import meetings
from teams.coverage.model import ComboCover, Cover, PlayerCover, Rate, Untold
from teams.coverage.player import player_effects
from teams.coverage.sums import (
    Beyond,
    Member,
    Sum,
    boon_cover,
    boon_sum,
    in_group,
    limit,
    shared_rate,
    shared_sum,
    summed_rate,
)
from teams.spec import GroupSpec, Place

SHARED = tuple(name for name, (spread, _) in rules.RATES.items() if spread == rules.SHARED)
NOTHING: Beyond = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Own:
    """A subgroup by itself: sums before what comes from beyond, and all that nothing from beyond changes."""

    index: int
    members: tuple[Member, ...]
    boons: Mapping[str, Sum]
    shared: Mapping[str, Sum]
    summed: Mapping[str, Rate]
    combos: tuple[ComboCover, ...]
    untold: tuple[Untold, ...]
    notes: tuple[str, ...]

    def with_beyond(self, boons: Mapping[str, Beyond], shared: Mapping[str, Beyond]) -> Cover:
        """boons, shared: what the other subgroups leave over for each member."""
        return _cover(self, boons, shared)

    def players(self, boons: Mapping[str, Beyond]) -> tuple[PlayerCover, ...]:
        raw = {boon: self.boons[boon].total + boons.get(boon, NOTHING)[0] for boon in BOONS}
        return tuple(_player(member, raw) for member in self.members)


def read_group(index: int, group: GroupSpec, catalogue: Catalogue, mode: str, others: int) -> Own:
    """others: subgroups with players beside this one. Places without a build count for nobody."""
    members = tuple(
        Member(Place(index, j), slot, player_effects(slot.build, catalogue, mode))
        for j, slot in enumerate(group.slots)
        if slot.build is not None
    )
    return Own(
        index,
        members,
        {boon: boon_sum(boon, members, others) for boon in BOONS},
        {name: shared_sum(name, members, others) for name in SHARED},
        {name: summed_rate(name, members) for name in rules.RATES if name not in SHARED},
        meetings([(member.name, member.effects.combos) for member in members]),
        tuple(_untold(members)),
        tuple(f"{str(m.place).capitalize()}, {m.name}: {note}" for m in members for note in m.effects.notes),
    )


def _untold(members: Iterable[Member]) -> Iterable[Untold]:
    for member in members:
        for doubt in member.effects.doubts:
            yield Untold(member.place.group, member.place.slot, member.name, doubt.source, doubt.effect, doubt.reason)


def _cover(own: Own, boons: Mapping[str, Beyond], shared: Mapping[str, Beyond]) -> Cover:
    members = own.members
    covered = {boon: boon_cover(boon, own.boons[boon], boons.get(boon, NOTHING)) for boon in BOONS}
    rates = {
        **own.summed,
        **{name: shared_rate(name, own.shared[name], shared.get(name, NOTHING)[0]) for name in SHARED},
    }
    strikes, conditions = _damage(members)
    health = [m.effects.effective_health for m in members if m.effects.effective_health is not None]
    best = max((m.effects.regeneration for m in members if m.effects.boons.get("Regeneration")), default=0.0)
    return Cover(
        group=own.index,
        players=len(members),
        boons=covered,
        rates={name: rates[name] for name in rules.RATES},
        regeneration_per_second=best * covered["Regeneration"].uptime * len(members),
        combos=own.combos,
        ranged=sum(member.effects.ranged for member in members),
        melee=sum(member.effects.melee for member in members),
        damage=fsum((*strikes, *conditions)),
        power_share=power_share(strikes, conditions),
        effective_health=fsum(health) / len(health) if health else None,
        least_effective_health=min(health, default=None),
        mobility=1.0 - (1.0 - covered["Swiftness"].uptime) * (1.0 - rates["superspeed"].number),
    )


def _damage(members: Iterable[Member]) -> tuple[list[float], list[float]]:
    known = [member.effects.damage for member in members if member.effects.damage]
    return [one.strikes for one in known], [one.conditions for one in known]


def power_share(strikes: Sequence[float], conditions: Sequence[float]) -> float | None:
    total = fsum((*strikes, *conditions))
    return fsum(strikes) / total if total else None


# --- A player ------------------------------------------------------------------------------------
def _player(member: Member, raw: Mapping[str, float]) -> PlayerCover:
    """raw: what a member of the subgroup has, before any limit; who gives a boon has all of it."""
    effects = member.effects
    damage = effects.damage
    return PlayerCover(
        group=member.place.group,
        slot=member.place.slot,
        player=member.slot.player or "",
        build=effects.build,
        profession=effects.profession,
        specialization=effects.specialization,
        role=member.slot.role or (member.slot.build.role if member.slot.build else None),
        boons={
            boon: min(limit(boon), raw[boon] + fsum(gift.amount * (1.0 - in_group(gift)) for gift in own))
            for boon in BOONS
            if (own := effects.boons.get(boon, ())) or raw[boon]
        },
        damage=damage.total if damage else 0.0,
        power_share=power_share([damage.strikes], [damage.conditions]) if damage else None,
        effective_health=effects.effective_health,
        ranged=effects.ranged,
        melee=effects.melee,
    )
