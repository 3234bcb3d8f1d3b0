"""From what somebody sent to a RosterSpec whose things exist in the game, or to an error that names each field."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BeforeValidator, Field, StrictBool, ValidationError

from builds.gamedata import Catalogue, UnknownName
from builds.language.who import CORE, Who
from builds.spec import parse_build, stored_spec
from builds.spec.shapes import MAX_ERRORS, Line, Mode, Name, Ref, Shape, shape_errors
from gw2optimizer.errors import InvalidInput
from teams.language.model import WISHED_ROLES
from teams.roster.model import MAX_ENTRIES, MAX_PLAYS, MAX_WINDOWS, USUAL_GLAD, Play, Player, RosterSpec
from teams.roster.times import MIDNIGHT, Window, day_of, minute_of

_WHOLE = "build"  # how errors call what as a whole is none
MAX_NAME, MAX_NOTE = 40, 200


def _role(value: Any) -> Any:
    word = value.strip().lower().replace(" ", "_") if isinstance(value, str) else value
    if word not in WISHED_ROLES:
        raise ValueError(f"This is not one of {', '.join(WISHED_ROLES)}.")
    return word


def _short(text: str) -> str:
    if len(text) > MAX_NAME:
        raise ValueError(f"A player's name has at most {MAX_NAME} characters.")
    return text


@cache
def time_zones() -> frozenset[str]:
    """Asked once: it opens each file of the machine's table."""
    return frozenset(available_timezones())


def known_zone(text: str) -> str:
    if text not in time_zones():
        raise ValueError("There is no such time zone; one is called Europe/Berlin.")
    return text


class PlayShape(Shape):
    profession: Ref | None = None
    specialization: Ref | None = None
    role: Annotated[str, BeforeValidator(_role)] | None = None
    build: Any = None
    gladness: Annotated[int, Field(strict=True, ge=1, le=5)] = USUAL_GLAD


class TimeShape(Shape):
    day: Line
    from_: Annotated[Line, Field(alias="from")] = "00:00"
    until: Line = "24:00"


class PlayerShape(Shape):
    name: Annotated[Name, AfterValidator(_short)]
    note: Annotated[Line, Field(max_length=MAX_NOTE)] = ""
    away: StrictBool = False
    plays: Annotated[list[PlayShape], Field(max_length=MAX_PLAYS)]
    available: Annotated[list[TimeShape], Field(max_length=MAX_WINDOWS)] = []


class RosterShape(Shape):
    schema_: Annotated[Literal["roster/1"], Field(alias="schema")] = "roster/1"
    name: Name = "Roster"
    game_mode: Mode = "wvw"
    time_zone: Annotated[Line, AfterValidator(known_zone)] = "UTC"
    players: list[PlayerShape]


def parse_roster(data: object, catalogue: Catalogue, *, least: int = 1) -> RosterSpec:
    """data: `roster/1` as decoded from JSON. least: players. Raises InvalidInput whose fields are paths, as
    `players.3.plays.0.specialization`."""
    if not least and isinstance(data, Mapping):
        data = {"players": [], **data}
    _check_size(data, least)
    try:
        shape = RosterShape.model_validate(data)
    except ValidationError as error:
        raise _invalid(_fields(error, "roster"), "roster") from None
    read = _Read(catalogue)
    players = tuple(read.player(f"players.{i}.", player) for i, player in enumerate(shape.players))
    seen: set[str] = set()
    for i, player in enumerate(players):
        if (folded := player.name.casefold()) in seen:
            read.error(f"players.{i}.name", f"Two players are called {player.name}.")
        seen.add(folded)
    if read.errors:
        raise _invalid(read.errors, "roster")
    return RosterSpec(shape.name, players, shape.game_mode, shape.time_zone)


def parse_player(data: object, catalogue: Catalogue) -> Player:
    """One entry of `players`. Raises InvalidInput, with the paths of its own fields."""
    try:
        shape = PlayerShape.model_validate(data)
    except ValidationError as error:
        raise _invalid(_fields(error, "player"), "entry") from None
    read = _Read(catalogue)
    player = read.player("", shape)
    if read.errors:
        raise _invalid(read.errors, "entry")
    return player


def stored_player(document: Mapping[str, Any]) -> Player:
    """document: what `player_json` made with bare ids; nothing is looked up, as the row was checked when written."""
    plays = tuple(
        Play(
            Who(entry.get("profession") or "", entry.get("specialization") or "", entry.get("role") or ""),
            stored_spec(entry["build"]) if entry.get("build") else None,
            entry["gladness"],
        )
        for entry in document["plays"]
    )
    windows = tuple(_stored_window(entry) for entry in document["available"])
    return Player(document["name"], plays, windows, document["away"], document["note"])


