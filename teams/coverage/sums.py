"""How much of what its members give a subgroup has, and how much of it is left over for the others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum

from builds.engine.effects import assumptions
from teams.coverage import rules
from teams.coverage.model import OPEN, BoonCover, Gift, GivenBy, Rate
from teams.coverage.player import PlayerEffects
from teams.spec import GROUP_SIZE, Place, SlotSpec


@dataclass(frozen=True, slots=True)
class Member:
    """A player who is there, with a build."""

    place: Place
    slot: SlotSpec
    effects: PlayerEffects

    @property
    def name(self) -> str:
        return self.slot.player or self.effects.build


@dataclass(frozen=True, slots=True)
class Sum:
    """total: before any limit. spells: applications a second x seconds, for the uptime of what stacks. spare: what the
    givers' left-over targets bring to each other subgroup, and the same in spells."""

    total: float = 0.0
    spells: float = 0.0
    sure: float = 0.0
    without_best: float = 0.0
    spare: float = 0.0
    spare_spells: float = 0.0
    sources: tuple[GivenBy, ...] = ()


Beyond = tuple[float, float]
"""What comes from other subgroups: as a total, and in spells."""


# --- How much reaches whom -----------------------------------------------------------------------
def in_group(gift: Gift) -> float:
    """Share that a member of the giver's subgroup has of it, as in a whole subgroup."""
    if gift.reach == rules.SELF:
        return 0.0
    counts = rules.PERHAPS_SHARE if gift.reach == rules.PERHAPS else 1.0
    return counts * min(gift.targets, GROUP_SIZE) / GROUP_SIZE


def beyond_group(gift: Gift, members: int, others: int) -> float:
    """Share that a member of each other subgroup has of it. members: of the giver's. others: subgroups with players."""
    if gift.reach == rules.SELF or not others or gift.targets <= members:
        return 0.0
    counts = rules.PERHAPS_SHARE if gift.reach == rules.PERHAPS else 1.0
    return counts * min(1.0, (gift.targets - members) / (GROUP_SIZE * others))


def _reached(gift: Gift, members: int) -> float:
    """Players who are there and reached."""
    if gift.reach == rules.SELF:
        return 1.0
    counts = rules.PERHAPS_SHARE if gift.reach == rules.PERHAPS else 1.0
    return counts * min(gift.targets, members)


def _given(member: Member, gift: Gift, amount: float) -> GivenBy:
    return GivenBy(
        member.place.group, member.place.slot, member.name, gift.origin, amount, gift.seconds, gift.reach, gift.basis,
        gift.why,
    )  # fmt: skip


def _largest_first(sources: Iterable[GivenBy]) -> tuple[GivenBy, ...]:
    return tuple(sorted(sources, key=lambda one: (-one.amount, one.origin.name, one.group, one.slot)))


# --- Boons and what is shared like them ----------------------------------------------------------
def boon_sum(boon: str, members: Sequence[Member], others: int) -> Sum:
    """others: subgroups with players beside this one."""
    return _sum([(member, gift) for member in members for gift in member.effects.boons.get(boon, ())], members, others)


def shared_sum(name: str, members: Sequence[Member], others: int) -> Sum:
    return _sum([(member, gift) for member in members for gift in member.effects.rates.get(name, ())], members, others)


def _sum(gifts: Sequence[tuple[Member, Gift]], members: Sequence[Member], others: int) -> Sum:
    if not gifts:
        return Sum()
    amounts = [(member, gift, gift.amount * in_group(gift)) for member, gift in gifts]
    spare = [(gift, gift.amount * beyond_group(gift, len(members), others)) for _, gift in gifts]
    by_giver: dict[Place, list[float]] = {}
    for member, _, amount in amounts:
        by_giver.setdefault(member.place, []).append(amount)
    best = max(by_giver, key=lambda place: (fsum(by_giver[place]), -place.group, -place.slot))
    return Sum(
        total=fsum(amount for _, _, amount in amounts),
        spells=fsum(amount / gift.stacks for _, gift, amount in amounts),
        sure=fsum(amount for _, gift, amount in amounts if gift.basis != OPEN and gift.reach != rules.PERHAPS),
        without_best=fsum(amount for member, _, amount in amounts if member.place != best),
        spare=fsum(amount for _, amount in spare),
        spare_spells=fsum(amount / gift.stacks for gift, amount in spare),
        sources=_largest_first(_given(member, gift, amount) for member, gift, amount in amounts),
    )


def limit(boon: str) -> float:
    return float(assumptions.STACK_CAP) if boon in assumptions.INTENSITY_BOONS else 1.0


def boon_cover(boon: str, found: Sum, beyond: Beyond) -> BoonCover:
    most = limit(boon)
    total = found.total + beyond[0]
    spells = found.spells + beyond[1] if boon in assumptions.INTENSITY_BOONS else total
    return BoonCover(
        boon=boon,
        uptime=min(1.0, spells),
        stacks=min(most, total),
        sure=min(most, found.sure),
        from_beyond=min(most, beyond[0]),
        without_best=min(most, found.without_best + beyond[0]),
        givers=len({(one.group, one.slot) for one in found.sources if one.amount}),
        sources=found.sources,
    )


# --- Rates ---------------------------------------------------------------------------------------
def shared_rate(name: str, found: Sum, beyond: float) -> Rate:
    total = found.total + beyond
    givers = len({(one.group, one.slot) for one in found.sources if one.amount})
    return Rate(min(1.0, total) if name == "superspeed" else total, givers, found.sources)


def summed_rate(name: str, members: Sequence[Member]) -> Rate:
    per_member = rules.RATES[name][0] == rules.PER_MEMBER
    sources = [
        _given(member, gift, gift.amount * (_reached(gift, len(members)) if per_member else 1.0))
        for member in members
        for gift in member.effects.rates.get(name, ())
    ]
    number = fsum(one.amount for one in sources)
    return Rate(number, len({(one.group, one.slot) for one in sources if one.amount}), _largest_first(sources))
