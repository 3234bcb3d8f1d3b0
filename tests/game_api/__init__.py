from tests.game_api.server import Cut, GameApiServer, Reply
from tests.game_api.world import world_of

__all__ = ["Cut", "GameApiServer", "Reply", "world_of"]
