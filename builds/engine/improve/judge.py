"""What a build is worth for a role: `score`, and the judge that a search asks many times.

Score = 100 x sum of weight x value over the parts of the role (roles.toml). Attributes are those of weapon set 1, with
the boons of the group; attributes and damage come from the contract of gear problems, which the optimiser goes by as
well, and the damage profile is estimated."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from builds.engine.attributes.panel import BASE_CRITICAL_CHANCE, BASE_CRITICAL_DAMAGE
from builds.engine.formulas import HEALTH_WITHOUT_VITALITY
from builds.engine.gear import names, reference
from builds.engine.gear.problem import GearProblem, Scenario
from builds.engine.improve.measure import ASSUMPTIONS, Given, given_by
from builds.engine.improve.roles import HELD_BOONS, Part, Role, checked_balance, checked_role, packaged_roles
from builds.engine.optimise.estimate import SOURCE, estimated_profile
from builds.engine.optimise.problem import Circumstances, body_of, dressed, piece_points, searched_slots
from builds.gamedata import Catalogue
from builds.spec.model import BuildSpec, DamageProfile

SCALE = 100.0
SURVIVAL_ARMOR = 1967.0
"""Source: the contract of gear problems."""
STRIKES = (
    "power_coefficient", "power2_coefficient", "noncrit_power_coefficient", "siphon_base_coefficient",
    "siphon_coefficient", "flat_dps",
)  # fmt: skip
NO_PANEL = (
    "PvP amulets are not in the data: damage, healing and survivability are those of base attributes, and gear is "
    "not searched."
)


@dataclass(frozen=True, slots=True)
class PartScore:
    """number: as measured, in `unit`. value: the number against what is good, after its curve. contribution: points of
    the score. sentence: all of it for the player."""

    name: str
    title: str
    number: float
    unit: str
    weight: float
    value: float
    contribution: float
    sentence: str


@dataclass(frozen=True, slots=True)
class Score:
    """total: the sum of the contributions; about 100 for a build that does everything well. parts: those with a weight,
    the heaviest first."""

    role: str
    mode: str
    total: float
    parts: tuple[PartScore, ...]
    notes: tuple[str, ...]
    assumptions: tuple[str, ...] = ASSUMPTIONS

    def contributions(self) -> dict[str, float]:
        return {part.name: part.contribution for part in self.parts}


class SpentError(Exception):
    """As many builds were judged as may be: the search ends with the best so far."""


def score(build: BuildSpec, catalogue: Catalogue, *, role: str | None = None, mode: str | None = None) -> Score:
    """role and mode: the build's own where None. Any build has a score, empty ones too.
    Raises InvalidInput for a role or mode that there is not, and where neither the build nor the caller names a
    role."""
    return Judge(catalogue, role or build.role, mode or build.game_mode).score(build)


class Judge:
    """One role in one mode. Remembers what parts of a build give, since a search changes one part at a time; not to be
    shared between threads."""

    def __init__(self, catalogue: Catalogue, role: str | None, mode: str) -> None:
        self.catalogue, self.mode = catalogue, mode
        self.balance = checked_balance(mode)
        self.role: Role = checked_role(role)
        roles = packaged_roles()
        self.held = roles.held[self.balance]
        self.weights = self.role.weights[self.balance]
        self.parts: Mapping[str, Part] = {name: roles.parts[name] for name in self.weights}
        self.has_panel = self.balance != "pvp" or bool(catalogue.amulets)
        self.now = Circumstances(mode, self.held.boons)
        self.evaluations = 0
        self.most: float = math.inf
        self._signets = {entry["skill"] for entry in catalogue.supplement["signet_passives"]}
        self._given: dict[object, Given] = {}
        self._profiles: dict[object, DamageProfile] = {}
        self._panels: dict[object, Mapping[str, float]] = {}
        self._bodies: dict[object, _Body] = {}
        self._pieces: dict[object, Mapping[str, float]] = {}
        self._totals: dict[object, float] = {}

    # --- what is asked ---------------------------------------------------------------------------
    def total(self, build: BuildSpec) -> float:
        """Counts as an evaluation unless it was asked before. Raises SpentError beyond `most` of them."""
        key = (actions_of(build), self._worn(build))
        known = self._totals.get(key)
        if known is None:
            if self.evaluations >= self.most:
                raise SpentError
            self.evaluations += 1
            numbers = self.numbers(build)
            known = self._totals[key] = SCALE * sum(
                weight * self.parts[name].value(numbers[name], self.balance) for name, weight in self.weights.items()
            )
        return known

    def score(self, build: BuildSpec) -> Score:
        numbers = self.numbers(build)
        parts = [self._told(name, numbers[name]) for name in self.weights]
        notes = () if self.has_panel else (NO_PANEL,)
        return Score(
            self.role.name,
            self.mode,
            sum(part.contribution for part in parts),
            tuple(sorted(parts, key=lambda part: -part.weight)),
            notes,
        )

    def numbers(self, build: BuildSpec) -> dict[str, float]:
        """Each part of the role, as measured."""
        given, panel = self.given(build), self.panel(build)
        wanted = self.weights.keys()
        duration = panel["boon_duration"]
        held = {
            boon: given.held(boon, duration + panel[f"{boon}_duration"])
            for boon in HELD_BOONS
            if boon in wanted or boon == "regeneration"
        }
        healing = given.healed(panel["healing_power"], held["regeneration"]) * (1.0 + panel["outgoing_healing"])
        damage = self.parts["damage"].believed(self.damage(build), self.balance) if "damage" in wanted else 0.0
        return {
            **held,
            "damage": damage,
            "healing": max(0.0, healing),
            "stability": given.stability,
            "boon_duration": min(1.0, max(0.0, duration)),
            "cleanse": given.cleanse,
            "strip": given.strip,
            "control": given.control,
            "stun_break": float(given.stun_breaks),
            "survivability": panel["health"] * panel["armor"] / SURVIVAL_ARMOR,
        }

    def damage(self, build: BuildSpec) -> float:
        """Per second, each kind as the role counts it, as estimated. Source of the formulas: the contract of gear
        problems."""
        profile = self.profile(build)
        values = dict(self.panel(build))
        for name, amount in coefficients_of(profile).items():
            values[name] += amount
        problem = GearProblem(build.profession, "damage", (), (), skill_attack_rate=profile.skill_attack_rate)
        scores = reference.score(problem, self._body(build).scenario, values)
        conditions = sum(scores[f"{name}_dps"] for name in names.DAMAGING_CONDITIONS)
        return self.role.strikes * (scores["damage"] - conditions) + self.role.conditions * conditions

    # --- what is remembered ----------------------------------------------------------------------
    def given(self, build: BuildSpec) -> Given:
        key = actions_of(build)
        if key not in self._given:
            self._given[key] = given_by(
                build, self.catalogue, self.mode, quickness=self.held.quickness, alacrity=self.held.alacrity
            )
        return self._given[key]

    def profile(self, build: BuildSpec) -> DamageProfile:
        key = actions_of(build)
        if key not in self._profiles:
            self._profiles[key] = estimated_profile(build, self.catalogue, self.mode)
        return self._profiles[key]

    def panel(self, build: BuildSpec) -> Mapping[str, float]:
        """All attributes of the contract, in its evaluation: those of the hero panel within rounding, and what relic
        and sigils add to the coefficients of damage. Without the profile of skills."""
        key = self._worn(build)
        if key not in self._panels:
            scenario = self._body(build).scenario
            problem = GearProblem(build.profession, "damage", (), ())
            self._panels[key] = reference.panel(problem, scenario, self._gear(build) if self.has_panel else {})
        return self._panels[key]

    def scenario(self, build: BuildSpec) -> dict[str, Any]:
        """Of the contract, as JSON, for the build in no gear that can be searched; the caller's own. Its damage is as
        the role counts it."""
        scenario, known = self._body(build).document, coefficients_of(self.profile(build))
        base, factors = dict(scenario["base"]), dict(scenario["multipliers"])
        for name, amount in known.items():
            base[name] = base.get(name, 0.0) + amount
        for name in STRIKES:
            base[name] = base.get(name, 0.0) * self.role.strikes
        factors["outgoing_condition_damage"] = factors.get("outgoing_condition_damage", 1.0) * self.role.conditions
        return {**scenario, "base": base, "multipliers": factors}

    def piece(self, build: BuildSpec, slot: str, prefix: str) -> Mapping[str, float]:
        """Points of the prefix in the slot; empty where the game does not offer it."""
        held = build.weapon_sets[:1] if slot.startswith("weapon") else ()
        key = (slot, prefix, held, build.gear[slot].rarity if slot in build.gear else None)
        if key not in self._pieces:
            self._pieces[key] = piece_points(build, self.catalogue, slot, prefix, wvw=self.balance == "wvw")
        return self._pieces[key]

    def _gear(self, build: BuildSpec) -> Mapping[str, float]:
        points: dict[str, float] = {}
        for slot in searched_slots(build):
            piece = build.gear.get(slot)
            if piece is not None and piece.prefix:
                for name, amount in self.piece(build, slot, piece.prefix).items():
                    points[name] = points.get(name, 0.0) + amount
        return points

    def _body(self, build: BuildSpec) -> "_Body":
        key = self._worn(dressed(build, dict.fromkeys(searched_slots(build))))
        if key not in self._bodies:
            self._bodies[key] = _Body.of(self._document(build))
        return self._bodies[key]

    def _document(self, build: BuildSpec) -> dict[str, Any]:
        if self.has_panel:
            # Of no skills, so that it need not be made anew for each bar: coefficients only add up.
            return body_of(build, self.catalogue, self.now, DamageProfile(source=SOURCE)).scenario
        points = self.catalogue.supplement["base_attributes"]["value"]
        base = {
            **{name: float(amount) for name, amount in points.items()},
            "health": float(HEALTH_WITHOUT_VITALITY[build.profession]),
            "critical_chance": BASE_CRITICAL_CHANCE,
            "critical_damage": BASE_CRITICAL_DAMAGE,
        }
        nothing = dict.fromkeys(("bonuses", "conversions", "conversions_after_bonuses"), ())
        return {"base": base, "multipliers": {}, **nothing}

    def _worn(self, build: BuildSpec) -> object:
        """All that the panel reads; of the bar only signets."""
        signets = tuple(skill for skill in build.skills.ids if skill in self._signets)
        gear = tuple((slot, piece) for slot, piece in build.gear.items() if not slot.startswith("weapon_2"))
        return (
            build.profession, build.specializations, build.weapon_sets[:1], gear, build.rune, build.sigils,
            build.relic, build.food, build.utility, tuple(build.infusions.items()), build.enrichment,
            build.jade_bot_core, build.pets_land[:1], build.legends_land, build.pvp_amulet, signets,
        )  # fmt: skip

    def readable(self, part: str, number: float) -> str:
        return _readable(number, self.parts[part])

    def _told(self, name: str, number: float) -> PartScore:
        part, weight = self.parts[name], self.weights[name]
        value = part.value(number, self.balance)
        points = SCALE * weight * value
        good = _readable(part.good[self.balance], part)
        sentence = (
            f"{part.title}: {_readable(number, part)} {part.unit}, where {good} is good; "
            f"{points:.1f} of {SCALE * weight:.0f} points."
        )
        return PartScore(name, part.title, number, part.unit, weight, value, points, sentence)


def actions_of(build: BuildSpec) -> tuple[object, ...]:
    """What decides which skills and traits act, and how often."""
    return (
        build.profession, build.specializations, build.skills, build.weapon_sets, build.pets_land, build.legends_land,
    )  # fmt: skip


def coefficients_of(profile: DamageProfile) -> dict[str, float]:
    """By the contract's names."""
    known = {"power_coefficient": profile.power_coefficient, "power2_coefficient": profile.power2_coefficient}
    conditions = profile.condition_coefficients.items()
    return known | {f"{name}_coefficient": amount for name, amount in conditions if name in names.DAMAGING_CONDITIONS}


@dataclass(frozen=True, slots=True)
class _Body:
    """The same twice: as the contract's JSON and as its evaluation takes it."""

    document: dict[str, Any]
    scenario: Scenario

    @classmethod
    def of(cls, document: dict[str, Any]) -> "_Body":
        def conversions(name: str) -> tuple[tuple[str, str, float], ...]:
            return tuple((to, source, share) for to, parts in document[name] for source, share in parts)

        scenario = Scenario(
            1.0,
            document["base"],
            document["multipliers"],
            tuple((name, points) for name, points in document["bonuses"]),
            conversions("conversions"),
            conversions("conversions_after_bonuses"),
        )
        return cls(document, scenario)


def _readable(number: float, part: Part) -> str:
    if part.unit in ("of the time", "longer"):
        return f"{number:.0%}"
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}".removesuffix(".0")
