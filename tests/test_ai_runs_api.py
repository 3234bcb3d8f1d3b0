"""Runs of agents by the API; each answer is held against the description."""

import uuid
from collections.abc import Iterator
from typing import Any, ClassVar

import pytest

from ai_agents.agents import registry
from ai_agents.agents.base import Inputs
from ai_agents.models import AgentRun
from ai_agents.ollama import site
from ai_agents.services import status
from ai_agents.services.runs import start_run, work
from gw2optimizer.health import record_heartbeat
from teams.spec import plain_team_json
from tests.api import Api
from tests.echo_agent import GOOD, Echo
from tests.factories import AdminFactory, LibraryBuildFactory, UserFactory
from tests.ollama_server import scripted
from tests.ollama_server.scripted import ScriptedOllama
from tests.teams import library
from tests.teams import team as team_of

pytestmark = pytest.mark.django_db

WISH = {"profession": "Guardian"}


class WishInputs(Inputs):
    profession: str = ""
    team: dict[str, Any] = {}
    message: str = ""
    mends: bool = True
    max_changes: int = 0
    preserve: tuple[int, ...] = ()

    @property
    def word(self) -> str:
        return self.profession


class Recommends(Echo):
    inputs = WishInputs  # type: ignore[assignment]
    about: ClassVar[str] = "Recommends."


@pytest.fixture(autouse=True)
def _agents(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("recommender", "synergy", "optimizer", "commander"):
        monkeypatch.setitem(registry._agents, name, Recommends())
    monkeypatch.setitem(registry._agents, "echo", Echo())


@pytest.fixture
def ollama(settings: Any) -> Iterator[ScriptedOllama]:
    with ScriptedOllama() as server:
        settings.OLLAMA_URL = server.url
        yield server
    site._guard.cache_clear()


def started(word: str = "quaggan", *, owner: Any = None, caller: str = "x") -> AgentRun:
    return start_run(owner=owner, caller=caller, agent="echo", inputs={"word": word}, language="en")


def test_engine_answers_at_once_and_the_model_adds_to_it(ollama: ScriptedOllama) -> None:
    LibraryBuildFactory()
    ollama.say(scripted.answer({"say": [GOOD]}))
    api = Api(UserFactory())
    answer = api.post("ai/recommend-build", WISH)
    assert answer.status == 200
    assert answer.body["answered_by"] == "engine"
    assert answer.body["run"]["status"] == "queued"
    assert ollama.asked() == 0
    work(run_id=uuid.UUID(answer.body["run"]["id"]))
    run = api.get(answer.body["run"]["url"].removeprefix("http://testserver")).body
    assert (run["status"], run["answered_by"], run["result"]["say"][0]["text"]) == ("done", "model", GOOD)
    assert (run["inputs"], run["ahead"]) == (WISH, None)
    again = api.post("ai/recommend-build", WISH).body["run"]
    assert (again["status"], again["from_cache"]) == ("done", True)


def test_engine_answers_alone_without_a_model_or_when_the_share_is_used_up(settings: Any) -> None:
    LibraryBuildFactory()
    assert Api().post("ai/recommend-build", WISH).body["run"] is None
    assert not AgentRun.objects.exists()
    settings.OLLAMA_URL, settings.AI_RUNS_A_DAY_WITHOUT_ACCOUNT = scripted.refused_url(), 1
    assert Api().post("ai/recommend-build", WISH).body["run"]["status"] == "queued"
    other = Api().post("ai/recommend-build", {**WISH, "role": "dps"})
    assert (other.status, other.body["run"]) == (200, None)


def test_routes_of_teams_have_runs_too(settings: Any) -> None:
    settings.OLLAMA_URL = scripted.refused_url()
    LibraryBuildFactory()
    team = plain_team_json(team_of([library()[0], library()[0]], mode=library()[0].game_mode))
    for path, body in (
        ("analyze-team-synergy", {"team": team, "mends": False}),
        ("optimize-team", {"team": team, "max_changes": 1, "seconds": 0.1}),
        ("teams/command", {"message": "2 firebrands", "mode": "wvw", "seconds": 0.1}),
    ):
        answer = Api(UserFactory()).post(f"ai/{path}", body)
        assert (answer.status, answer.body["run"]["status"]) == (200, "queued"), path
        later = Api(UserFactory()).post(f"ai/{path}", body, Prefer="respond-async")
        assert (later.status, later.body["status"]) == (202, "queued"), path


def test_who_prefers_to_wait_gets_a_run_alone() -> None:
    api = Api(UserFactory())
    answer = api.post("ai/recommend-build", WISH, Prefer="respond-async, wait=5")
    assert (answer.status, answer.body["status"], answer.body["ahead"]) == (202, "queued", 0)
    assert answer.headers["Location"] == answer.body["url"]
    assert answer.headers["Preference-Applied"] == "respond-async"
    work(run_id=uuid.UUID(answer.body["id"]))
    over = api.get(answer.headers["Location"].removeprefix("http://testserver")).body
    assert (over["status"], over["answered_by"], over["reason"]) == ("done", "engine", "not_set")
    for number in range(2):
        api.post("ai/recommend-build", {"profession": str(number)}, Prefer="respond-async")
    refused = api.post("ai/recommend-build", {"profession": "3"}, Prefer="respond-async")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "10")


