"""How the packed starter library was made."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from builds.gamedata import load_packaged
from builds.library.records import PACKAGED, gathered_records, pack
from gw2optimizer.commands import OneLineErrors


class Command(OneLineErrors):
    help = "Turn gathered builds (JSON) into the packed starter library that comes with the project."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", type=Path, metavar="BUILDS.json")
        default = Path(__file__).resolve().parents[2] / "library" / "packaged" / PACKAGED
        parser.add_argument("--output", type=Path, default=default)

    def handle(self, *args: Any, source: Path, output: Path, **options: Any) -> None:
        records = gathered_records(source, load_packaged())
        part = output.with_suffix(".part")
        part.write_bytes(pack(records))
        os.replace(part, output)
        for record in records:
            for note in record.normalised:
                self.stdout.write(f"{record.key} {record.build['name']}: {note}")
        self.stdout.write(f"{len(records)} builds, {output.stat().st_size:,} bytes: {output}")
