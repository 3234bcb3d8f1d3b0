"""When somebody can come: by weekday or date, and by the clock."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from builds.gamedata.names import plain
from gw2optimizer.errors import InvalidInput

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FRENCH = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_CLOCK = re.compile(r"([01]?[0-9]|2[0-4])(?::|h)([0-5][0-9])?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
MIDNIGHT = 24 * 60


@dataclass(frozen=True, slots=True)
class Moment:
    """When a team meets. weekday: 0 for Monday. on: the date, where it is known.
    minute: of the day, None for at any time of it."""

    weekday: int
    on: date | None = None
    minute: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """A time at which a player can come: on `weekday` of each week, or `on` a date. begins, ends: minutes of the
    day; one that does not end after it begins goes on into the next day."""

    weekday: int | None = None
    on: date | None = None
    begins: int = 0
    ends: int = MIDNIGHT

    def holds(self, moment: Moment) -> bool:
        if moment.minute is None:
            return self._on(moment.weekday, moment.on)
        if self.ends > self.begins:
            return self._on(moment.weekday, moment.on) and self.begins <= moment.minute < self.ends
        before = None if moment.on is None else moment.on - timedelta(days=1)
        late = self._on(moment.weekday, moment.on) and moment.minute >= self.begins
        return late or (self._on((moment.weekday - 1) % 7, before) and moment.minute < self.ends)

    def _on(self, weekday: int, day: date | None) -> bool:
        return day == self.on if self.on is not None else weekday == self.weekday

    @property
    def day(self) -> str:
        return self.on.isoformat() if self.on is not None else DAYS[self.weekday or 0]


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def minute_of(text: str) -> int | None:
    """Minutes of "19:30", "19h30" or "19h", up to 24:00; None for what is no time."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    minute = int(found[1]) * 60 + int(found[2] or 0)
    return minute if minute <= MIDNIGHT else None


def day_of(text: str) -> tuple[int, date | None] | None:
    """The weekday, and the date if one is given, of "tuesday", "mardi" or "2026-11-24"; None for what is no day."""
    word = plain(text)
    for days in (DAYS, _FRENCH):
        for number, day in enumerate(days):
            if word in (day, day[:3]):
                return number, None
    if not _DATE.fullmatch(text.strip()):
        return None
    try:
        day_ = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day_.weekday(), day_


def parse_moment(text: str) -> Moment:
    """A day, or a day and a time: "tuesday 20:00", "mardi 20h", "2026-11-24T20:00". Raises InvalidInput."""
    day, _, time = text.strip()[:60].replace("T", " ", 1 if _DATE.match(text.strip()) else 0).partition(" ")
    found, minute = day_of(day), minute_of(time) if time.strip() else None
    if found is None or (time.strip() and (minute is None or minute == MIDNIGHT)):
        said = "Say a weekday or a date, and a time if there is one, such as “tuesday 20:00” or “2026-11-24 20:00”."
        raise InvalidInput(f"There is no such time. {said}", fields={"when": [said]})
    return Moment(found[0], found[1], minute)
