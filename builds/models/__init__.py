from builds.models.build import Build, BuildRevision
from builds.models.gamedata import GameDataSnapshot
from builds.models.gear_run import GearRun
from builds.models.library import LibraryCount, LibraryEntry, LibraryWord, SavedFilter

__all__ = [
    "Build", "BuildRevision", "GameDataSnapshot", "GearRun", "LibraryCount", "LibraryEntry", "LibraryWord",
    "SavedFilter",
]  # fmt: skip
