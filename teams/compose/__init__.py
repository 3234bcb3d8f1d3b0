"""From a wish to a team, by an integer program over builds. Plain Python, no Django."""

from teams.compose.candidates import Candidate
from teams.compose.change import change_team
from teams.compose.compose import Chosen, Composition, compose, slot_facts

__all__ = ["Candidate", "Chosen", "Composition", "change_team", "compose", "slot_facts"]
