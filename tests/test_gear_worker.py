"""Searches for gear by a real worker process over the broker of files, as at home."""

import os
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.utils import timezone

from builds.engine.optimise import GearChoices
from builds.gear_wish import GearWish
from builds.models import GearRun
from builds.services import gear_runs
from builds.tasks import search_gear
from tests.factories import BuildFactory
from tests.specs import packaged

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent
WISH = GearWish(
    "survivability",
    choices=GearChoices(prefixes=("Berserker's", "Soldier's"), runes=tuple(packaged().runes)[:2]),
)
faults = pytest.mark.skipif(not os.environ.get("GW2_FAULTS"), reason="kills workers; asked for with GW2_FAULTS=1")


def database_url() -> str:
    """Of the test database, for another process."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    return f"postgres://{found['USER']}@{found['HOST']}:{found['PORT']}/{found['NAME']}"


class Worker:
    """As `manage.py serve` starts it."""

    def __init__(self, log: Path, *options: str, **environment: str) -> None:
        celery = [sys.executable, "-m", "celery", "--quiet", "--app", "gw2optimizer.celery", "worker"]
        self.log = log
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                [*celery, "--concurrency", "1", "--without-gossip", "--without-mingle", *options],
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": database_url(), "LOG_LEVEL": "INFO", **environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def kill(self) -> None:
        """All of it, without a chance to tidy up."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def wait_until(self, true: Callable[[], bool], seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while not true():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"not so after {seconds} s:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.05)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Worker]]:
    started: list[Worker] = []

    def begin(*options: str, **environment: str) -> Worker:
        started.append(Worker(tmp_path / f"worker-{len(started)}.log", *options, **environment))
        return started[-1]

    yield begin
    for worker in started:
        worker.kill()
    # Messages of these tests are none of the next one's.
    shutil.rmtree(settings.BROKER_DIR, ignore_errors=True)
    for folder in ("queue", "processed", "control"):
        (settings.BROKER_DIR / folder).mkdir(parents=True)


def queued() -> GearRun:
    build = BuildFactory(game_mode="pve", weapon_sets=[{"main_hand": "Greatsword", "off_hand": None}])
    return gear_runs.queue_run(owner=None, caller="x", spec=build.value, wish=WISH, build=build)


def status(run: GearRun) -> str:
    return GearRun.objects.values_list("status", flat=True).get(pk=run.pk)


def test_worker_takes_a_run_from_the_broker_and_ends_it(start: Callable[..., Worker]) -> None:
    run = queued()
    worker = start()
    worker.wait_until(lambda: status(run) not in {"queued", "running"})
    run.refresh_from_db()
    assert (run.status, run.attempts) == ("done", 1)
    assert run.result is not None
    assert run.result["status"] == "optimal"


@pytest.mark.redis
def test_worker_takes_a_run_from_redis(
    start: Callable[..., Worker], redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def send(run_id: uuid.UUID) -> None:
        with current_app.connection_for_write(redis_url) as broker:
            search_gear.apply_async((str(run_id),), connection=broker)

    monkeypatch.setattr(gear_runs, "_send", send)
    run = queued()
    worker = start(REDIS_URL=redis_url)
    worker.wait_until(lambda: status(run) == "done")


@faults
def test_killed_worker_loses_its_run_once_and_another_ends_it(start: Callable[..., Worker]) -> None:
    run = queued()
    worker = start("--include", "tests.endless_search")
    worker.wait_until(lambda: GearRun.objects.get(pk=run.pk).evaluated > 0)
    worker.kill()
    assert status(run) == "running"
    assert gear_runs.tend_runs()["sent again"] == 0
    GearRun.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    assert gear_runs.tend_runs()["sent again"] == 1
    second = start()
    second.wait_until(lambda: status(run) == "done")
    assert GearRun.objects.get(pk=run.pk).attempts == 2


@faults
def test_run_whose_two_workers_are_killed_fails_with_a_sentence(start: Callable[..., Worker]) -> None:
    run = queued()
    for attempt in (1, 2):
        worker = start("--include", "tests.endless_search")
        worker.wait_until(lambda: (now := GearRun.objects.get(pk=run.pk)).attempts == attempt and now.evaluated > 0)  # noqa: B023
        worker.kill()
        GearRun.objects.update(due_at=timezone.now() - timedelta(seconds=1))
        gear_runs.tend_runs()
    run.refresh_from_db()
    assert (run.status, run.error_code) == ("failed", "lost")


@faults
def test_worker_hears_that_its_search_is_to_stop(start: Callable[..., Worker]) -> None:
    run = queued()
    worker = start("--include", "tests.endless_search")
    worker.wait_until(lambda: GearRun.objects.get(pk=run.pk).evaluated > 0)
    gear_runs.cancel_run(run_id=run.pk)
    worker.wait_until(lambda: status(run) == "cancelled")
    result: Any = GearRun.objects.get(pk=run.pk).result
    assert result["results"]


@faults
def test_child_of_a_worker_that_is_killed_does_not_take_the_run_with_it(start: Callable[..., Worker]) -> None:
    """Where the kernel ends a process that wants too much memory, the worker itself lives on."""
    run = queued()
    worker = start("--include", "tests.endless_search")
    worker.wait_until(lambda: GearRun.objects.get(pk=run.pk).evaluated > 0)
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(worker.process.pid)], capture_output=True, text=True, check=True
    )
    for child in map(int, listed.stdout.split()):
        os.kill(child, signal.SIGKILL)
    GearRun.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    gear_runs.tend_runs()
    worker.wait_until(lambda: (now := GearRun.objects.get(pk=run.pk)).attempts == 2 and now.evaluated > 0)
    assert status(run) == "running"
