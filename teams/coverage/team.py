"""From the builds of a team to what each subgroup and the squad have."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from builds.engine.effects import assumptions
from builds.gamedata import Catalogue
from builds.gamedata.fact_shapes import BOONS
from teams.coverage import rules
from teams.coverage.combos import meetings
from teams.coverage.model import BoonCover, Cover, Gift, GivenBy, PlayerCover, Rate, TeamCoverage, Untold
from teams.coverage.player import PlayerEffects, player_effects
from teams.coverage.squad import squad_cover
from teams.spec import GROUP_SIZE, Place, SlotSpec, TeamSpec


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


def coverage(team: TeamSpec, catalogue: Catalogue) -> TeamCoverage:
    """By the team's own game mode, whatever mode its builds were made for. Places without a build count for nobody.
    All sums are exact before they are rounded once, so that no order of players or subgroups changes a number."""
    groups = _members(team, catalogue)
    others = max(0, sum(map(bool, groups)) - 1)
    boons = [{boon: _boon_sum(boon, members, others) for boon in BOONS} for members in groups]
    shared = [{name: _shared_sum(name, members, others) for name in _names(rules.SHARED)} for members in groups]
    covers, players = [], []
    for i, members in enumerate(groups):
        beyond = {boon: _beyond([sums[boon] for j, sums in enumerate(boons) if j != i]) for boon in BOONS}
        rates_beyond = {
            name: _beyond([sums[name] for j, sums in enumerate(shared) if j != i])[0] for name in _names(rules.SHARED)
        }
        if not members:
            beyond, rates_beyond = dict.fromkeys(BOONS, (0.0, 0.0)), dict.fromkeys(rates_beyond, 0.0)
        covers.append(_cover(i, members, boons[i], beyond, shared[i], rates_beyond))
        raw = {boon: boons[i][boon].total + beyond[boon][0] for boon in BOONS}
        players += [_player(member, raw) for member in members]
    return TeamCoverage(
        name=team.name,
        game_mode=team.game_mode,
        wvw_style=team.wvw_style,
        size=len(players),
        squad=squad_cover(covers, players),
        groups=tuple(covers),
        players=tuple(players),
        unknown=tuple(_untold(groups)),
        assumptions=rules.ASSUMPTIONS,
        notes=tuple(_notes(team, groups)),
    )


def _members(team: TeamSpec, catalogue: Catalogue) -> list[list[Member]]:
    groups: list[list[Member]] = [[] for _ in team.groups]
    for place, slot in team.places():
        if slot.build is not None:
            effects = player_effects(slot.build, catalogue, team.game_mode)
            groups[place.group].append(Member(place, slot, effects))
    return groups


def _names(spread: str) -> list[str]:
    return [name for name, (kind, _) in rules.RATES.items() if kind == spread]


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
def _boon_sum(boon: str, members: Sequence[Member], others: int) -> Sum:
    return _sum([(member, gift) for member in members for gift in member.effects.boons.get(boon, ())], members, others)


def _shared_sum(name: str, members: Sequence[Member], others: int) -> Sum:
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
        sure=fsum(amount for _, gift, amount in amounts if gift.basis != "open" and gift.reach != rules.PERHAPS),
        without_best=fsum(amount for member, _, amount in amounts if member.place != best),
        spare=fsum(amount for _, amount in spare),
        spare_spells=fsum(amount / gift.stacks for gift, amount in spare),
        sources=_largest_first(_given(member, gift, amount) for member, gift, amount in amounts),
    )


def _beyond(sums: Iterable[Sum]) -> tuple[float, float]:
    sums = list(sums)
    return fsum(one.spare for one in sums), fsum(one.spare_spells for one in sums)


def _limit(boon: str) -> float:
    return float(assumptions.STACK_CAP) if boon in assumptions.INTENSITY_BOONS else 1.0


def _boon_cover(boon: str, found: Sum, beyond: tuple[float, float]) -> BoonCover:
    limit = _limit(boon)
    total = found.total + beyond[0]
    spells = found.spells + beyond[1] if boon in assumptions.INTENSITY_BOONS else total
    return BoonCover(
        boon=boon,
        uptime=min(1.0, spells),
        stacks=min(limit, total),
        sure=min(limit, found.sure),
        from_beyond=min(limit, beyond[0]),
        without_best=min(limit, found.without_best + beyond[0]),
        givers=len({(one.group, one.slot) for one in found.sources if one.amount}),
        sources=found.sources,
    )


# --- A subgroup ----------------------------------------------------------------------------------
def _cover(
    index: int,
    members: Sequence[Member],
    boons: Mapping[str, Sum],
    beyond: Mapping[str, tuple[float, float]],
    shared: Mapping[str, Sum],
    rates_beyond: Mapping[str, float],
) -> Cover:
    covered = {boon: _boon_cover(boon, boons[boon], beyond[boon]) for boon in BOONS}
    rates = {name: _shared_rate(name, shared[name], rates_beyond[name]) for name in shared}
    rates |= {name: _summed_rate(name, members) for name in rules.RATES if name not in shared}
    strikes, conditions = _damage(members)
    health = [m.effects.effective_health for m in members if m.effects.effective_health is not None]
    best = max((m.effects.regeneration for m in members if m.effects.boons.get("Regeneration")), default=0.0)
    moving = 1.0 - (1.0 - covered["Swiftness"].uptime) * (1.0 - rates["superspeed"].number)
    return Cover(
        group=index,
        players=len(members),
        boons=covered,
        rates={name: rates[name] for name in rules.RATES},
        regeneration_per_second=best * covered["Regeneration"].uptime * len(members),
        combos=meetings([(member.name, member.effects.combos) for member in members]),
        ranged=sum(member.effects.ranged for member in members),
        melee=sum(member.effects.melee for member in members),
        damage=fsum((*strikes, *conditions)),
        power_share=power_share(strikes, conditions),
        effective_health=fsum(health) / len(health) if health else None,
        least_effective_health=min(health, default=None),
        mobility=moving,
    )


def _shared_rate(name: str, found: Sum, beyond: float) -> Rate:
    total = found.total + beyond
    givers = len({(one.group, one.slot) for one in found.sources if one.amount})
    return Rate(min(1.0, total) if name == "superspeed" else total, givers, found.sources)


def _summed_rate(name: str, members: Sequence[Member]) -> Rate:
    per_member = rules.RATES[name][0] == rules.PER_MEMBER
    sources = [
        _given(member, gift, gift.amount * (_reached(gift, len(members)) if per_member else 1.0))
        for member in members
        for gift in member.effects.rates.get(name, ())
    ]
    number = fsum(one.amount for one in sources)
    return Rate(number, len({(one.group, one.slot) for one in sources if one.amount}), _largest_first(sources))


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
            boon: min(_limit(boon), raw[boon] + fsum(gift.amount * (1.0 - in_group(gift)) for gift in own))
            for boon in BOONS
            if (own := effects.boons.get(boon, ())) or raw[boon]
        },
        damage=damage.total if damage else 0.0,
        power_share=power_share([damage.strikes], [damage.conditions]) if damage else None,
        effective_health=effects.effective_health,
        ranged=effects.ranged,
        melee=effects.melee,
    )


def _untold(groups: Iterable[Sequence[Member]]) -> Iterable[Untold]:
    for members in groups:
        for member in members:
            for doubt in member.effects.doubts:
                yield Untold(
                    member.place.group, member.place.slot, member.name, doubt.source, doubt.effect, doubt.reason
                )


def _notes(team: TeamSpec, groups: Iterable[Sequence[Member]]) -> Iterable[str]:
    empty = [str(place) for place, slot in team.places() if slot.build is None]
    if empty:
        yield f"Places without a build count for nobody: {'; '.join(empty)}."
    for members in groups:
        for member in members:
            for note in member.effects.notes:
                yield f"{str(member.place).capitalize()}, {member.name}: {note}"
