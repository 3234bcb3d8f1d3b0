from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from django.core.management.base import CommandParser
from django.db import OperationalError, ProgrammingError

from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.library.records import packaged_records
from builds.models import Build
from gw2optimizer.commands import OneLineErrors, read_json
from gw2optimizer.errors import InvalidInput
from teams.compose import GLAD_WEIGHT, Candidate, Playing, compose
from teams.language import read_command
from teams.roster import parse_moment, parse_roster
from teams.services.advice import FATAL, composed_json

_MAX_BYTES = 5_000_000


class Command(OneLineErrors):
    help = "Compose a team from a wish in words, English or French, out of the library's builds."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # no database is needed: the packaged game data and library will do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("wish", help='such as "2 groups of 5 with Firebrand, Druid, Scrapper"')
        parser.add_argument("--mode", default="", help="pve, fractals, raids, strikes, wvw or pvp")
        parser.add_argument("--seconds", type=float, default=10.0, help="of search at most; 10 where it is left out")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same team")
        parser.add_argument("--roster", default="", help="roster/1 in a JSON file: the players who are to play, or -")
        parser.add_argument("--when", default="", help='such as "tuesday 20:00": who of the roster comes then')
        parser.add_argument("--gladness", type=float, default=GLAD_WEIGHT, help="weight of what players like, 0 to 10")
        parser.add_argument("--json", action="store_true", help="team/1 with its score, notes and reading")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = current_catalogue()
        reading = read_command(options["wish"], catalogue, mode=options["mode"] or None)
        fatal = [problem.text for problem in reading.problems if problem.code in FATAL]
        if fatal:
            raise InvalidInput(fatal[0])
        if not 0 <= options["seed"] <= 2**31 - 1:
            raise InvalidInput("--seed: Give a number from 0 to 2147483647.")
        found = compose(
            reading.wish, library(), catalogue, seed=options["seed"], budget=options["seconds"],
            language=reading.language, playing=_playing(options, catalogue),
        )  # fmt: skip
        document = composed_json(found, reading, catalogue)
        if options["json"]:
            self.stdout.write(orjson.dumps(document, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(_lines(document)))


def _playing(options: Mapping[str, Any], catalogue: Catalogue) -> Playing | None:
    if not options["roster"]:
        if options["when"]:
            raise InvalidInput("--when: Give a roster beside it.")
        return None
    roster = parse_roster(read_json(options["roster"], most=_MAX_BYTES, what="roster"), catalogue)
    return Playing(roster, parse_moment(options["when"]) if options["when"] else None, options["gladness"])


def library() -> list[Candidate]:
    """The library of the database, the packaged one where there is no database or nothing in it."""
    try:
        rows = list(Build.objects.library().order_by("library_key"))
    except (OperationalError, ProgrammingError):
        rows = []
    if rows:
        return [Candidate(str(row.library_key), row.value, row.is_fresh) for row in rows]
    return [Candidate(record.key, record.spec, not record.stale) for record in packaged_records()]


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    reading, how = document["reading"], document["composition"]
    yield f"{document['name']}: {document['score']:.1f}, {document['grade']}, an estimate"
    yield from (f"  {sentence}" for sentence in reading["said_back"])
    if reading["unread"]:
        yield f"  Not understood: {', '.join(reading['unread'])}"
    for number, group in enumerate(document["groups"], start=1):
        yield f"Group {number}"
        for slot in group["slots"]:
            if slot["build_name"] is None:
                yield "  (empty)"
                continue
            role = f", {slot['role'].replace('_', ' ')}" if slot["role"] else ""
            player = f"{slot['player']}: " if slot["player"] else ""
            yield f"  {player}{slot['specialization']}{role}: {slot['build_name']}"
            yield f"    {slot['template_code']}"
    if "roster" in document:
        yield f"{document['roster']['playing']} of the {document['roster']['coming']} who come play"
        yield from (f"  {one['text']}" for one in document["roster"]["left_out"])
    yield from (f"  - {note}" for note in document["notes"])
    proof = "proven best" if how["status"] == "optimal" else f"within {how['gap']:.2%} of the best there can be"
    yield f"{proof} of {how['considered']} builds, in {how['seconds']:.1f} s".capitalize()