def _stored_window(entry: Mapping[str, str]) -> Window:
    found = day_of(entry["day"])
    assert found is not None
    weekday, day = found
    return Window(None if day else weekday, day, minute_of(entry["from"]) or 0, minute_of(entry["until"]) or 0)


@dataclass(slots=True)
class _Read:
    catalogue: Catalogue
    errors: dict[str, list[str]] = field(default_factory=dict)

    def error(self, path: str, text: str) -> None:
        self.errors.setdefault(path, []).append(text)

    def player(self, path: str, shape: PlayerShape) -> Player:
        if not shape.plays:
            self.error(f"{path}plays", "Name at least one thing to play.")
        plays = tuple(self.play(f"{path}plays.{i}", play) for i, play in enumerate(shape.plays))
        windows = tuple(self.window(f"{path}available.{i}", window) for i, window in enumerate(shape.available))
        return Player(shape.name, plays, windows, shape.away, shape.note.strip())

    def play(self, path: str, shape: PlayShape) -> Play:
        named = [shape.profession, shape.specialization, shape.role]
        if len(self.errors) >= MAX_ERRORS:  # each near name that is looked for costs
            return Play()
        if shape.build is not None:
            if any(one is not None for one in named):
                self.error(f"{path}.build", "Name a build, or profession, specialization and role, but not both.")
                return Play()
            try:
                return Play(build=parse_build(shape.build, self.catalogue).spec, gladness=shape.gladness)
            except InvalidInput as error:
                for name, texts in error.fields.items():
                    self.errors[f"{path}.build" if name == _WHOLE else f"{path}.build.{name}"] = texts
                return Play()
        if all(one is None for one in named):
            self.error(path, "Name a profession, a specialization, a role or a build.")
        return Play(self.who(path, shape), gladness=shape.gladness)

    def who(self, path: str, shape: PlayShape) -> Who:
        profession, elite = "", ""
        try:
            if shape.profession is not None:
                profession = self.catalogue.find("profession", shape.profession).name
        except UnknownName as error:
            self.error(f"{path}.profession", str(error))
        if isinstance(shape.specialization, str) and shape.specialization.strip().lower() == CORE:
            elite = CORE
            if not profession:
                self.error(f"{path}.specialization", "Say of which profession.")
        elif shape.specialization is not None:
            try:
                found = self.catalogue.find("specialization", shape.specialization)
            except UnknownName as error:
                self.error(f"{path}.specialization", str(error))
            else:
                if not found.elite or profession not in ("", found.profession):
                    text = f"{found.name} is no elite specialization{f' of {profession}' if profession else ''}."
                    self.error(f"{path}.specialization", text)
                profession, elite = found.profession, found.name
        return Who(profession, elite, shape.role or "")

    def window(self, path: str, shape: TimeShape) -> Window:
        found, begins, ends = day_of(shape.day), minute_of(shape.from_), minute_of(shape.until)
        if found is None:
            self.error(f"{path}.day", "Give a weekday such as tuesday, or a date such as 2026-11-24.")
        if begins is None or begins == MIDNIGHT:
            self.error(f"{path}.from", "Give a time from 00:00 to 23:59.")
        if ends is None:
            self.error(f"{path}.until", "Give a time from 00:00 to 24:00.")
        if found is None or begins is None or ends is None:
            return Window()
        return Window(None if found[1] else found[0], found[1], begins, ends)


def _check_size(data: object, least: int) -> None:
    """Before the shape is looked at: of ten thousand players nobody wants to hear what is wrong with each."""
    players = data.get("players") if isinstance(data, Mapping) else None
    if not isinstance(players, list):
        return
    if len(players) < least:
        raise _invalid({"players": ["There is nobody on it."]}, "roster")
    if len(players) > MAX_ENTRIES:
        text = f"A roster has at most {MAX_ENTRIES} players; these are {len(players)}."
        raise _invalid({"players": [text]}, "roster")


def _fields(error: ValidationError, whole: str) -> dict[str, list[str]]:
    """The shared sentences speak of builds in two places."""
    found = shape_errors(error)
    if _WHOLE in found:
        found = {whole: found[_WHOLE], **{path: texts for path, texts in found.items() if path != _WHOLE}}
    if "schema" in found:
        found["schema"] = ["This is not roster/1."]
    return found


def _invalid(fields: Mapping[str, Sequence[str]], what: str) -> InvalidInput:
    first, texts = next(iter(fields.items()))
    more = len(fields) - 1
    also = f" ({more} more {'field is' if more == 1 else 'fields are'} wrong.)" if more else ""
    return InvalidInput(f"The {what} can't be used: {first}: {texts[0]}{also}", fields=fields)
