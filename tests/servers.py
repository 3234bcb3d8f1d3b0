"""Private servers for tests: on 127.0.0.1, on free ports, with their data in a temporary folder, ended by
their process id. A missing binary skips the test by its name; with CI=true that is a failure."""

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

# Ports above are handed out by the kernel to outgoing connections, which could take one at any moment.
PORTS = range(20_000, 32_000)
START_SECONDS = 40


@dataclass
class Server:
    process: subprocess.Popen[bytes]
    folder: Path
    port: int
    stop_signal: int = signal.SIGTERM

    def send(self, number: int) -> None:
        """A signal, to it and to what it started."""
        os.killpg(self.process.pid, number)

    def stop(self) -> None:
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                # One that was stopped in the middle hears nothing else.
                self.send(signal.SIGCONT)
                self.send(self.stop_signal)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass
class _Running:
    servers: list[Server] = field(default_factory=list)


_running = _Running()


def stop_all() -> None:
    while _running.servers:
        _running.servers.pop().stop()


def free_port() -> int:
    for _ in range(200):
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("no free port between 20000 and 32000")


def binary(*names: str) -> str:
    """Path of the first that exists; otherwise the test is skipped or, under CI, fails."""
    extra = [str(folder) for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    path = os.pathsep.join([os.environ.get("PATH", ""), "/usr/local/bin", "/usr/sbin", *extra])
    for name in names:
        found = shutil.which(name, path=path)
        if found:
            return found
    reason = f"{names[0]} is not installed"
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


def _temporary_folder(name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"gw2-{name}-"))


def _start(
    command: list[str],
    *,
    folder: Path,
    port: int,
    user: str | None = None,
    stop_signal: int = signal.SIGTERM,
    cwd: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Server:
    log = (folder / "server.log").open("wb")
    process = subprocess.Popen(
        command,
        stdout=log,
        stderr=log,
        stdin=subprocess.DEVNULL,
        user=user,
        start_new_session=True,
        cwd=cwd or folder,
        env=environment,
    )
    log.close()
    server = Server(process, folder, port, stop_signal)
    _running.servers.append(server)
    return server


def _wait_until(ready: Callable[[], bool], server: Server) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if server.process.poll() is not None or time.monotonic() > deadline:
            log = (server.folder / "server.log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"the server did not start:\n{log}")
        time.sleep(0.05)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise RuntimeError("no user postgres or nobody to run PostgreSQL as")


def start_postgres() -> str:
    """Returns the address for DATABASE_URL."""
    initdb, postgres = binary("initdb"), binary("postgres")
    folder = _temporary_folder("postgres")
    user = _unprivileged_user()
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "gw2", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        check=True,
        capture_output=True,
        user=user,
        cwd=folder,
    )
    port = free_port()
    fast = [f"-c{name}=off" for name in ("fsync", "synchronous_commit", "full_page_writes")]
    command = [postgres, "-D", str(data), "-p", str(port), "-h", "127.0.0.1", "-k", str(folder), *fast]
    server = _start(command, folder=folder, port=port, user=user, stop_signal=signal.SIGINT)
    _wait_until(lambda: _accepts_sql(port), server)
    return f"postgres://gw2@127.0.0.1:{port}/postgres"


def _accepts_sql(port: int) -> bool:
    import psycopg

    try:
        psycopg.connect(host="127.0.0.1", port=port, user="gw2", dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def start_server(
    command: list[str],
    *,
    name: str,
    port: int,
    ready: Callable[[], bool],
    cwd: Path | None = None,
    environment: dict[str, str] | None = None,
) -> Server:
    folder = _temporary_folder(name)
    server = _start(command, folder=folder, port=port, cwd=cwd, environment=environment)
    _wait_until(ready, server)
    return server


def start_redis(port: int | None = None) -> tuple[str, Server]:
    """Returns the address for REDIS_URL, and the server, which a test may stop. port: of one that is started again."""
    program = binary("redis-server")
    folder, port = _temporary_folder("redis"), port or free_port()
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    server = _start([program, *options], folder=folder, port=port)
    _wait_until(lambda: listens(port), server)
    return f"redis://127.0.0.1:{port}/0", server


def start_chromedriver() -> tuple[str, Path, str]:
    """Returns the driver's address, a folder for the browser's profile, and the browser's path."""
    driver, chromium = binary("chromedriver"), binary("chromium", "chromium-browser", "google-chrome")
    folder, port = _temporary_folder("chromium"), free_port()
    server = _start([driver, f"--port={port}", "--allowed-ips="], folder=folder, port=port)
    _wait_until(lambda: listens(port), server)
    return f"http://127.0.0.1:{port}", folder / "profile", chromium
