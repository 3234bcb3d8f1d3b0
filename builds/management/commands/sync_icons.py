import sys
from typing import Any

from django.core.management.base import CommandError, CommandParser

from builds.catalogue import current_catalogue
from builds.icons import RENDER_URL, fetch_icons
from builds.services.gamedata import trusted_address
from gw2optimizer.commands import OneLineErrors


class Command(OneLineErrors):
    help = "Store the icons of the game data that are not here yet, to serve them from this site."
    bad_input = (*OneLineErrors.bad_input, OSError)
    quiet = ("builds.catalogue",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--base", default=RENDER_URL, help="address in place of the game's render service")
        parser.add_argument("--rate", type=float, default=10.0, help="icons a second at most")

    def handle(self, *args: Any, base: str, rate: float, **options: Any) -> None:
        if not 0 < rate <= 1000:
            raise CommandError("--rate: give a number of icons a second above 0 and up to 1000.")
        result = fetch_icons(current_catalogue(), base_url=trusted_address(base), rate=rate, progress=self._progress)
        self.stdout.write(
            f"{result.stored} icons stored, {result.known} were here, {result.refused} could not be had as pictures."
        )

    def _progress(self, done: int, total: int) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\rIcons {done}/{total}", ending="\n" if done == total else "")
            self.stderr.flush()
        elif done % 500 == 0 or done == total:
            self.stderr.write(f"Icons: {done} of {total}")
