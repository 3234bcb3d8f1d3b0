"""A good team to begin with, and a bound, where there are players and all subgroups ask for the same.

First the team as one whole, without subgroups: what a subgroup has counts there as the mean over all, which no division
into subgroups exceeds, for each part of the score is capped in each of them. That is small, and its bound holds. Then
the full program over the builds that were chosen in it alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from teams.compose.candidates import Option
from teams.compose.demands import Bounds, Demands, Frame, Named, Place
from teams.compose.players import Cast, Casting, add_players
from teams.compose.program import Builder, Choice, Program
from teams.compose.solver import Solution, solve

_FOR_WHOLE, _FOR_FEW = 0.2, 0.4
"""Of the time, for either step."""


@dataclass(frozen=True, slots=True)
class Start:
    program: Program
    casting: Casting
    solution: Solution

    def values(self, program: Program, casting: Casting) -> dict[int, float]:
        """The same team in the columns of the full program. What of the score is reached follows from them."""
        seated = self.casting.seated(self.program, self.solution.values)
        wanted: dict[tuple[object, ...], list[int]] = {}
        for i, column in enumerate(self.program.columns):
            if isinstance(column, Choice):
                wanted[_key(column)] = seated[i]
        kind_of = {player: kind for kind, players in enumerate(casting.kinds) for player in players}
        found = dict.fromkeys(casting.columns.values(), 0.0)
        for i, column in enumerate(program.columns):
            if isinstance(column, Choice):
                players = wanted.get(_key(column), [])
                found[i] = float(len(players))
                for player in players:
                    found[casting.columns[kind_of[player], casting.group_of[i]]] += 1.0
        return found


def _key(choice: Choice) -> tuple[object, ...]:
    return choice.place, choice.option.candidate.key, choice.roles


def start_with(
    frame: Frame,
    options: Sequence[Option],
    mode: str,
    cast: Cast,
    *,
    elastic: bool,
    seed: int,
    budget: float,
    gap: float,
) -> Start | None:
    """None where subgroups differ, or no team was found in the time."""
    first = frame.places[0]
    if len(frame.places) == 1 or first.kept or any(place != first for place in frame.places):
        return None
    number = len(frame.places)
    whole = replace(frame, places=(Place(first.size * number, _times(first.demands, number)),))
    builder = Builder(whole, options, mode, [[]], elastic=elastic)
    builder.alike = number
    program = builder.build()
    for i, column in enumerate(program.columns):
        if isinstance(column, Choice):  # twice a subgroup is oftener in the team
            program.upper[i] = float(first.size * number)
    casting = add_players(program, cast, builder.players)
    rough = solve(program, seed=seed, budget=budget * _FOR_WHOLE, gap=gap / 2)
    if not rough.values:
        return None
    used = {i for i in casting.group_of if round(rough.values[i])}
    keys = {column.option.candidate.key for i in used if isinstance(column := program.columns[i], Choice)}
    few = [option for option in options if option.candidate.key in keys]
    smaller = Builder(frame, few, mode, [[] for _ in frame.places], elastic=elastic)
    program = smaller.build()
    casting = add_players(program, cast, smaller.players)
    solution = solve(program, seed=seed, budget=budget * _FOR_FEW, gap=gap / 2)
    if not solution.values:
        return None
    return Start(program, casting, bounded(solution, rough.bound, proven=False))


def bounded(solution: Solution, bound: float, *, proven: bool = True) -> Solution:
    """With the lower of two bounds. proven: whether the solution's own bound is one of the whole problem."""
    lower = max(min(solution.bound, bound) if proven else bound, solution.objective)
    return replace(solution, bound=lower, gap=(lower - solution.objective) / max(abs(solution.objective), 1e-9))


def _times(demands: Demands, number: int) -> Demands:
    return Demands(
        {
            names: Named(
                one.least * number,
                None if one.most is None else one.most * number,
                {roles: least * number for roles, least in one.roles.items()},
                one.gear,
            )
            for names, one in demands.named.items()
        },
        {
            roles: Bounds(one.least * number, None if one.most is None else one.most * number)
            for roles, one in demands.roles.items()
        },
    )
