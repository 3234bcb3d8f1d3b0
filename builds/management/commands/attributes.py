from collections.abc import Iterator
from typing import Any

import orjson
from django.core.management.base import CommandParser

from builds.catalogue import current_catalogue
from builds.engine.attributes import AttributePanel, attributes, parse_boons
from builds.engine.attributes.names import DURATIONS, POINTS
from builds.spec import parse_build
from gw2optimizer.commands import OneLineErrors, read_json
from gw2optimizer.errors import InvalidInput

# The longest build there can be is far shorter.
_MAX_BYTES = 1_000_000
_WHOLE = (*POINTS, "health", "armor", "effective_power", "effective_health")


class Command(OneLineErrors):
    help = "Show the attributes of a build, out of combat or under boons, and which part gives how much."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # the packaged game data will do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a build/1 as a JSON file, or - for standard input")
        parser.add_argument("--boons", default="", help="such as might=25,fury")
        parser.add_argument(
            "--mode", default="", help="pve, fractals, raids, strikes, wvw or pvp; else the build's own"
        )
        parser.add_argument("--weapon-set", type=int, default=1, help="1 or 2")
        parser.add_argument(
            "--switch", default="", help="ids of traits whose conditional effects count, such as 320,223"
        )
        parser.add_argument("--json", action="store_true", help="the object that the API answers")

    def handle(self, *args: Any, file: str, json: bool, **options: Any) -> None:
        catalogue = current_catalogue()
        parsed = parse_build(read_json(file, most=_MAX_BYTES, what="build"), catalogue)
        panel = attributes(
            parsed.spec,
            catalogue,
            options["mode"].strip().lower() or None,
            parse_boons(options["boons"]),
            _ids(options["switch"]),
            weapon_set=options["weapon_set"],
        )
        if json:
            answer = panel.as_json()
            answer["notes"] = [*parsed.notes, *answer["notes"]]
            self.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(_lines(panel, parsed.notes)))


def _ids(text: str) -> frozenset[int]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if wrong := [part for part in parts if not (part.isascii() and part.isdigit() and len(part) < 10)]:
        raise InvalidInput(f"--switch takes ids of traits, not “{wrong[0][:40]}”.")
    return frozenset(map(int, parts))


def _lines(panel: AttributePanel, notes: tuple[str, ...]) -> Iterator[str]:
    for name, attribute in panel.attributes.items():
        if attribute.value or name not in DURATIONS.values():
            yield f"{_words(name):<24}{_shown(name, attribute.value):>10}"
            yield from (f"  {_shown(name, part.amount):>10}  {part.source}" for part in attribute.parts)
    offered = [switch for switch in panel.switches if not switch.on]
    for title, texts in (
        ("Only if", [f"{s.condition}: {s.name}, {_words(s.attribute)} ({s.trait})" for s in offered]),
        ("Missing", panel.missing),
        ("Not told by the data", [f"{u.source}: {u.reason}" for u in panel.unknown]),
        ("Notes", (*notes, *panel.notes)),
    ):
        if texts:
            yield title
            yield from (f"  - {text}" for text in texts)


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _shown(name: str, value: float) -> str:
    return f"{value:,.0f}" if name in _WHOLE else f"{value * 100:.2f} %"
