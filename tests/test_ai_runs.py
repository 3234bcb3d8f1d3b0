"""Runs of agents: shares, cache, worker, events, stopping, workers that end; with a scripted model behind them."""

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.registries import exports
from ai_agents import agents
from ai_agents.access import readable_agent_run
from ai_agents.agents import registry
from ai_agents.models import AgentRun, RunEvent
from ai_agents.ollama import site
from ai_agents.services import status
from ai_agents.services.runs import (
    MOST_WAITING,
    cancel_run,
    delete_expired_runs,
    delete_run,
    keeping,
    quota_of,
    start_run,
    starting,
    tend_runs,
    work,
    working,
)
from gw2optimizer.errors import Conflict, InvalidInput, NotFound, TooManyRequests
from tests.echo_agent import GOOD, Echo
from tests.factories import AdminFactory, UserFactory
from tests.ollama_server import scripted
from tests.ollama_server.scripted import ScriptedOllama
from tests.staff import log_in_staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _echo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._agents, "echo", Echo())


@pytest.fixture
def ollama(settings: Any) -> Iterator[ScriptedOllama]:
    with ScriptedOllama() as server:
        settings.OLLAMA_URL = server.url
        yield server
    site._guard.cache_clear()


def started(word: str = "quaggan", *, owner: Any = None, caller: str = "address:1", language: str = "en") -> AgentRun:
    return start_run(owner=owner, caller=caller, agent="echo", inputs={"word": word}, language=language)


def worked(run: AgentRun) -> AgentRun:
    work(run_id=run.pk)
    return fresh(run)


def fresh(run: AgentRun) -> AgentRun:
    return AgentRun.objects.get(pk=run.pk)


def kinds(run: AgentRun) -> list[str]:
    events = list(RunEvent.objects.filter(run=run).order_by("number"))
    assert [event.number for event in events] == list(range(1, len(events) + 1))
    assert fresh(run).last_event == len(events)
    return [event.kind for event in events]


def worker_gone(run: AgentRun) -> None:
    """As the row looks some time after a worker was killed in the middle."""
    attempts = fresh(run).attempts + 1
    AgentRun.objects.filter(pk=run.pk).update(
        status="running", attempts=attempts, due_at=timezone.now() - timedelta(seconds=1), done=0.5
    )


# --- the worker ------------------------------------------------------------------------------------
def test_run_ends_with_the_models_answer_and_its_events(ollama: ScriptedOllama) -> None:
    ollama.say(scripted.answer({"say": [GOOD]}))
    run = worked(started())
    assert (run.status, run.answered_by, run.reason, run.attempts) == ("done", "model", "", 1)
    assert run.result == {"word": "quaggan", "say": [{"text": GOOD, "parts": [{"text": GOOD}]}]}
    assert (run.model, run.tokens_in, run.tokens_out, run.done) == ("mistral:7b", 21, 9, 1.0)
    assert run.prompt_version.startswith("echo/3")
    assert kinds(run) == ["begun", "facts", "asked", "sentence"]
    assert ollama.asked() == 1


def test_without_a_model_the_engine_answers_and_says_why() -> None:
    run = worked(started())
    assert (run.status, run.answered_by, run.reason) == ("done", "engine", "not_set")
    assert run.result == {"word": "quaggan", "say": []}


