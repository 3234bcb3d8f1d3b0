"""Ollama's shapes, as both servers write them. Source: the API description of Ollama."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

BUSY = "server busy, please try again.  maximum pending requests exceeded"
VERSION = "0.13.0"


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def line(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def chunk(model: str, text: str, **more: Any) -> dict[str, Any]:
    """One piece of a chat's answer; with done=True and its figures, the last."""
    return {
        "model": model,
        "created_at": now(),
        "message": {"role": "assistant", "content": text},
        "done": False,
        **more,
    }


def missing(model: str) -> dict[str, str]:
    return {"error": f"model '{model}' not found"}


def tag(model: str, *, size: int, parameter_size: str, family: str, quantization: str, digest: str) -> dict[str, Any]:
    return {
        "name": model,
        "model": model,
        "modified_at": "2025-02-07T07:02:00Z",
        "size": size,
        "digest": digest,
        "details": details(parameter_size=parameter_size, family=family, quantization=quantization),
    }


def details(*, parameter_size: str, family: str, quantization: str) -> dict[str, Any]:
    return {
        "parent_model": "",
        "format": "gguf",
        "family": family,
        "families": [family],
        "parameter_size": parameter_size,
        "quantization_level": quantization,
    }


class Writer:
    """One answer on a handler of http.server: whole, or in pieces as they come."""

    def __init__(self, handler: BaseHTTPRequestHandler) -> None:
        self.handler = handler

    def whole(self, status: int, body: bytes, *, kind: str = "application/json; charset=utf-8") -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Content-Length", str(len(body)))
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def begin(self, status: int = 200) -> None:
        self.handler.send_response(status)
        self.handler.send_header("Content-Type", "application/x-ndjson")
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def piece(self, body: bytes) -> None:
        if body:
            self.handler.wfile.write(b"%x\r\n%b\r\n" % (len(body), body))
            self.handler.wfile.flush()

    def end(self) -> None:
        self.handler.wfile.write(b"0\r\n\r\n")


def read_json(handler: BaseHTTPRequestHandler) -> Any:
    """The body, or None where there is none or it is not JSON."""
    try:
        return json.loads(handler.rfile.read(int(handler.headers.get("Content-Length") or 0)))
    except ValueError:
        return None


def pieces(text: str, size: int = 4) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


def server_of(answer: Callable[[BaseHTTPRequestHandler], None], port: int = 0) -> ThreadingHTTPServer:
    """On this machine only; port 0 is any free one."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # or each answer waits for the client's delayed acknowledgement

        def do_GET(self) -> None:
            answer(self)

        def do_POST(self) -> None:
            answer(self)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    return server
