"""What a team gives and has, as values."""

from collections.abc import Mapping
from dataclasses import dataclass

from builds.engine.effects.model import Shown
from teams.spec import Place

COUNTED, OPEN = "counted", "open"


@dataclass(frozen=True, slots=True)
class Origin(Shown):
    """The skill or trait behind something. kind: skill or trait. place: such as "Utility" or "Staff, Fire". period:
    seconds from one use to the next, None where nothing tells."""

    kind: str
    id: int
    name: str
    place: str
    period: float | None


@dataclass(frozen=True, slots=True)
class Gift(Shown):
    """What one skill or trait of a build gives. amount: in the unit of the boon or rate, to each one reached, before
    any share. seconds: of one application. stacks: of one application. reach: of rules.REACHES, "" for what reaches no
    ally. basis: counted, or open
    where no rate is known; `why` says then why."""

    origin: Origin
    amount: float
    reach: str
    targets: int
    seconds: float = 0.0
    stacks: int = 1
    basis: str = COUNTED
    why: str = ""


@dataclass(frozen=True, slots=True)
class GivenBy(Shown):
    """Who gives what, from which skill. group, slot: indices from 0. amount: what a member of the subgroup has of it,
    or the player's part of a sum. beyond: the giver stands in another subgroup."""

    group: int
    slot: int
    player: str
    origin: Origin
    amount: float
    seconds: float
    reach: str
    basis: str
    why: str = ""
    beyond: bool = False


@dataclass(frozen=True, slots=True)
class BoonCover(Shown):
    """uptime: share of the time that a member has it. stacks: the average of might and stability, at most 25; of other
    boons the uptime. sure: the part of `stacks` whose rate and reach the facts tell. from_beyond: the part that comes
    from other subgroups. without_best: `stacks` if the greatest giver were gone. givers: players who give any."""

    boon: str
    uptime: float
    stacks: float
    sure: float
    from_beyond: float
    without_best: float
    givers: int
    sources: tuple[GivenBy, ...] = ()


@dataclass(frozen=True, slots=True)
class Rate(Shown):
    """number: in the unit of rules.RATES. givers: players who give any."""

    number: float
    givers: int
    sources: tuple[GivenBy, ...] = ()


@dataclass(frozen=True, slots=True)
class ComboCover(Shown):
    """per_30_s: how often the two meet. fields_of, finishers_of: places of those who bring them."""

    field: str
    finisher: str
    effect: str
    per_30_s: float
    fields_of: tuple[str, ...]
    finishers_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cover(Shown):
    """Of a subgroup, or of the squad where group is None: there boons and shared rates are means over the players, and
    givers stand in the subgroups. boons: all twelve. rates: all of rules.RATES. damage: a second, of all players;
    power_share: of it by strikes, None without damage. effective_health: the mean over the players whose panel is
    known, least_effective_health the least, None where it is known of none. mobility: share of the time with swiftness
    or superspeed. ranged, melee: players with such a weapon set; who has both counts in both."""

    group: int | None
    players: int
    boons: Mapping[str, BoonCover]
    rates: Mapping[str, Rate]
    regeneration_per_second: float
    combos: tuple[ComboCover, ...]
    ranged: int
    melee: int
    damage: float
    power_share: float | None
    effective_health: float | None
    least_effective_health: float | None
    mobility: float


@dataclass(frozen=True, slots=True)
class PlayerCover(Shown):
    """boons: what this player has: the subgroup's, and with it what only reaches its giver. damage: a second."""

    group: int
    slot: int
    player: str
    build: str
    profession: str
    specialization: str
    role: str | None
    boons: Mapping[str, float]
    damage: float
    power_share: float | None
    effective_health: float | None
    ranged: bool
    melee: bool


@dataclass(frozen=True, slots=True)
class Untold(Shown):
    """An effect that is there and whose size, rate or form the data does not tell; it counts nowhere else."""

    group: int
    slot: int
    player: str
    source: str
    effect: str
    reason: str


@dataclass(frozen=True, slots=True)
class TeamCoverage(Shown):
    """groups: in the team's order, empty ones too. notes: what the numbers had to do without, each with its place."""

    name: str
    game_mode: str
    wvw_style: str | None
    size: int
    squad: Cover
    groups: tuple[Cover, ...]
    players: tuple[PlayerCover, ...]
    unknown: tuple[Untold, ...]
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]

    def of(self, place: Place) -> PlayerCover | None:
        return next((one for one in self.players if (one.group, one.slot) == (place.group, place.slot)), None)
