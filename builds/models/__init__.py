from builds.models.build import Build, BuildRevision
from builds.models.gamedata import GameDataSnapshot

__all__ = ["Build", "BuildRevision", "GameDataSnapshot"]
