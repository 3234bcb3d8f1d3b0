"""An Ollama whose answers a test writes, one reply a request, faults among them.

    with ScriptedOllama() as ollama:
        ollama.say(busy(), tokens("All is well."), fitting(note="[[trait:567]]"))
        ...
        assert ollama.requests[0].body["options"]["seed"] == 7

Replies are for /api/chat and are taken in order; `when_done` answers all later ones (a short text, or where a schema
is asked for something that fits it). Other routes answer rightly, unless `on(path, ...)` says otherwise."""

import json
import socket
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from tests.ollama_server import wire
from tests.ollama_server.schemas import fitting_value

FIGURES = {
    "total_duration": 400_000_000,
    "load_duration": 50_000_000,
    "prompt_eval_count": 21,
    "prompt_eval_duration": 100_000_000,
    "eval_count": 9,
    "eval_duration": 250_000_000,
}


class Cut:
    """The connection ends here."""


@dataclass(frozen=True)
class Pause:
    """Nothing is sent for so long, or until the server ends."""

    seconds: float = 60.0


Step = bytes | Pause | Cut


@dataclass(frozen=True)
class Request:
    """body: the JSON; empty where none was sent."""

    path: str
    body: dict[str, Any]
    headers: dict[str, str]

    @property
    def streams(self) -> bool:
        return self.body.get("stream") is not False

    @property
    def model(self) -> str:
        return str(self.body.get("model", ""))

    @property
    def text(self) -> str:
        """All messages, as a hostile model would repeat them."""
        return "\n".join(str(message.get("content")) for message in self.body.get("messages") or [])


@dataclass(frozen=True)
class Reply:
    """steps: what is sent after the head, in order. `whole`: a body of known length, as Ollama's answers are that are
    not streamed. before: seconds of silence before the head. raw: the steps are the whole answer, head and all."""

    steps: tuple[Step, ...] | Iterator[Step] = ()
    status: int = 200
    whole: bool = False
    before: float = 0.0
    raw: bool = False


Script = Reply | Callable[[Request], Reply]


def _open(parts: Iterable[str], request: Request) -> Iterator[bytes]:
    return (wire.line(wire.chunk(request.model, part)) for part in parts)


def _chat(parts: Iterable[str], request: Request, **last: Any) -> Reply:
    """The parts as tokens, then the last line; as one object for who doesn't stream."""
    end = {"done": True, "done_reason": "stop", **FIGURES, **last}
    if not request.streams:
        return Reply((wire.line(wire.chunk(request.model, "".join(parts), **end)),), whole=True)
    return Reply((*_open(parts, request), wire.line(wire.chunk(request.model, "", **end))))


# --- Right answers -------------------------------------------------------------------------------
def tokens(*parts: str, **last: Any) -> Script:
    """A text, token by token. last: fields of the last line, such as `eval_count=3`."""
    return lambda request: _chat(parts, request, **last)


def answer(value: Any) -> Script:
    """Any value as JSON: right, of a wrong schema, with ids that were never offered."""
    return lambda request: _json(value, request)


def _json(value: Any, request: Request) -> Reply:
    return _chat(wire.pieces(json.dumps(value, ensure_ascii=False), 16), request)


def _fitting(request: Request, text: str, texts: dict[str, str]) -> Reply:
    schema = request.body.get("format")
    return _json(fitting_value(schema, text, texts), request) if isinstance(schema, dict) else _chat([text], request)


def fitting(text: str = "All is well.", **texts: str) -> Script:
    """What fits the schema of the request: the first choice of each list, and `text` for free texts; texts: of
    fields by name."""
    return lambda request: _fitting(request, text, texts)


def without_figures(*parts: str) -> Script:
    """Ollama leaves out what is zero."""
    last = {"done": True, "done_reason": "stop"}
    return lambda request: Reply((*_open(parts, request), wire.line(wire.chunk(request.model, "", **last))))


# --- Refusals ------------------------------------------------------------------------------------
def error(status: int, text: str) -> Reply:
    return Reply((wire.line({"error": text}),), status, whole=True)


def busy() -> Reply:
    return error(503, wire.BUSY)


def missing() -> Script:
    return lambda request: error(404, wire.missing(request.model)["error"])


def too_long_prompt() -> Reply:
    return error(400, "the prompt is longer than the context length currently available to the model")


# --- Slow ones -----------------------------------------------------------------------------------
def slow_first_byte(seconds: float = 60.0, then: str = "Late.") -> Script:
    def reply(request: Request) -> Reply:
        right = _chat([then], request)
        return Reply(right.steps, whole=right.whole, before=seconds)

    return reply


def stall(*parts: str, seconds: float = 60.0) -> Script:
    """These tokens, and then nothing more."""
    return lambda request: Reply((*_open(parts, request), Pause(seconds)))


def trickle(seconds: float = 0.02, *, head: bool = False) -> Reply:
    """A byte at a time, of a line that never ends; head: of the answer's first lines already."""

    def drip() -> Iterator[Step]:
        yield b"HTTP/1.1 200 OK\r\nX-Drip: " if head else b'{"message": {"content": "'
        while True:
            yield b"a"
            yield Pause(seconds)

    return Reply(drip(), raw=head)


