"""The plain value of a team, `team/1`: parse and print. Plain Python, no Django."""

from teams.spec.model import GROUP_SIZE, MAX_PLAYERS, GroupSpec, Place, SlotSpec, TeamSpec
from teams.spec.output import plain_team_json, team_json
from teams.spec.parse import ParsedTeam, parse_team, stored_team

__all__ = [
    "GROUP_SIZE",
    "MAX_PLAYERS",
    "GroupSpec",
    "ParsedTeam",
    "Place",
    "SlotSpec",
    "TeamSpec",
    "parse_team",
    "plain_team_json",
    "stored_team",
    "team_json",
]
