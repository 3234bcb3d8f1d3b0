"""Is the process alive, can it do its work, and is a worker there?"""

import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from django.conf import settings
from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.connection import Connection
from kombu.exceptions import OperationalError

HEARTBEAT_EVERY = 10.0
HEARTBEAT_KEY = "worker-heartbeat"
# Three beats may be missed before a worker counts as gone.
HEARTBEAT_LASTS = 4 * HEARTBEAT_EVERY


def record_heartbeat(queues: Iterable[str] = ("default",)) -> None:
    """queues: that the worker takes from."""
    for queue in queues:
        caches["shared"].set(f"{HEARTBEAT_KEY}:{queue}", time.time(), timeout=None)


def heartbeat_age(queue: str = "default") -> float | None:
    """Seconds since a worker of the queue last said that it lives; None: never."""
    then = caches["shared"].get(f"{HEARTBEAT_KEY}:{queue}")
    return None if then is None else max(0.0, time.time() - float(then))


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """503 when a part that requests need is away. A missing worker is shown and does not fail the check:
    pages answer without it, and taking every web process out of service would only make it worse."""
    parts = {name: check() for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in parts.values())
    age = heartbeat_age() if parts["cache"] == "ok" else None
    parts["worker"] = "away" if age is None or age > HEARTBEAT_LASTS else "ok"
    return JsonResponse({"ready": ready, "parts": parts}, status=200 if ready else 503)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"


def _migrations() -> str:
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    return "pending" if pending else "ok"


def _cache() -> str:
    token = str(time.monotonic_ns())
    key = f"ready-{token}"
    for alias in settings.CACHES:
        try:
            caches[alias].set(key, token, timeout=10)
            alive = caches[alias].get(key) == token
            caches[alias].delete(key)
        except OSError:
            alive = False
        if not alive:
            return "away"
    return "ok"


def _broker() -> str:
    """A broker of files takes every connection, so there it is the folder that has to be writable."""
    try:
        if settings.CELERY_BROKER_URL.startswith("filesystem:"):
            folder = settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"]
            with tempfile.NamedTemporaryFile(dir=Path(folder).parent):
                return "ok"
        quick = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
        with Connection(settings.CELERY_BROKER_URL, connect_timeout=1, transport_options=quick) as broker:
            broker.ensure_connection(max_retries=0)
    except (OSError, OperationalError):
        return "away"
    return "ok"


CHECKS: dict[str, Callable[[], str]] = {
    "database": _database,
    "migrations": _migrations,
    "cache": _cache,
    "broker": _broker,
}