def endless(part: str = "and on ", seconds: float = 0.0) -> Script:
    """Tokens without an end."""

    def pour(request: Request) -> Iterator[Step]:
        while True:
            yield wire.line(wire.chunk(request.model, part))
            if seconds:
                yield Pause(seconds)

    return lambda request: Reply(pour(request))


# --- Broken ones ---------------------------------------------------------------------------------
def error_line(*parts: str, text: str = "model runner has unexpectedly stopped") -> Script:
    """These tokens, then an error, all with status 200."""
    return lambda request: Reply((*_open(parts, request), wire.line({"error": text})))


def unfinished(*parts: str) -> Script:
    """Ends in order, though the last line says `done: false`."""
    return lambda request: Reply(tuple(_open(parts, request)))


def truncated(*parts: str) -> Script:
    """The model had more to say than it may."""
    return tokens(*parts, done_reason="length")


def cut_off(*parts: str) -> Script:
    """The connection ends in the middle."""
    return lambda request: Reply((*_open(parts, request), Cut()))


def dropped() -> Reply:
    """The connection ends before an answer begins."""
    return Reply((Cut(),), raw=True)


def broken_json() -> Reply:
    return Reply((b'{"message": {"content": "half\n', b"<html>nginx</html>\n"))


def not_ollama() -> Reply:
    """Something else answers there."""
    return Reply((b"<html><h1>It works!</h1></html>",), whole=True)


def large(size: int = 10 * 1024 * 1024) -> Script:
    """One token of so many bytes."""
    return lambda request: Reply((wire.line(wire.chunk(request.model, "x" * size)),))


def echo() -> Script:
    """Repeats the messages, as a model does that an injected instruction has won over; in a schema, in each of its
    free texts."""
    return lambda request: _fitting(request, request.text, {})


def refused_url() -> str:
    """An address of this machine at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


# --- The server ----------------------------------------------------------------------------------
@dataclass
class ScriptedOllama:
    """models: those that it says it has. requests: all that came, in order. most_at_once: chats under way at a time."""

    models: tuple[str, ...] = ("mistral:7b",)
    parameter_size: str = "7.2B"
    when_done: Script = field(default_factory=fitting)
    requests: list[Request] = field(default_factory=list)
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._scripts: dict[str, list[Script]] = defaultdict(list)
        self._lock = threading.Lock()
        self._under_way = 0
        self.over = threading.Event()

    def say(self, *replies: Script) -> None:
        self.on("/api/chat", *replies)

    def on(self, path: str, *replies: Script) -> None:
        self._scripts[path] += replies

    def asked(self, path: str = "/api/chat") -> int:
        return sum(1 for request in self.requests if request.path == path)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Self:
        self.server = wire.server_of(self._answer)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = wire.read_json(handler)
        request = Request(handler.path, body if isinstance(body, dict) else {}, dict(handler.headers))
        with self._lock:
            self.requests.append(request)
            scripts = self._scripts[request.path]
            script = scripts.pop(0) if scripts else self._right(request)
            self._under_way += request.path == "/api/chat"
            self.most_at_once = max(self.most_at_once, self._under_way)
        try:
            self._send(handler, script if isinstance(script, Reply) else script(request))
        except OSError:
            handler.close_connection = True  # the client went away
        finally:
            with self._lock:
                self._under_way -= request.path == "/api/chat"

    def _right(self, request: Request) -> Script:
        known = request.model in self.models
        match request.path:
            case "/api/chat":
                return self.when_done if known else missing()
            case "/api/version":
                return _whole({"version": wire.VERSION})
            case "/api/tags":
                return _whole({"models": [self._tag(model) for model in self.models]})
            case "/api/show":
                return _whole(self._shown()) if known else missing()
            case "/api/create":
                steps = ("reading model metadata", "writing manifest", "success")
                return Reply(tuple(wire.line({"status": step}) for step in steps))
        return Reply((b"404 page not found",), 404, whole=True)

    def _tag(self, model: str) -> dict[str, Any]:
        return wire.tag(
            model,
            size=4_113_301_824,
            parameter_size=self.parameter_size,
            family="llama",
            quantization="Q4_0",
            digest="0" * 64,
        )

    def _shown(self) -> dict[str, Any]:
        return {
            "details": wire.details(parameter_size=self.parameter_size, family="llama", quantization="Q4_0"),
            "model_info": {"general.architecture": "llama", "llama.context_length": 32_768},
            "capabilities": ["completion"],
            "modified_at": "2025-02-07T07:02:00Z",
        }

    def _send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        if reply.before:
            self.over.wait(reply.before)
        writer = wire.Writer(handler)
        if reply.whole:
            return writer.whole(reply.status, b"".join(step for step in reply.steps if isinstance(step, bytes)))
        if not reply.raw:
            writer.begin(reply.status)
        for step in reply.steps:
            if self.over.is_set() or isinstance(step, Cut):
                handler.close_connection = True
                return None
            if isinstance(step, Pause):
                self.over.wait(step.seconds)
            elif reply.raw:
                handler.wfile.write(step)
            else:
                writer.piece(step)
        return None if reply.raw else writer.end()


def _whole(value: Any) -> Reply:
    return Reply((wire.line(value),), whole=True)
