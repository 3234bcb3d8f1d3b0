"""A server with TLS on this machine whose answers a test writes, and a certificate for it."""

import socketserver
import ssl
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from tests.servers import binary

Answer = Callable[[str, socketserver.BaseRequestHandler], bytes | None]


def certificate(folder: Path, *names: str) -> Path:
    """One file with key and certificate, which is its own authority."""
    folder.mkdir(exist_ok=True)
    key, cert, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
    alternatives = ",".join(f"DNS:{name}" for name in names)
    request = [binary("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    named = ["-subj", "/CN=tests", "-addext", f"subjectAltName={alternatives}", "-days", "2"]
    subprocess.run([*request, *named, "-keyout", key, "-out", cert], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both


class HttpsServer:
    """asked: the first lines and Host headers of all requests. connections: how many were opened."""

    def __init__(self, address: str, port: int, pem: Path, answer: Answer) -> None:
        self.asked: list[tuple[str, str]] = []
        self.connections = 0
        self.over = threading.Event()
        outer = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem)

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                outer.connections += 1
                self.request.settimeout(5)
                try:
                    self.request = context.wrap_socket(self.request, server_side=True)
                    head = b""
                    while b"\r\n\r\n" not in head:
                        received = self.request.recv(65536)
                        if not received:
                            return
                        head += received
                    lines = head.decode().split("\r\n")
                    host = next(line[6:] for line in lines if line.lower().startswith("host: "))
                    outer.asked.append((lines[0], host))
                    reply = answer(lines[0].split()[1], self)
                    if reply is not None:
                        self.request.sendall(reply)
                except OSError:
                    pass
                finally:
                    self.request.close()

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = True
            daemon_threads = True
            block_on_close = False

        self.server = Server((address, port), Handler)
        self.port: int = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> "HttpsServer":
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def reply(body: bytes = b"", *, status: str = "200 OK", headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body
