from collections.abc import Iterator
from typing import Any

import orjson
from django.core.management.base import CommandParser

from builds.catalogue import current_catalogue
from builds.gamedata import Catalogue
from builds.gamedata.model import BALANCE_OF_MODE
from builds.library.records import packaged_records
from builds.spec import BuildSpec
from gw2optimizer.commands import OneLineErrors, read_json
from teams.coverage import RATES
from teams.score import EVALUATIONS, Analysis, analyse
from teams.spec import Place, TeamSpec, parse_team

_MAX_BYTES = 5_000_000


class Command(OneLineErrors):
    help = "Tell what a team has and lacks, how well it fits together, and what would mend it."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # no database is needed: the packaged game data will do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a team as team/1 in a JSON file, or - for standard input")
        parser.add_argument("--no-mends", action="store_true", help="leave out the search for changes")
        parser.add_argument("--json", action="store_true", help="the object that the API answers")

    def handle(self, *args: Any, **options: Any) -> None:
        catalogue = current_catalogue()
        team = parse_team(read_json(options["file"], most=_MAX_BYTES, what="team"), catalogue).spec
        if options["no_mends"]:
            found = analyse(team, catalogue, evaluations=0)
        else:
            found = analyse(team, catalogue, library_builds(team), evaluations=EVALUATIONS)
        if options["json"]:
            self.stdout.write(orjson.dumps(found.as_json(catalogue), option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(_lines(found, team, catalogue)))


def library_builds(team: TeamSpec) -> list[BuildSpec]:
    """Fresh packaged builds of the team's mode, or where there are none of the same balance."""
    builds = [record.spec for record in packaged_records() if not record.stale]
    same = [build for build in builds if build.game_mode == team.game_mode]
    balance = BALANCE_OF_MODE[team.game_mode]
    return same or [build for build in builds if BALANCE_OF_MODE[build.game_mode] == balance]


# --- For people ----------------------------------------------------------------------------------
def _lines(found: Analysis, team: TeamSpec, catalogue: Catalogue) -> Iterator[str]:
    told, squad = found.score, found.coverage.squad
    yield f"{team.name}: {told.total:.1f}, {told.grade} ({told.title}, {squad.players} players), an estimate"
    for part in told.parts:
        yield f"  {part.points:5.1f} of {part.weight:4.1f}  {part.sentence}"
    for group in found.coverage.groups:
        held = [f"{cover.boon} {_held(cover.boon, cover.stacks)}" for cover in group.boons.values() if cover.stacks]
        yield f"Group {(group.group or 0) + 1}, {group.players} players: {', '.join(held) or 'no boons'}"
    for player in found.coverage.players:
        place = Place(player.group, player.slot)
        yield f"  {str(place).capitalize()}: {player.player or player.build} ({player.specialization})"
    for name, (_, unit) in RATES.items():
        rate = squad.rates[name]
        yield f"  {rate.number:,.2f} {unit}, by {rate.givers}"
    for combo in squad.combos:
        yield f"  {combo.field} x {combo.finisher}: {combo.effect}, {combo.per_30_s:.1f} times in 30 s"
    for mend in found.mends:
        yield f"  {mend.kind}: {mend.sentence}"
    for note in (*told.notes, *found.coverage.notes):
        yield f"  {note}"
    yield f"{len(found.coverage.unknown)} effects are not told by the data; --json names them."


def _held(boon: str, stacks: float) -> str:
    return f"{stacks:.1f}" if boon in {"Might", "Stability"} else f"{stacks:.0%}"
