"""Who there is to play: the plain value of a roster, `roster/1`. Plain Python, no Django."""

from teams.roster.model import MAX_ENTRIES, MAX_PLAYS, MAX_WINDOWS, Play, Player, RosterSpec
from teams.roster.output import plain_roster_json, player_json, roster_json
from teams.roster.parse import parse_player, parse_roster, stored_player
from teams.roster.times import DAYS, Moment, Window, parse_moment

__all__ = [
    "DAYS",
    "MAX_ENTRIES",
    "MAX_PLAYS",
    "MAX_WINDOWS",
    "Moment",
    "Play",
    "Player",
    "RosterSpec",
    "Window",
    "parse_moment",
    "parse_player",
    "parse_roster",
    "plain_roster_json",
    "player_json",
    "roster_json",
    "stored_player",
]
