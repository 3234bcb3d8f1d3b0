"""The integer program of a team: how many of each build play what in each subgroup.

Variables: x[subgroup, build, role], whole numbers, and u[subgroup, part of the score], how much of it counts there: at
most what the builds give together, and at most all of it. Constraints: the places of each subgroup and what the wish
counts. Objective: the weighted u, which are points of the score, and for each player how well he suits his place."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from teams.compose.candidates import Option
from teams.compose.credits import (
    DAMAGE_WEIGHT,
    FIT_WEIGHT,
    FRESH_WEIGHT,
    GEAR_WEIGHT,
    METRIC_OF_OBJECTIVE,
    METRIC_OF_ROLE,
    MODE_WEIGHT,
    OBJECTIVE_WEIGHT,
    ROLE_WEIGHT,
    STYLE_WEIGHT,
    SUITS,
    Credit,
    credits_of,
)
from teams.compose.demands import Demands, Frame, Place, role_played
from teams.coverage import PlayerEffects

OWN = ("",)
"""Role of a player who does what his build is made for."""
COPIES = 2
"""Of one build in a subgroup, unless more of its kind are asked for: five alike are no team."""
# What giving something up costs, so that it is given up in this order. A player is worth less.
FILLER_COST, ROLE_COST, NAME_COST, PLACE_COST = 60.0, 400.0, 1200.0, 4000.0
TIE = 1e-6

Roles = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Of column i: this many of `option` in subgroup `place` (from 0), there for one of `roles`."""

    place: int
    option: Option
    roles: Roles
    off_filler: bool = False


@dataclass(frozen=True, slots=True)
class Slack:
    """Of column i: how far a demand is missed. kind: role, name or place. place: None for the team."""

    kind: str
    place: int | None
    what: object = None
    wanted: int = 0


@dataclass(slots=True)
class Program:
    """Columns and rows as HiGHS takes them. columns: what each stands for, None for a u."""

    columns: list[Choice | Slack | None] = field(default_factory=list)
    cost: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    integer: list[bool] = field(default_factory=list)
    rows: list[tuple[float, float, list[tuple[int, float]]]] = field(default_factory=list)

    def column(self, stands_for: Choice | Slack | None, cost: float, upper: float, *, integer: bool) -> int:
        self.columns.append(stands_for)
        self.cost.append(cost)
        self.upper.append(upper)
        self.integer.append(integer)
        return len(self.columns) - 1

    def forgone(self, values: Sequence[float]) -> float:
        """What the values pay for demands that are missed."""
        missed = sum(
            -cost * value
            for stands_for, cost, value in zip(self.columns, self.cost, values, strict=False)
            if isinstance(stands_for, Slack)
        )
        off = sum(
            value
            for one, value in zip(self.columns, values, strict=False)
            if isinstance(one, Choice) and one.off_filler
        )
        return missed + FILLER_COST * off

    def row(self, least: float, most: float, terms: list[tuple[int, float]]) -> None:
        self.rows.append((least, most, terms))


INFINITE = float("inf")


