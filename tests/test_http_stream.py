"""Answers that come piece by piece over TLS; over plain lines the client of the language model tries them."""

import socketserver
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from gw2optimizer.http import Cut, Limits, NotReached, TooLarge, TooLate, configured
from tests.https_server import HttpsServer, certificate, reply

LIMITS = Limits(connect=20, first=20, total=30, max_bytes=1000)


def answer(target: str, handler: socketserver.BaseRequestHandler) -> bytes | None:
    match target:
        case "/lines":
            return reply(b"one\ntwo\nthree")
        case "/large":
            return reply(b"x" * 2000)
        case "/packed":
            return reply(b"x", headers="Content-Encoding: gzip\r\n")
        case "/cut":
            return reply(b"one\ntwo\n").replace(b"Content-Length: 8", b"Content-Length: 80")
        case "/dropped":
            return None
    handler.request.sendall(b"HTTP/1.1 200 OK\r\n\r\none\n")
    # Until the client gives up.
    handler.request.recv(1)
    return None


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"), "localhost")


@pytest.fixture
def url(pem: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr("requests.adapters.DEFAULT_CA_BUNDLE_PATH", str(pem))
    with HttpsServer("127.0.0.1", 0, pem, answer) as server:
        yield f"https://localhost:{server.port}"


def lines(url: str, path: str, limits: Limits = LIMITS) -> list[bytes]:
    with configured(url).stream("GET", path, limits=limits) as exchange:
        return list(exchange.lines())


def test_lines_come_whole_and_the_last_without_a_break(url: str) -> None:
    assert lines(url, "/lines") == [b"one", b"two", b"three"]


@pytest.mark.parametrize(
    ("path", "kind"), [("/large", TooLarge), ("/packed", Cut), ("/cut", Cut), ("/dropped", NotReached)]
)
def test_answer_that_is_not_right_is_told(url: str, path: str, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="localhost"):
        lines(url, path)


def test_silence_under_tls_ends_in_time(url: str) -> None:
    with pytest.raises(TooLate):
        lines(url, "/silence", replace(LIMITS, first=0.2))


def test_certificate_is_checked(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pytest.raises(NotReached):
        lines(url, "/lines")
