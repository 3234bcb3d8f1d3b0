"""Ollama's wire format before the small model: the routes that the site asks."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.ollama_server import wire
from tests.ollama_server.model import NAME, PARAMETERS, TRAINED_CONTEXT, Outcome, Refused, SmallModel

LOOKS = {"parameter_size": "134.52M", "family": "llama", "quantization": "Q4_1"}


class NotNow(Exception):
    """An answer in place of the one asked for."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


@dataclass
class Front:
    """queue: how many may wait while one is answered. made: models of `create`, name to words before every chat."""

    model: SmallModel
    queue: int = 4
    made: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._turn = threading.Lock()
        self._under_way = 0

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        writer = wire.Writer(handler)
        try:
            self._route(handler, writer)
        except NotNow as refusal:
            writer.whole(refusal.status, wire.line({"error": str(refusal)}))
        except OSError:
            handler.close_connection = True  # the client went away

    def _route(self, handler: BaseHTTPRequestHandler, writer: wire.Writer) -> None:
        body = wire.read_json(handler)
        match handler.command, handler.path:
            case "GET", "/":
                writer.whole(200, b"Ollama is running", kind="text/plain; charset=utf-8")
            case "GET", "/api/version":
                writer.whole(200, wire.line({"version": wire.VERSION}))
            case "GET", "/api/tags":
                writer.whole(200, wire.line({"models": [self._tag(name) for name in (NAME, *self.made)]}))
            case "POST", ("/api/show" | "/api/chat" | "/api/generate" | "/api/create") as route:
                if not isinstance(body, dict):
                    raise NotNow(400, "invalid request body")
                self._posted(route, body, writer)
            case _:
                writer.whole(404, b"404 page not found", kind="text/plain")

    def _posted(self, route: str, body: dict[str, Any], writer: wire.Writer) -> None:
        name = str(body.get("model") or "")
        if not name:
            raise NotNow(400, "model is required")
        if route == "/api/create":
            return self._create(name, body, writer)
        if name != NAME and name not in self.made:
            raise NotNow(404, wire.missing(name)["error"])
        if route == "/api/show":
            return writer.whole(200, wire.line(self._shown()))
        with self._place():
            _Answer(self, route == "/api/chat", name, body, writer).give()
        return None

    def _create(self, name: str, body: dict[str, Any], writer: wire.Writer) -> None:
        base = str(body.get("from") or "")
        if base != NAME and base not in self.made:
            raise NotNow(404, wire.missing(base)["error"])
        self.made[name] = str(body.get("system") or self.made.get(base, ""))
        steps = [wire.line({"status": step}) for step in ("using existing layer", "writing manifest", "success")]
        if body.get("stream") is False:
            return writer.whole(200, steps[-1])
        writer.begin()
        for step in steps:
            writer.piece(step)
        return writer.end()

    @contextmanager
    def _place(self) -> Iterator[None]:
        """One is answered at a time, and no more wait than may."""
        with self._lock:
            if self._under_way > self.queue:
                raise NotNow(503, wire.BUSY)
            self._under_way += 1
        try:
            with self._turn:
                yield
        finally:
            with self._lock:
                self._under_way -= 1

    def _tag(self, name: str) -> dict[str, Any]:
        return wire.tag(name, size=self.model.size, digest=self.model.digest, **LOOKS)

    def _shown(self) -> dict[str, Any]:
        return {
            "modelfile": "",
            "template": "",
            "details": wire.details(**LOOKS),
            "model_info": {
                "general.architecture": "llama",
                "general.parameter_count": PARAMETERS,
                "llama.context_length": TRAINED_CONTEXT,
            },
            "capabilities": ["completion"],
            "modified_at": "2025-02-07T07:02:00Z",
        }


class _Answer:
    """Of /api/chat or /api/generate. Its head waits for the first piece, since until then a refusal has a status."""

    def __init__(self, front: Front, chat: bool, name: str, body: dict[str, Any], writer: wire.Writer) -> None:
        self.front = front
        self.chat = chat
        self.name = name
        self.body = body
        self.writer = writer
        self.streams = body.get("stream") is not False
        self.begun = False
        self.gone: OSError | None = None
        self.parts: list[str] = []

    def give(self) -> None:
        started = time.monotonic()
        messages = self._messages()
        if not messages:
            return self._send({"done": True, "done_reason": "load"})
        try:
            outcome = self.front.model.chat(
                messages,
                form=self.body.get("format"),
                options=self.body.get("options") or {},
                on_text=self._streamed if self.streams else self._kept,
            )
        except Refused as refusal:
            if self.begun:
                self.writer.piece(wire.line({"error": str(refusal)}))
                return self.writer.end()
            raise NotNow(400, str(refusal)) from refusal
        if self.gone is not None:
            raise self.gone
        return self._send(_figures(outcome, time.monotonic() - started))

    def _messages(self) -> list[dict[str, str]]:
        said = self.body.get("messages") or []
        if not self.chat:
            prompt, system = self.body.get("prompt"), self.body.get("system")
            said = [{"role": role, "content": text} for role, text in (("system", system), ("user", prompt)) if text]
        before = self.front.made.get(self.name)
        first = [{"role": "system", "content": before}] if before and said else []
        return first + [{"role": str(one.get("role")), "content": str(one.get("content") or "")} for one in said]

    def _kept(self, text: str) -> bool:
        self.parts.append(text)
        return False

    def _streamed(self, text: str) -> bool:
        """Whoever no longer reads ends the answer: the model would write on for nobody."""
        try:
            self._begin()
            self.writer.piece(wire.line(self._piece(text)))
        except OSError as error:
            self.gone = error
        return self.gone is not None

    def _begin(self) -> None:
        if not self.begun:
            self.begun = True
            self.writer.begin()

    def _piece(self, text: str, **more: Any) -> dict[str, Any]:
        if self.chat:
            return wire.chunk(self.name, text, **more)
        return {"model": self.name, "created_at": wire.now(), "response": text, "done": False, **more}

    def _send(self, last: dict[str, Any]) -> None:
        line = wire.line(self._piece("".join(self.parts), **last))
        if not self.streams:
            return self.writer.whole(200, line)
        self._begin()
        self.writer.piece(line)
        return self.writer.end()


def _figures(outcome: Outcome, seconds: float) -> dict[str, Any]:
    """Durations in nanoseconds; what is zero is left out, as Ollama does."""
    figures = {
        "total_duration": round(seconds * 1e9),
        "prompt_eval_count": outcome.prompt_tokens,
        "prompt_eval_duration": round(outcome.prompt_seconds * 1e9),
        "eval_count": outcome.answer_tokens,
        "eval_duration": round(outcome.answer_seconds * 1e9),
    }
    return {"done": True, "done_reason": outcome.reason, **{name: value for name, value in figures.items() if value}}
