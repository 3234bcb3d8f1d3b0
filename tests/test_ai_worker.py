"""Runs of agents by real workers: over the broker of files, as at home, and over Redis; killed in the middle, too."""

import os
import subprocess
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone

from ai_agents.agents import registry
from ai_agents.models import AgentRun, RunEvent
from ai_agents.services.runs import cancel_run, keeping, start_run, tend_runs
from ai_agents.tasks import run_agent
from gw2optimizer.health import HEARTBEAT_LASTS, heartbeat_age
from tests.echo_agent import GOOD, Echo
from tests.ollama_server import scripted
from tests.ollama_server.scripted import ScriptedOllama
from tests.test_gear_worker import Worker, faults
from tests.test_gear_worker import start as start  # a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture(autouse=True)
def _echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._agents, "echo", Echo())


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama() as server:
        yield server


def ai_worker(start: Callable[..., Worker], ollama: ScriptedOllama, **environment: str) -> Worker:
    echo = {"GW2_ECHO": "1", "OLLAMA_URL": ollama.url, "OLLAMA_TOTAL_SECONDS": "120"}
    return start("--queues", "ai", "--include", "tests.echo_agent", **echo, **environment)


def started(word: str = "quaggan", caller: str = "x") -> AgentRun:
    return start_run(owner=None, caller=caller, agent="echo", inputs={"word": word}, language="en")


def fresh(run: AgentRun) -> AgentRun:
    return AgentRun.objects.get(pk=run.pk)


def kinds(run: AgentRun) -> list[str]:
    return list(RunEvent.objects.filter(run=run).order_by("number").values_list("kind", flat=True))


def lease_is_over(run: AgentRun) -> None:
    AgentRun.objects.filter(pk=run.pk).update(due_at=timezone.now() - timedelta(seconds=1))


def waiting() -> set[str]:
    """Messages of the queue; those of tests before lie there as well, and nobody's runs are theirs any more."""
    return {path.name for path in (settings.BROKER_DIR / "queue").iterdir() if path.name.endswith(".ai.msg")}


def test_worker_of_its_own_queue_takes_a_run_from_the_broker_of_files(
    start: Callable[..., Worker], ollama: ScriptedOllama
) -> None:
    """The smoke of what `make test-faults` does at length: stopped in the middle of a call, and the next one done."""
    ollama.say(scripted.stall('{"say": ['), scripted.answer({"say": [GOOD]}))
    before = waiting()
    started("first")
    started("second")
    assert len(waiting() - before) == 2
    worker = ai_worker(start, ollama)
    worker.wait_until(lambda: ollama.asked() == 1)
    running = AgentRun.objects.get(status="running")
    cancel_run(run_id=running.pk)
    worker.wait_until(lambda: not AgentRun.objects.filter(status__in=["queued", "running"]).exists())
    assert fresh(running).status == "cancelled"
    other = AgentRun.objects.exclude(pk=running.pk).get()
    assert (other.status, other.answered_by, other.attempts) == ("done", "model", 1)
    age = heartbeat_age("ai")
    assert age is not None
    assert age < HEARTBEAT_LASTS
    assert heartbeat_age() is None


@faults
@pytest.mark.parametrize("broker", ["files", pytest.param("redis", marks=pytest.mark.redis)])
def test_killed_worker_loses_no_run_and_doubles_none(
    broker: str,
    start: Callable[..., Worker],
    ollama: ScriptedOllama,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = {}
    if broker == "redis":
        url = environment["REDIS_URL"] = request.getfixturevalue("redis_url")
        monkeypatch.setattr(keeping, "_send", sender(url))
    ollama.say(scripted.stall('{"say": ['))
    ollama.when_done = scripted.answer({"say": [GOOD]})
    runs = [started(str(number), caller=str(number)) for number in range(6)]
    first = ai_worker(start, ollama, **environment)
    first.wait_until(lambda: ollama.asked() == 1)
    first.kill()
    victim = AgentRun.objects.get(status="running")
    assert tend_runs()["sent again"] == 0
    second = ai_worker(start, ollama, **environment)
    lease_is_over(victim)
    # Twice, as Redis would send it once more after an hour.
    assert tend_runs()["sent again"] == 1
    keeping._send(victim.pk)
    second.wait_until(lambda: AgentRun.objects.filter(status="done").count() == len(runs))
    assert {run.pk: fresh(run).attempts for run in runs} == {run.pk: 2 if run == victim else 1 for run in runs}
    assert {fresh(run).answered_by for run in runs} == {"model"}
    # One call each, and the one that was cut off.
    assert ollama.asked() == len(runs) + 1
    for run in runs:
        numbers = list(RunEvent.objects.filter(run=run).order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, len(numbers) + 1))
        assert kinds(run).count("sentence") == 1


@faults
def test_child_of_a_worker_that_is_killed_does_not_take_the_run_with_it(
    start: Callable[..., Worker], ollama: ScriptedOllama
) -> None:
    """Where the kernel ends a process that wants too much memory, the worker itself lives on."""
    ollama.say(scripted.stall('{"say": ['))
    ollama.when_done = scripted.answer({"say": [GOOD]})
    run = started()
    worker = ai_worker(start, ollama)
    worker.wait_until(lambda: ollama.asked() == 1)
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(worker.process.pid)], capture_output=True, text=True, check=True
    )
    for child in map(int, listed.stdout.split()):
        os.kill(child, 9)
    lease_is_over(run)
    tend_runs()
    worker.wait_until(lambda: fresh(run).status == "done")
    assert (fresh(run).attempts, fresh(run).answered_by) == (2, "model")


def sender(url: str) -> Callable[[uuid.UUID], Any]:
    def send(run_id: uuid.UUID) -> None:
        with current_app.connection_for_write(url) as broker:
            run_agent.apply_async((str(run_id),), connection=broker)

    return send


@pytest.mark.redis
@faults
def test_worker_takes_a_run_from_redis(
    start: Callable[..., Worker], ollama: ScriptedOllama, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "_send", sender(redis_url))
    ollama.say(scripted.answer({"say": [GOOD]}))
    run = started()
    worker = ai_worker(start, ollama, REDIS_URL=redis_url)
    worker.wait_until(lambda: fresh(run).status == "done")
    assert fresh(run).answered_by == "model"
