"""The best team within a few changes of the one at hand."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from builds.gamedata import Catalogue
from gw2optimizer.errors import InvalidInput
from teams.compose.candidates import Candidate, options_of
from teams.compose.compose import MOST_SECONDS, Chosen, chosen_from
from teams.compose.demands import Frame, Place, demands_of
from teams.compose.program import Builder, Choice, Program
from teams.compose.solver import UNKNOWN, solve
from teams.coverage import coverage, player_effects
from teams.language.model import Who
from teams.score import TeamScore, score
from teams.spec import Place as Spot
from teams.spec import SlotSpec, TeamSpec


@dataclass(frozen=True, slots=True)
class Swap:
    """One place whose build is another now."""

    place: Spot
    before: SlotSpec
    after: SlotSpec


@dataclass(frozen=True, slots=True)
class Optimised:
    """status, objective, bound, gap, seconds: as of a Composition. before, after: the scores of both teams."""

    team: TeamSpec
    swaps: tuple[Swap, ...]
    before: TeamScore
    after: TeamScore
    status: str
    objective: float
    bound: float
    gap: float
    seconds: float

    @property
    def gain(self) -> float:
        return self.after.total - self.before.total

    def as_json(self) -> dict[str, Any]:
        return {
            "score": {"before": self.before.total, "after": self.after.total, "gain": self.gain},
            "grade": {"before": self.before.grade, "after": self.after.grade},
            "swaps": [
                {
                    "group": swap.place.group,
                    "slot": swap.place.slot,
                    "player": swap.before.player,
                    "before": swap.before.build.name if swap.before.build else None,
                    "after": swap.after.build.name if swap.after.build else None,
                }
                for swap in self.swaps
            ],
            "status": self.status,
            "gap": round(self.gap, 6),
            "seconds": round(self.seconds, 3),
        }


def optimize_team(
    team: TeamSpec,
    max_changes: int,
    candidates: Sequence[Candidate],
    catalogue: Catalogue,
    *,
    preserve: Sequence[Spot] = (),
    excluded: Sequence[Who] = (),
    seed: int = 1,
    budget: float = 10.0,
) -> Optimised:
    """The team that is best by the composer's objective after at most `max_changes` players have taken another build.
    preserve: places to be left alone, as locked ones are. An empty place that is filled is a change. The team is never
    given back with a lower score: then it stays as it is. Raises InvalidInput for numbers out of range."""
    if not 0 <= max_changes <= team.size:
        raise InvalidInput(
            "The number of changes is out of range.", fields={"max_changes": [f"Give a number from 0 to {team.size}."]}
        )
    if not 0.0 < budget <= MOST_SECONDS:
        raise InvalidInput("The time is out of range.", fields={"budget": [f"Give up to {MOST_SECONDS:g} seconds."]})
    began = time.monotonic()
    before = score(coverage(team, catalogue))
    fixed = {*preserve, *(place for place, slot in team.places() if slot.locked)}
    # More empty places than may be filled stay so, the last ones.
    empty = [place for place, slot in team.places() if slot.build is None and place not in fixed]
    fixed |= set(empty[max_changes:])
    free = [(place, slot) for place, slot in team.places() if place not in fixed]
    same = Optimised(team, (), before, before, UNKNOWN, 0.0, 0.0, 0.0, 0.0)
    if not free or not candidates:
        return same
    mode = team.game_mode
    present = [Candidate(f"present {place}", slot.build) for place, slot in free if slot.build is not None]
    options = options_of([*present, *candidates], catalogue, mode, ())
    staying = {option.candidate.key for option in options} & {candidate.key for candidate in present}
    open_to = [o for o in options if o.candidate.key not in staying and not o.is_excluded(excluded)]
    kept = [
        [slot for place, slot in team.places() if place.group == number and place in fixed and slot.build]
        for number in range(len(team.groups))
    ]
    sizes = [sum(place.group == number for place, _ in free) for number in range(len(team.groups))]
    places = tuple(
        Place(size, demands_of(()), tuple(slot.build for slot in slots if slot.build))
        for size, slots in zip(sizes, kept, strict=True)
    )
    frame = Frame(places, demands_of(()), (), (), team.wvw_style or "")
    effects = [[player_effects(build, catalogue, mode) for build in place.kept] for place in places]
    here = {f"present {place}": place.group for place, slot in free if slot.build is not None}
    stay = [option for option in options if option.candidate.key in staying]
    program = Builder(frame, [*stay, *open_to], mode, effects, elastic=False, present=here).build()
    _at_most(program, set(here), sum(sizes) - max_changes, len(here))
    solution = solve(program, seed=seed, budget=budget, gap=0.0)
    if not solution.values:
        return replace(same, status=solution.status, seconds=time.monotonic() - began)
    chosen = chosen_from(program, solution.values, mode)
    changed, swaps = _swapped(team, free, chosen, set(here))
    after = score(coverage(changed, catalogue))
    if after.total < before.total:
        # Something that the program can't count weighed more, such as a second source of stability.
        changed, swaps, after = team, (), before
    seconds = time.monotonic() - began
    return Optimised(
        changed, swaps, before, after, solution.status, solution.objective, solution.bound, solution.gap, seconds
    )


def _at_most(program: Program, present: set[str], least: int, there: int) -> None:
    """At least so many stay; an empty place can only be filled."""
    terms = [
        (i, 1.0)
        for i, column in enumerate(program.columns)
        if isinstance(column, Choice) and column.option.candidate.key in present
    ]
    program.row(min(least, there), float(there), terms)


def _swapped(
    team: TeamSpec, free: Sequence[tuple[Spot, SlotSpec]], chosen: Sequence[Chosen], present: set[str]
) -> tuple[TeamSpec, tuple[Swap, ...]]:
    stays = {one.key for one in chosen if one.key in present}
    new = {number: [one for one in chosen if one.group == number and one.key not in present] for number in range(50)}
    swaps = []
    for place, slot in free:
        if f"present {place}" in stays or not new[place.group]:
            continue
        one = new[place.group].pop(0)
        after = replace(slot, build=one.build, role=one.role or None)
        swaps.append(Swap(place, slot, after))
    groups = [list(group.slots) for group in team.groups]
    for swap in swaps:
        groups[swap.place.group][swap.place.slot] = swap.after
    done = tuple(replace(group, slots=tuple(slots)) for group, slots in zip(team.groups, groups, strict=True))
    return replace(team, groups=done), tuple(swaps)
