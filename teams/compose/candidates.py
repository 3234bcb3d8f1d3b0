"""The builds that may be chosen: what each gives, and which roles it can really play."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from builds.gamedata import Catalogue
from builds.recommend.fit import mode_closeness, role_closeness
from builds.spec import ROLES, BuildSpec
from teams.compose.credits import DURATION_BOONS, reaching
from teams.coverage import PlayerEffects, player_effects
from teams.coverage.rules import USUAL_TARGETS
from teams.language.model import CORE, DAMAGE, Who

# Applications of stability in 30 s, to allies: below the first nobody is a source of it; from the second on anybody is.
LEAST_STABILITY, ENOUGH_STABILITY = 1.0, 4.0
ENOUGH_STRIPS, ENOUGH_CLEANSES = 0.4, 0.8
"""A second: from here a build plays the role whatever its label says."""
DOES_ALSO, NEAR = 0.7, 0.4
_DAMAGE_ROLES = ("dps", "condi_dps", "hybrid")


@dataclass(frozen=True)
class Candidate:
    """key: how the caller finds it again. fresh: no later change of the game is known to break it."""

    key: str
    build: BuildSpec
    fresh: bool = True


@dataclass(frozen=True)
class Option:
    """A candidate as the program sees it. metrics: what it gives to a subgroup it stands in. closeness: of its mode."""

    candidate: Candidate
    elite: str  # "core" for none
    effects: PlayerEffects
    closeness: float
    metrics: Mapping[str, float]

    @property
    def profession(self) -> str:
        return self.candidate.build.profession

    @property
    def specialization(self) -> str:
        """The elite one, the profession's name for a core build."""
        return self.profession if self.elite == CORE else self.elite

    @cached_property
    def plays(self) -> Mapping[str, float]:
        """Role to how well the build is made for it, 0.4 to 1; a role that is absent it can't play."""
        return {role: fit for role in (DAMAGE, *ROLES) if (fit := self._fit(role)) >= NEAR}

    def _fit(self, role: str) -> float:
        build = self.candidate.build
        own = build.role or ""
        if role == DAMAGE:
            return max(role_closeness("dps", own), role_closeness("condi_dps", own)) * (own in _DAMAGE_ROLES)
        closeness = role_closeness(role, own, build.secondary_roles) if own else 0.0
        if role == "stability_support":
            # A label gives no stability.
            given = self.metrics["stability"]
            return 0.0 if given < LEAST_STABILITY else max(closeness, NEAR * (given >= ENOUGH_STABILITY))
        if role == "strip":
            return max(closeness, 0.6 * (self.metrics["strip"] >= ENOUGH_STRIPS))
        if role == "cleanse":
            return max(closeness, 0.6 * (self.metrics["cleanse"] >= ENOUGH_CLEANSES))
        if role in ("quickness", "alacrity"):
            return closeness if closeness >= DOES_ALSO else 0.0
        if role in ("dps", "condi_dps"):
            return closeness if own in ("hybrid", role) else 0.0
        if role in ("healer", "healer_quickness", "healer_alacrity"):
            return closeness if closeness >= DOES_ALSO else 0.0
        return closeness

    def is_one_of(self, whos: Iterable[Who]) -> bool:
        return any(
            who.covers(self.profession, self.elite) and (not who.role or self.plays.get(who.role, 0.0) >= DOES_ALSO)
            for who in whos
        )

    def is_excluded(self, excluded: Iterable[Who]) -> bool:
        """By name, or by what it is made for: a second role excludes nobody."""
        return any(
            who.covers(self.profession, self.elite) and (not who.role or self.made_for(who.role)) for who in excluded
        )

    def made_for(self, role: str) -> bool:
        """By its own role, not by a second one."""
        own = self.candidate.build.role or ""
        return own in ("dps", "condi_dps") if role == DAMAGE else bool(own) and role_closeness(role, own) >= DOES_ALSO

    def wears(self, prefix: str) -> bool:
        """Whether most of its gear is of the prefix."""
        pieces = [piece.prefix for piece in self.candidate.build.gear.values() if piece.prefix]
        return bool(pieces) and sum(one == prefix for one in pieces) * 2 > len(pieces)


def options_of(
    candidates: Sequence[Candidate], catalogue: Catalogue, mode: str, excluded: Sequence[Who]
) -> list[Option]:
    """All that the exclusions leave, measured in the mode."""
    found = []
    for candidate in candidates:
        elite = elite_of(candidate.build, catalogue)
        named = [who for who in excluded if not who.role]
        if any(who.covers(candidate.build.profession, elite) for who in named):
            continue
        option = _measured(candidate, elite, catalogue, mode)
        if not option.is_excluded(excluded):
            found.append(option)
    return found


def elite_of(build: BuildSpec, catalogue: Catalogue) -> str:
    line = build.specializations[2]
    known = catalogue.specializations.get(line.specialization) if line else None
    return known.name if known and known.elite else CORE


def _measured(candidate: Candidate, elite: str, catalogue: Catalogue, mode: str) -> Option:
    effects = player_effects(candidate.build, catalogue, mode)
    return Option(candidate, elite, effects, mode_closeness(mode, candidate.build.game_mode), metrics_of(effects))


def metrics_of(effects: PlayerEffects) -> dict[str, float]:
    """What roles and objectives compare builds by. Boons: of the time, might in stacks. stability: applications in
    30 s. cleanse, healing, barrier, strip: a second, over a subgroup. control: points in 30 s. damage: a second. boons:
    all durations together. health: effective."""
    boons = {name: min(1.0, reaching(effects.boons.get(name, ()))) for name in DURATION_BOONS}
    rates = {name: reaching(gifts) for name, gifts in effects.rates.items()}
    strips = sum(gift.amount for gift in effects.rates.get("strips_per_second", ()))
    control = sum(gift.amount for gift in effects.rates.get("defiance_per_30_s", ()))
    return {
        **boons,
        "Might": min(25.0, reaching(effects.boons.get("Might", ()))),
        "superspeed": min(1.0, rates.get("superspeed", 0.0)),
        "stability": rates.get("stability_per_30_s", 0.0),
        "cleanse": rates.get("cleanses_per_second", 0.0) * USUAL_TARGETS,
        "healing": rates.get("healing_per_second", 0.0) * USUAL_TARGETS,
        "barrier": rates.get("barrier_per_second", 0.0) * USUAL_TARGETS,
        "strip": strips,
        "control": control,
        "boons": sum(boons.values()),
        "damage": effects.damage.total if effects.damage else 0.0,
        "health": effects.effective_health or 0.0,
    }
