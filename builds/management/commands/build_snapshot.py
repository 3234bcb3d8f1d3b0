import os
import tempfile
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from builds.gamedata import SnapshotError
from builds.gamedata.packaging import document_from_folder
from builds.gamedata.snapshot import PACKAGED, pack
from builds.gamedata.validation import validate
from builds.services.gamedata import counts_of
from gw2optimizer.commands import OneLineErrors

PACKAGED_PATH = Path(__file__).resolve().parents[2] / "gamedata" / "packaged" / PACKAGED


class Command(OneLineErrors):
    help = "Make a snapshot file from a folder of gathered game facts."
    bad_input = (*OneLineErrors.bad_input, SnapshotError)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--output", type=Path, default=PACKAGED_PATH)

    def handle(self, *args: Any, folder: Path, output: Path, **options: Any) -> None:
        document = document_from_folder(folder)
        if problems := validate(document):
            raise CommandError(f"{folder} can't be used: " + " ".join(problems[:10]))
        payload = pack(document)
        write_whole(output, payload)
        for kind, count in counts_of(document).items():
            self.stdout.write(f"{count:>6} {kind}")
        self.stdout.write(f"{output}: {len(payload):,} bytes")


def write_whole(path: Path, content: bytes) -> None:
    """The old file or the new one, never a part. Raises CommandError where it can't be written."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).chmod(0o644)
        os.replace(file.name, path)
    except OSError as error:
        raise CommandError(f"{path} can't be written: {error.strerror}") from error
