import sys
from typing import Any

from django.core.management.base import CommandParser

from builds.gamedata.diff import lines
from builds.gamedata.validation import LANGUAGES
from builds.services.gamedata import sync
from gw2optimizer.commands import OneLineErrors

_WIDTH = 30


class Command(OneLineErrors):
    help = "Bring the facts of the game up to date from the official API."
    bad_input = (*OneLineErrors.bad_input, OSError)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--lang", default="en", help=f"only names, in one of {', '.join(LANGUAGES)}; without it, all facts"
        )
        parser.add_argument("--api", default="", help="base address in place of GAME_API_URL")
        parser.add_argument("--dry-run", action="store_true", help="print what would change, and change nothing")
        parser.add_argument("--force", action="store_true", help="also where more than a tenth of a kind would be gone")

    def handle(self, *args: Any, lang: str, api: str, dry_run: bool, force: bool, **options: Any) -> None:
        result = sync(language=lang, api_url=api, dry_run=dry_run, force=force, progress=self._progress)
        self.stdout.write(result.message)
        for line in lines(result.diff):
            self.stdout.write(line)
        if dry_run:
            self.stdout.write("Nothing was changed.")

    def _progress(self, what: str, done: int, total: int) -> None:
        """To stderr: stdout holds the result alone. A bar on a terminal, else one line when a part is whole."""
        if sys.stderr.isatty():
            filled = _WIDTH * done // total
            end = "\n" if done == total else ""
            self.stderr.write(f"\r{what:<16} [{'#' * filled:<{_WIDTH}}] {done}/{total}", ending=end)
            self.stderr.flush()
        elif done == total:
            self.stderr.write(f"{what}: {total} of {total}")
