"""What the engine knows of a build, as tokens and figures; whether it can confirm what a build is said to be for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

from ai_agents.agents.texts import boon_word, figure, measure_word
from ai_agents.grounding import Offer
from builds.engine.attributes.names import STACKING
from builds.engine.effects.rates import ROLE_BOONS
from builds.gamedata import Catalogue
from builds.spec import BuildSpec
from teams.coverage import player_effects
from teams.coverage.player import PlayerEffects, specialization_of
from teams.coverage.sums import in_group

LEAST_SHARE = 0.02
"""Of the time, below which a boon is not worth a word."""
MOST_BOONS = 6
_RATES = ("cleanses_per_second", "strips_per_second", "healing_per_second", "barrier_per_second", "stability_per_30_s",
          "defiance_per_30_s")  # fmt: skip
_OF_ROLE: Mapping[str, tuple[str, ...]] = {
    "healer": ("healing_per_second",), "healer_quickness": ("healing_per_second",),
    "healer_alacrity": ("healing_per_second",), "strip": ("strips_per_second",), "cleanse": ("cleanses_per_second",),
    "dps": ("damage",), "condi_dps": ("damage",), "tank": ("effective_health",),
}  # fmt: skip
"""By what a role is confirmed, beside its boon."""


@dataclass(frozen=True, slots=True)
class Measured:
    """boons: the share of the time, or average stacks, that a subgroup has of the build alone. numbers: by measure, in
    its unit; without what is nothing or not known."""

    boons: Mapping[str, float]
    numbers: Mapping[str, float]

    def confirms(self, role: str) -> bool | None:
        """None for a role that promises nothing which is measured."""
        wanted = _OF_ROLE.get(role, ())
        boon = ROLE_BOONS.get(role)
        if role == "boon_support":
            return bool(self.boons)
        if not wanted and boon is None:
            return None
        return all(name in self.numbers for name in wanted) and (boon is None or boon in self.boons)


def measured(build: BuildSpec, catalogue: Catalogue) -> Measured:
    found = player_effects(build, catalogue, build.game_mode)
    boons = {name: min(fsum(g.amount * in_group(g) for g in gifts), _most(name)) for name, gifts in found.boons.items()}
    kept = sorted(
        ((n, amount) for n, amount in boons.items() if amount >= LEAST_SHARE), key=lambda one: -one[1] / _most(one[0])
    )
    return Measured(dict(kept), dict(_numbers(found)))


def _most(boon: str) -> float:
    return float(STACKING.get(boon.lower(), 1))


def _numbers(found: PlayerEffects) -> Iterator[tuple[str, float]]:
    for rate in _RATES:
        total = fsum(gift.amount * max(1, gift.targets) for gift in found.rates.get(rate, ()))
        if total > 0:
            yield rate, total
    if found.damage is not None and found.damage.total > 0:
        yield "damage", found.damage.total
    if found.effective_health:
        yield "effective_health", found.effective_health


def gives_json(found: Measured, language: str) -> list[dict[str, Any]]:
    """[{"name", "figure"}], boons first."""
    boons = [{"name": boon_word(b, language), "figure": figure(_boon_measure(b), n)} for b, n in found.boons.items()]
    return boons + [{"name": measure_word(m, language), "figure": figure(m, n)} for m, n in found.numbers.items()]


def _boon_measure(boon: str) -> str:
    return "stacks" if boon.lower() in STACKING else "share"


def claims_of(build: BuildSpec, catalogue: Catalogue) -> list[dict[str, Any]]:
    """[{"role", "confirmed"}] of its roles: whether the engine measures what they promise; null where they promise
    nothing that is measured."""
    found = measured(build, catalogue)
    return [{"role": role, "confirmed": found.confirms(role)} for role in (build.role, *build.secondary_roles) if role]


def build_facts(build: BuildSpec, offer: Offer, *, things: bool = True) -> dict[str, Any]:
    """What of a build goes into a prompt: keys of tokens, and figures as tokens. things: its parts, too."""
    catalogue, language = offer.catalogue, offer.language
    found = measured(build, catalogue)
    facts: dict[str, Any] = {
        "profession": offer.thing("profession", build.profession),
        "specialization": _specialization(build, offer),
        "role": build.role or "",
        "gives": [
            {"boon": offer.named("boon", boon, boon_word(boon, language)), "amount": _amount(boon, number, offer)}
            for boon, number in list(found.boons.items())[:MOST_BOONS]
        ],
        "measured": {
            name: offer.value(figure(name, number), measure_word(name, language))
            for name, number in found.numbers.items()
        },
    }
    return facts | (_things(build, offer) if things else {})


def _amount(boon: str, number: float, offer: Offer) -> str:
    return offer.value(figure(_boon_measure(boon), number), boon_word(boon, offer.language))


def _specialization(build: BuildSpec, offer: Offer) -> str:
    line = build.specializations[2]
    return offer.thing("specialization", line.specialization) if line else ""


def _things(build: BuildSpec, offer: Offer) -> dict[str, Any]:
    lines = [line for line in build.specializations if line]
    weapons = dict.fromkeys(name for one in build.weapon_sets for name in one.names)
    found = {
        "grandmaster_traits": [offer.thing("trait", line.traits[2]) for line in lines if line.traits[2]],
        "skills": [offer.thing("skill", id_) for id_ in build.skills.ids if id_],
        "weapons": [offer.thing("weapon", name) for name in weapons],
        "rune": offer.thing("rune", build.rune) if build.rune else "",
        "relic": offer.thing("relic", build.relic) if build.relic else "",
    }
    return {name: value for name, value in found.items() if value}


def name_of(build: BuildSpec, catalogue: Catalogue) -> str:
    return build.name or specialization_of(build, catalogue)
