"""The profile for addresses that a visitor can have a say in: the hosts of one list, https, public addresses only."""

import contextlib
import http.client
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from urllib.parse import quote, urljoin

import certifi

from gw2optimizer.errors import InvalidInput, Unavailable
from gw2optimizer.http.addresses import IPAddress, is_public, resolve
from gw2optimizer.http.configured import USER_AGENT

LONGEST_URL = 2_000
MOST_HOPS = 4
REDIRECTS = {301, 302, 303, 307, 308}

_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# A last label with a letter first: `127.1` and `0x7f.1` are names to the system, and mean this machine.
_NAME = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")
_URL = re.compile(
    r"https://(?P<host>[a-z0-9.-]{1,253})(?::(?P<port>[0-9]{1,5}))?(?P<target>(?:[/?][^\s\\#\x00-\x20\x7f]*)?)(?:#.*)?",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """url: of the last hop. headers: lower-case names. Any status is an answer, but those of redirects."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class _NotAllowed(Exception):
    pass


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicClient:
    """hosts: exact names. connect_seconds: to resolve, and to connect to one address. seconds: for everything, all
    hops together. max_bytes: of a body. What stands below is what tests replace; `public` gives no way to."""

    hosts: frozenset[str]
    connect_seconds: float
    seconds: float
    max_bytes: int
    port: int = 443
    lookup: Callable[[str, float], list[IPAddress]] = resolve
    permitted: Callable[[IPAddress], bool] = is_public
    trust: Callable[[], ssl.SSLContext] = field(default=_trust)

    def __post_init__(self) -> None:
        wrong = [host for host in self.hosts if not _NAME.fullmatch(host)]
        if wrong or not self.hosts:
            raise ValueError(f"not the names of hosts: {wrong}")

    def get(self, url: str, *, accept: str = "*/*") -> Fetched:
        """Raises InvalidInput for an address that is not of the list, Unavailable where no whole answer came,
        or one that leads somewhere else."""
        try:
            host, target = self._checked(url)
        except _NotAllowed as error:
            known = ", ".join(sorted(self.hosts))
            raise InvalidInput(f"This address can't be read here. Addresses of these can: {known}.") from error
        ends = time.monotonic() + self.seconds
        for _ in range(MOST_HOPS + 1):
            answer = self._ask(host, target, accept, ends)
            location = answer.headers.get("location")
            if answer.status not in REDIRECTS or not location:
                return answer
            try:
                host, target = self._checked(urljoin(answer.url, location))
            except (_NotAllowed, ValueError) as error:
                raise Unavailable(f"{host} leads to an address that can't be read here.") from error
        raise Unavailable(f"{host} leads on and on.")

    def _checked(self, url: str) -> tuple[str, str]:
        """Host and target of the request."""
        found = _URL.fullmatch(url) if len(url) <= LONGEST_URL else None
        if found is None or int(found["port"] or self.port) != self.port or found["host"].lower() not in self.hosts:
            raise _NotAllowed
        try:
            target = quote(found["target"], safe="/?%:@!$&'()*+,;=~[]")
        except UnicodeEncodeError as error:
            raise _NotAllowed from error
        return found["host"].lower(), target if target.startswith("/") else f"/{target}"

    def _ask(self, host: str, target: str, accept: str, ends: float) -> Fetched:
        try:
            with self._connected(host, ends) as connection:
                # Nothing packed: a kilobyte of it could unpack to a gigabyte.
                headers = {"User-Agent": USER_AGENT, "Accept": accept, "Accept-Encoding": "identity"}
                connection.request("GET", target, headers=headers)
                answer = self._read(connection.getresponse(), host, target)
                # A line that the timer cut ends like a body without a length.
                _left(ends)
                return answer
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable(f"{host} can't be reached: {_reason(error, late=time.monotonic() >= ends)}.") from error

    def _connected(self, host: str, ends: float) -> "_Connection":
        addresses = self.lookup(host, min(self.connect_seconds, _left(ends)))
        # One that is closed to us spoils all: a name of ours would have none.
        if not addresses or not all(self.permitted(address) for address in addresses):
            raise Unavailable(f"{host} can't be reached: it has no public address.")
        for address in addresses[:-1]:
            with contextlib.suppress(OSError):
                return self._connected_to(address, host, ends)
        return self._connected_to(addresses[-1], host, ends)

    def _connected_to(self, address: IPAddress, host: str, ends: float) -> "_Connection":
        line = socket.create_connection((str(address), self.port), timeout=min(self.connect_seconds, _left(ends)))
        return _Connection(host, self.port, line, self.trust(), ends)

    def _read(self, response: http.client.HTTPResponse, host: str, target: str) -> Fetched:
        headers = {name.lower(): value for name, value in response.getheaders()}
        if headers.get("content-encoding", "identity").lower() != "identity":
            raise http.client.HTTPException("packed, though that was not asked for")
        chunks: list[bytes] = []
        size = 0
        while chunk := response.read1(65536):
            size += len(chunk)
            if size > self.max_bytes:
                raise Unavailable(f"{host} sent more than {self.max_bytes} bytes.")
            chunks.append(chunk)
        if response.length:
            raise http.client.IncompleteRead(b"", response.length)
        return Fetched(f"https://{host}{target}", response.status, headers, b"".join(chunks))


class _Connection(http.client.HTTPSConnection):
    """Over a line that stands already, so that no name is asked for again. A timeout bounds each read, not their
    sum; a timer here cuts the line when the time for everything is up, wherever a slow answer has come to."""

    def __init__(self, host: str, port: int, line: socket.socket, trust: ssl.SSLContext, ends: float) -> None:
        super().__init__(host, port)
        # Beside the line itself: the layer of TLS takes its descriptor over.
        self._guard = line.dup()
        self._timer = threading.Timer(max(0.0, ends - time.monotonic()), self._cut)
        self._timer.daemon = True
        self._timer.start()
        try:
            line.settimeout(_left(ends))
            self.sock = trust.wrap_socket(line, server_hostname=host)
        except OSError:
            line.close()
            self.release()
            raise

    def _cut(self) -> None:
        with contextlib.suppress(OSError):
            self._guard.shutdown(socket.SHUT_RDWR)

    def release(self) -> None:
        """Not `close`, which is called as soon as an answer without a length begins."""
        self._timer.cancel()
        self._guard.close()
        self.close()

    def __enter__(self) -> "_Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _left(ends: float) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _reason(error: Exception, *, late: bool) -> str:
    if late or isinstance(error, TimeoutError):
        return "it didn't answer in time"
    if isinstance(error, ssl.SSLCertVerificationError):
        return "its certificate isn't valid"
    if isinstance(error, socket.gaierror):
        return "there is no such host"
    if isinstance(error, http.client.HTTPException):
        return "its answer was cut or broken"
    return "the connection failed"


def public(
    hosts: Iterable[str], *, connect_seconds: float = 3, seconds: float = 10, max_bytes: int = 2 * 1024 * 1024
) -> PublicClient:
    return PublicClient(hosts=frozenset(hosts), connect_seconds=connect_seconds, seconds=seconds, max_bytes=max_bytes)
