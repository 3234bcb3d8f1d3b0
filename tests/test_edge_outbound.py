"""The way out to other hosts, tried by those who would lead it astray: addresses, names, redirects, time and size."""

import ipaddress
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from gw2optimizer.errors import InvalidInput, Unavailable
from gw2optimizer.http import configured, public
from gw2optimizer.http.addresses import IPAddress, is_public, resolve
from gw2optimizer.http.public import PublicClient
from tests.https_server import HttpsServer, certificate, reply

ROOT = Path(__file__).resolve().parent.parent
HOST = "builds.example.org"
OTHER = "other.example.org"
HERE = ipaddress.ip_address("127.0.0.1")
THERE = ipaddress.ip_address("127.0.0.2")


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.0.1", "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
        "198.51.100.7", "203.0.113.7", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1",
        "fc00::1", "fd12:3456::1", "fe80::1", "fe80::1%1", "fec0::1", "ff02::1",
    ],
)  # fmt: skip
def test_address_that_is_not_everybodys_is_closed(address: str) -> None:
    assert is_public(ipaddress.ip_address(address)) is False


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"]
)
def test_address_that_is_everybodys_is_open(address: str) -> None:
    assert is_public(ipaddress.ip_address(address)) is True


@pytest.mark.parametrize(
    "name",
    [
        "127.1", "0x7f.1", "0x7f000001", "2130706433", "017700000001", "①②⑦.⓪.⓪.①", "127.0.0.1", "localhost", "[::1]",
        "::1", "Example.org", "example.org.", ".example.org", "exa mple.org", "exam_ple.org", "bücher.example",
        "example.0x1", "a..b.org", "-a.org", f"{'a' * 64}.org", "example.org:443", "",
    ],
)  # fmt: skip
def test_list_of_hosts_takes_only_names(name: str) -> None:
    with pytest.raises(ValueError, match="not the names of hosts"):
        public([HOST, name])


def test_list_of_hosts_cannot_be_empty() -> None:
    with pytest.raises(ValueError, match="not the names of hosts"):
        public([])


def no_lookup(host: str, seconds: float) -> list[IPAddress]:
    raise AssertionError(f"{host} was looked up")


@pytest.mark.parametrize(
    "url",
    [
        f"http://{HOST}/", f"ftp://{HOST}/", f"//{HOST}/", HOST, "", "https://", "file:///etc/passwd",
        "https://127.0.0.1/", "https://127.1/", "https://0x7f.1/", "https://2130706433/", "https://①②⑦.⓪.⓪.①/",
        "https://[::1]/", "https://localhost/", "https://evil.example/", f"https://{HOST}.evil.example/",
        f"https://evil.example/{HOST}", f"https://{HOST}@127.0.0.1/", f"https://user:pw@{HOST}/",
        f"https://evil.example\\@{HOST}/", f"https://{HOST}\\@evil.example/", f"https://{HOST}%2eevil.example/",
        f"https://{HOST}:80/", f"https://{HOST}:444/", f"https://{HOST}:99999/", f"https://{HOST}:/",
        f"https://{HOST}./", f" https://{HOST}/", f"https://{HOST}/a b", f"https://{HOST}/\r\nHost: evil.example",
        f"https://{HOST}/\x00", "https://ｂuilds.example.org/", "https://buildſ.example.org/",
        f"https://{HOST}/\ud800", f"https://{HOST}/" + "a" * 2_000,
    ],
)  # fmt: skip
def test_url_that_is_not_of_the_list_is_refused_before_anybody_is_asked(url: str) -> None:
    client = PublicClient(hosts=frozenset([HOST]), connect_seconds=1, seconds=1, max_bytes=10, lookup=no_lookup)
    with pytest.raises(InvalidInput, match=r"Addresses of these can: builds\.example\.org"):
        client.get(url)


