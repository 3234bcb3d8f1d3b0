from collections.abc import Iterator
from typing import Any

import orjson
from django.core.management.base import CommandError, CommandParser
from django.db import OperationalError, ProgrammingError

from builds.catalogue import current_catalogue
from builds.engine.improve import EVALUATIONS, LOCKS, Improvement
from builds.gamedata.catalogue import UnknownName
from builds.gamedata.model import MODES
from builds.services.improve import answer_json, improve_build
from builds.spec import ROLES, parse_build
from builds.spec.model import BuildSpec
from gw2optimizer.commands import OneLineErrors, read_json
from gw2optimizer.errors import DomainError

# The longest build there can be is far shorter.
_MAX_BYTES = 1_000_000


class Command(OneLineErrors):
    help = (
        "Find a better build for a role: traits, skills, weapons and gear; from a build, or from profession and role."
    )
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # a database that can't be read is told in one line, here
    bad_input = (DomainError, UnknownName)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="a build/1 as a JSON file, or - for standard input")
        parser.add_argument("--profession", default="", help="such as Guardian, where no file is given")
        parser.add_argument("--role", default="", help=f"{', '.join(ROLES)}; else the build's own")
        parser.add_argument("--mode", default="", help=f"{', '.join(MODES)}; else the build's own, or pve")
        parser.add_argument(
            "--lock", action="append", default=[], help=f"a part that stays, again for more: {', '.join(LOCKS)}"
        )
        parser.add_argument("--seed", type=int, default=0, help="of what is drawn")
        parser.add_argument("--evaluations", type=int, default=EVALUATIONS, help="builds that are judged at most")
        parser.add_argument("--json", action="store_true", help="the object that the API answers")

    def handle(self, *args: Any, file: str | None, json: bool, **options: Any) -> None:
        if (file is None) == (not options["profession"]):
            raise CommandError("Give either a build's file or --profession.")
        catalogue = current_catalogue()
        notes: tuple[str, ...] = ()
        build: BuildSpec | None = None
        profession: str | None = None
        if file is not None:
            parsed = parse_build(read_json(file, most=_MAX_BYTES, what="build"), catalogue)
            build, notes = parsed.spec, parsed.notes
        else:
            profession = catalogue.find("profession", options["profession"]).id
        try:
            found = improve_build(
                build,
                profession=profession,
                role=_word(options["role"]),
                mode=_word(options["mode"]),
                locks=[part.strip() for text in options["lock"] for part in text.split(",")],
                seed=options["seed"],
                evaluations=options["evaluations"],
            )
        except (OperationalError, ProgrammingError) as error:
            raise CommandError(f"The database can't be read ({error}): `make setup` prepares it.") from error
        if json:
            told = answer_json(found, catalogue)
            self.stdout.write(orjson.dumps(told, option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(_lines(found, notes)))


def _word(text: str) -> str | None:
    return text.strip().lower().replace(" ", "_") or None


def _lines(found: Improvement, notes: tuple[str, ...]) -> Iterator[str]:
    build = found.build
    yield f"{build.name} ({build.profession}, {found.role.replace('_', ' ')}, {found.mode})"
    yield build.template_code
    before = "" if found.before is None else f", before {found.before.total:.1f}"
    yield f"Score {found.after.total:.1f}{before}"
    yield from (f"  {part.sentence}" for part in found.after.parts)
    if found.started_from:
        yield f"Started from {found.started_from}"
    yield "Changes, and what the build would lose without each" if found.changes else "Nothing to change was found."
    for change in found.changes:
        yield f"  {change.part}: {change.before or '-'} -> {change.after or '-'}  ({change.gain:+.1f})"
        yield f"    {change.why}"
    yield f"{found.evaluations} builds judged, seed {found.seed}, {found.seconds:.2f} s"
    for title, texts in (("Notes", (*notes, *found.notes)), ("Taken for granted", found.after.assumptions)):
        if texts:
            yield title
            yield from (f"  - {text}" for text in texts)
