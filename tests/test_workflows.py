"""Workflows: what waits for what, what stands in for a step that fails, and what is kept of each."""

import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest

from ai_agents.agents import run_agent
from ai_agents.agents.base import Inputs
from ai_agents.ollama import CallCancelled
from ai_agents.workflows import WORKFLOWS, Asking, Step, Workflow
from gw2optimizer.errors import InvalidInput
from tests.ai import load_some, scripted_model
from tests.ollama_server import scripted
from tests.test_agents import GOOD, NOBODY

FAST = {"user": NOBODY, "language": "en"}


class Nothing(Inputs):
    pass


def step(name: str, *needs: str, **more: Any) -> Step:
    def done(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
        return {"of": name, **given}

    def asked(asking: Asking) -> dict[str, Any]:
        return {"needs": [asking.outputs[need]["of"] for need in needs]}

    return Step(name=name, needs=needs, asked=asked, **{"done": done, **more})


class Made(Workflow[Nothing]):
    name, version, about, inputs = "made", "1", "for a test", Nothing

    def __init__(self, *steps: Step) -> None:
        self.steps = steps  # type: ignore[misc]

    def result(self, outputs: Mapping[str, dict[str, Any]], language: str) -> dict[str, Any]:
        return {"names": list(outputs)}


def ran(workflow: Made, cancelled: Any = lambda: False) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    heard: list[tuple[str, str]] = []
    threads: set[int] = set()

    def tell(kind: str, data: Mapping[str, Any]) -> None:
        threads.add(threading.get_ident())
        heard.append((kind, data.get("name", "")))

    answer = workflow.run(Nothing(), **FAST, on_event=tell, cancelled=cancelled)
    assert threads == {threading.get_ident()}
    return answer.result, heard


def test_steps_without_need_of_each_other_go_together() -> None:
    both = threading.Barrier(2, timeout=10)

    def meet(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
        asking.tell("sentence", {"name": "from a thread"})
        both.wait()
        return {"of": "met"}

    result, heard = ran(
        Made(step("first"), step("left", "first", done=meet), step("right", "first", done=meet), step("last", "left"))
    )
    assert [one["name"] for one in result["steps"]] == ["first", "left", "right", "last"]
    assert result["steps"][3]["input"] == {"needs": ["met"]}
    assert [one["source"] for one in result["steps"]] == ["engine"] * 4
    assert heard.count(("sentence", "from a thread")) == 2


def test_step_that_fails_is_replaced_and_the_others_go_on() -> None:
    def fail(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
        raise InvalidInput("No such thing.")

    def broken(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
        raise ZeroDivisionError

    instead = {"instead": lambda asking: {"of": "instead"}}
    result, _ = ran(
        Made(step("one", done=fail, **instead), step("two", "one", done=broken, **instead), step("three", "two"))
    )
    told = [(one["output"]["of"], one["source"], one["error"]) for one in result["steps"]]
    assert told == [
        ("instead", "fallback", "No such thing."),
        ("instead", "fallback", "Something broke on our side."),
        ("three", "engine", ""),
    ]
    with pytest.raises(InvalidInput):
        ran(Made(step("one", done=fail)))


def test_cancelled_workflow_ends_between_steps_and_within_those_that_go_together() -> None:
    with pytest.raises(CallCancelled):
        ran(Made(step("one")), cancelled=lambda: True)
    waits = threading.Event()

    def wait(asking: Asking, given: dict[str, Any]) -> dict[str, Any]:
        waits.set()
        while not asking.cancelled():
            time.sleep(0.01)
        raise CallCancelled

    with pytest.raises(CallCancelled):
        ran(Made(step("one", done=wait), step("two", done=wait)), cancelled=waits.is_set)


def test_workflow_whose_steps_wait_for_each_other_is_refused() -> None:
    with pytest.raises(ValueError, match="comes later"):
        Made(step("one", "two"), step("two")).check_steps()
    assert sorted(WORKFLOWS) == ["build-optimization", "team-analysis"]


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_build_optimization_keeps_each_step_and_where_it_came_from(settings: Any) -> None:
    builds = load_some(most=3)
    team = {
        "schema": "team/1",
        "name": "T",
        "game_mode": "wvw",
        "groups": [{"slots": [{"build": b} for b in builds[:2]]}],
    }
    with scripted_model(settings) as model:
        model.when_done = scripted.fitting(GOOD)
        inputs = {"profession": "Guardian", "game_mode": "wvw", "team": team}
        answer = run_agent("build-optimization", inputs, **FAST)
    steps = {one["name"]: one for one in answer.result["steps"]}
    assert {name: one["source"] for name, one in steps.items()} == {
        "recommend": "model", "gear": "engine", "synergy": "model", "variants": "engine",
    }  # fmt: skip
    assert (answer.answered_by, answer.tokens_in, answer.prompt_version) == ("model", 42, "build-optimization/1")
    assert steps["gear"]["input"]["build"] == answer.result["build"]
    assert answer.result["synergy"]["size"] == 3
    assert answer.result["variants"][0]["template_code"] == answer.result["template_code"]


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_team_analysis_without_a_model_scores_again_what_it_changed(settings: Any) -> None:
    settings.OLLAMA_URL = ""
    answer = run_agent("team-analysis", {"builds": load_some(most=2)[:3], "max_changes": 1}, **FAST)
    result = answer.result
    assert (answer.answered_by, answer.reason) == ("engine", "not_set")
    assert {one["source"] for one in result["steps"]} == {"engine"}
    first, second = result["comparison"]["first"], result["comparison"]["second"]
    assert first["score"] == pytest.approx(result["optimisation"]["score"]["before"], abs=1e-3)
    assert second["score"] == pytest.approx(result["optimisation"]["score"]["after"], abs=1e-3)
    assert second["score"] > first["score"]
