"""The combinations of rune, sigils, relic, food and utility that a search chooses from.

What each of them does to the scenario of a build does not depend on the others, for what depends on points is a
conversion of the scenario. So the scenario is worked out once for each of them and not for each combination: a
combination is the build's own scenario and the differences of its parts."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from builds.engine.gear import Watch
from builds.engine.optimise.choices import GearChoices
from builds.engine.optimise.problem import Body
from builds.spec.model import BuildSpec

Scenario = dict[str, Any]
Dresser = Callable[[BuildSpec], BuildSpec]
"""Puts one upgrade or consumable on a build."""


@dataclass(slots=True)
class Variant:
    """One combination on the build."""

    name: str
    build: BuildSpec
    scenario: Scenario


def dressers(choices: GearChoices) -> list[list[Dresser]]:
    """By kind; a kind of which the build keeps what it has is left out."""
    found: list[list[Dresser]] = []
    if choices.runes:
        found.append([_rune(id_) for id_ in choices.runes])
    if choices.sigils:
        found.append([_sigils(pair) for pair in choices.sigils])
    if choices.relics:
        found.append([_relic(id_) for id_ in choices.relics])
    if choices.foods:
        found.append([_food(id_) for id_ in choices.foods])
    if choices.utilities:
        found.append([_utility(id_) for id_ in choices.utilities])
    return found


def _rune(id_: int) -> Dresser:
    def dress(build: BuildSpec) -> BuildSpec:
        worn = {slot: replace(piece, upgrade=None) for slot, piece in build.gear.items()}
        return replace(build, rune=id_, gear=worn)

    return dress


def _sigils(pair: tuple[int, ...]) -> Dresser:
    return lambda build: replace(build, sigils=(pair, *build.sigils[1:]))


def _relic(id_: int) -> Dresser:
    return lambda build: replace(build, relic=id_)


def _food(id_: int) -> Dresser:
    return lambda build: replace(build, food=id_)


def _utility(id_: int) -> Dresser:
    return lambda build: replace(build, utility=id_)


@dataclass(slots=True)
class _Parts:
    """A scenario, or what one differs by, as sums; factors as products."""

    base: dict[str, float]
    factors: dict[str, float]
    bonuses: dict[str, float]
    conversions: Counter[tuple[str, str, float]]
    after: Counter[tuple[str, str, float]]

    @classmethod
    def of(cls, scenario: Mapping[str, Any]) -> "_Parts":
        return cls(
            scenario["base"],
            scenario["multipliers"],
            dict(scenario["bonuses"]),
            _counted(scenario["conversions"]),
            _counted(scenario["conversions_after_bonuses"]),
        )

    def less(self, other: "_Parts") -> "_Parts":
        changed = dict.fromkeys((*self.factors, *other.factors))
        conversions, after = self.conversions.copy(), self.after.copy()
        conversions.subtract(other.conversions)
        after.subtract(other.after)
        return _Parts(
            _difference(self.base, other.base),
            {name: self.factors.get(name, 1.0) / other.factors.get(name, 1.0) for name in changed},
            _difference(self.bonuses, other.bonuses),
            conversions,
            after,
        )

    def scenario(self, differences: Iterable["_Parts"]) -> Scenario:
        base, factors, bonuses = dict(self.base), dict(self.factors), dict(self.bonuses)
        conversions, after = self.conversions.copy(), self.after.copy()
        for part in differences:
            for target, more in ((base, part.base), (bonuses, part.bonuses)):
                for name, amount in more.items():
                    target[name] = target.get(name, 0.0) + amount
            for name, factor in part.factors.items():
                factors[name] = factors.get(name, 1.0) * factor
            conversions.update(part.conversions)
            after.update(part.after)
        for name in base:
            if name.endswith("_coefficient"):
                base[name] = max(0.0, base[name])
        return {
            "weight": 1.0,
            "base": base,
            "multipliers": factors,
            "bonuses": [[name, points] for name, points in bonuses.items() if points],
            "conversions": list(_listed(conversions)),
            "conversions_after_bonuses": list(_listed(after)),
        }


def _difference(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    found = {name: one.get(name, 0.0) - other.get(name, 0.0) for name in dict.fromkeys((*one, *other))}
    return {name: amount for name, amount in found.items() if amount}


def _counted(conversions: Iterable[Any]) -> Counter[tuple[str, str, float]]:
    return Counter((to, source, share) for to, sources in conversions for source, share in sources)


def _listed(conversions: Counter[tuple[str, str, float]]) -> Iterator[list[Any]]:
    return ([to, [[source, share]]] for to, source, share in conversions.elements())


class Variants(Mapping[str, Variant]):
    """By name, which is the number of the combination. Their builds are dressed when they are asked for."""

    def __init__(
        self, base: BuildSpec, choices: GearChoices, body: Callable[[BuildSpec], Body], watch: Watch | None = None
    ) -> None:
        """base: the build as the variants have it beside what is chosen. body: of a dressed build."""
        self._base, self._watch = base, watch or Watch()
        self._dressers = dressers(choices)
        self._own = _Parts.of(body(base).scenario)
        self._differences: list[list[_Parts]] = []
        unknown: list[str] = []
        for kind in self._dressers:
            bodies = [body(dress(base)) for dress in self._watch.over(kind)]
            unknown += [text for one in bodies for text in one.procs.unknown]
            self._differences.append([_Parts.of(one.scenario).less(self._own) for one in bodies])
        self.unknown = tuple(dict.fromkeys(unknown))
        """What is not counted of relics and sigils, in words."""
        self._combinations = list(itertools.product(*(range(len(kind)) for kind in self._dressers)))

    def __len__(self) -> int:
        return len(self._combinations)

    def __iter__(self) -> Iterator[str]:
        return map(str, range(len(self)))

    def __getitem__(self, name: str) -> Variant:
        chosen = self._combinations[int(name)]
        build = self._base
        for kind, number in zip(self._dressers, chosen, strict=True):
            build = kind[number](build)
        return Variant(name, build, self._scenario(chosen))

    def documents(self) -> Iterator[dict[str, Any]]:
        """As the contract of gear problems has variants."""
        for name, chosen in self._watch.over(zip(self, self._combinations, strict=True)):
            yield {"name": name, "scenarios": [self._scenario(chosen)]}

    def _scenario(self, chosen: Iterable[int]) -> Scenario:
        return self._own.scenario(kind[number] for kind, number in zip(self._differences, chosen, strict=True))
