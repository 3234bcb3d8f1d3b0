from builds.models.build import Build, BuildRevision
from builds.models.gamedata import GameDataSnapshot
from builds.models.gear_run import GearRun

__all__ = ["Build", "BuildRevision", "GameDataSnapshot", "GearRun"]
