"""From a commander's words to a wish."""

from collections.abc import Mapping
from typing import Any

from builds.gamedata import Catalogue
from builds.gamedata.model import MODES
from builds.language.lexicon import lexicon_of
from builds.language.tokens import language_of, lexemes
from gw2optimizer.errors import InvalidInput
from teams.language.model import AtHand, Problem, Reading, at_hand
from teams.language.parse import Parser
from teams.language.say import said_back, text_of
from teams.language.settle import Settler

LONGEST_TEXT = 2000
MOST_UNREAD = 40


def read_command(
    text: str,
    catalogue: Catalogue,
    *,
    mode: str | None = None,
    team: AtHand | Mapping[str, Any] | None = None,
    language: str | None = None,
) -> Reading:
    """team: what a follow-up changes, or its `team/1`. language: en or fr where it is known, else by the words.
    Raises InvalidInput for a text that is empty or longer than LONGEST_TEXT, and for an unknown mode; whatever else
    is wrong stands in the reading."""
    if mode and mode not in MODES:
        raise InvalidInput(
            f"There is no game mode “{mode[:40]}”.", fields={"mode": [f"Give one of {', '.join(MODES)}."]}
        )
    if len(text) > LONGEST_TEXT:
        raise InvalidInput(
            f"The text has {len(text)} characters; {LONGEST_TEXT} is the most.",
            fields={"message": [f"Say it in at most {LONGEST_TEXT} characters."]},
        )
    if not text.strip():
        raise InvalidInput("Say what the team should be.", fields={"message": ["This is empty."]})
    present = team if isinstance(team, AtHand) or team is None else at_hand(team, catalogue)
    tongue = language if language in ("en", "fr") else language_of(text)
    found = lexemes(text, lexicon_of(catalogue, tongue))
    draft = Parser(found, mode=mode or (present.mode if present else ""), changing=present is not None).read()
    settler = Settler(draft, tongue)
    wish = settler.wish(present)
    problems = settler.problems
    if not draft.understood:
        problems = [Problem("nothing", text_of("nothing", tongue)), *problems]
    unread = tuple(dict.fromkeys(draft.unread))[:MOST_UNREAD]
    said = said_back(wish, tongue) if draft.understood else ()
    return Reading(wish, tongue, said, unread, tuple(problems), tuple(settler.notes))
