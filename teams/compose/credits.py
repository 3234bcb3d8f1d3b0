"""What the composer maximises: the team's score, part by part as far as it adds up over players, and beside it, for
less, how well each player suits the place he is chosen for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from teams.coverage import PlayerEffects
from teams.coverage.model import Gift
from teams.coverage.rules import PERHAPS, PERHAPS_SHARE, SELF, USUAL_TARGETS
from teams.score.targets import Target, packaged_targets, style_of

SUITS = 10.0
"""Points of the score that one unit of the weights below is worth, if it holds for the whole team."""
ROLE_WEIGHT, FIT_WEIGHT, MODE_WEIGHT, STYLE_WEIGHT, FRESH_WEIGHT, GEAR_WEIGHT = 1.0, 2.5, 1.5, 1.0, 0.3, 3.0
"""Does what the role is for as well as the best; was published for the role; for the mode; for the style of WvW; since
the last change of the game; in the gear that was asked for."""
DAMAGE_WEIGHT = 0.3
"""Of who does as much as the best candidate: beyond what the score asks for, more is still better."""
OBJECTIVE_WEIGHT = 6.0
"""Of who gives as much as the best candidate of what is to be maximal: above all but the wish."""

DURATION_BOONS = (
    "Fury", "Quickness", "Alacrity", "Protection", "Resistance", "Regeneration", "Vigor", "Resolution", "Aegis",
    "Swiftness",
)  # fmt: skip
METRIC_OF_OBJECTIVE: Mapping[str, str] = {
    "stability": "stability", "healing": "healing", "cleanse": "cleanse", "strip": "strip", "damage": "damage",
    "boons": "boons", "quickness": "Quickness", "alacrity": "Alacrity", "might": "Might", "control": "control",
    "barrier": "barrier",
}  # fmt: skip
METRIC_OF_ROLE: Mapping[str, str] = {
    "damage": "damage", "dps": "damage", "condi_dps": "damage", "quickness": "Quickness", "alacrity": "Alacrity",
    "healer": "healing", "healer_quickness": "healing", "healer_alacrity": "healing", "boon_support": "boons",
    "stability_support": "stability", "strip": "strip", "cleanse": "cleanse", "tank": "health",
}  # fmt: skip

_SHARES = {SELF: 0.0, PERHAPS: PERHAPS_SHARE}
# Kinds of measure of the score by where they are counted. "without" is not among them: what is left without the
# greatest giver does not add up over players.
_IN_GROUPS = frozenset({"boon", "shared", "player", "mobility"})
_IN_SQUAD = frozenset({"five", "damage", "effective_health", "ranged"})


@dataclass(frozen=True, slots=True)
class Credit:
    """A part of the score. whole: counted over the team, else in each subgroup. weight: points of the score."""

    name: str
    measure: str
    of: str
    whole: bool
    enough: float
    weight: float

    def share(self, effects: PlayerEffects, players: int) -> float:
        """What one player adds to the part, 1 for all of it. players: of the team."""
        return self._number(effects, players) / self.enough

    def _number(self, effects: PlayerEffects, players: int) -> float:
        if self.measure == "boon":
            return reaching(effects.boons.get(self.of, ()))
        if self.measure in ("shared", "player"):
            return reaching(effects.rates.get(self.of, ()))
        if self.measure == "mobility":
            return reaching(effects.boons.get("Swiftness", ())) + reaching(effects.rates.get("superspeed", ()))
        if self.measure == "five":
            return sum(gift.amount for gift in effects.rates.get(self.of, ())) * USUAL_TARGETS / players
        if self.measure == "damage":
            return (effects.damage.total if effects.damage else 0.0) / players
        if self.measure == "effective_health":
            return (effects.effective_health or 0.0) / players
        return float(effects.ranged) / players


def credits_of(mode: str, style: str) -> tuple[Credit, ...]:
    """By the targets that the score has for the mode and style."""
    targets = packaged_targets().styles[style_of(mode, style or None)].targets
    return tuple(credit for target in targets if (credit := _credit(target)) is not None)


def _credit(target: Target) -> Credit | None:
    measure = target.part.measure
    if measure not in _IN_GROUPS | _IN_SQUAD:
        return None
    return Credit(target.part.name, measure, target.part.of, measure in _IN_SQUAD, target.number, target.weight)


def reaching(gifts: Iterable[Gift]) -> float:
    """What a member of the giver's subgroup has of them."""
    return sum(
        gift.amount * _SHARES.get(gift.reach, 1.0) * min(gift.targets, USUAL_TARGETS) / USUAL_TARGETS for gift in gifts
    )
