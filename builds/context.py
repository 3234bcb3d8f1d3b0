"""What every page says about the game data it rests on."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from builds.catalogue import current_catalogue


def gamedata(request: HttpRequest) -> dict[str, Any]:
    # Lazy: an answer that shows no footer asks nothing.
    return {"gamedata": SimpleLazyObject(current_catalogue)}
