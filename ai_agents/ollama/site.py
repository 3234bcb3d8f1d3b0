"""The client as the site's settings have it."""

import hashlib
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.core.cache import caches
from redis import Redis

from ai_agents.ollama.client import OllamaClient, OllamaConfig
from ai_agents.ollama.errors import NoModel
from ai_agents.ollama.guard import SharedGuard


def is_set() -> bool:
    """Whether the settings name a model's server; not whether it answers."""
    return bool(settings.OLLAMA_URL)


def the_model() -> OllamaClient:
    """Raises NoModel where the settings name none."""
    if not is_set():
        raise NoModel
    config = OllamaConfig(
        url=settings.OLLAMA_URL,
        model=settings.OLLAMA_MODEL,
        num_ctx=settings.OLLAMA_NUM_CTX,
        keep_alive=settings.OLLAMA_KEEP_ALIVE,
        connect=settings.OLLAMA_CONNECT_SECONDS,
        first=settings.OLLAMA_FIRST_SECONDS,
        total=settings.OLLAMA_TOTAL_SECONDS,
    )
    return OllamaClient(config, _guard(config.url, settings.OLLAMA_CONCURRENCY, settings.REDIS_URL))


@cache
def _guard(url: str, most: int, redis_url: str) -> SharedGuard:
    """One a process, since breaker and places are what its calls have in common."""
    name = hashlib.sha256(url.encode()).hexdigest()[:12]
    if not redis_url:
        return SharedGuard(name, most=most)
    return SharedGuard(name, most=most, store=caches["shared"], redis=_connection)


def _connection() -> Redis:
    # Here, as in the settings: half a second to import it is much for a site that has no Redis.
    from django_redis import get_redis_connection

    return cast(Redis, cast(Any, get_redis_connection)("shared"))
