"""For a worker that is to be killed in the middle: `celery worker --include tests.endless_search` searches until it is
told to stop, and tells its progress all the while."""

import time
from collections.abc import Callable
from typing import Any

from builds.engine.gear import Progress
from builds.gear_wish import GearWish

_search = GearWish.optimised


def _endless(wish: GearWish, *args: Any, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Any:
    began = time.monotonic()
    while not cancelled():
        seconds = time.monotonic() - began
        progress(Progress(best=1.0, bound=2.0, done=0.5, evaluated=int(100 * seconds), seconds=seconds))
        time.sleep(0.05)
    return _search(wish, *args, cancelled=cancelled)


GearWish.optimised = _endless  # type: ignore[method-assign,assignment]
