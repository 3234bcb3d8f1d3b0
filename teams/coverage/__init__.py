"""What a team's builds give together: `coverage`. Plain Python, no Django."""

from teams.coverage.model import BoonCover, ComboCover, Cover, GivenBy, PlayerCover, Rate, TeamCoverage, Untold
from teams.coverage.player import PlayerEffects, player_effects
from teams.coverage.rules import RATES
from teams.coverage.team import coverage

__all__ = [
    "RATES",
    "BoonCover",
    "ComboCover",
    "Cover",
    "GivenBy",
    "PlayerCover",
    "PlayerEffects",
    "Rate",
    "TeamCoverage",
    "Untold",
    "coverage",
    "player_effects",
]
