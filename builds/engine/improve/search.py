"""`improve`: a local search over traits, skills and weapons, with gear from the exact optimiser in between.

A pass goes over the parts of the build and takes the best option of each; between passes come parts of published
builds and whole specializations. When no single change helps, pairs of the nearest misses are tried, then restarts
from a build with some parts drawn by the seed. What ends the search is a number of judged builds, so that the same
question has the same answer on any machine."""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

from builds.engine.improve import starts
from builds.engine.improve.adopt import Adoption
from builds.engine.improve.changes import TRIVIAL, aligned, changes, trimmed
from builds.engine.improve.gearing import ROUNDS, Gearing
from builds.engine.improve.judge import NO_PANEL, Judge, SpentError
from builds.engine.improve.locks import NOT_IN_PVP, Locks
from builds.engine.improve.model import Improvement
from builds.engine.improve.moves import Moves, Option
from builds.engine.improve.options import elite_of
from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec
from builds.spec.template import with_code
from gw2optimizer.errors import InvalidInput

EVALUATIONS = 300
"""Judged builds, after which a search ends; each takes one to two milliseconds."""
MOST_EVALUATIONS = 5_000
FINISH = 40
"""Of these, those left for the last gear and for taking back what brings next to nothing."""
MOST_SOURCES = 6
MOST_STARTS = 2
NARROWED = 6
"""Options of a part that later passes try again: those that were best in the first one."""
SKILLS_SHARED = 10
"""Skills that were best in one utility slot and are tried in the others."""
PAIRS = 6
"""Nearest misses of which pairs are tried."""
SHAKEN = 3
"""Parts that a restart changes."""
MOST_IDLE = 3
"""Restarts in a row that come upon nothing new: with much locked, the budget can't be spent."""
LEAST = 1e-9
DONE, STOPPED = "done", "stopped"


def improve(
    build: BuildSpec | None,
    catalogue: Catalogue,
    *,
    profession: str | None = None,
    role: str | None = None,
    mode: str | None = None,
    locks: Iterable[str] = (),
    seed: int = 0,
    seeds: Sequence[BuildSpec] = (),
    evaluations: int = EVALUATIONS,
    seconds: float | None = None,
    least: float = TRIVIAL,
    familiar: bool = False,
) -> Improvement:
    """The best build for the role in the mode, never below the one given. build: None for one made from the profession
    and the role. role, mode: the build's own where None; pve without a build. locks: parts that stay, of
    `locks.NAMES`. seed: of what is drawn. seeds: published builds to take parts from; those of another profession are
    left out. evaluations: judged builds at most; seconds: ends the search earlier, and the answer says so. least:
    points of the score that a single change has to bring. familiar: takes no skill, legend or weapon that no
    published build of `seeds` has.
    Raises InvalidInput for what there is not, and without both build and profession."""
    began = time.perf_counter()
    if not 1 <= evaluations <= MOST_EVALUATIONS:
        raise _refused("evaluations", f"Give a number from 1 to {MOST_EVALUATIONS}.")
    whose = _profession(build, profession, catalogue)
    judge = Judge(catalogue, role or (build.role if build else None), mode or (build.game_mode if build else "pve"))
    kept = Locks(locks)
    if judge.balance == "pvp" and (gone := kept.of(NOT_IN_PVP)):
        raise _refused("locks", f"PvP has no {', '.join(NOT_IN_PVP)}: {', '.join(gone)} can't be kept there.")
    published = [one for one in seeds if one.profession == whose]
    given = None if build is None else starts.played_in(build, judge.mode, judge.role.name)
    ends = None if seconds is None else time.monotonic() + seconds
    search = _Search(judge, kept, published, evaluations, ends, random.Random(seed), familiar=familiar)
    first = [given] if given is not None else search.first(whose)
    search.run(first)
    base = given if given is not None else search.start_of(search.best, first)
    best = search.finished(base, least)
    if given is not None and judge.total(best) <= judge.total(given) + LEAST:
        best = given
    made = changes(base, best, judge)
    result = given if best == given else _finished(best, catalogue, judge, renamed=given is None)
    assert result is not None
    return Improvement(
        result,
        judge.role.name,
        judge.mode,
        None if given is None else judge.score(given),
        judge.score(result),
        made,
        STOPPED if search.stopped else DONE,
        seed,
        judge.evaluations,
        time.perf_counter() - began,
        "" if given is not None else base.name,
        tuple(search.notes()),
    )


