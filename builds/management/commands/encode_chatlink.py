import sys
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import CommandParser

from builds.catalogue import current_catalogue
from builds.chatlinks import encode_link
from builds.chatlinks.describe import link_from_description
from gw2optimizer.commands import OneLineErrors
from gw2optimizer.errors import MalformedInput

# A description of the longest link there can be is far shorter.
_MAX_BYTES = 1_000_000


class Command(OneLineErrors):
    help = "Make a chat link from what `decode_chatlink --json` prints."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # a link needs no database: the packaged game data will do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a JSON file, or - for standard input")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        description = _parsed(_content(file), file)
        self.stdout.write(encode_link(link_from_description(description, current_catalogue())))


def _content(file: str) -> bytes:
    try:
        if file == "-":
            content = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                content = opened.read(_MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or error
        raise MalformedInput(f"{file[:200]!r} can't be read: {reason}.") from error
    if len(content) > _MAX_BYTES:
        raise MalformedInput(f"{file[:200]!r} is larger than {_MAX_BYTES:,} bytes; no chat link's description is.")
    return content


def _parsed(content: bytes, file: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise MalformedInput(f"{file[:200]!r} is not JSON: {error}.") from error
