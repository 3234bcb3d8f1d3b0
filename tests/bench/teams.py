"""How long a team takes: `make bench-teams`, `python -m tests.bench.teams [--players N]`.

Coverage and score of a full squad of library builds, warm (as on a board where one build changes at a time) and cold
(no build was ever read), a search for what would mend it, and teams composed of a roster's players. Ends with status 1
where the median of the warm runs is over its limit, or ten players' team is not proven."""

# ruff: noqa: T201 -- a bench prints

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace

from builds.gamedata import Catalogue, load_packaged
from teams.compose import Candidate, Composition, Playing, compose
from teams.coverage import coverage, player
from teams.language import read_command
from teams.score import mends, score
from teams.spec import GROUP_SIZE, TeamSpec
from tests.rosters import guild
from tests.teams import library, team

LIMIT = 0.150
"""Seconds for 50 players: what a commander does not notice."""
ROUNDS = 50


def squad(players: int, chance: random.Random) -> TeamSpec:
    builds = [build for build in library() if build.game_mode == "wvw"]
    chosen = [chance.choice(builds) for _ in range(players)]
    return team(*[chosen[i : i + GROUP_SIZE] for i in range(0, players, GROUP_SIZE)], style="zerg")


def many_builds(number: int) -> list[Candidate]:
    """The library, first what was published for WvW, all of it as if it were, and again from the start."""
    builds = sorted(library(), key=lambda build: build.game_mode != "wvw")
    return [
        Candidate(f"{i}", replace(builds[i % len(builds)], game_mode="wvw", jade_bot_core=False))
        for i in range(number)
    ]  # fmt: skip


def from_roster(players: int, builds: int, text: str, catalogue: Catalogue, *, spare: int = 0) -> Composition:
    wish = read_command(text, catalogue, mode="wvw").wish
    playing = Playing(guild(players + spare, random.Random(1)))
    candidates = many_builds(builds)
    compose(wish, candidates, catalogue, playing=playing, budget=0.1)  # the measuring of builds, once a process
    began = time.perf_counter()
    found = compose(wish, candidates, catalogue, playing=playing)
    seconds = time.perf_counter() - began
    shown = "proven" if found.proven else f"gap {found.gap:.2%}"
    seating = found.seating
    assert seating is not None
    print(
        f"  {players + spare} players, {found.considered} of {builds} builds, “{text}”: {shown}, {seconds:.1f} s,",
        end="",
    )
    print(f" {seating.playing} play, gladness {seating.gladness or 0:.2f}, given up {len(found.relaxed)}")
    return found


def busy(work: Callable[[], object]) -> float:
    """Seconds of this process, without what others on the machine take."""
    began = time.process_time()
    work()
    return time.process_time() - began


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--players", type=int, default=50)
    players = parser.parse_args().players
    catalogue = load_packaged()
    given = squad(players, random.Random(1))

    def measured() -> object:
        return score(coverage(given, catalogue))

    cold = timed(measured)
    warm = sorted(timed(measured) for _ in range(ROUNDS))
    median, late = statistics.median(warm), warm[int(0.95 * ROUNDS)]
    print(f"coverage and score, {players} players: cold {cold * 1000:.0f} ms, with the code's first use")
    print(f"  warm: median {median * 1000:.1f} ms, 95 % within {late * 1000:.1f} ms (limit {LIMIT * 1000:.0f} ms)")
    print(f"  of the processor: {statistics.median(busy(measured) for _ in range(ROUNDS)) * 1000:.1f} ms")
    player.forget()
    print(f"  all builds new: {timed(measured) * 1000:.0f} ms")
    candidates = [build for build in library() if build.game_mode == "wvw"]
    first, again = (timed(lambda: mends(given, catalogue, candidates)) for _ in range(2))
    print(f"mends among {len(candidates)} builds: {first:.1f} s, again {again:.1f} s")
    print("composed of a roster, each player with three to six specializations:")
    proven = [
        from_roster(10, 100, "10 players", catalogue).proven,
        from_roster(10, 100, "10 players, one heal each", catalogue, spare=4).proven,
    ]
    from_roster(50, 500, "zerg of 50, 10 subgroups, one stab and one heal each", catalogue)
    from_roster(50, 500, "zerg of 50, fill with damage", catalogue, spare=10)
    return int(median > LIMIT or not all(proven))


if __name__ == "__main__":
    sys.exit(main())
