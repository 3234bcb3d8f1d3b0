"""`roster/1` as a value. Made by `teams.roster.parse`, which has checked it."""

from dataclasses import dataclass, field

from builds.language.who import Who
from builds.spec import BuildSpec
from teams.roster.times import Moment, Window

MAX_ENTRIES = 100
"""Players of one roster: a full squad, and as many again who would like to come."""
MAX_PLAYS, MAX_WINDOWS = 20, 20
LEAST_GLAD, USUAL_GLAD, MOST_GLAD = 1, 3, 5


@dataclass(frozen=True, slots=True)
class Play:
    """One thing that a player can play: what `who` names (profession, specialization, role; what is open is any), or
    his own build. gladness: 1, if it must be, to 5, best of all."""

    who: Who = field(default_factory=Who)
    build: BuildSpec | None = None
    gladness: int = USUAL_GLAD


@dataclass(frozen=True, slots=True)
class Player:
    """available: () for always. away: not at all, whatever `available` says."""

    name: str
    plays: tuple[Play, ...]
    available: tuple[Window, ...] = ()
    away: bool = False
    note: str = ""

    def comes(self, moment: Moment | None) -> bool:
        """moment: None where no time was said; then everybody comes who is not away."""
        if self.away:
            return False
        return moment is None or not self.available or any(window.holds(moment) for window in self.available)


@dataclass(frozen=True, slots=True)
class RosterSpec:
    """time_zone: by which clock the players' times are meant; its name in the IANA database."""

    name: str
    players: tuple[Player, ...]
    game_mode: str = "wvw"
    time_zone: str = "UTC"