@pytest.mark.parametrize(
    ("error", "reason"),
    [(RuntimeError("secret"), "server_error"), (SoftTimeLimitExceeded(), "slow")],
    ids=["broken", "time limit"],
)
def test_whatever_breaks_around_the_model_the_engine_answers(
    error: Exception, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(agents, "run_agent", broken)
    run = worked(started())
    assert (run.status, run.answered_by, run.reason) == ("done", "engine", reason)
    assert run.result == {"word": "quaggan", "say": []}


def test_run_of_an_agent_that_is_gone_fails_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    run = started()
    monkeypatch.delitem(registry._agents, "echo")
    over = worked(run)
    assert (over.status, over.error_code) == ("failed", "not_found")
    assert over.error_message


def test_run_takes_no_longer_than_it_may(ollama: ScriptedOllama, settings: Any) -> None:
    settings.AI_RUN_SECONDS = 0
    ollama.say(scripted.stall("{"))
    run = worked(started())
    assert (run.status, run.answered_by, run.reason) == ("done", "engine", "slow")


def test_second_message_for_a_run_finds_it_taken(ollama: ScriptedOllama) -> None:
    ollama.say(scripted.answer({"say": [GOOD]}))
    first = worked(started())
    assert worked(first).finished_at == first.finished_at
    work(run_id=uuid.uuid4())
    assert (fresh(first).attempts, ollama.asked(), kinds(first).count("begun")) == (1, 1, 1)


def test_steps_and_progress_stand_in_the_row() -> None:
    run = keeping.keeper.take(started().pk)
    assert run is not None
    report = working.Report(run)
    report.event("step", {"name": "recommend", "state": "running", "of": 4})
    report.event("step", {"name": "recommend", "state": "done", "of": 4, "source": "engine"})
    now = fresh(run)
    assert now.done == 0.25
    assert [(s["name"], s["state"], s["source"], bool(s["finished_at"])) for s in now.steps] == [
        ("recommend", "done", "engine", True)
    ]
    report.event("progress", {"done": 0.5})
    report.event("note", {"text": "a\x00b \ud800"})
    assert fresh(run).done == 0.5
    assert RunEvent.objects.get(run=run, kind="note").data == {"text": "ab "}


def test_events_of_a_run_are_bounded_and_it_stays_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "MOST_EVENTS", 2)
    run = keeping.keeper.take(started().pk)
    assert run is not None
    report = working.Report(run)
    report.event("note", {"text": "x" * 20_000})
    for _ in range(3):
        AgentRun.objects.update(due_at=timezone.now())
        report.event("note", {})
        assert fresh(run).due_at > timezone.now() + keeping.LEASE / 2
    assert kinds(run) == ["note", "note"]


# --- shares ------------------------------------------------------------------------------------------
def test_share_of_a_day_is_kept_to_and_no_deletion_gives_it_anew(settings: Any) -> None:
    settings.AI_RUNS_A_DAY, settings.AI_RUNS_A_DAY_WITHOUT_ACCOUNT = 3, 1
    owner, unsure = UserFactory(), UserFactory(is_verified=False)
    for number in range(3):
        run = worked(started(str(number), owner=owner, caller="user:1"))
        delete_run(run_id=run.pk)
    with pytest.raises(TooManyRequests, match="3 times today") as refused:
        started("more", owner=owner, caller="user:1")
    assert 0 < refused.value.retry_after <= 86_400
    assert quota_of(owner, "user:1").left == 0
    assert quota_of(owner, "user:2").left == 3
    started(owner=unsure)
    with pytest.raises(TooManyRequests):
        started("another", owner=unsure)


def test_two_at_once_and_what_is_refused_costs_nothing() -> None:
    runs = [started(str(number)) for number in range(MOST_WAITING)]
    with pytest.raises(TooManyRequests, match="stop one"):
        started("more")
    assert quota_of(None, "address:1").used == MOST_WAITING
    started("more", caller="address:2")
    cancel_run(run_id=runs[0].pk)
    started("more")


@pytest.mark.django_db(transaction=True)
def test_of_many_starts_at_once_two_begin() -> None:
    gate, became = threading.Barrier(6), []

    def begin(number: int) -> None:
        gate.wait()
        try:
            became.append(started(str(number)).status)
        except TooManyRequests:
            became.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(became) == ["queued", "queued", *["refused"] * 4]


def test_wrong_inputs_and_unknown_agents_are_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        start_run(owner=None, caller="x", agent="echo", inputs={"luck": 1}, language="en")
    assert set(refused.value.fields) == {"word", "luck"}
    with pytest.raises(InvalidInput, match="no agent"):
        start_run(owner=None, caller="x", agent="oracle", inputs={}, language="en")
    assert not AgentRun.objects.exists()


# --- the same again --------------------------------------------------------------------------------
def test_same_input_within_an_hour_is_answered_from_cache(ollama: ScriptedOllama) -> None:
    first = worked(started())
    again = started(caller="address:2")
    assert (again.status, again.from_cache, again.result) == ("done", True, first.result)
    assert (again.tokens_in, again.answered_by) == (0, "model")
    assert quota_of(None, "address:2").used == 0
    assert not started("another word", caller="address:2").from_cache
    assert not started(language="fr", caller="address:2").from_cache
    AgentRun.objects.update(finished_at=timezone.now() - starting.SAME_INPUT - timedelta(seconds=1))
    assert not started(caller="address:3").from_cache


