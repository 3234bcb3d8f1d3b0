"""A server on this machine that speaks the official API's shapes, and fails as it is told."""

import threading
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

import orjson

from tests.game_api.world import World


@dataclass(frozen=True)
class Reply:
    """An answer in place of the right one."""

    status: int
    body: bytes = b'{"text": "too many requests"}'
    headers: dict[str, str] = field(default_factory=dict)


class Cut:
    """The connection ends in the middle of the answer."""


@dataclass(frozen=True)
class Request:
    endpoint: str
    query: dict[str, str]
    headers: dict[str, str]


class GameApiServer:
    """worlds: language to what it says. faults: endpoint to what it answers first, one call each.
    before_answer: called with each request; it may block, as a slow server would."""

    def __init__(self, worlds: dict[str, World], *, game_build: int = 200_001) -> None:
        self.worlds = worlds
        self.game_build = game_build
        self.faults: dict[str, list[Reply | Cut]] = defaultdict(list)
        self.requests: list[Request] = []
        self.before_answer: Callable[[Request], None] = lambda request: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/v2"

    def asked(self, endpoint: str) -> int:
        return sum(1 for request in self.requests if request.endpoint == endpoint)

    def __enter__(self) -> Self:
        api = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True  # or each answer waits for the client's delayed acknowledgement

            def do_GET(self) -> None:
                api.answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(handler.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        request = Request(parts.path.removeprefix("/v2/"), query, dict(handler.headers))
        self.requests.append(request)
        self.before_answer(request)
        faults = self.faults[request.endpoint]
        fault = faults.pop(0) if faults else None
        reply = fault if isinstance(fault, Reply) else self._right(request)
        try:
            handler.send_response(reply.status)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(reply.body)))
            for name, value in reply.headers.items():
                handler.send_header(name, value)
            handler.end_headers()
            if isinstance(fault, Cut):
                handler.wfile.write(reply.body[: len(reply.body) // 2])
                handler.close_connection = True
            else:
                handler.wfile.write(reply.body)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True  # the client was killed

    def _right(self, request: Request) -> Reply:
        if request.headers.get("X-Schema-Version") != "2024-07-20T01:00:00.000Z":
            return Reply(400, b'{"text": "no schema version"}')
        if request.endpoint == "build":
            return _json({"id": self.game_build})
        entries = self.worlds[request.query.get("lang", "en")].get(request.endpoint)
        if entries is None:
            return Reply(404, b'{"text": "no such endpoint"}')
        ids = request.query.get("ids")
        if ids is None:
            return _json([entry["id"] for entry in entries])
        if ids == "all":
            return _json(entries)
        wanted = set(ids.split(","))
        if len(wanted) > 200:
            return Reply(400, b'{"text": "id list too long"}')
        found = [entry for entry in entries if str(entry["id"]) in wanted]
        if not found:
            return Reply(404, b'{"text": "all ids provided are invalid"}')
        return _json(found, 200 if len(found) == len(wanted) else 206)


def _json(value: Any, status: int = 200) -> Reply:
    return Reply(status, orjson.dumps(value))
