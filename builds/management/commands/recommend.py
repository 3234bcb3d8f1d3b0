from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson
from django.core.management.base import CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from builds.services.wishes import answer_wish
from gw2optimizer.commands import OneLineErrors
from gw2optimizer.errors import InvalidInput

OPTIONS = {
    "profession": "--profession",
    "role": "--role",
    "game_mode": "--mode",
    "wvw_style": "--style",
    "elite_specialization": "--elite",
    "context": "--context",
}
MAX_CONTEXT = 500


class Command(OneLineErrors):
    help = "Recommend a build: the library's nearest one, in gear that fits the wish."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # a database that can't be read is told in one line, here

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--profession", default="", help="such as Guardian")
        parser.add_argument("--role", default="", help="such as stability_support")
        parser.add_argument("--mode", default="", dest="game_mode", help="pve, fractals, raids, strikes, wvw or pvp")
        parser.add_argument("--style", default="", dest="wvw_style", help="zerg, raid_guild or roaming; only in WvW")
        parser.add_argument("--elite", default="", dest="elite_specialization", help='such as Firebrand, or "core"')
        parser.add_argument("--context", default="", help="the wish in words; fills what the options leave open")
        parser.add_argument("--json", action="store_true", help="the object that the API answers")

    def handle(self, *args: Any, json: bool, **options: Any) -> None:
        wish = {field: str(options[field]).strip() for field in OPTIONS}
        if not any(wish.values()):
            raise CommandError(f"Say what to recommend, with at least one of {', '.join(OPTIONS.values())}.")
        if len(wish["context"]) > MAX_CONTEXT:
            raise CommandError(f"--context: This is longer than {MAX_CONTEXT} characters.")
        try:
            answer = answer_wish(**wish)
        except InvalidInput as error:
            told = [f"{OPTIONS.get(field, field)}: {' '.join(texts)}" for field, texts in error.fields.items()]
            raise CommandError(" ".join(told) or error.message) from error
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The database can't be read ({error}): `make setup` prepares it.") from error
        if json:
            self.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(_lines(answer)))


def _lines(answer: Mapping[str, Any]) -> Iterator[str]:
    build, source = answer["build"], answer["source"]
    yield f"{build['name']} ({_played_as(build)})"
    yield answer["template_code"]
    yield from _traits_and_skills(build)
    for weapons in build.get("weapon_sets", ()):
        yield "  Weapons: " + " / ".join(name for name in weapons.values() if name)
    yield from _gear(build)
    for title, texts in (("Why", answer["reasons"]), ("Given up", answer["given_up"])):
        if texts:
            yield title
            yield from (f"  - {text}" for text in texts)
    yield "From: " + ", ".join(filter(None, (source["name"], source["label"], source["as_of"])))


def _played_as(build: Mapping[str, Any]) -> str:
    parts = (build["profession"], build.get("role"), build["game_mode"], build.get("wvw_style"))
    return ", ".join(part.replace("_", " ") for part in parts if part)


def _traits_and_skills(build: Mapping[str, Any]) -> Iterator[str]:
    for line in build.get("specializations", ()):
        if line:
            yield f"  {line['specialization']['name']}: {_names(line['traits'])}"
    if bar := build.get("skills"):
        yield f"  Skills: {_names([bar['heal'], *bar['utilities'], bar['elite']])}"
    for title in ("pets", "legends"):
        if land := build.get(title, {}).get("land"):
            yield f"  {title.capitalize()}: {_names(land)}"


def _gear(build: Mapping[str, Any]) -> Iterator[str]:
    worn = Counter(piece["prefix"] for piece in build.get("gear", {}).values() if piece["prefix"])
    if worn:
        yield "  Gear: " + ", ".join(f"{count} x {prefix}" for prefix, count in worn.most_common())
    for part in ("rune", "relic", "food", "utility"):
        if part in build:
            yield f"  {part.capitalize()}: {build[part]['name']}"
    for sigils in build.get("sigils", ()):
        if sigils:
            yield f"  Sigils: {_names(sigils)}"


def _names(things: Sequence[Mapping[str, Any] | None]) -> str:
    return ", ".join((thing["name"] or f"unknown ({thing['id']})") if thing else "-" for thing in things)
