import json
from collections.abc import Iterator
from typing import Any

import orjson
from django.core.management.base import CommandParser

from builds.engine import gear
from builds.engine.gear import GearResult, parse_problem
from builds.engine.gear.problem import refuse
from gw2optimizer.commands import OneLineErrors, read_file
from gw2optimizer.errors import MalformedInput
from gw2optimizer.strict_json import repeated_name

MOST_BYTES = 64 * 1024 * 1024


class Command(OneLineErrors):
    help = "Find the proven best gear for a problem in the form gear-problem/1."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("problem", help="a JSON file; - reads standard input")
        parser.add_argument("--json", action="store_true", help="answer in the form gear-result/1")
        parser.add_argument("--top", type=int, help="how many results, instead of what the problem says")

    def handle(self, *args: Any, problem: str, top: int | None, **options: Any) -> None:
        document = read(problem)
        if top is not None:
            if not isinstance(document, dict):
                raise refuse("problem", "must be an object")
            document["top"] = top
        checked = parse_problem(document)
        # By its name only now: a problem that is refused need not wait for numba.
        result = gear.optimize(checked)
        if options["json"]:
            self.stdout.write(orjson.dumps(result.document(), option=orjson.OPT_INDENT_2).decode())
        else:
            self.stdout.write("\n".join(lines_of(result)))


def read(source: str) -> Any:
    """source: a path, or - for standard input. Raises MalformedInput where that holds no JSON, or a name twice."""
    payload = read_file(source, most=MOST_BYTES, what="gear problem")
    try:
        document = orjson.loads(payload)
    except orjson.JSONDecodeError:
        # The slower reader takes NaN and the like, which are then told by the name of their field.
        try:
            document = json.loads(payload)
        except (ValueError, RecursionError) as error:
            raise MalformedInput(f"{source}: is not JSON ({error}).") from error
    if name := repeated_name(payload):
        raise MalformedInput(f"{source}: has the name “{name[:60]}” twice in one object.")
    return document


def lines_of(result: GearResult) -> Iterator[str]:
    yield f"{result.status}: {result.evaluated:,} of {result.combinations:,} scored, {result.seconds * 1000:.1f} ms"
    for place, choice in enumerate(result.results, start=1):
        yield (
            f"{place}. {choice.objective:,.2f} with {choice.variant}: damage {choice.damage:,.0f}, "
            f"survivability {choice.survivability:,.0f}, healing {choice.healing:,.0f}"
        )
        yield f"   {', '.join(choice.prefixes)}"
