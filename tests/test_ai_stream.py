"""The process that keeps connections open, as `manage.py serve` starts it: events as they come, and waits."""

import http.client
import json
import os
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.services.tokens import make_token
from ai_agents.agents import registry
from ai_agents.models import AgentRun
from ai_agents.services.runs import delete_run, keeping, start_run, work, working
from gw2optimizer.management.commands.serve import stream_command
from tests.echo_agent import Echo
from tests.factories import UserFactory
from tests.servers import Server, free_port, start_server
from tests.site import database_url, log_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._agents, "echo", Echo())


@pytest.fixture(scope="module")
def processes() -> Iterator[list[Server]]:
    started: list[Server] = []
    yield started
    for server in started:
        server.stop()


@pytest.fixture
def stream(processes: list[Server]) -> int:
    """Its port. One process for all tests here: each request opens the database anew."""
    if not processes:
        port = free_port()
        environment = {"DATABASE_URL": database_url(), "LOG_LEVEL": "WARNING", "STREAM_CONNECTIONS": "8"}
        processes.append(
            start_server(
                stream_command("127.0.0.1", port),
                name="stream",
                port=port,
                cwd=ROOT,
                environment={**os.environ, **environment},
                ready=lambda: asked(port, "/stream/healthz")[0] == 200,
            )
        )
    return processes[0].port


def opened(port: int, path: str, **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("GET", path, headers={"Connection": "close", **named})
        return connection.getresponse()
    except BaseException:
        connection.close()
        raise


def asked(port: int, path: str, **headers: str) -> tuple[int, Any, Any]:
    try:
        response = opened(port, path, **headers)
    except OSError:
        return 0, None, None
    with response:
        return response.status, json.loads(response.read()), response.headers


def started(owner: Any = None, word: str = "quaggan") -> AgentRun:
    return start_run(owner=owner, caller=str(owner), agent="echo", inputs={"word": word}, language="en")


def parsed(text: str) -> list[tuple[str, str, Any]]:
    """Id, kind and data of each event."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line and not line.startswith(":"))
        if fields:
            found.append((fields.get("id", ""), fields["event"], json.loads(fields["data"])))
    return found


def test_events_come_while_the_run_goes_on_and_end_with_it(stream: int) -> None:
    run = started()
    taken = keeping.keeper.take(run.pk)
    assert taken is not None
    report = working.Report(taken)
    report.event("begun", {})
    with opened(stream, f"/stream/runs/{run.pk}/events") as response:
        assert (response.status, response.headers["Content-Type"]) == (200, "text/event-stream; charset=utf-8")
        # Before the run goes on: this one has come already.
        assert response.readline() == b"id: 1\n"
        report.event("sentence", {"text": "one\ntwo"})
        keeping.keeper.finish(taken, status="done", result={}, answered_by="engine")
        events = parsed("id: 1\n" + response.read().decode())
    assert [(number, kind) for number, kind, _ in events] == [("1", "begun"), ("2", "sentence"), ("", "end")]
    assert events[1][2]["data"] == {"text": "one\ntwo"}
    assert events[2][2]["status"] == "done"
    with opened(stream, f"/stream/runs/{run.pk}/events", Last_Event_ID="1") as response:
        assert [kind for _, kind, _ in parsed(response.read().decode())] == ["sentence", "end"]


def test_wait_ends_with_the_run_or_with_its_time(stream: int) -> None:
    run = started()
    status, body, headers = asked(stream, f"/stream/runs/{run.pk}", Prefer="wait=1")
    assert (status, body["status"], headers["Preference-Applied"]) == (200, "queued", "wait=1")
    assert asked(stream, f"/stream/runs/{run.pk}")[1]["status"] == "queued"
    found: list[Any] = []
    waiting = threading.Thread(
        target=lambda: found.append(asked(stream, f"/stream/runs/{run.pk}", Prefer="respond-async, wait=99"))
    )
    waiting.start()
    while asked(stream, "/stream/healthz")[1]["open"] == 0:
        time.sleep(0.02)
    work(run_id=run.pk)
    waiting.join()
    status, body, headers = found[0]
    assert (status, body["status"], body["answered_by"]) == (200, "done", "engine")
    assert headers["Preference-Applied"] == "wait=30"
    assert body["url"] == f"http://127.0.0.1/api/v1/ai/runs/{run.pk}".replace("127.0.0.1", f"127.0.0.1:{stream}")


def test_stream_of_a_run_that_is_deleted_ends(stream: int) -> None:
    run = started()
    with opened(stream, f"/stream/runs/{run.pk}/events") as response:
        AgentRun.objects.update(status="cancelled", finished_at=timezone.now())
        delete_run(run_id=run.pk)
        kinds = [kind for _, kind, _ in parsed(response.read().decode())]
    assert kinds in ([], ["end"])


def test_who_may_see_a_run_is_known_by_session_or_token(stream: int) -> None:
    owner, other = UserFactory(), UserFactory()
    path = f"/stream/runs/{started(owner).pk}"
    client = Client()
    client.force_login(owner)
    session = client.session.session_key
    assert asked(stream, path, Cookie=f"session={session}")[0] == 200
    _, secret = make_token(user=owner, name="script", scopes=["read"], days=30)
    assert asked(stream, path, Authorization=f"Bearer {secret}")[0] == 200
    _, others = make_token(user=other, name="script", scopes=["read"], days=30)
    for headers, expected in (
        ({}, 404),
        ({"Authorization": f"Bearer {others}"}, 404),
        ({"Authorization": "Bearer gw2pat_wrong"}, 401),
        ({"Cookie": "session=wrong"}, 404),
        ({"Host": "evil.example", "Authorization": f"Bearer {secret}"}, 400),
    ):
        status, body, _ = asked(stream, path, **headers)
        assert (status, set(body["error"])) == (expected, {"code", "message", "request_id"}), headers
    client.logout()
    assert asked(stream, path, Cookie=f"session={session}")[0] == 404


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/stream/", 404),
        ("/stream/runs/x", 404),
        (f"/stream/runs/{uuid.UUID(int=1)}", 404),
        ("/stream/runs/" + "-" * 36, 404),
    ],
)
def test_what_is_not_there_is_not_found(stream: int, path: str, expected: int) -> None:
    assert asked(stream, path)[0] == expected


def test_connections_are_bounded_and_their_places_come_free(stream: int, processes: list[Server]) -> None:
    owner = UserFactory()
    _, secret = make_token(user=owner, name="script", scopes=["read"], days=30)
    path = f"/stream/runs/{started(owner).pk}/events"
    headers = {"Authorization": f"Bearer {secret}"}
    held = [opened(stream, path, **headers) for _ in range(6)]
    assert {response.status for response in held} == {200}
    assert asked(stream, path, **headers)[0] == 429
    nobodys = f"/stream/runs/{started().pk}/events"
    held += [opened(stream, nobodys) for _ in range(2)]
    assert asked(stream, nobodys)[0] == 503
    assert asked(stream, f"{path}?after=x", **headers)[0] == 503
    for response in held:
        response.close()
    while asked(stream, "/stream/healthz")[1]["open"]:
        time.sleep(0.05)
    assert asked(stream, f"{nobodys}?after=x")[0] == 422
    assert "Traceback" not in log_of(processes[0])
