from builds.models.gamedata import GameDataSnapshot

__all__ = ["GameDataSnapshot"]
