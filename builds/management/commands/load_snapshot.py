from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from builds.gamedata import SnapshotError
from builds.gamedata.snapshot import unpack
from builds.gamedata.validation import validate
from builds.models.gamedata import GameDataSnapshot
from builds.services.gamedata import activate_snapshot, ensure_packaged_snapshot, store_snapshot
from gw2optimizer.commands import OneLineErrors


class Command(OneLineErrors):
    help = "Load the packaged snapshot where it is new, or a snapshot file, and activate it."
    bad_input = (*OneLineErrors.bad_input, SnapshotError)
    quiet = ("builds.catalogue",)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="made by build_snapshot; the packaged one if left out")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        if file is None:
            done = ensure_packaged_snapshot()
            self.stdout.write(
                "The packaged snapshot was loaded." if done else "The packaged snapshot is known already."
            )
            return
        payload = _content(file)
        if problems := validate(unpack(payload)):
            raise CommandError(f"{file} can't be used: " + " ".join(problems[:10]))
        row = store_snapshot(
            payload=payload, source=GameDataSnapshot.Source.PACKAGED, status=f"Loaded from {file.name}."
        )
        activate_snapshot(snapshot=row)
        self.stdout.write(f"Active: {row}")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise CommandError(f"{file} can't be read: {getattr(error, 'strerror', None) or error}.") from error