def test_language_of_the_answer_is_the_browsers() -> None:
    api = Api(UserFactory())
    for header, language in (("fr-FR,fr;q=0.9,en;q=0.8", "fr"), ("de, en;q=0.5", "en"), ("xx", "en")):
        sent = {"Prefer": "respond-async", "Accept_Language": header}
        body = api.post("ai/recommend-build", {"profession": header}, **sent).body
        assert body["language"] == language
        api.delete(f"ai/runs/{body['id']}")


def test_events_come_in_order_and_end_with_the_run() -> None:
    run = started()
    first = Api().get(f"ai/runs/{run.pk}/events").body
    assert (first["items"], first["status"]) == ([], "queued")
    work(run_id=run.pk)
    path = first["next"].removeprefix("http://testserver")
    over = Api().get(path).body
    assert [event["number"] for event in over["items"]] == list(range(1, len(over["items"]) + 1))
    assert (over["items"][0]["kind"], over["status"], over["next"]) == ("begun", "done", None)
    rest = Api().get(f"ai/runs/{run.pk}/events?after=1").body
    assert rest["items"] == over["items"][1:]
    assert Api().get(f"ai/runs/{run.pk}/events?after=-1").status == 422


def test_waiting_run_is_stopped_and_one_that_is_over_deleted() -> None:
    path = f"ai/runs/{started().pk}"
    stopped = Api().delete(path)
    assert (stopped.status, stopped.body["status"]) == (200, "cancelled")
    assert Api().delete(path).status == 204
    assert Api().get(path).status == 404
    running = started()
    AgentRun.objects.update(status="running", attempts=1)
    assert Api().delete(f"ai/runs/{running.pk}").body["cancelling"] is True


def test_runs_of_others_are_not_there() -> None:
    owner = UserFactory()
    run = started(owner=owner)
    for api in (Api(), Api(UserFactory()), Api(AdminFactory())):
        assert {api.get(f"ai/runs/{run.pk}").status, api.get(f"ai/runs/{run.pk}/events").status} == {404}
        assert api.delete(f"ai/runs/{run.pk}").status == 404
    assert Api(owner).get(f"ai/runs/{run.pk}").status == 200


@pytest.mark.parametrize("count", [1, 3])
def test_list_of_own_runs_costs_the_same_however_many(count: int, django_assert_num_queries: Any) -> None:
    owner = UserFactory()
    runs = [started(str(number), owner=owner, caller=str(number)) for number in range(count)]
    started()
    api = Api(owner)
    with django_assert_num_queries(3):
        page = api.get("ai/runs").body
    assert [one["id"] for one in page["items"]] == [str(run.pk) for run in reversed(runs)]
    assert page["next"] is None
    if count > 1:
        first = api.get("ai/runs?limit=2").body
        second = api.get(first["next"].removeprefix("http://testserver")).body
        assert [one["id"] for one in second["items"]] == [str(runs[0].pk)]


def test_status_tells_what_workers_saw_and_asks_no_model(ollama: ScriptedOllama) -> None:
    user = UserFactory()
    first = Api(user).get("ai/status").body
    assert first["model"] == {
        "set": True, "there": None, "name": "mistral:7b", "reason": "", "message": "", "small": False, "seen_at": None,
    }  # fmt: skip
    assert (first["queue"], first["figures"]) == ({"queued": 0, "running": 0, "worker": False}, None)
    assert not ollama.requests
    status.look_at_model()
    record_heartbeat(["ai"])
    work(run_id=started("a").pk)
    started("b", owner=user, caller=f"user:{user.pk}")
    asked = len(ollama.requests)
    body = Api(user).get("ai/status").body
    assert (body["model"]["there"], body["queue"]) == (True, {"queued": 1, "running": 0, "worker": True})
    assert (body["last_answers"][0]["agent"], body["quota"]["used"]) == ("echo", 1)
    assert len(ollama.requests) == asked
    staff = Api(AdminFactory()).get("ai/status").body
    assert next(one for one in staff["figures"] if one["agent"] == "echo")["runs"] == 1


def test_agents_are_listed() -> None:
    found = {one["name"]: one for one in Api().get("ai/agents").body["items"]}
    assert found["echo"] == {"name": "echo", "version": "3", "about": "Says it again."}
