"""Parts of published builds put into another build: what belongs together is taken together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from builds.engine.improve import options
from builds.engine.improve.fitting import is_whole, sigils_with, with_line, with_weapons
from builds.engine.improve.locks import Locks
from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec, SpecLine

PLAYED = ("traits", "skills", "legends", "weapons")


class Adoption:
    """sources: of the profession; those of another elite specialization lend nothing."""

    def __init__(self, catalogue: Catalogue, locks: Locks, sources: Sequence[BuildSpec]) -> None:
        self.catalogue, self.locks = catalogue, locks
        self.sources = tuple(sources)

    def of(self, build: BuildSpec) -> Iterator[BuildSpec]:
        """The build with one group of parts as a source has it."""
        for source in self.sources:
            if not self._alike(build, source):
                continue
            yield from self._lines(build, source)
            if not self.locks.touches("skills") and not self.locks.touches("legends") and any(source.skills.ids):
                yield replace(build, skills=source.skills, legends_land=source.legends_land or build.legends_land)
            if self._lends_weapons(build, source):
                yield with_weapons(build, source.weapon_sets, self.catalogue)

    def played(self, build: BuildSpec) -> Iterator[BuildSpec]:
        """The build played in all as a source is, in its own gear."""
        if any(self.locks.touches(part) for part in PLAYED) or self.locks.touches("lines"):
            return
        for source in self.sources:
            if self._alike(build, source) and all(source.specializations) and all(source.skills.ids):
                kept = self.locks.touches("pets") or not source.pets_land
                changed = replace(
                    build,
                    specializations=source.specializations,
                    skills=source.skills,
                    legends_land=source.legends_land or build.legends_land,
                    pets_land=build.pets_land if kept else source.pets_land,
                )
                lends = self._lends_weapons(build, source)
                yield with_weapons(changed, source.weapon_sets, self.catalogue) if lends else changed

    def lines(self, build: BuildSpec, choose: Callable[[BuildSpec, int], BuildSpec]) -> Iterator[BuildSpec]:
        """The build with a core specialization that it lacks in place of one that it has. choose: finds the traits of
        the line at an index."""
        present = {line.specialization for line in build.specializations if line}
        for id_ in options.core_lines(build.profession, self.catalogue):
            if id_ not in present:
                yield from (choose(changed, i) for i, changed in self._placed(build, first_line(id_, self.catalogue)))

    def _alike(self, build: BuildSpec, source: BuildSpec) -> bool:
        return options.elite_of(source, self.catalogue) == options.elite_of(build, self.catalogue)

    def _lends_weapons(self, build: BuildSpec, source: BuildSpec) -> bool:
        profession = self.catalogue.professions[build.profession]
        count = len(source.weapon_sets)
        return (
            max(1, len(build.weapon_sets)) <= count <= options.set_count(build, self.catalogue)
            and all(is_whole(held, profession) for held in source.weapon_sets)
            and not any(self.locks.keeps_weapons(number) for number in (1, 2))
            and (sigils_with(build, count) == build.sigils or not self.locks.touches("sigils"))
        )

    def _lines(self, build: BuildSpec, source: BuildSpec) -> Iterator[BuildSpec]:
        present = {line.specialization: i for i, line in enumerate(build.specializations) if line}
        for line in source.specializations:
            if line is None:
                continue
            i = present.get(line.specialization)
            if i is None:
                yield from (changed for _, changed in self._placed(build, line))
            elif line != build.specializations[i] and not self.locks.touches(f"traits.{i + 1}"):
                yield with_line(build, i, line)

    def _placed(self, build: BuildSpec, line: SpecLine) -> Iterator[tuple[int, BuildSpec]]:
        """A core line in each place that a core line has; what a skill of the bar needs is never taken from it, for
        skills need elite specializations only."""
        if self.catalogue.specializations[line.specialization].elite:
            return
        for i in (0, 1) if options.elite_of(build, self.catalogue) is not None else (0, 1, 2):
            if not self.locks.keeps_line(i + 1):
                yield i, with_line(build, i, line)


def first_line(id_: int, catalogue: Catalogue) -> SpecLine:
    """The line with the first trait of each tier."""
    first = [catalogue.specializations[id_].choices(tier)[0] for tier in (1, 2, 3)]
    return SpecLine(id_, (first[0], first[1], first[2]))
