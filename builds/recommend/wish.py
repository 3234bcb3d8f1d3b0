"""What a player asks for, and how fields say it."""

from dataclasses import dataclass, replace

from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import MODES, WVW_STYLES
from builds.gamedata.names import plain
from builds.language.who import Who
from builds.spec.model import ROLES
from gw2optimizer.errors import InvalidInput

EASY, STURDY, SOLO = "easy", "sturdy", "solo"
QUALITIES = (EASY, STURDY, SOLO)


@dataclass(frozen=True, slots=True)
class Wish:
    """None means "any". elite: a specialization's name, or "core" for none. also: roles besides the first one.
    qualities: of QUALITIES. unwanted, unwanted_modes: what it must not be."""

    profession: str | None = None
    role: str | None = None
    mode: str | None = None
    style: str | None = None
    elite: str | None = None
    also: tuple[str, ...] = ()
    qualities: tuple[str, ...] = ()
    unwanted: tuple[Who, ...] = ()
    unwanted_modes: tuple[str, ...] = ()


def wish_from(
    catalogue: Catalogue,
    *,
    profession: str = "",
    role: str = "",
    game_mode: str = "",
    wvw_style: str = "",
    elite_specialization: str = "",
) -> Wish:
    """Empty fields are open. Raises InvalidInput that names each field which is none of the game's or ours; a wish
    that contradicts itself is not an error."""
    errors: dict[str, list[str]] = {}

    def chosen(field: str, given: str, known: tuple[str, ...]) -> str | None:
        value = plain(given).replace(" ", "_")
        if given and value not in known:
            errors[field] = ["This is not one of " + ", ".join(known) + "."]
        return value or None

    def named(field: str, kind: str, given: str) -> str | None:
        try:
            return str(catalogue.find(kind, given[:200]).name) if given else None
        except UnknownName as error:
            errors[field] = [str(error)]
            return None

    wish = Wish(
        profession=named("profession", "profession", profession),
        role=chosen("role", role, ROLES),
        mode=chosen("game_mode", game_mode, MODES),
        style=chosen("wvw_style", wvw_style, WVW_STYLES),
        elite="core"
        if plain(elite_specialization) == "core"
        else named("elite_specialization", "specialization", elite_specialization),
    )
    if wish.elite and wish.elite != "core" and not errors:
        specialization = catalogue.find("specialization", wish.elite)
        if not specialization.elite:
            errors["elite_specialization"] = [f"{wish.elite} is a core specialization, not an elite one."]
        elif wish.profession is None:
            wish = replace(wish, profession=specialization.profession)
    if errors:
        field, texts = next(iter(errors.items()))
        raise InvalidInput(f"{field}: {texts[0]}", fields=errors)
    return wish
