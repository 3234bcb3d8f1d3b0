"""The commander's language: English and French to a wish that can be shown, edited and composed. Plain Python."""

from teams.language.model import (
    OBJECTIVES,
    WISHED_ROLES,
    AtHand,
    Change,
    GroupWish,
    Member,
    Problem,
    Reading,
    TeamWish,
    Want,
    Who,
    at_hand,
    wish_from_json,
)
from teams.language.read import LONGEST_TEXT, read_command

__all__ = [
    "LONGEST_TEXT",
    "OBJECTIVES",
    "WISHED_ROLES",
    "AtHand",
    "Change",
    "GroupWish",
    "Member",
    "Problem",
    "Reading",
    "TeamWish",
    "Want",
    "Who",
    "at_hand",
    "read_command",
    "wish_from_json",
]
