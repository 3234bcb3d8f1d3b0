"""Searches for gear by the API: answered at once or by a run; each answer is held against the description."""

import uuid
from typing import Any

import pytest

from builds.models import Build, GearRun
from builds.services import gear_runs
from tests.api import Api
from tests.factories import BuildFactory, UserFactory
from tests.specs import packaged

pytestmark = pytest.mark.django_db

WISH = {
    "prefixes": ["Berserker's", "Dragon's"],
    "runes": [str(id_) for id_ in packaged().runes][:2],
    "profile": {"power_coefficient": 3000, "condition_coefficients": {"burning": 2}},
}


def asked(build: Build, api: Api, **changes: Any) -> Any:
    return api.post(f"builds/{build.pk}/optimize-gear", {**WISH, **changes})


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """No search is over at once."""
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 0.0)


@pytest.fixture
def build() -> Build:
    return BuildFactory()  # type: ignore[return-value]


def test_quick_search_is_the_answer_and_leaves_no_run(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 60.0)
    answer = asked(build, Api())
    assert answer.status == 200
    assert answer.body["status"] == "optimal"
    assert not GearRun.objects.exists()


def test_more_combinations_than_64_bits_hold_are_answered(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gear_runs, "AT_ONCE_SECONDS", 60.0)
    infusions = ["power", "precision", "ferocity", "condition_damage"]
    prefixes = ["Berserker's", "Assassin's", "Dragon's", "Viper's", "Sinister", "Grieving"]
    answer = asked(build, Api(), runes=[], prefixes=prefixes, infusions=infusions)
    assert answer.status == 200
    assert answer.body["combinations"] > 2**64


@pytest.mark.usefixtures("slow")
def test_long_search_is_a_run_that_a_worker_ends(build: Build) -> None:
    api = Api()
    answer = asked(build, api)
    assert answer.status == 202
    assert answer.headers["Location"] == answer.body["url"]
    assert (answer.body["status"], answer.body["result"]) == ("queued", None)
    assert answer.body["build"] == str(build.pk)
    gear_runs.work(run_id=uuid.UUID(answer.body["id"]))
    over = api.get(answer.body["url"].removeprefix("http://testserver"))
    assert over.status == 200
    assert over.body["status"] == "done"
    assert over.body["progress"]["done"] == 1.0
    assert over.body["result"]["status"] == "optimal"
    assert len(over.body["result"]["results"]) == 10


@pytest.mark.usefixtures("slow")
def test_run_that_failed_says_why(build: Build) -> None:
    answer = asked(build, Api())
    GearRun.objects.update(status="failed", error_code="lost", error_message="Cut off.")
    body = Api().get(f"gear-runs/{answer.body['id']}").body
    assert (body["status"], body["error"]) == ("failed", {"code": "lost", "message": "Cut off."})


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize("way", ["delete", "cancel"])
def test_run_is_stopped(build: Build, way: str) -> None:
    api = Api()
    path = f"gear-runs/{asked(build, api).body['id']}"
    answer = api.delete(path) if way == "delete" else api.post(f"{path}/cancel")
    assert (answer.status, answer.body["status"]) == (200, "cancelled")
    again = api.delete(path)
    assert (again.status, again.body["status"]) == (200, "cancelled")


@pytest.mark.usefixtures("slow")
def test_running_search_says_that_it_is_stopping(build: Build) -> None:
    api = Api()
    path = f"gear-runs/{asked(build, api).body['id']}"
    GearRun.objects.update(status="running", attempts=1)
    answer = api.post(f"{path}/cancel")
    assert (answer.body["status"], answer.body["cancelling"]) == ("running", True)


@pytest.mark.usefixtures("slow")
@pytest.mark.parametrize(
    ("starter", "visibility", "allowed"),
    [
        ("owner", "private", {"owner"}),
        ("owner", "public", {"owner"}),
        ("stranger", "public", {"stranger"}),
        ("nobody", "public", {"nobody", "owner", "stranger"}),
    ],
)
def test_runs_of_others_are_not_there(starter: str, visibility: str, allowed: set[str]) -> None:
    owner: Any = UserFactory()
    build = BuildFactory(owner=owner, visibility=visibility)
    apis = {"owner": Api(owner), "stranger": Api(UserFactory()), "nobody": Api()}  # type: ignore[arg-type,no-untyped-call]
    path = f"gear-runs/{asked(build, apis[starter]).body['id']}"
    for name, api in apis.items():
        expected = 200 if name in allowed else 404
        assert api.get(path).status == expected
        assert api.post(f"{path}/cancel").status == expected
        assert api.delete(path).status == expected


@pytest.mark.usefixtures("slow")
def test_too_many_waiting_searches_are_refused(build: Build) -> None:
    api = Api(UserFactory())  # type: ignore[arg-type,no-untyped-call]
    for _ in range(gear_runs.MOST_WAITING):
        assert asked(build, api).status == 202
    refused = asked(build, api)
    assert refused.status == 429
    assert "stop one" in refused.error["message"]
    assert refused.headers["Retry-After"] == "10"


def test_run_that_is_not_there_is_not_found() -> None:
    path = f"gear-runs/{uuid.uuid4()}"
    assert (Api().get(path).status, Api().delete(path).status, Api().post(f"{path}/cancel").status) == (404, 404, 404)


@pytest.mark.usefixtures("slow")
def test_session_needs_the_token_of_forms_to_stop_a_run(build: Build) -> None:
    user: Any = UserFactory()
    run = gear_runs.queue_run(owner=user, caller="x", spec=build.value, wish=gear_runs.GearWish("healing"), build=build)
    assert Api(user, csrf=True).delete(f"gear-runs/{run.pk}").status == 403
    assert GearRun.objects.get().status == "queued"
