from typing import Any

from builds.services.index import mend_library
from gw2optimizer.commands import OneLineErrors


class Command(OneLineErrors):
    help = "Compare what the library finds and counts builds by with the builds themselves, and put right what differs."
    quiet = ("builds.services.index",)

    def handle(self, *args: Any, **options: Any) -> None:
        mended = mend_library()
        self.stdout.write(f"Put right: {mended.entries} entries, {mended.counts} counts, {mended.words} words.")