def _profession(build: BuildSpec | None, profession: str | None, catalogue: Catalogue) -> str:
    if build is not None:
        if profession is not None and profession != build.profession:
            raise _refused("profession", f"The build is for the {build.profession}.")
        profession = build.profession
    if profession not in catalogue.professions:
        raise _refused("profession", f"Give one of {', '.join(catalogue.professions)}.")
    return profession


def _refused(field: str, text: str) -> InvalidInput:
    return InvalidInput("There is nothing to improve.", fields={field: [text]})


def _finished(build: BuildSpec, catalogue: Catalogue, judge: Judge, *, renamed: bool) -> BuildSpec:
    if renamed:
        line = build.specializations[2]
        known = catalogue.specializations[line.specialization] if line else None
        played_as = known.name if known and known.elite else build.profession
        build = replace(build, name=f"{played_as}, {judge.role.name.replace('_', ' ')}")
    return with_code(starts.unmeasured(build), catalogue)


class _Search:
    def __init__(
        self,
        judge: Judge,
        locks: Locks,
        published: Sequence[BuildSpec],
        budget: int,
        ends: float | None,
        chance: random.Random,
        *,
        familiar: bool,
    ) -> None:
        self.judge, self.locks, self.sources = judge, locks, published[:MOST_SOURCES]
        self.budget, self.ends, self.random = budget, ends, chance
        seen = published if familiar else None
        self.moves = Moves(judge.catalogue, locks, self.sources, judge.role.kit, seen)
        self.adoption = Adoption(judge.catalogue, locks, self.sources)
        self.gearing = Gearing(judge, locks, self.sources)
        self.stopped = False
        self.best: BuildSpec
        self._promising: dict[str, list[object]] = {}

    # --- the whole ---------------------------------------------------------------------------------
    def first(self, profession: str) -> list[BuildSpec]:
        judge = self.judge
        found = list(starts.of_sources(self.sources, judge.role, judge.mode, judge.catalogue))
        return found or list(starts.made(profession, judge.role, judge.mode, judge.catalogue))

    def start_of(self, build: BuildSpec, first: Sequence[BuildSpec]) -> BuildSpec:
        """The beginning that the build came from: the search never leaves an elite specialization."""
        catalogue = self.judge.catalogue
        elite = elite_of(build, catalogue)
        return next(start for start in first if elite_of(start, catalogue) == elite)

    def run(self, first: Sequence[BuildSpec]) -> None:
        """first: where to begin, at least one."""
        self.judge.most = self.budget - min(FINISH, self.budget // 4)
        self.best = first[0]
        self.judge.total(self.best)
        try:
            first = [self.filled(build) for build in first]
            self.best = first[0]
            geared = [self.gearing.best(build) for build in first[:1]]
            geared += [self.gearing.uniform(build) for build in first[1:]]
            self._spend()
            order = sorted(range(len(geared)), key=lambda i: -self.judge.total(geared[i]))
            self.best = geared[order[0]]
            begin = [geared[i] for i in order]
            begin += self.adoption.played(self.best)
            begin.sort(key=lambda build: -self.total(build))
            for build in begin[:MOST_STARTS]:
                self.ascend(build)
            idle = 0
            while idle < MOST_IDLE:
                before = self.judge.evaluations
                self.pairs(self.best)
                self.ascend(self.shaken(self.best))
                idle = idle + 1 if self.judge.evaluations == before else 0
        except SpentError:
            pass

    def finished(self, base: BuildSpec, least: float) -> BuildSpec:
        """The best, in the best gear for it, in the places of `base` and without what brings next to nothing."""
        self.judge.most = self.budget
        try:
            self.keep(self.gearing.best(self.best, ROUNDS))
            return trimmed(aligned(self.best, base), base, self.judge, least)
        except SpentError:
            return self.best

    def ascend(self, build: BuildSpec) -> None:
        """To where nothing that is tried here helps any more."""
        before = -1.0
        while self.judge.total(build) > before + LEAST:
            before = self.judge.total(build)
            build = self.gearing.best(self.climb(build))
            self.keep(build)
            self._spend()
            build = self.better(build, self.adoption.of(build))
            if not self.locks.touches("lines"):
                build = self.better(build, self.adoption.lines(build, self.with_best_traits))
            self.keep(build)

    def notes(self) -> Iterable[str]:
        if self.judge.balance == "pvp":
            yield NO_PANEL if not self.judge.has_panel else "In PvP there is no gear to choose."
        if self.stopped:
            yield "The time ran out: this is the best so far."

    # --- judging -----------------------------------------------------------------------------------
    def _spend(self) -> None:
        if self.judge.evaluations >= self.judge.most:
            raise SpentError
        if self.ends is not None and time.monotonic() > self.ends:
            self.stopped = True
            raise SpentError

    def total(self, build: BuildSpec) -> float:
        self._spend()
        return self.judge.total(build)

    def keep(self, build: BuildSpec) -> None:
        if self.judge.total(build) > self.judge.total(self.best) + LEAST:
            self.best = build

    def better(self, build: BuildSpec, others: Iterable[BuildSpec]) -> BuildSpec:
        """The best of the others where it is better than the build. What was found is kept when the budget ends."""
        for other in others:
            if self.total(other) > self.judge.total(build) + LEAST:
                build = other
                self.keep(build)
        return build

    def filled(self, build: BuildSpec) -> BuildSpec:
        """With the best of what there is wherever the build has nothing, whether it helps or not."""
        tried: set[str] = set()
        while parts := [part for part in self.moves.empty(build) if part not in tried]:
            tried.add(parts[0])
            chosen = build
            for _, other in self.moves.of(build, parts[0]):
                if self.total(other) > self.judge.total(chosen) or chosen is build:
                    chosen = other
                    self.keep(chosen)
            build = chosen
        return self.moves.with_all_sigils(build)

    # --- steps -------------------------------------------------------------------------------------
    def climb(self, build: BuildSpec) -> BuildSpec:
        """Part by part, until a whole pass changes nothing."""
        before = -1.0
        while self.judge.total(build) > before + LEAST:
            before = self.judge.total(build)
            for part in self.moves.parts(build):
                build = self.best_option(build, part)
                self.keep(build)
        return build

    def best_option(self, build: BuildSpec, part: str) -> BuildSpec:
        judged = [(self.total(other), key, other) for key, other in self.narrowed(build, part)]
        judged.sort(key=lambda one: -one[0])
        self._promising.setdefault(_shared(part), [key for _, key, _ in judged])
        if judged and judged[0][0] > self.judge.total(build) + LEAST:
            return judged[0][2]
        return build

    def narrowed(self, build: BuildSpec, part: str) -> list[Option]:
        """All options the first time; of the long lists, later those that were best then."""
        found = list(self.moves.of(build, part))
        known = self._promising.get(_shared(part))
        most = SKILLS_SHARED if "utility" in part else NARROWED
        if known is None or len(found) <= most:
            return found
        ranks = {key: rank for rank, key in enumerate(known)}
        return sorted(found, key=lambda option: ranks.get(option[0], len(ranks)))[:most]

    def with_best_traits(self, build: BuildSpec, index: int) -> BuildSpec:
        """The build with the best traits of the line at the index, tier by tier."""
        for tier in (1, 2, 3):
            build = self.best_option(build, f"traits.{index + 1}.{tier}")
        return build

    def pairs(self, build: BuildSpec) -> None:
        """Two changes at once, each the nearest miss of its part."""
        misses: list[tuple[float, str, Option]] = []
        for part in self.moves.parts(build):
            for option in self.narrowed(build, part)[:NARROWED]:
                misses.append((self.total(option[1]), part, option))
        misses.sort(key=lambda one: -one[0])
        for (_, first, (_, one)), (_, second, (key, _)) in combinations(misses[:PAIRS], 2):
            if first != second:
                self.better(self.best, (both for other, both in self.moves.of(one, second) if other == key))

    def shaken(self, build: BuildSpec) -> BuildSpec:
        parts = self.moves.parts(build)
        for part in self.random.sample(parts, min(SHAKEN, len(parts))):
            found = self.narrowed(build, part)
            if found:
                build = self.random.choice(found)[1]
        self.total(build)
        return build


def _shared(part: str) -> str:
    """Parts whose options are the same."""
    return "skills.utility" if part.startswith("skills.utility") else part
