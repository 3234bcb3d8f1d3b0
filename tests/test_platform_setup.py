"""Set-up and the supervisor, as processes of their own, the way `make run` starts them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from gw2optimizer.management.commands.serve import Child
from tests.servers import free_port

ROOT = Path(__file__).resolve().parent.parent


class Site:
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "NUMBA_CACHE_DIR") if name in os.environ}
        self.environment = {**kept, "VAR_DIR": str(folder), "LOG_LEVEL": "WARNING", "PORT": str(self.port)}
        self.process: subprocess.Popen[str] | None = None

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    def serve(self) -> str:
        """Returns the line that says where."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env={**self.environment, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        return self.process.stdout.readline()

    def family(self) -> list[int]:
        """Process ids of the supervisor's children and theirs."""
        assert self.process is not None
        found, waiting = [], [self.process.pid]
        while waiting:
            parent = waiting.pop()
            listed = subprocess.run(
                ["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False
            )
            children = [int(line) for line in listed.stdout.split()]
            found += children
            waiting += children
        return found

    def close(self) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGTERM)
                self.process.wait(30)
            assert self.process.stdout is not None
            self.process.stdout.close()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    site = Site(tmp_path)
    yield site
    site.close()


def alive(pid: int) -> bool:
    """Not counting one that has ended and whose parent has not asked yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc")
def test_serve_answers_and_ends_all_its_children(site: Site) -> None:
    assert site.run("migrate", "-v0").returncode == 0
    line = site.serve()
    assert f"http://127.0.0.1:{site.port}" in line
    assert requests.get(f"http://127.0.0.1:{site.port}/healthz", timeout=10).text == "ok\n"
    second = site.run("serve")
    assert (second.returncode, second.stdout) == (1, "")
    assert "can't be used" in second.stderr
    assert second.stderr.count("\n") == 1

    family = site.family()
    assert len(family) >= 3
    assert site.process is not None
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(30) == 0
    assert [pid for pid in family if alive(pid)] == []


def test_child_leaves_no_process_behind(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    child = Child("test", ["sh", "-c", f"sleep 300 & echo $! > {note}.new; mv {note}.new {note}; wait"])
    child.start()
    while not note.exists():
        assert child.runs
    grandchild = int(note.read_text())
    child.kill_group()
    assert not child.runs
    # Killed at once, though whoever inherited it may not have read its end yet.
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(grandchild)], capture_output=True, text=True, check=False)
    assert state.stdout.strip()[:1] in {"", "Z"}


def test_setup_site_does_each_step_once(site: Site, tmp_path: Path) -> None:
    first = site.run("setup_site")
    assert first.returncode == 0, first.stderr
    assert "Preparing the database" in first.stdout
    assert "Running load_library" in first.stdout
    assert (tmp_path / "static" / "staticfiles.json").exists()
    second = site.run("setup_site")
    assert (second.returncode, second.stdout) == (0, "")
    (tmp_path / "db.sqlite3").unlink()
    third = site.run("setup_site")
    assert "Running load_library" in third.stdout
    assert "Collecting" not in third.stdout


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("SITE_URL", "nonsense", "SITE_URL"),
        ("PORT", "many", "PORT"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("SECRET_KEY_FILE", "/no/such/file", "SECRET_KEY_FILE"),
        ("DATABASE_URL", "nonsense://user:hunter2@host/x", "DATABASE_URL"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES"),
        ("WEB_WORKERS", "3", "WEB_WORKERS"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(site: Site, name: str, value: str, part: str) -> None:
    result = site.run("check", **{name: value})
    assert result.returncode != 0
    assert f"{part}:" in result.stderr
    assert "hunter2" not in result.stderr.splitlines()[-1]


def test_https_site_is_strict(site: Site) -> None:
    script = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0);"
        "print(s.SESSION_COOKIE_NAME, s.DEBUG)"
    )
    result = site.run("shell", "--no-imports", "-c", script, SITE_URL="https://gw2.example.org")
    assert result.stdout.split() == ["True", "True", "True", "__Host-session", "False"]
