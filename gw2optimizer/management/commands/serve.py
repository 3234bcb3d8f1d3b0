"""The one supervisor: web, workers and beat as children of one process that starts and ends them together."""

import argparse
import contextlib
import http.client
import os
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser

from gw2optimizer.commands import OneLineErrors

# An idle worker needs two to four seconds to leave the broker of files, which it polls.
GRACE_SECONDS = 4.0
REAP_SECONDS = 1.0
READY_SECONDS = 60.0
LONGEST_PAUSE = 30.0
HEAD_START_SECONDS = 10.0
# A child that lived this long had started well, so its next failure is a new one.
STEADY_SECONDS = 60.0


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    start_at: float = 0.0
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        # A group of its own: Ctrl-C in a terminal reaches every process of the foreground group, and the
        # children are to end in our order, not all at once.
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "GW2_PROCESS": self.name, **self.environment},
            start_new_session=True,
        )
        self.started = time.monotonic()

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal_leader(self, number: int) -> None:
        """To the child alone: each of them ends its own processes, given the time."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def kill_group(self) -> None:
        """Also what the leader left behind: its group lives as long as one member does, and a member that
        lost its parent has ended only when the system's first process has noticed."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            deadline = time.monotonic() + REAP_SECONDS
            while time.monotonic() < deadline:
                os.killpg(self.process.pid, 0)
                time.sleep(0.02)
        self.process.wait()


def port_number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5 or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not a port, a number from 1 to 65535")
    return int(text)


def words(command: str) -> list[str]:
    try:
        found = shlex.split(command)
    except ValueError as error:
        raise CommandError(f"--beside: {command[:200]!r} can't be read as a command ({error})") from error
    if not found or shutil.which(found[0]) is None:
        raise CommandError(f"--beside: there is no program {' '.join(found[:1])[:200]!r}")
    return found


class Command(OneLineErrors):
    help = "Serve the site: web, workers and beat, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=os.environ.get("HOST") or "127.0.0.1")
        parser.add_argument("--port", type=port_number, default=settings.PORT)
        parser.add_argument("--set-up", action="store_true", help="first do what `setup_site` does")
        parser.add_argument("--beside", metavar="COMMAND", default="", help="a program to start and end with the site")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        refuse_taken_port(host, port)
        if options["set_up"]:
            # In this process: a second one would import all of the site once more before anything is served.
            call_command("setup_site")
        family = children(host, port)
        if options["beside"]:
            family.append(Child("beside", words(options["beside"])))
        supervisor = Supervisor(family)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, supervisor.ask_to_stop)
        try:
            supervisor.run(self._announcer(host, port))
        finally:
            supervisor.stop()
        if supervisor.broken:
            raise CommandError(supervisor.broken)

    def _announcer(self, host: str, port: int) -> "Announcer":
        return Announcer(host, port, lambda text: self.stdout.write(text))


def refuse_taken_port(host: str, port: int) -> None:
    """Before the children start: with SO_REUSEPORT a second web server would share the port in silence."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            raise CommandError(
                f"Port {port} on {host} can't be used ({getattr(error, 'strerror', None) or error}). "
                "Choose another: make run PORT=8001"
            ) from error


# One for pages beside the four that may wait for a password to be hashed (accounts/services/hashing.py); no more than
# DATABASE_POOL_SIZE, since each may hold a connection.
THREADS = 5


def web_command(host: str, port: int, workers: int, application: str = "gw2optimizer.wsgi:application") -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", str(workers), "--blocking-threads", str(THREADS), "--backlog", "256"),
        *("--workers-kill-timeout", "3", "--respawn-failed-workers", "--log-level", "warning"),
        application,
    ]


def children(host: str, port: int) -> list[Child]:
    web = web_command(host, port, settings.WEB_WORKERS)
    beat = [*CELERY, "beat", "--pidfile", "", "--loglevel", settings.LOG_LEVEL]
    workers = [Child(f"worker-{queue}", worker_command(queue)) for queue in settings.WORKER_QUEUES]
    return [Child("web", web, environment=metrics_environment()), *workers, Child("beat", beat), *stream(host)]


def stream(host: str) -> list[Child]:
    """The site is whole without it: who finds no stream asks the API again and again."""
    try:
        refuse_taken_port(host, settings.STREAM_PORT)
    except CommandError:
        sys.stderr.write(f"STREAM_PORT: port {settings.STREAM_PORT} can't be used, so nothing is sent as it comes.\n")
        return []
    return [Child("stream", stream_command(host, settings.STREAM_PORT))]


def stream_command(host: str, port: int, application: str = settings.STREAM_APPLICATION) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "asgi", "--host", host, "--port", str(port)),
        *("--workers", "1", "--workers-kill-timeout", "3", "--respawn-failed-workers", "--log-level", "warning"),
        application,
    ]


CELERY = [sys.executable, "-m", "celery", "--quiet", "--app", "gw2optimizer.celery"]


def worker_command(queue: str) -> list[str]:
    return [
        *(*CELERY, "worker", "--queues", queue, "--hostname", f"{queue}@%h", "--concurrency", "1"),
        *("--without-gossip", "--without-mingle", "--loglevel", settings.LOG_LEVEL),
    ]


def metrics_environment() -> dict[str, str]:
    """Several web processes add their counters up through files of this run."""
    if settings.WEB_WORKERS == 1:
        return {}
    folder = settings.VAR_DIR / "metrics"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink()
    return {"PROMETHEUS_MULTIPROC_DIR": str(folder)}


class Announcer:
    """Says once, as soon as it is true, that the site answers."""

    def __init__(self, host: str, port: int, say: Any) -> None:
        self.host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
        self.port = port
        self.say = say
        self.done = False

    def look(self) -> None:
        if not self.done and self._answers():
            self.done = True
            self.say(f"GW2Optimizer is ready at {settings.SITE_URL} (Ctrl-C ends it)")

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": "127.0.0.1"})
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Supervisor:
    def __init__(self, family: list[Child]) -> None:
        self.family = family
        self.stopping = False
        self.broken = ""

    def ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def run(self, announcer: Announcer) -> None:
        begun = time.monotonic()
        while not self.stopping:
            announcer.look()
            # The first child is what people wait for: on a small machine the others would slow its start.
            alone = not announcer.done and time.monotonic() - begun < HEAD_START_SECONDS
            for child in self.family[:1] if alone else self.family:
                self._tend(child)
            if not announcer.done and time.monotonic() - begun > READY_SECONDS:
                self.broken = f"The web server did not answer within {READY_SECONDS:g} seconds."
                return
            time.sleep(0.1 if not announcer.done else 0.5)

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.runs:
            return
        if child.process is not None:
            child.failures = 1 if now - child.started > STEADY_SECONDS else child.failures + 1
            pause = min(LONGEST_PAUSE, 2.0 ** (child.failures - 1))
            sys.stderr.write(f"{child.name} ended with {child.process.returncode}; again in {pause:g} s\n")
            child.kill_group()
            child.process, child.start_at = None, now + pause
        if now >= child.start_at:
            child.start()

    def stop(self) -> None:
        """Also after a failure to start: nothing of ours stays behind."""
        for child in self.family:
            child.signal_leader(signal.SIGTERM)
        deadline = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < deadline and any(child.runs for child in self.family):
            time.sleep(0.05)
        for child in self.family:
            child.kill_group()
