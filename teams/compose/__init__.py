"""From a wish to a team, by an integer program over builds. Plain Python, no Django."""

from teams.compose.candidates import Candidate
from teams.compose.change import change_team
from teams.compose.compose import Chosen, Composition, compose, slot_facts
from teams.compose.optimise import Optimised, Swap, optimize_team
from teams.compose.players import GLAD_WEIGHT, Playing
from teams.compose.seating import LeftOut, Seating

__all__ = [
    "GLAD_WEIGHT",
    "Candidate",
    "Chosen",
    "Composition",
    "LeftOut",
    "Optimised",
    "Playing",
    "Seating",
    "Swap",
    "change_team",
    "compose",
    "optimize_team",
    "slot_facts",
]
