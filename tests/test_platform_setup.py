"""Set-up and the supervisor, as processes of their own, the way `make run` starts them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from django.core.management.base import CommandError

from gw2optimizer.management.commands.serve import Child, words
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

    def serve(self, *options: str) -> str:
        """Returns the line that says where."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", *options],
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
def test_serve_answers_and_ends_all_its_children(site: Site, tmp_path: Path) -> None:
    assert site.run("migrate", "-v0").returncode == 0
    note = tmp_path / "beside"
    line = site.serve("--beside", f"sh -c 'echo $$ > {note}.new; mv {note}.new {note}; exec sleep 300'")
    assert f"http://127.0.0.1:{site.port}" in line
    assert requests.get(f"http://127.0.0.1:{site.port}/healthz", timeout=10).text == "ok\n"
    second = site.run("serve")
    assert (second.returncode, second.stdout) == (2, "")
    assert "can't be used" in second.stderr
    assert second.stderr.count("\n") == 1

    while not note.exists():
        assert site.process is not None
        assert site.process.poll() is None
        time.sleep(0.05)
    family = site.family()
    assert len(family) >= 4
    assert int(note.read_text()) in family
    assert site.process is not None
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait(30) == 0
    assert [pid for pid in family if alive(pid)] == []


@pytest.mark.parametrize(
    ("command", "part"),
    [("no-such-program --now", "no-such-program"), ("sh -c 'half", "can't be read"), (" ", "no program")],
)
def test_serve_starts_nothing_beside_that_is_not_there(command: str, part: str) -> None:
    with pytest.raises(CommandError, match=part):
        words(command)


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


@pytest.mark.long
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
        ("SITE_URL", "http://[", "SITE_URL"),
        ("PORT", "many", "PORT"),
        ("PORT", "0", "PORT"),
        ("PORT", "99999", "PORT"),
        ("SECRET_KEY", "short", "SECRET_KEY"),
        ("SECRET_KEY", "django-insecure-0123456789abcdefghijklmnop", "SECRET_KEY"),
        ("SECRET_KEY", "changeme" * 6, "SECRET_KEY"),
        ("SECRET_KEY_FALLBACKS", "short", "SECRET_KEY_FALLBACKS"),
        ("SECRET_KEY_FILE", "/no/such/file", "SECRET_KEY_FILE"),
        ("DATABASE_URL", "nonsense://user:hunter2@host/x", "DATABASE_URL"),
        ("DATABASE_URL", "postgres://user:hunter2@", "DATABASE_URL"),
        ("VAR_DIR", "/dev/null/x", "VAR_DIR"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL"),
        ("OLLAMA_KEEP_ALIVE", "soon", "OLLAMA_KEEP_ALIVE"),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES"),
        ("WEB_WORKERS", "3", "WEB_WORKERS"),
    ],
)
def test_settings_that_cannot_be_used_stop_the_start(site: Site, name: str, value: str, part: str) -> None:
    for command in ("check", "serve"):
        result = site.run(command, **{name: value})
        assert (result.returncode, result.stdout) == (2, "")
        assert result.stderr.startswith(f"{part}:")
        assert result.stderr.count("\n") == 1
        assert "hunter2" not in result.stderr


def test_celery_names_the_setting_that_cannot_be_used(site: Site) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "celery", "--app", "gw2optimizer.celery", "worker"],
        cwd=ROOT,
        env={**site.environment, "PORT": "many"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (2, "", "PORT: 'many' is not a whole number\n")


def test_empty_variables_count_as_unset(site: Site, tmp_path: Path) -> None:
    empty = dict.fromkeys(("DATABASE_URL", "PORT", "SITE_URL", "LOG_LEVEL", "SECRET_KEY", "WEB_WORKERS"), "")
    script = "from django.conf import settings as s; print(s.DATABASES['default']['NAME'], s.SITE_URL)"
    result = site.run("shell", "--no-imports", "-c", script, **empty)
    assert result.stdout.split() == [str(tmp_path / "db.sqlite3"), "http://127.0.0.1:8000"]


@pytest.mark.parametrize("port", ["abc", "0", "99999", "-1"])
def test_serve_refuses_what_is_no_port(site: Site, port: str) -> None:
    result = site.run("serve", f"--port={port}")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "is not a port" in result.stderr


@pytest.mark.long
def test_new_folder_is_its_owners_alone(site: Site, tmp_path: Path) -> None:
    folder, old = tmp_path / "new" / "var", tmp_path / "old"
    old.mkdir(mode=0o750)
    assert site.run("check", VAR_DIR=str(folder)).returncode == 0
    assert site.run("check", VAR_DIR=str(old)).returncode == 0
    assert (folder.stat().st_mode & 0o777, old.stat().st_mode & 0o777) == (0o700, 0o750)


@pytest.mark.long
def test_createsuperuser_without_a_terminal_is_an_error(site: Site) -> None:
    assert site.run("migrate", "-v0").returncode == 0
    result = site.run("createsuperuser")
    assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)
    assert "DJANGO_SUPERUSER_USERNAME" in result.stderr
    taken = site.run("createsuperuser", "--noinput", "--username", "a boss", "--email", "b@example.com")
    assert (taken.returncode, taken.stdout, taken.stderr.count("\n")) == (2, "", 1)


@pytest.mark.long
def test_bad_input_of_data_commands_is_one_line(site: Site) -> None:
    for arguments in (
        ("sync_icons", "--base", "http://example.org"),
        ("load_snapshot", "/nonexistent"),
        ("load_library", "/nonexistent"),
    ):
        result = site.run(*arguments, LOG_LEVEL="INFO")
        assert (result.returncode, result.stdout, result.stderr.count("\n")) == (2, "", 1)


def test_ci_setup_needs_no_home(tmp_path: Path) -> None:
    """Among programs without a Python it comes to the end of its search."""
    programs = tmp_path / "programs"
    programs.mkdir()
    for name in ("dirname", "cat", "cksum", "tr"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    (tmp_path / ".ci").mkdir()
    for name in (".ci/setup", "requirements.txt"):
        shutil.copy(ROOT / name, tmp_path / name)
    done = subprocess.run(
        ["/bin/sh", str(tmp_path / ".ci" / "setup")],
        env={"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("GW2Optimizer needs Python")


def test_home_start_warns_of_nothing_that_is_meant_so(site: Site) -> None:
    script = (
        "import warnings; from celery import platforms as p; from gw2optimizer.celery import app;"
        "warnings.warn(p.SecurityWarning(p.ROOT_DISCOURAGED.format(uid=0, euid=0, gid=0, egid=0)));"
        "warnings.warn(p.SecurityWarning('another'));"
        "app.connection_for_write().info()"
    )
    result = site.run("shell", "--no-imports", "-c", script)
    assert "SecurityWarning: another" in result.stderr
    assert "superuser" not in result.stderr
    assert "hostname" not in result.stderr


def test_https_site_is_strict(site: Site) -> None:
    script = (
        "from django.conf import settings as s;"
        "print(s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS > 0);"
        "print(s.SESSION_COOKIE_NAME, s.DEBUG)"
    )
    result = site.run("shell", "--no-imports", "-c", script, SITE_URL="https://gw2.example.org")
    assert result.stdout.split() == ["True", "True", "True", "__Host-session", "False"]
