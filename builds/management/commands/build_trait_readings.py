from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from builds.engine.attributes import readings as packaged
from builds.engine.attributes.derive import derive_readings
from builds.gamedata import load_packaged
from gw2optimizer.commands import OneLineErrors

DEFAULT = Path(packaged.__file__).parent / packaged.PACKAGED


class Command(OneLineErrors):
    help = "Derive what the facts of each trait mean for the attribute panel, from the packaged snapshot."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--output", type=Path, default=DEFAULT, help="file to write")
        parser.add_argument("--check", action="store_true", help="write nothing; say whether the file is current")

    def handle(self, *args: Any, output: Path, check: bool, **options: Any) -> None:
        catalogue = load_packaged()
        found = derive_readings(catalogue)
        payload = packaged.dump(found, catalogue.checksum)
        if check:
            try:
                present = output.read_bytes()
            except OSError as error:
                raise CommandError(f"{output}: {error.strerror}") from error
            if present != payload:
                raise CommandError(
                    f"{output} is not what the packaged snapshot gives: run this command without --check."
                )
        else:
            try:
                output.write_bytes(payload)
            except OSError as error:
                raise CommandError(f"{output}: {error.strerror}") from error
        kinds = dict.fromkeys(packaged.KINDS, 0)
        for readings in found.values():
            for reading in readings:
                kinds[reading.kind] += 1
        counted = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
        self.stdout.write(f"{len(found)} traits: {counted}.")