def test_cached_answers_of_an_account_are_its_own(ollama: ScriptedOllama) -> None:
    ann, ben = UserFactory(), UserFactory()
    worked(started(owner=ann, caller="user:a"))
    assert started(owner=ann, caller="user:a").from_cache
    assert not started(owner=ben, caller="user:b").from_cache
    assert not started().from_cache


def test_answer_for_want_of_a_model_is_not_kept_for_the_hour() -> None:
    worked(started())
    assert not started().from_cache


def test_same_input_that_waits_already_is_one_run() -> None:
    first = started()
    assert started() == first
    assert started(caller="address:2") != first
    assert quota_of(None, "address:1").used == 1


# --- stopping --------------------------------------------------------------------------------------
def test_waiting_run_is_stopped_at_once_and_never_taken() -> None:
    run = started()
    assert cancel_run(run_id=run.pk).status == "cancelled"
    assert (worked(run).status, fresh(run).attempts) == ("cancelled", 0)


def test_stop_reaches_a_call_in_its_silence(ollama: ScriptedOllama, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "REPORT_SECONDS", 0.0)
    ollama.say(scripted.stall('{"say": ['))
    run = started()
    append = working.Report._append

    def stopped_when_asked(report: working.Report, kind: str, data: dict[str, Any]) -> None:
        append(report, kind, data)
        if kind == "asked":
            assert cancel_run(run_id=run.pk).cancel_asked

    monkeypatch.setattr(working.Report, "_append", stopped_when_asked)
    over = worked(run)
    assert (over.status, over.result, over.answered_by) == ("cancelled", None, "")
    assert ollama.asked() <= 1


def test_answer_that_comes_after_the_stop_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    run = started()
    found = Echo.engine_answer

    def stopped(*args: Any) -> Any:
        cancel_run(run_id=run.pk)
        return found(*args)

    monkeypatch.setattr(Echo, "engine_answer", stopped)
    monkeypatch.setattr(agents, "run_agent", lambda *_, **__: 1 / 0)
    assert (worked(run).status, fresh(run).result) == ("cancelled", None)


def test_only_what_is_over_can_be_deleted() -> None:
    run = started()
    with pytest.raises(Conflict):
        delete_run(run_id=run.pk)
    worked(run)
    assert RunEvent.objects.exists()
    delete_run(run_id=run.pk)
    assert not AgentRun.objects.exists()
    assert not RunEvent.objects.exists()
    delete_run(run_id=run.pk)


# --- workers that end --------------------------------------------------------------------------------
def test_run_of_a_worker_that_ended_is_tried_once_more_and_then_fails() -> None:
    run = started()
    worker_gone(run)
    assert tend_runs()["sent again"] == 1
    assert (fresh(run).status, fresh(run).done) == ("queued", 0.0)
    worker_gone(run)
    assert tend_runs()["lost"] == 1
    assert (fresh(run).status, fresh(run).error_code) == ("failed", "lost")


def test_worker_that_was_given_up_writes_nothing_more() -> None:
    run = started()
    slow = keeping.keeper.take(run.pk)
    assert slow is not None
    AgentRun.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    tend_runs()
    second = keeping.keeper.take(run.pk)
    assert second is not None
    report = working.Report(slow)
    report.event("note", {})
    assert report.cancelled()
    working._end(slow, report, status="done", result={"word": "stale"}, answered_by="engine")
    assert (fresh(run).status, fresh(run).result, kinds(run)) == ("running", None, [])


