"""Of a roster after the search: who plays, who is left out and why, and what nobody could be found for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from builds.language.who import Who
from teams.compose.candidates import Option
from teams.compose.demands import role_played
from teams.compose.loosening import Loosening
from teams.compose.players import Cast
from teams.language.say import EN

ABSENT, NOTHING, NO_ROOM = "absent", "nothing", "no_room"
_SHOWN = 6
"""Names in one sentence."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """reason: absent, nothing (he plays nothing that may stand in this team), no_room."""

    player: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Seating:
    """coming: how many of the roster come. gladness: of those who play, on average; None if nobody does."""

    coming: int
    playing: int
    gladness: float | None
    left_out: tuple[LeftOut, ...]
    loosening: Loosening | None

    def as_json(self) -> dict[str, Any]:
        return {
            "coming": self.coming,
            "playing": self.playing,
            "gladness": None if self.gladness is None else round(self.gladness, 2),
            "left_out": [{"player": one.player, "reason": one.reason, "text": one.text} for one in self.left_out],
            "loosening": self.loosening.as_json() if self.loosening else None,
        }


def left_out(cast: Cast, seated: set[int], allowed: Sequence[Option], language: str) -> tuple[LeftOut, ...]:
    """allowed: what had a place to stand in."""
    en = language == EN
    can = set(cast.who_can(allowed, cast.coming))
    found = []
    for i, player in enumerate(cast.players):
        name = player.name
        if i in seated:
            continue
        if i not in cast.coming:
            text = f"{name} does not come." if en else f"{name} ne vient pas."
            found.append(LeftOut(name, ABSENT, text))
        elif i not in can:
            text = (
                f"Nothing that {name} plays may stand in this team."
                if en
                else f"Rien de ce que joue {name} n'a sa place dans cette équipe."
            )
            found.append(LeftOut(name, NOTHING, text))
        else:
            text = f"For {name} no place is left." if en else f"Il ne reste pas de place pour {name}."
            found.append(LeftOut(name, NO_ROOM, text))
    return tuple(found)


def why_missing(cast: Cast, language: str) -> Callable[[object], str]:
    """For what a demand asks for (None: anything at all) the reason, among the players, that it is not kept."""

    def why(what: object) -> str:
        fitting = [option for option in cast.options if _fits(option, what)]
        coming, absent = cast.who_can(fitting, cast.coming), cast.who_can(fitting, cast.absent)
        return _reason(bool(fitting), [_name(i) for i in coming], [_name(i) for i in absent], language)

    def _name(player: int) -> str:
        return cast.players[player].name

    return why


def _reason(any_build: bool, coming: Sequence[str], absent: Sequence[str], language: str) -> str:
    en = language == EN
    if not any_build:
        return "no build fits" if en else "aucun build ne convient"
    if coming:
        who = _listed(coming, language)
        return (
            f"who plays that is needed elsewhere, or can't stand there ({who})"
            if en
            else f"ceux qui le jouent sont pris ailleurs ou n'ont pas de place là ({who})"
        )
    if absent:
        who = _listed(absent, language)
        return (
            f"of those who come nobody plays that; who does, does not come ({who})"
            if en
            else f"personne de présent ne le joue ; ceux qui le jouent ne viennent pas ({who})"
        )
    return "nobody of the roster plays that" if en else "personne de la liste ne le joue"


def _listed(names: Sequence[str], language: str) -> str:
    more = len(names) - _SHOWN
    told = ", ".join(names[:_SHOWN])
    if more <= 0:
        return told
    return f"{told} and {more} more" if language == EN else f"{told} et {more} autres"


def _fits(option: Option, what: object) -> bool:
    """what: as of a Slack: names, roles, or names and the roles among them."""
    if not isinstance(what, tuple):
        return True
    if isinstance(what[0], Who):
        return option.is_one_of(what)
    if isinstance(what[0], tuple):
        names, roles = what
        return option.is_one_of(names) and role_played(option, roles) is not None
    return role_played(option, what) is not None
