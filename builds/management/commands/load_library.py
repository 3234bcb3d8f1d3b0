"""The starter library into the database."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from builds.catalogue import current_catalogue
from builds.library.records import gathered_records, packaged_records
from builds.services.library import load_records
from gw2optimizer.commands import OneLineErrors


class Command(OneLineErrors):
    help = "Load the published builds that come with the project as public builds of the site; again changes nothing."
    quiet = ("builds.catalogue",)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "source", nargs="?", type=Path, metavar="BUILDS.json", help="gathered builds in place of the packaged ones"
        )

    def handle(self, *args: Any, source: Path | None, verbosity: int, **options: Any) -> None:
        records = gathered_records(source, current_catalogue()) if source else packaged_records()
        loaded = load_records(records)
        if not verbosity:
            return
        for record in records:
            for note in record.normalised:
                self.stdout.write(f"{record.build['name']}: {note}")
        for note in loaded.refused:
            self.stdout.write(f"Refused: {note}")
        self.stdout.write(
            f"Library: {loaded.created} new, {loaded.updated} changed, {loaded.unchanged} as they were, "
            f"{len(loaded.refused)} refused."
        )
