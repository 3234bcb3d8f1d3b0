"""A roster in the program: who of the players plays what, and how gladly.

Builds that the same players can play, as gladly, are one group, and players with the same answers for all groups are
one kind. z[kind, group] is how many of a kind play something of a group; of each group as many are played as stand in
the team. So players add no column for each place."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from builds.language.who import Who
from gw2optimizer.errors import InvalidInput
from teams.compose.candidates import Candidate, Option
from teams.compose.credits import SUITS
from teams.compose.program import INFINITE, Choice, Program
from teams.roster.model import LEAST_GLAD, MOST_GLAD, Play, Player, RosterSpec
from teams.roster.times import Moment

GLAD_WEIGHT = 2.0
"""Of who plays what he likes best (5) over who plays what he must (1), beside the weights of `credits`: more than any
two builds of a role differ, less than a build that was published for the role over one that was not."""
MOST_WEIGHT = 10.0


@dataclass(frozen=True, slots=True)
class Playing:
    """What a search is told of its players. when: None for any time. weight: of gladness, 0 to 10.
    seated: names of who stands in the team already."""

    roster: RosterSpec
    when: Moment | None = None
    weight: float = GLAD_WEIGHT
    seated: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0.0 <= self.weight <= MOST_WEIGHT:
            said = [f"Give a number from 0 to {MOST_WEIGHT:g}."]
            raise InvalidInput("The weight of gladness is out of range.", fields={"gladness": said})

    @property
    def players(self) -> tuple[Player, ...]:
        """Who is free to take a place, coming or not."""
        return tuple(player for player in self.roster.players if player.name not in self.seated)

    def comes(self, player: Player) -> bool:
        return player.comes(self.when)

    @property
    def own(self) -> list[Candidate]:
        """The players' own builds, which nobody else plays."""
        return [
            Candidate(own_key(i, j), play.build)
            for i, player in enumerate(self.players)
            for j, play in enumerate(player.plays)
            if play.build is not None
        ]

    @property
    def named(self) -> tuple[Who, ...]:
        return tuple(
            dict.fromkeys(
                Who(play.who.profession, play.who.elite)
                for player in self.players
                if self.comes(player)
                for play in player.plays
                if play.who.named
            )
        )


def own_key(player: int, play: int) -> str:
    return f"own {player} {play}"


def is_own(key: str) -> bool:
    return key.startswith("own ")


class Cast:
    """Who can play which option, and how gladly: 1 to 5, 0 for not at all. Players by their number in `players`."""

    def __init__(self, playing: Playing, options: Sequence[Option]) -> None:
        self.playing, self.players, self.options = playing, playing.players, options
        self.coming = [i for i, player in enumerate(self.players) if playing.comes(player)]
        self.absent = [i for i in range(len(self.players)) if i not in set(self.coming)]
        own = {
            own_key(i, j): (i, play.gladness)
            for i, player in enumerate(self.players)
            for j, play in enumerate(player.plays)
            if play.build is not None
        }
        others = [option for option in options if option.candidate.key not in own]
        covered: dict[Who, list[Option]] = {}
        self.glad: dict[str, list[int]] = {option.candidate.key: [0] * len(self.players) for option in options}
        for i, player in enumerate(self.players):
            for play in player.plays:
                if play.build is None:
                    self._add(i, play, covered, others)
        for key, (i, gladness) in own.items():
            if key in self.glad:
                self.glad[key][i] = gladness

    def _add(self, player: int, play: Play, covered: dict[Who, list[Option]], options: Sequence[Option]) -> None:
        if play.who not in covered:
            covered[play.who] = [option for option in options if option.is_one_of((play.who,))]
        for option in covered[play.who]:
            row = self.glad[option.candidate.key]
            row[player] = max(row[player], play.gladness)

    def playable(self) -> list[Option]:
        """What somebody who comes can play."""
        return [o for o in self.options if any(self.glad[o.candidate.key][i] for i in self.coming)]

    def who_can(self, options: Iterable[Option], players: Iterable[int]) -> list[int]:
        keys = [option.candidate.key for option in options]
        return [i for i in players if any(self.glad[key][i] for key in keys)]


@dataclass(slots=True)
class Casting:
    """The players' part of a program. group_of: by column of a choice. kinds: numbers of alike players.
    columns: of (kind, group)."""

    cast: Cast
    group_of: dict[int, int] = field(default_factory=dict)
    kinds: list[list[int]] = field(default_factory=list)
    columns: dict[tuple[int, int], int] = field(default_factory=dict)

    def seated(self, program: Program, values: Sequence[float]) -> dict[int, list[int]]:
        """Column of a choice to the numbers of those who play it."""
        free = [list(players) for players in self.kinds]
        of_group: dict[int, list[int]] = defaultdict(list)
        for (kind, group), column in self.columns.items():
            for _ in range(round(values[column])):
                of_group[group].append(free[kind].pop(0))
        return {
            i: [of_group[group].pop(0) for _ in range(round(values[i])) if of_group[group]]
            for i, group in self.group_of.items()
        }


def add_players(program: Program, cast: Cast, places: int) -> Casting:
    """places: of the whole team, as the other weights are divided by."""
    found = Casting(cast)
    vectors: dict[tuple[int, ...], int] = {}
    in_group: dict[int, list[int]] = defaultdict(list)
    for i, column in enumerate(program.columns):
        if isinstance(column, Choice):
            glad = cast.glad[column.option.candidate.key]
            group = vectors.setdefault(tuple(glad[player] for player in cast.coming), len(vectors))
            found.group_of[i] = group
            in_group[group].append(i)
    found.kinds, answers = _kinds(cast.coming, list(vectors))
    worth = cast.playing.weight * SUITS / places / (MOST_GLAD - LEAST_GLAD)
    per_group: dict[int, list[int]] = defaultdict(list)
    for kind, players in enumerate(found.kinds):
        mine = []
        for group, glad_ in enumerate(answers[kind]):
            if glad_:
                column_ = program.column(None, worth * (glad_ - LEAST_GLAD), float(len(players)), integer=True)
                found.columns[kind, group] = column_
                per_group[group].append(column_)
                mine.append(column_)
        program.row(-INFINITE, float(len(players)), [(i, 1.0) for i in mine])
    for group, columns in in_group.items():
        program.row(0.0, 0.0, [*((i, 1.0) for i in columns), *((i, -1.0) for i in per_group[group])])
    return found


def _kinds(players: Sequence[int], vectors: Sequence[tuple[int, ...]]) -> tuple[list[list[int]], list[tuple[int, ...]]]:
    """Players with the same answer for each vector together, and these answers."""
    by_answer: dict[tuple[int, ...], list[int]] = {}
    for place, player in enumerate(players):
        by_answer.setdefault(tuple(vector[place] for vector in vectors), []).append(player)
    return list(by_answer.values()), list(by_answer)