@pytest.mark.parametrize(
    "addresses",
    [[], ["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["64:ff9b::7f00:1"], ["2606:4700::1111", "::ffff:127.0.0.1"]],
)
def test_host_with_one_closed_address_is_not_connected_to(
    addresses: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_: object, **__: object) -> None:
        raise AssertionError("connected")

    monkeypatch.setattr("socket.create_connection", connect)
    client = PublicClient(
        hosts=frozenset([HOST]),
        connect_seconds=1,
        seconds=1,
        max_bytes=10,
        lookup=lambda *_: [ipaddress.ip_address(address) for address in addresses],
    )
    with pytest.raises(Unavailable, match="no public address"):
        client.get(f"https://{HOST}/")


def test_public_profile_of_the_site_has_all_checks_on() -> None:
    client = public([HOST])
    assert (client.port, client.lookup, client.permitted) == (443, resolve, is_public)
    assert client.trust().verify_mode == ssl.CERT_REQUIRED
    assert client.trust().check_hostname


def test_no_code_of_the_site_makes_a_client_with_its_checks_replaced() -> None:
    """`public` is the only way in; the class is named in its own module alone."""
    own = ROOT / "gw2optimizer" / "http" / "public.py"
    modules = [
        path for app in ("accounts", "ai_agents", "builds", "gw2optimizer") for path in (ROOT / app).rglob("*.py")
    ]
    assert own in modules
    assert [path for path in modules if path != own and b"PublicClient" in path.read_bytes()] == []


def test_resolve_is_bounded_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    over = threading.Event()
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: over.wait(5))
    with pytest.raises(TimeoutError):
        resolve(HOST, 0.05)
    over.set()


@pytest.fixture(scope="module")
def pem(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate(tmp_path_factory.mktemp("tls"), HOST, OTHER)


Start = Callable[..., tuple[HttpsServer, PublicClient]]


@pytest.fixture
def start(pem: Path) -> Iterator[Start]:
    """A server and a client that takes it for the host of its list; `changed` replaces what the client would do."""
    servers: list[HttpsServer] = []

    def started(
        answer: Any = b"", *, address: IPAddress = HERE, port: int = 0, own: Path = pem, **changed: Any
    ) -> tuple[HttpsServer, PublicClient]:
        reaction = answer if callable(answer) else lambda *_: answer
        server = HttpsServer(str(address), port, own, reaction).__enter__()
        servers.append(server)
        options: dict[str, Any] = {
            "hosts": frozenset([HOST, OTHER]),
            "connect_seconds": 2,
            "seconds": 4,
            "max_bytes": 1_000,
            "port": server.port,
            "lookup": lambda *_: [address],
            "permitted": lambda found: found in {HERE, THERE},
            "trust": lambda: ssl.create_default_context(cafile=pem),
        }
        return server, PublicClient(**options | changed)

    yield started
    for server in servers:
        server.__exit__(None, None, None)


def test_page_is_fetched_with_the_name_of_its_host(start: Start) -> None:
    server, client = start(reply(b"hello", headers="X-Kind: build\r\n"))
    answer = client.get(f"https://{HOST.upper()}:{server.port}/wiki/Gr\u00fcn?a=%41&b=[x]#part")
    assert (answer.status, answer.body, answer.headers["x-kind"]) == (200, b"hello", "build")
    assert answer.url == f"https://{HOST}/wiki/Gr%C3%BCn?a=%41&b=[x]"
    assert server.asked == [("GET /wiki/Gr%C3%BCn?a=%41&b=[x] HTTP/1.1", f"{HOST}:{server.port}")]


def test_answer_in_pieces_and_of_an_error_is_an_answer(start: Start) -> None:
    chunked = b"HTTP/1.1 404 No\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    _, client = start(chunked)
    assert (client.get(f"https://{HOST}").status, client.get(f"https://{HOST}?q=1").body) == (404, b"abcde")


def test_second_address_is_tried_when_the_first_does_not_answer(start: Start) -> None:
    server, client = start(reply(b"hello"), lookup=lambda *_: [THERE, HERE])
    assert client.get(f"https://{HOST}/").body == b"hello"
    assert server.connections == 1


def test_name_that_changes_its_address_is_connected_where_it_was_checked(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [[THERE], [HERE], [HERE]]
    meant, client = start(
        reply(b"meant"), address=THERE, lookup=lambda *_: answers.pop(0), permitted=lambda found: found == THERE
    )
    trap, _ = start(reply(b"trap"), address=HERE, port=meant.port)
    assert client.get(f"https://{HOST}/").body == b"meant"
    assert (meant.connections, trap.connections, len(answers)) == (1, 0, 2)
    with pytest.raises(Unavailable, match="no public address"):
        client.get(f"https://{HOST}/")
    assert trap.connections == 0


def test_certificate_of_another_name_is_refused(start: Start, tmp_path: Path) -> None:
    wrong = certificate(tmp_path / "wrong", "evil.example")
    server, client = start(reply(b"x"), own=wrong, trust=lambda: ssl.create_default_context(cafile=wrong))
    with pytest.raises(Unavailable, match="certificate isn't valid"):
        client.get(f"https://{HOST}/")
    assert server.asked == []


def test_certificate_of_an_unknown_authority_is_refused(start: Start) -> None:
    _, client = start(reply(b"x"), trust=ssl.create_default_context)
    with pytest.raises(Unavailable, match="certificate isn't valid"):
        client.get(f"https://{HOST}/")


def redirect(target: str, status: str = "302 Found") -> bytes:
    return reply(status=status, headers=f"Location: {target}\r\n")


@pytest.mark.parametrize(
    "target",
    [
        "https://127.0.0.1/", "http://builds.example.org/", "https://169.254.169.254/latest/meta-data/",
        "https://evil.example/", "//evil.example/x", "file:///etc/passwd", "https://[::1]/", "https://[broken/",
        f"https://{HOST}@127.0.0.1/", f"https://{HOST}:22/", "https://①②⑦.⓪.⓪.①/".encode().decode("latin-1"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 Other", "307 Same", "308 Same"])
def test_redirect_off_the_list_is_not_followed(start: Start, target: str, status: str) -> None:
    server, client = start(redirect(target, status).replace(b"\xc3\xa2", b"\xe2"))
    with pytest.raises(Unavailable, match="leads to an address that can't be read here"):
        client.get(f"https://{HOST}/")
    assert server.connections == 1


def test_redirect_to_a_host_whose_address_is_closed_is_not_followed(start: Start) -> None:
    server, client = start(
        lambda path, _: redirect(f"https://{OTHER}/b") if path == "/a" else reply(b"inside"),
        lookup=lambda host, _: [THERE if host == HOST else HERE],
        permitted=lambda found: found == THERE,
        address=THERE,
    )
    with pytest.raises(Unavailable, match=f"{OTHER} can't be reached: it has no public address"):
        client.get(f"https://{HOST}/a")
    assert [line for line, _ in server.asked] == ["GET /a HTTP/1.1"]


def test_redirect_within_the_list_is_followed(start: Start) -> None:
    steps = {"/a": redirect("b?x=1"), "/b?x=1": redirect(f"https://{OTHER}/c", "308 P"), "/c": reply(b"here")}
    server, client = start(lambda path, _: steps[path])
    answer = client.get(f"https://{HOST}/a")
    assert (answer.body, answer.url) == (b"here", f"https://{OTHER}/c")
    assert [host.split(":")[0] for _, host in server.asked] == [HOST, HOST, OTHER]


def test_redirect_in_a_circle_ends(start: Start) -> None:
    server, client = start(redirect("/again"))
    with pytest.raises(Unavailable, match="leads on and on"):
        client.get(f"https://{HOST}/")
    assert server.connections == 5


def endless(head: bytes, drop: bytes, pause: float) -> Any:
    def answer(_: str, handler: socketserver.BaseRequestHandler) -> None:
        handler.request.sendall(head)
        ends = time.monotonic() + 20
        while time.monotonic() < ends:
            handler.request.sendall(drop)
            time.sleep(pause)

    return answer


@pytest.mark.parametrize(
    ("head", "drop"),
    [
        (b"", b"H"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"a"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n", b"a"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["status", "header", "body", "sized body", "chunks", "continue"],
)
def test_answer_in_drops_is_cut_when_its_time_is_up(start: Start, head: bytes, drop: bytes) -> None:
    _, client = start(endless(head, drop, 0.02), seconds=0.4)
    with pytest.raises(Unavailable, match="didn't answer in time"):
        client.get(f"https://{HOST}/")


def test_silence_after_connecting_is_cut_when_its_time_is_up() -> None:
    """A server that takes the connection and never says a word, so that not even TLS begins."""
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as silent:
        client = PublicClient(
            hosts=frozenset([HOST]),
            connect_seconds=5,
            seconds=0.3,
            max_bytes=10,
            port=silent.server_address[1],
            lookup=lambda *_: [HERE],
            permitted=lambda _: True,
        )
        with pytest.raises(Unavailable, match="didn't answer in time"):
            client.get(f"https://{HOST}/")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (reply(b"x" * 1_001), "more than 1000 bytes"),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 500, 0), "more than 1000 bytes"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", "cut or broken"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", "cut or broken"),
        (b"nonsense\r\n\r\n", "cut or broken"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n", "cut or broken"),
        (reply(b"\x1f\x8b", headers="Content-Encoding: gzip\r\n"), "cut or broken"),
        (b"", "cut or broken|connection failed"),
    ],
    ids=["large", "endless", "short", "short chunk", "no http", "many headers", "packed", "nothing"],
)
def test_answer_that_is_too_large_or_not_whole_is_none(start: Start, answer: Any, told: str) -> None:
    _, client = start(answer)
    with pytest.raises(Unavailable, match=told):
        client.get(f"https://{HOST}/")


def test_answer_as_large_as_it_may_be_is_taken(start: Start) -> None:
    _, client = start(reply(b"x" * 1_000))
    assert len(client.get(f"https://{HOST}/").body) == 1_000


class Dripping(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", "100000")
        self.end_headers()
        for _ in range(1_000):
            try:
                self.wfile.write(b"x")
            except OSError:
                return
            time.sleep(0.02)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Dripping)
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_configured_service_that_drips_is_cut(service: str) -> None:
    with configured(service, timeout=(1, 0.3)) as client, pytest.raises(Unavailable, match=r"longer than 0\.3 seconds"):
        client.get("/")


def test_configured_service_leads_nowhere_else(service: str) -> None:
    with configured(service) as client:
        answer = client.get("/away")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/elsewhere")


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example/", "@evil.example/", "\\\\evil.example"])
def test_configured_service_keeps_its_host_whatever_the_path(service: str, path: str) -> None:
    with configured(service, timeout=(1, 0.1)) as client, pytest.raises(Unavailable, match="longer than"):
        client.get(path)


@pytest.mark.parametrize("url", ["ftp://a.example", "a.example", "https://u:p@a.example", "https://a.example/?x=1", ""])
def test_configured_service_needs_a_whole_address(url: str) -> None:
    with pytest.raises(ValueError, match="base address"):
        configured(url)
