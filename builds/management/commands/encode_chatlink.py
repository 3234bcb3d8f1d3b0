from typing import Any

from django.core.management.base import CommandParser

from builds.catalogue import current_catalogue
from builds.chatlinks import encode_link
from builds.chatlinks.describe import link_from_description
from gw2optimizer.commands import OneLineErrors, read_json

# A description of the longest link there can be is far shorter.
_MAX_BYTES = 1_000_000


class Command(OneLineErrors):
    help = "Make a chat link from what `decode_chatlink --json` prints."
    requires_system_checks = []
    quiet = ("builds.catalogue",)  # a link needs no database: the packaged game data will do

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="a JSON file, or - for standard input")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        description = read_json(file, most=_MAX_BYTES, what="chat link's description")
        self.stdout.write(encode_link(link_from_description(description, current_catalogue())))