def test_request_does_not_fail_while_the_broker_is_away(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    from kombu.exceptions import OperationalError

    from ai_agents.tasks import run_agent

    def away(*_: object) -> None:
        raise OperationalError

    monkeypatch.setattr(run_agent, "delay", away)
    with django_capture_on_commit_callbacks(execute=True):
        run = started()
    sent: list[str] = []
    monkeypatch.setattr(run_agent, "delay", sent.append)
    AgentRun.objects.update(due_at=timezone.now() - timedelta(seconds=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert tend_runs()["sent again"] == 1
    assert sent == [str(run.pk)]


def test_expired_runs_are_deleted_and_waiting_ones_are_not() -> None:
    old, waiting, new = worked(started("old")), started("waiting"), worked(started("new", owner=UserFactory()))
    assert new.expires_at > old.expires_at + timedelta(days=20)
    AgentRun.objects.exclude(pk=new.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert delete_expired_runs() == 1
    assert set(AgentRun.objects.values_list("pk", flat=True)) == {waiting.pk, new.pk}


# --- who may see them ------------------------------------------------------------------------------
def test_run_is_open_to_its_owner_and_one_without_to_whoever_has_its_id() -> None:
    owner, stranger = UserFactory(), AdminFactory()
    mine, nobodys = started(owner=owner), started("another", caller="address:2")
    assert readable_agent_run(owner, mine.pk) == mine
    assert readable_agent_run(stranger, nobodys.pk) == nobodys
    for run_id in (mine.pk, uuid.uuid4()):
        with pytest.raises(NotFound):
            readable_agent_run(stranger, run_id)


def test_export_holds_own_runs_with_their_events(django_assert_num_queries: Any) -> None:
    owner = UserFactory()
    runs = [worked(started(str(n), owner=owner, caller=f"user:{n}")) for n in range(3)]
    started(caller="other")
    with django_assert_num_queries(2):
        exported = exports()["agent_runs"](owner)
    assert [one["id"] for one in exported] == [str(run.pk) for run in runs]
    assert exported[0]["events"][0] == {"number": 1, "kind": "begun", "data": {"attempt": 1}}
    owner.delete()
    assert AgentRun.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [{"status": "asleep"}, {"done": 1.5}, {"status": "done"}, {"status": "failed"}, {"answered_by": "oracle"}],
    ids=str,
)
def test_database_refuses_a_run_that_cannot_be(values: dict[str, Any]) -> None:
    run = started()
    with pytest.raises(IntegrityError), transaction.atomic():
        AgentRun.objects.filter(pk=run.pk).update(**values)


def test_database_refuses_a_number_twice() -> None:
    run = worked(started())
    with pytest.raises(IntegrityError), transaction.atomic():
        RunEvent.objects.create(run=run, number=1, kind="again")


def test_staff_may_look_and_not_touch() -> None:
    run = worked(started(owner=UserFactory()))
    client = Client()
    log_in_staff(client, AdminFactory())
    assert str(run.pk) in client.get(reverse("admin:ai_agents_agentrun_changelist")).content.decode()
    page = client.get(reverse("admin:ai_agents_agentrun_change", args=[run.pk]))
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert client.post(reverse("admin:ai_agents_agentrun_delete", args=[run.pk]), {"post": "yes"}).status_code == 403


# --- status ----------------------------------------------------------------------------------------
def test_look_at_the_model_is_kept_for_web_processes(ollama: ScriptedOllama, settings: Any) -> None:
    assert status.model_seen() is None
    status.look_at_model()
    seen = status.model_seen()
    assert seen is not None
    assert (seen["there"], seen["reason"], seen["name"]) == (True, "", "mistral:7b")
    asked = ollama.asked("/api/version")
    status.look_at_model(unless_seen_for=60)
    assert ollama.asked("/api/version") == asked
    settings.OLLAMA_URL = scripted.refused_url()
    status.look_at_model()
    seen = status.model_seen()
    assert seen is not None
    assert (seen["there"], seen["reason"]) == (False, "away")
    settings.OLLAMA_URL = ""
    status.look_at_model()
    assert caches["shared"].get(status.SEEN_KEY) is None


def test_figures_count_what_workers_did() -> None:
    now = timezone.now()
    for number, (by, repaired, seconds) in enumerate([("model", True, 2), ("model", False, 4), ("engine", False, 6)]):
        run = started(str(number), caller=str(number))
        AgentRun.objects.filter(pk=run.pk).update(
            status="done", result={}, answered_by=by, repaired=repaired, tokens_in=10, tokens_out=5,
            created_at=now - timedelta(seconds=10), started_at=now - timedelta(seconds=seconds), finished_at=now,
        )  # fmt: skip
    failed = started("failed", caller="f")
    AgentRun.objects.filter(pk=failed.pk).update(status="failed", error_code="x", started_at=now, finished_at=now)
    found = next(one for one in status.figures() if one["agent"] == "echo")
    assert found == {
        "agent": "echo", "runs": 4, "success": 0.75, "by_engine": 0.3333, "repaired": 0.3333,
        "p50_seconds": 4.0, "p95_seconds": 5.8, "tokens_in": 30, "tokens_out": 15,
    }  # fmt: skip
    assert [answer["seconds"] for answer in status.last_answers()] == [10.0] * 3
    started("waits")
    assert status.queue_length() == {"queued": 1, "running": 0}
