"""Two routes, both of a run: its events as they come, and its end as soon as it comes.

GET /stream/runs/{id}/events?after=N     server-sent events, until the run is over
GET /stream/runs/{id}   Prefer: wait=N   the run, once it is over or after N seconds, 30 at most"""

import asyncio
import functools
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import orjson
import structlog
from django.conf import settings
from django.db import DatabaseError

from ai_agents.stream.asking import MISSING, Asked, Refused, events, look, run_id_of, whole_number
from ai_agents.stream.watch import Watch, until

log = structlog.get_logger(__name__)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

THREADS = 4
MOST_OF_ONE = 6
"""Connections of one account or address; a browser opens no more to a host."""
MOST_WAIT = 30.0
LONGEST_STREAM = 900.0
"""Seconds; whoever wants more asks again, from the last event."""
BEAT_SECONDS = 15.0
"""Between signs of life; with each it is looked whether the caller may still see the run."""
PATH = re.compile(r"/stream/runs/([0-9a-f-]{36})(/events)?")
HEADERS = [
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class Application:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="stream")
        self._watch: Watch | None = None
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._answered(scope, receive, send)
        except Refused as refused:
            headers = [(b"retry-after", str(refused.retry_after).encode())] if refused.retry_after else []
            error = {"code": refused.code, "message": refused.message, "request_id": ""}
            await _whole(send, refused.status, {"error": error}, headers)
        except DatabaseError:
            log.exception("stream_failed")
            error = {"code": "unavailable", "message": "The database is out of reach.", "request_id": ""}
            await _whole(send, 503, {"error": error}, [])

    async def _answered(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/stream/healthz":
            await _whole(send, 200, {"open": self._open.total()}, [])
            return
        found = PATH.fullmatch(scope["path"])
        if found is None:
            raise Refused(404, "not_found", MISSING)
        if scope["method"] != "GET":
            raise Refused(405, "method_not_allowed", f"This address doesn't take {scope['method'][:20]}; it takes GET.")
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        run_id = run_id_of(found[1])
        asked = await self._in_thread(look, scope, run_id, counted=True)
        async with self._place(asked.caller), _listening(receive) as gone:
            if found[2]:
                query = parse_qs(scope["query_string"].decode("latin-1"))
                after = whole_number(headers.get("last-event-id") or query.get("after", [""])[0])
                await self._stream(scope, asked, after, send, gone)
            else:
                await self._wait(scope, asked, _wait_of(headers.get("prefer", "")), send, gone)

    async def _in_thread[**P, R](self, call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, functools.partial(call, *args, **kwargs))

    def _watching(self) -> Watch:
        # Not before there is a loop.
        if self._watch is None:
            self._watch = Watch(self._in_thread)
        return self._watch

    @asynccontextmanager
    async def _place(self, caller: str) -> AsyncIterator[None]:
        if self._open.total() >= settings.STREAM_CONNECTIONS:
            raise Refused(503, "unavailable", "Too many are waiting here. Ask the API instead.", 10)
        if self._open[caller] >= MOST_OF_ONE:
            raise Refused(429, "too_many_requests", f"You have {MOST_OF_ONE} connections open, which is the most.", 10)
        self._open[caller] += 1
        try:
            yield
        finally:
            self._open[caller] -= 1
            if not self._open[caller]:
                del self._open[caller]

    async def _wait(self, scope: Scope, asked: Asked, seconds: float, send: Send, gone: asyncio.Event) -> None:
        ends = time.monotonic() + seconds
        with self._watching().of(asked.run_id) as changed:
            while not asked.is_over and not gone.is_set() and (left := ends - time.monotonic()) > 0:
                await until(changed, gone, left)
                changed.clear()
                asked = await self._in_thread(look, scope, asked.run_id, counted=False)
        applied = [(b"preference-applied", f"wait={seconds:g}".encode())] if seconds else []
        await _whole(send, 200, asked.body, applied)

    async def _stream(self, scope: Scope, asked: Asked, after: int, send: Send, gone: asyncio.Event) -> None:
        ends = time.monotonic() + LONGEST_STREAM
        kind = (b"content-type", b"text/event-stream; charset=utf-8")
        # nginx would gather the events else.
        await send(
            {"type": "http.response.start", "status": 200, "headers": [kind, (b"x-accel-buffering", b"no"), *HEADERS]}
        )
        with self._watching().of(asked.run_id) as changed:
            looked = time.monotonic()
            while not gone.is_set() and time.monotonic() < ends:
                changed.clear()
                try:
                    asked = await self._in_thread(look, scope, asked.run_id, counted=False)
                except Refused:
                    # The session has ended, or the run was deleted.
                    break
                while new := await self._in_thread(events, asked.run_id, after):
                    after = new[-1]["number"]
                    await _send(send, b"".join(_event(event["kind"], event, event["number"]) for event in new))
                if asked.is_over and after >= asked.last_event:
                    await _send(send, _event("end", {"status": asked.body["status"], "url": asked.body["url"]}))
                    break
                await until(changed, gone, max(0.0, min(looked + BEAT_SECONDS, ends) - time.monotonic()))
                if time.monotonic() - looked >= BEAT_SECONDS:
                    looked = time.monotonic()
                    await _send(send, b": still here\n\n")
        await _send(send, b"", more=False)


def _wait_of(prefer: str) -> float:
    """Seconds, by RFC 7240; 0 where none are preferred."""
    found = re.search(r"(?:^|[,;\s])wait\s*=\s*\"?([0-9]{1,6})", prefer.lower())
    return min(MOST_WAIT, float(found[1])) if found else 0.0


def _event(kind: str, data: Any, number: int | None = None) -> bytes:
    head = f"id: {number}\n" if number is not None else ""
    # A line of its own ends a field, and JSON has none.
    return f"{head}event: {''.join(kind.split())}\ndata: ".encode() + orjson.dumps(data) + b"\n\n"


async def _send(send: Send, body: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": more})


async def _whole(send: Send, status: int, value: Any, headers: list[tuple[bytes, bytes]]) -> None:
    body = orjson.dumps(value)
    length = (b"content-length", str(len(body)).encode())
    kind = (b"content-type", b"application/json")
    await send({"type": "http.response.start", "status": status, "headers": [kind, length, *HEADERS, *headers]})
    await _send(send, body, more=False)


@asynccontextmanager
async def _listening(receive: Receive) -> AsyncIterator[asyncio.Event]:
    """An event that is set when the caller has gone."""
    gone = asyncio.Event()

    async def listen() -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        gone.set()

    task = asyncio.create_task(listen())
    try:
        yield gone
    finally:
        task.cancel()


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
