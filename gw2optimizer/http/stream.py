"""An exchange with one server whose answer comes piece by piece, for those that take minutes. The network is another
thread's business: the caller's own waits are short, so that every limit holds wherever a slow answer has come to, and
who waits can be called off in the middle of a silence."""

import contextlib
import http.client
import queue
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from gw2optimizer.errors import Unavailable

# How often a wait looks up.
LOOK_SECONDS = 0.2
# A thread whose line was ended needs no longer; one that still asks for a name is left to itself.
LEAVE_SECONDS = 1.0

Failure = requests.RequestException | urllib3.exceptions.HTTPError | http.client.HTTPException | OSError
News = Literal["connected", "end"] | int | bytes | Failure | Unavailable


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds from the start of an exchange: connect until the line stands (name and connection), first until the
    first whole line of the answer, total until its end. After the first line, `first` bounds each further silence.
    max_bytes: of the body."""

    connect: float
    first: float
    total: float
    max_bytes: int


class NotReached(Unavailable):
    """No answer began: another try does no harm."""


class TooLate(Unavailable):
    """A limit of time passed."""


class Cut(Unavailable):
    """The answer ended in its middle, or can't be read."""


class TooLarge(Unavailable):
    """More bytes than allowed."""


class _Line:
    """The connection of one exchange, to be ended from another thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: socket.socket | None = None
        self._ended = False

    def hold(self, line: socket.socket) -> socket.socket:
        with self._lock:
            # Beside the line itself: a layer of TLS takes its descriptor over.
            self._held = line.dup()
        if self._ended:
            self.end()
        return line

    def end(self) -> None:
        with self._lock:
            self._ended = True
            if self._held is not None:
                with contextlib.suppress(OSError):
                    self._held.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        with self._lock:
            if self._held is not None:
                self._held.close()
                self._held = None


def _adapter(connected: Callable[[socket.socket], socket.socket]) -> HTTPAdapter:
    """Opens each connection as always, and hands it to `connected` before a byte is sent."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connected(super()._new_conn())

    class Secured(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connected(super()._new_conn())

    class PlainPool(urllib3.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(urllib3.HTTPSConnectionPool):
        ConnectionCls = Secured

    adapter = HTTPAdapter(max_retries=0)
    adapter.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecuredPool}
    return adapter


class Exchange:
    """One request and its answer, as a context. name: of the server, for the sentences of errors. while_waiting:
    called at the start and about five times a second; what it raises ends the exchange.

    Entering waits until the answer begins. Raises NotReached, TooLate, Cut, TooLarge."""

    def __init__(
        self,
        method: str,
        url: str,
        *,
        name: str,
        limits: Limits,
        headers: Mapping[str, str],
        json: object = None,
        while_waiting: Callable[[], None] | None = None,
    ) -> None:
        self.status = 0
        self.name = name
        self._limits = limits
        self._request = requests.Request(method, url, headers={**headers, "Accept-Encoding": "identity"}, json=json)
        self._while_waiting = while_waiting or (lambda: None)
        self._line = _Line()
        self._news: queue.SimpleQueue[News] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._pump, name="exchange", daemon=True)
        self._started = self._looked = 0.0

    def __enter__(self) -> "Exchange":
        self._started = time.monotonic()
        self._thread.start()
        try:
            self._expect(self._started + self._limits.connect, NotReached)
            status = self._expect(self._started + min(self._limits.first, self._limits.total), TooLate)
        except BaseException:
            self._leave()
            raise
        assert isinstance(status, int)
        self.status = status
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def lines(self) -> Iterator[bytes]:
        """Each line of the body as soon as it is whole, and what comes after the last line break."""
        rest = bytearray()
        until = self._started + self._limits.first
        while piece := self._piece(until):
            rest += piece
            if b"\n" not in piece:
                continue
            *whole, last = bytes(rest).split(b"\n")
            rest = bytearray(last)
            yield from whole
            until = time.monotonic() + self._limits.first
        if rest:
            yield bytes(rest)

    def read(self) -> bytes:
        """The whole body; only `total` bounds how long it may take."""
        ends = self._started + self._limits.total
        return b"".join(iter(lambda: self._piece(ends), b""))

    def _piece(self, until: float) -> bytes:
        """Empty at the end."""
        news = self._expect(min(until, self._started + self._limits.total), TooLate)
        return news if isinstance(news, bytes) else b""

    def _expect(self, until: float, late: type[Unavailable]) -> Literal["connected", "end"] | int | bytes:
        while True:
            now = time.monotonic()
            if now - self._looked >= LOOK_SECONDS:
                self._while_waiting()
                self._looked = now = time.monotonic()
            if now >= until:
                raise late(f"{self.name} didn't answer in time.")
            with contextlib.suppress(queue.Empty):
                news = self._news.get(timeout=min(until - now, LOOK_SECONDS))
                break
        if isinstance(news, Unavailable):
            raise news
        if isinstance(news, Exception):
            kind, what = (Cut, "its answer was cut or broken") if self.status else (NotReached, "the connection failed")
            raise kind(f"{self.name} can't be reached: {what}.") from news
        return news

    def _leave(self) -> None:
        self._line.end()
        self._thread.join(LEAVE_SECONDS)

    def _pump(self) -> None:
        """The other thread: everything that may block."""
        try:
            with requests.Session() as session:
                # Proxies and logins of the environment are not part of "exactly this host".
                session.trust_env = False
                adapter = _adapter(self._connected)
                session.mount("http://", adapter)
                session.mount("https://", adapter)
                limits = (self._limits.connect, self._limits.total)
                with session.send(
                    session.prepare_request(self._request), stream=True, timeout=limits, allow_redirects=False
                ) as response:
                    self._news.put(response.status_code)
                    self._read(response)
            self._news.put("end")
        except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError) as error:
            self._news.put(error)
        except Unavailable as error:
            self._news.put(error)
        finally:
            self._line.release()

    def _connected(self, line: socket.socket) -> socket.socket:
        self._line.hold(line)
        self._news.put("connected")
        return line

    def _read(self, response: requests.Response) -> None:
        # Packed, a kilobyte could unpack to a gigabyte.
        if response.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Cut(f"{self.name} packed its answer, though that was not asked for.")
        size = 0
        while chunk := response.raw.read1(65536, decode_content=False):
            size += len(chunk)
            if size > self._limits.max_bytes:
                raise TooLarge(f"{self.name} sent more than {self._limits.max_bytes} bytes.")
            self._news.put(chunk)
