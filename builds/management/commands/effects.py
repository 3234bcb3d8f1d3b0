from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import orjson
from django.core.management.base import CommandError, CommandParser

from builds.catalogue import current_catalogue
from builds.engine.effects import BuildEffects, EntityEffects, combo, corruption, effects_with_panel, facts_of
from builds.gamedata import Catalogue, UnknownName
from builds.gamedata.model import MODES
from builds.spec import parse_build
from gw2optimizer.commands import OneLineErrors, read_json
from gw2optimizer.errors import DomainError, InvalidInput

_MAX_BYTES = 1_000_000


class Command(OneLineErrors):
    help = "Tell what a build, a skill or a trait gives and does in a game mode."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # no database is needed: the packaged game data will do
    bad_input = (DomainError, UnknownName)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="a build as build/1 in a JSON file, or - for standard input")
        parser.add_argument("--skill", help="its id or English name")
        parser.add_argument("--trait", help="its id or English name")
        parser.add_argument("--combo", nargs=2, metavar=("FIELD", "FINISHER"), help="such as Fire Blast")
        parser.add_argument("--corruption", metavar="BOON", help="what a boon becomes, such as Might")
        parser.add_argument("--mode", default="", help="pve, fractals, raids, strikes, wvw or pvp")
        parser.add_argument("--with-traits", default="", help="traits that are held, ids with commas between")
        parser.add_argument("--quickness", action="store_true", help="the build is under quickness all the time")
        parser.add_argument("--alacrity", action="store_true", help="the build is under alacrity all the time")
        parser.add_argument("--json", action="store_true", help="the object that the API answers")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = [name for name in ("file", "skill", "trait", "combo", "corruption") if options[name] is not None]
        if len(asked) != 1:
            raise CommandError("Give one of a build's file, --skill, --trait, --combo and --corruption.")
        if options["mode"] and options["mode"] not in MODES:
            raise InvalidInput("--mode: Give one of " + ", ".join(MODES) + ".")
        told, lines = _answer(asked[0], options)
        self.stdout.write(
            orjson.dumps(told, option=orjson.OPT_INDENT_2).decode() if options["json"] else "\n".join(lines)
        )


def _answer(asked: str, options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The object and the lines to read."""
    if asked == "combo":
        made = combo(*options["combo"])
        return asdict(made), [made.text]
    if asked == "corruption":
        became = corruption(options["corruption"])
        return asdict(became), [f"{became.stacks} {became.condition} {became.seconds:g} s"]
    catalogue = current_catalogue()
    if asked == "file":
        build = parse_build(read_json(options["file"], most=_MAX_BYTES, what="build"), catalogue).spec
        found = effects_with_panel(
            build, catalogue, options["mode"] or None, quickness=options["quickness"], alacrity=options["alacrity"]
        )
        return found.as_json(), list(_of_build(found))
    entity = catalogue.find(asked, options[asked])
    held = frozenset(_traits(options["with_traits"], catalogue))
    one = facts_of(entity, options["mode"] or "pve", held)
    return one.as_json(), list(_of_entity(one))


def _traits(text: str, catalogue: Catalogue) -> Iterator[int]:
    for given in filter(None, (part.strip() for part in text.split(","))):
        yield catalogue.find("trait", given).id


# --- For people ----------------------------------------------------------------------------------
def _of_entity(found: EntityEffects) -> Iterator[str]:
    yield f"{found.name} ({found.kind} {found.id}, {found.mode})"
    told = found.as_json()
    for name in ("boons", "conditions"):
        for one in told[name]:
            stacks = f" x{one['stacks']}" if one["stacks"] > 1 else ""
            yield f"  {one.get('boon') or one.get('condition')}{stacks} {one['seconds']} s, {_beside(one)}"
    for name, value in told.items():
        if name in {"kind", "id", "name", "mode", "boons", "conditions", "counts", "unknown", "fields", "targets_of"}:
            continue
        if value not in (None, False, [], 0):
            yield f"  {name.replace('_', ' ')}: {_plain(value)}"
    for entry in found.unknown:
        yield f"  unknown: {entry.effect} ({', '.join((*entry.candidates, entry.reason))})"


def _beside(one: dict[str, Any]) -> str:
    words = [f"to {one['to']}" if one.get("to") else "on foes", one.get("when", ""), one["source"]]
    return ", ".join(filter(None, words))


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(map(_plain, value))
    if isinstance(value, dict):
        return " ".join(_plain(part) for part in value.values() if part not in (None, ""))
    return "yes" if value is True else str(value)


def _of_build(found: BuildEffects) -> Iterator[str]:
    yield f"{found.name} ({found.game_mode}), an estimate"
    for boon in found.boons:
        amount = f"{boon.stacks:.1f} stacks" if boon.boon in {"Might", "Stability"} else f"{boon.uptime:.0%}"
        givers = dict.fromkeys(source.source.name for source in boon.given_by)
        yield f"  {boon.boon}: {amount if boon.counted else 'how often is not known'}, by {', '.join(givers)}"
        if boon.assumed:
            yield f"    and where a score needs a number {boon.assumed:.0%}, for sources that tell no rate"
    for condition in found.conditions:
        yield f"  {condition.condition}: {condition.stacks:.1f} stacks"
    for rate in found.counts:
        yield f"  {rate.effect.replace('_', ' ')}: {rate.per_second * 60:.1f} a minute"
    yield f"  Stability: {found.stability_per_30_s:.1f} times in 30 s; control: {found.defiance_per_30_s:.0f} in 30 s"
    yield (
        f"  Healing {found.healing.per_second:.0f}, barrier {found.barrier.per_second:.0f}, "
        f"regeneration {found.regeneration_per_second:.0f} a second"
    )
    for entry in found.unknown:
        yield f"  unknown: {entry.source.name}: {entry.effect} ({entry.reason})"
    yield "What the estimate takes for granted"
    yield from (f"  - {text}" for text in (*found.notes, *found.assumptions))