class Builder:
    """elastic: whether demands may be missed at a cost, for a wish that can't be kept in whole. present: key of who is
    there now, and may only stay, to his subgroup."""

    def __init__(
        self, frame: Frame, options: Sequence[Option], mode: str, kept: Sequence[Sequence[PlayerEffects]], *,
        elastic: bool, present: Mapping[str, int] | None = None,
    ) -> None:  # fmt: skip
        self.frame, self.options, self.elastic = frame, options, elastic
        self.present = present or {}
        self.alike = 1  # subgroups that one place stands for
        self.players = sum(place.size + len(place.kept) for place in frame.places)
        self.credits = credits_of(mode, frame.style)
        self.shares: dict[tuple[int, str], float] = {}
        self.kept = kept
        self.program = Program()
        self.best = {
            metric: max((option.metrics[metric] for option in options), default=0.0) or 1.0
            for metric in {*METRIC_OF_ROLE.values(), *METRIC_OF_OBJECTIVE.values()}
        }
        self.by_place: list[list[int]] = []

    def build(self) -> Program:
        for number, place in enumerate(self.frame.places):
            self._choices(number, place)
            self._credit(number, place)
            self._sized(number, place)
            self._counted(place.demands, number, self.by_place[number])
        everywhere = [i for columns in self.by_place for i in columns]
        self._counted(self.frame.whole, None, everywhere)
        self._capped([credit for credit in self.credits if credit.whole], everywhere, self.kept, 1.0)
        return self.program

    # --- who may stand where ------------------------------------------------------------------
    def _choices(self, number: int, place: Place) -> None:
        columns: list[int] = []
        elsewhere = [other.demands for other in self.frame.places if other.demands is not place.demands]
        for rank, option in enumerate(self.options if place.size else ()):
            if self.present.get(option.candidate.key, number) != number:
                continue
            here, whole = place.demands.name_set(option), self.frame.whole.name_set(option)
            if here is None and whole is None and self._named_exactly(option, elsewhere):
                continue
            for roles in self._roles_for(option, place.demands, here, whole):
                off = roles == OWN and here is None and whole is None and not self._may_fill(option, place.demands)
                if off and not self.elastic:
                    continue
                cost = self._worth(option, roles, place.demands, rank) - FILLER_COST * off
                # Where the wish can't be kept, a sixth healer is better than nobody.
                upper = place.size if self.elastic else max([COPIES, *self._least_of(option, roles, place.demands)])
                upper = 1 if option.candidate.key in self.present else upper
                choice = Choice(number, option, roles, off)
                columns.append(self.program.column(choice, cost, float(min(upper, place.size)), integer=True))
        self.by_place.append(columns)

    def _named_exactly(self, option: Option, elsewhere: Iterable[Demands]) -> bool:
        """A stated count is exact: nobody of the name beside those asked for."""
        return any(
            (names := demands.name_set(option)) is not None and demands.named[names].most is not None
            for demands in elsewhere
        )

    def _roles_for(self, option: Option, here: Demands, named_here: object, named_whole: object) -> list[Roles]:
        found: dict[Roles, None] = {OWN: None}
        for demands, names in ((here, named_here), (self.frame.whole, named_whole)):
            wanted = demands.roles if names is None else demands.named[names].roles  # type: ignore[index]
            found |= {roles: None for roles in wanted if role_played(option, roles)}
        return list(found)

    def _may_fill(self, option: Option, here: Demands) -> bool:
        if self.frame.filler:
            return option.is_one_of(self.frame.filler)
        # Two healers asked for are two: who fills the rest is none.
        exact = [
            roles for demands in (here, self.frame.whole) for roles, b in demands.roles.items() if b.most is not None
        ]
        return not any(option.made_for(role) for one in exact for role in one)

    def _least_of(self, option: Option, roles: Roles, here: Demands) -> list[int]:
        found = []
        for demands in (here, self.frame.whole):
            if (names := demands.name_set(option)) is not None:
                found.append(demands.named[names].least)
            if (bounds := demands.roles.get(roles)) is not None:
                found.append(bounds.least)
        return found

    # --- what it is worth ---------------------------------------------------------------------
    def _worth(self, option: Option, roles: Roles, here: Demands, rank: int) -> float:
        build = option.candidate.build
        role = role_played(option, roles) or build.role or ""
        metric = METRIC_OF_ROLE.get(role)
        worth = MODE_WEIGHT * option.closeness + FRESH_WEIGHT * option.candidate.fresh
        worth += STYLE_WEIGHT * (build.wvw_style in (None, self.frame.style or build.wvw_style))
        if roles != OWN:
            # Whoever is there for no role is worth what the subgroup has of him.
            worth += FIT_WEIGHT * option.plays.get(role, 0.0)
            worth += ROLE_WEIGHT * (option.metrics[metric] / self.best[metric] if metric else 0.5)
        worth += DAMAGE_WEIGHT * option.metrics["damage"] / self.best["damage"]
        for objective in self.frame.objectives:
            wanted = METRIC_OF_OBJECTIVE[objective]
            worth += OBJECTIVE_WEIGHT * option.metrics[wanted] / self.best[wanted]
        for demands in (here, self.frame.whole):
            names = demands.name_set(option)
            if names is not None and (gear := demands.named[names].gear) and option.wears(gear):
                worth += GEAR_WEIGHT
        return worth * SUITS / self.players - TIE * rank

    def _credit(self, number: int, place: Place) -> None:
        share = (place.size + len(place.kept)) / self.players
        here = [credit for credit in self.credits if not credit.whole]
        self._capped(here, self.by_place[number], self.kept[number : number + 1], share, self.alike)

    def _capped(
        self, credits: Iterable[Credit], columns: Sequence[int], kept: Sequence[Sequence[PlayerEffects]], share: float,
        alike: int = 1,
    ) -> None:  # fmt: skip
        """share: of the team that stands there."""
        for credit in credits:
            u = self.program.column(None, credit.weight * share, 1.0, integer=False)
            terms = [(u, 1.0)]
            for i in columns:
                option = self._option(i)
                key = (id(option), credit.name)
                if (given := self.shares.get(key)) is None:
                    given = self.shares[key] = credit.share(option.effects, self.players)
                if given > 0:
                    terms.append((i, -given / alike))
            there = sum(credit.share(effects, self.players) for effects in itertools.chain.from_iterable(kept))
            self.program.row(-INFINITE, there, terms)

    def _option(self, i: int) -> Option:
        choice = self.program.columns[i]
        assert isinstance(choice, Choice)
        return choice.option

    # --- what the wish counts -------------------------------------------------------------------
    def _sized(self, number: int, place: Place) -> None:
        terms = [(i, 1.0) for i in self.by_place[number]]
        if self.elastic:
            terms.append(self._slack(Slack("place", number, wanted=place.size), PLACE_COST, 1.0))
        self.program.row(place.size, place.size, terms)

    def _slack(self, slack: Slack, cost: float, sign: float) -> tuple[int, float]:
        return self.program.column(slack, -cost, 50.0, integer=False), sign

    def _counted(self, demands: Demands, number: int | None, columns: Sequence[int]) -> None:
        """number: of the subgroup, None for the whole team."""
        named = {i: demands.name_set(self._option(i)) for i in columns} if demands.named or demands.roles else {}
        for names, wanted in demands.named.items():
            mine = [i for i in columns if named[i] == names]
            # Where the whole team's count is said, a subgroup's is what it has at least.
            most = None if number is not None and names in self.frame.whole.named else wanted.most
            self._bounds(mine, wanted.least, most, Slack("name", number, names, wanted.least), NAME_COST)
            for roles, least in wanted.roles.items():
                playing = [i for i in mine if self._roles(i) == roles]
                self._bounds(playing, least, None, Slack("role", number, (names, roles), least), ROLE_COST)
        for roles, bounds in demands.roles.items():
            playing = [i for i in columns if named[i] is None and self._roles(i) == roles]
            most = None if number is not None and roles in self.frame.whole.roles else bounds.most
            self._bounds(playing, bounds.least, most, Slack("role", number, roles, bounds.least), ROLE_COST)

    def _bounds(self, columns: Sequence[int], least: int, most: int | None, slack: Slack, cost: float) -> None:
        terms = [(i, 1.0) for i in columns]
        if self.elastic and least:
            terms.append(self._slack(slack, cost, 1.0))
        # What is missing may not stand in for what is too many: an exact count stays one from above.
        self.program.row(least, INFINITE if most is None else most, terms)

    def _roles(self, i: int) -> Roles:
        choice = self.program.columns[i]
        assert isinstance(choice, Choice)
        return choice.roles
