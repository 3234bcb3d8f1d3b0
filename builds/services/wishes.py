"""What is asked for by fields and in words, answered: the same for the API and the command."""

from typing import Any

from builds.catalogue import current_catalogue
from builds.recommend import Wish, WordsRead, read_words, wish_from
from builds.services.recommend import recommend
from gw2optimizer.errors import InvalidInput


def answer_wish(
    *,
    profession: str = "",
    role: str = "",
    game_mode: str = "",
    wvw_style: str = "",
    elite_specialization: str = "",
    context: str = "",
) -> dict[str, Any]:
    """{"build": build/1, "template_code", "reasons", "given_up", "answered_by", "source"}. Empty fields are open;
    context: words that fill what is open. Raises InvalidInput that names unknown fields, or where nothing is asked
    for; Unavailable without a library."""
    read = read_wish(
        profession=profession,
        role=role,
        game_mode=game_mode,
        wvw_style=wvw_style,
        elite_specialization=elite_specialization,
        context=context,
    )
    answer = recommend(read.wish).as_json(current_catalogue())
    answer["given_up"] += read.left
    return answer


def read_wish(
    *,
    profession: str = "",
    role: str = "",
    game_mode: str = "",
    wvw_style: str = "",
    elite_specialization: str = "",
    context: str = "",
) -> WordsRead:
    """As `answer_wish` reads it. Raises InvalidInput."""
    catalogue = current_catalogue()
    wish = wish_from(
        catalogue,
        profession=profession,
        role=role,
        game_mode=game_mode,
        wvw_style=wvw_style,
        elite_specialization=elite_specialization,
    )
    read = read_words(context, wish, catalogue)
    if read.wish == Wish():
        raise InvalidInput(
            "Say what to recommend: at least one of profession, role, game_mode, wvw_style and elite_specialization, "
            "or words in context that name one."
        )
    return read
