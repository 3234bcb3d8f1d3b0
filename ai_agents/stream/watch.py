"""One look at the database for all who wait, twice a second, however many they are."""

import asyncio
import uuid
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress

import structlog
from django.db import DatabaseError

from ai_agents.stream.asking import states

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.4
State = tuple[int, bool]
InThread = Callable[..., Awaitable[dict[uuid.UUID, State]]]


class Watch:
    """in_thread: calls a function in a thread that may use the database."""

    def __init__(self, in_thread: InThread) -> None:
        self._in_thread = in_thread
        self._waiting: defaultdict[uuid.UUID, set[asyncio.Event]] = defaultdict(set)
        self._known: dict[uuid.UUID, State] = {}
        self._task: asyncio.Task[None] | None = None

    @contextmanager
    def of(self, run_id: uuid.UUID) -> Iterator[asyncio.Event]:
        """An event that is set whenever the run has changed, or is gone."""
        changed = asyncio.Event()
        self._waiting[run_id].add(changed)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            yield changed
        finally:
            self._waiting[run_id].discard(changed)
            if not self._waiting[run_id]:
                del self._waiting[run_id]
                self._known.pop(run_id, None)

    async def _look(self) -> None:
        while self._waiting:
            try:
                found = await self._in_thread(states, list(self._waiting))
            except DatabaseError as error:
                log.warning("stream_database_away", error=type(error).__name__)
            else:
                self._tell(found)
            await asyncio.sleep(LOOK_SECONDS)

    def _tell(self, found: dict[uuid.UUID, State]) -> None:
        for run_id, waiting in self._waiting.items():
            state = found.get(run_id, (-1, True))
            if self._known.get(run_id) != state:
                self._known[run_id] = state
                for changed in waiting:
                    changed.set()


async def until(changed: asyncio.Event, gone: asyncio.Event, seconds: float) -> None:
    """Until one of them is set, or so long."""
    tasks = [asyncio.create_task(one.wait()) for one in (changed, gone)]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
