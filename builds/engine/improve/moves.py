"""What a search may try next, part by part: the builds that differ from one in that part alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from builds.engine.improve import options
from builds.engine.improve.adopt import first_line
from builds.engine.improve.fitting import (
    is_empty,
    sigils_with,
    skill_at,
    with_legends,
    with_line,
    with_skill,
    with_trait,
    with_weapons,
)
from builds.engine.improve.locks import SKILLS, Locks
from builds.engine.improve.roles import Kit
from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec

Option = tuple[object, BuildSpec]
"""What is tried, as a key that stays the same from build to build, and the build with it."""
ITEMS = ("rune", "relic", "food", "utility")
ELITE_PLACE = 2
MOST_WORN = 5
"""Of each kind of item, those that most of the published builds wear."""


class Moves:
    """sources: published builds whose items and pets may be taken. kit: names, for what they lack. familiar: the only
    builds whose skills, legends and weapons may be; None for all that the game allows."""

    def __init__(
        self,
        catalogue: Catalogue,
        locks: Locks,
        sources: Sequence[BuildSpec],
        kit: Kit,
        familiar: Sequence[BuildSpec] | None = None,
    ) -> None:
        self.catalogue, self.locks, self._sources = catalogue, locks, tuple(sources)
        self._familiar: frozenset[object] | None = None
        if familiar is not None:
            played = [(*build.skills.ids, *build.weapon_sets, frozenset(build.legends_land)) for build in familiar]
            self._familiar = frozenset(one for build in played for one in build)
        self._items = {
            name: _common((getattr(build, name) for build in sources), catalogue.find(name, getattr(kit, name)).id)
            for name in ITEMS
        }
        pair = tuple(catalogue.find("sigil", name).id for name in kit.sigils)
        self._sigils = _common((sigils for build in sources for sigils in build.sigils if len(sigils) == 2), pair)
        self._pets = _common(build.pets_land for build in sources if len(build.pets_land) == 2 and all(build.pets_land))

    def parts(self, build: BuildSpec) -> list[str]:
        """In the order in which a pass goes over them."""
        lines = [i for i, line in enumerate(build.specializations, start=1) if line is not None]
        found = [f"traits.{i}.{tier}" for i in lines for tier in (1, 2, 3)]
        found += ["legends"] if build.profession == "Revenant" else [f"skills.{place}" for place in SKILLS]
        room = range(1, options.set_count(build, self.catalogue) + 1)
        found += [f"weapons.{number}" for number in room if not self._keeps(build, number)]
        found += ["pets"] if build.profession == "Ranger" else []
        if build.game_mode != "pvp":
            found += ["rune", "sigils.1", "relic", "food", "utility"]
        return [part for part in found if not self.locks.touches(part)]

    def empty(self, build: BuildSpec) -> list[str]:
        """Parts that hold nothing and may be filled; those that need others come after them."""
        lines = [f"traits.{i}" for i in (1, 2, 3) if not self.locks.keeps_line(i)]
        return [part for part in (*lines, *self.parts(build)) if is_empty(build, part, self.catalogue)]

    def with_all_sigils(self, build: BuildSpec) -> BuildSpec:
        """A weapon set without sigils has those of the first; it is not judged."""
        number, first = len(build.weapon_sets), build.sigils[:1]
        if number < 2 or not any(first) or len(build.sigils) >= number or self.locks.touches(f"sigils.{number}"):
            return build
        return replace(build, sigils=sigils_with(build, number))

    def _keeps(self, build: BuildSpec, number: int) -> bool:
        """A weapon set that is new brings sigils with it."""
        count = max(number, len(build.weapon_sets))
        brings = sigils_with(build, count) != build.sigils
        return self.locks.keeps_weapons(number) or (brings and self.locks.touches(f"sigils.{number}"))

    def of(self, build: BuildSpec, part: str) -> Iterator[Option]:
        kind, _, rest = part.partition(".")
        match kind:
            case "traits" if "." not in rest:
                return self._with_lines(build, int(rest) - 1)
            case "traits":
                index, tier = (int(number) - 1 for number in rest.split("."))
                return self._with_traits(build, index, tier)
            case "skills":
                return self._with_skills(build, rest)
            case "legends":
                return self._with_legends(build)
            case "weapons":
                return self._with_weapons(build, int(rest) - 1)
            case "sigils":
                return self._with_sigils(build, int(rest) - 1)
            case "pets":
                return ((pets, replace(build, pets_land=pets)) for pets in self._pets if pets != build.pets_land)
            case _:
                return self._with_items(build, kind)

    def _with_lines(self, build: BuildSpec, index: int) -> Iterator[Option]:
        """As published builds have them, and with the first trait of each tier."""
        core = options.core_lines(build.profession, self.catalogue)
        elite = options.elite_lines(build.profession, self.catalogue) if index == ELITE_PLACE else ()
        present = {line.specialization for line in build.specializations if line}
        known = (line for source in self._sources for line in source.specializations if line and all(line.traits))
        for line in dict.fromkeys((*known, *(first_line(id_, self.catalogue) for id_ in (*core, *elite)))):
            if line.specialization in {*core, *elite} - present:
                yield line, with_line(build, index, line)

    def _with_traits(self, build: BuildSpec, index: int, tier: int) -> Iterator[Option]:
        line = build.specializations[index]
        known = self.catalogue.specializations.get(line.specialization) if line else None
        for trait in known.choices(tier + 1) if known else ():
            if line is not None and trait != line.traits[tier]:
                yield trait, with_trait(build, index, tier, trait)

    def _with_skills(self, build: BuildSpec, place: str) -> Iterator[Option]:
        for skill in options.skills(build, options.SLOT_OF_PLACE[place], self.catalogue):
            new = skill != skill_at(build.skills, place) and self._known(skill)
            if new and not self._moves_locked(build, place, skill):
                yield skill, with_skill(build, place, skill)

    def _known(self, one: object) -> bool:
        return self._familiar is None or one in self._familiar

    def _moves_locked(self, build: BuildSpec, place: str, skill: int) -> bool:
        """Whether the skill stands in a locked place of the bar, with which it would change places."""
        return any(
            other != place and skill_at(build.skills, other) == skill and self.locks.touches(f"skills.{other}")
            for other in SKILLS
        )

    def _with_legends(self, build: BuildSpec) -> Iterator[Option]:
        known = options.legends(build, self.catalogue)
        for pair in ((first, second) for first in known for second in known if first != second):
            if pair != build.legends_land and self._known(frozenset(pair)):
                yield pair, with_legends(build, pair, self.catalogue)

    def _with_weapons(self, build: BuildSpec, index: int) -> Iterator[Option]:
        sets = build.weapon_sets
        if len(sets) < index:
            return
        half: set[str] = set()
        if index < len(sets) and is_empty(build, f"weapons.{index + 1}", self.catalogue):
            # A hand that holds something keeps it beside one that is filled.
            half = {*sets[index].names}
        for held in options.weapon_sets(build.profession, self.catalogue):
            if held not in sets and self._known(held) and half <= {*held.names}:
                yield held, with_weapons(build, (*sets[:index], held, *sets[index + 1 :]), self.catalogue)

    def _with_sigils(self, build: BuildSpec, index: int) -> Iterator[Option]:
        for pair in self._sigils if build.weapon_sets else ():
            if build.sigils[index : index + 1] != (pair,):
                yield pair, replace(build, sigils=(*build.sigils[:index], pair, *build.sigils[index + 1 :]))

    def _with_items(self, build: BuildSpec, name: str) -> Iterator[Option]:
        """A rune takes the place of runes by piece only where somebody asks for that: never here."""
        by_piece = name == "rune" and any(piece.upgrade for piece in build.gear.values())
        for id_ in () if by_piece else self._items[name]:
            if id_ != getattr(build, name):
                yield id_, replace(build, **{name: id_})


def _common[T](worn: Iterable[T | None], usual: T | None = None) -> tuple[T, ...]:
    """The usual one, and the commonest others; of as common ones those seen first."""
    counted = Counter(one for one in worn if one)
    first = () if usual is None else (usual,)
    return tuple(dict.fromkeys((*first, *(one for one, _ in counted.most_common(MOST_WORN)))))
