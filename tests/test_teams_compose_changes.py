"""optimize_team: the best team within so many changes."""

from dataclasses import replace
from functools import cache

import pytest

from builds.library.records import packaged_records
from gw2optimizer.errors import InvalidInput
from teams.compose import Candidate, Optimised, optimize_team
from teams.compose.solver import OPTIMAL
from teams.coverage import coverage
from teams.score import score
from teams.spec import GroupSpec, Place, SlotSpec, TeamSpec
from tests.packaged import packaged

CATALOGUE = packaged()


@cache
def library() -> tuple[Candidate, ...]:
    records = [record for record in packaged_records() if record.spec.wvw_style == "zerg"]
    return tuple(Candidate(record.key, record.spec, not record.stale) for record in records)


def weak_team() -> TeamSpec:
    """Ten damage dealers with names."""
    dealer = next(c.build for c in library() if c.build.role == "dps")
    slots = [SlotSpec(dealer, f"Player {i}", "dps") for i in range(10)]
    return TeamSpec("Weak", "wvw", "zerg", (GroupSpec(tuple(slots[:5])), GroupSpec(tuple(slots[5:]))))


def optimised(team: TeamSpec, changes: int, **given: object) -> Optimised:
    return optimize_team(team, changes, library(), CATALOGUE, **given)  # type: ignore[arg-type]


def test_no_change_gives_the_same_team() -> None:
    found = optimised(weak_team(), 0)

    assert (found.team, found.swaps, found.gain) == (weak_team(), (), 0.0)


def test_score_grows_with_the_number_of_changes_that_are_allowed() -> None:
    found = [optimised(weak_team(), changes) for changes in (1, 2, 4)]

    assert [len(one.swaps) <= changes for one, changes in zip(found, (1, 2, 4), strict=True)] == [True] * 3
    assert 0 < found[0].gain < found[1].gain < found[2].gain
    assert {one.status for one in found} == {OPTIMAL}
    assert [one.after.total for one in found] == [
        pytest.approx(score(coverage(one.team, CATALOGUE)).total) for one in found
    ]


def test_objective_is_no_worse_than_that_of_fewer_changes() -> None:
    values = [optimised(weak_team(), changes).objective for changes in range(4)]

    assert values == sorted(values)


def test_who_is_not_changed_keeps_build_player_and_place() -> None:
    found = optimised(weak_team(), 2)
    changed = {swap.place for swap in found.swaps}

    for (place, before), (_, after) in zip(weak_team().places(), found.team.places(), strict=True):
        assert before.player == after.player
        assert (before == after) == (place not in changed)


def test_preserved_and_locked_places_stay() -> None:
    team = weak_team()
    locked = replace(team.groups[0].slots[0], locked=True)
    team = replace(team, groups=(GroupSpec((locked, *team.groups[0].slots[1:])), team.groups[1]))
    preserve = [Place(1, slot) for slot in range(5)]

    found = optimised(team, 10, preserve=preserve)

    assert found.team.groups[1] == team.groups[1]
    assert found.team.groups[0].slots[0] == locked
    assert {swap.place.group for swap in found.swaps} == {0}


def test_empty_places_are_filled_within_the_changes() -> None:
    team = weak_team()
    team = replace(team, groups=(team.groups[0], GroupSpec((SlotSpec(), *team.groups[1].slots[1:]))))

    found = optimised(team, 1)

    assert [swap.place for swap in found.swaps] == [Place(1, 0)]
    assert found.team.groups[1].slots[0].build is not None


def test_numbers_out_of_range_are_refused() -> None:
    for changes in (-1, 11):
        with pytest.raises(InvalidInput, match="number of changes"):
            optimised(weak_team(), changes)
    with pytest.raises(InvalidInput, match="time is out of range"):
        optimised(weak_team(), 1, budget=0.0)


def test_result_prints_its_swaps() -> None:
    told = optimised(weak_team(), 1).as_json()

    swap = told["swaps"][0]
    assert told["score"]["gain"] > 0
    assert (len(told["swaps"]), told["status"], told["gap"]) == (1, "optimal", 0.0)
    assert swap["player"] == f"Player {swap['group'] * 5 + swap['slot']}"
    assert swap["before"] != swap["after"]


def test_more_empty_places_than_changes_stay_empty() -> None:
    team = weak_team()
    team = replace(team, groups=(team.groups[0], GroupSpec((SlotSpec(),) * 3)))

    found = optimised(team, 2)

    assert [slot.build is None for slot in found.team.groups[1].slots] == [False, False, True]
