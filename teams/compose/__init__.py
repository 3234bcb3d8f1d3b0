"""From a wish to a team, by an integer program over builds. Plain Python, no Django."""

from teams.compose.candidates import Candidate
from teams.compose.change import change_team
from teams.compose.compose import Chosen, Composition, compose, slot_facts
from teams.compose.optimise import Optimised, Swap, optimize_team

__all__ = [
    "Candidate",
    "Chosen",
    "Composition",
    "Optimised",
    "Swap",
    "change_team",
    "compose",
    "optimize_team",
    "slot_facts",
]
