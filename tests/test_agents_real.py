"""An agent and a real model: prompt, HTTP, tokens, schema, check."""

from typing import Any

import pytest

from ai_agents.agents import AGENTS, Agent, run_agent
from ai_agents.agents.answer import INVALID
from ai_agents.ollama import the_model
from tests.ai import assert_sound
from tests.test_agents import NOBODY


def test_small_real_model_is_asked_in_whole_and_shown_as_far_as_it_holds(
    settings: Any, ollama_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is too small to be clever, so that its words may be cut; none of it is an error of the way there."""
    settings.OLLAMA_URL, settings.OLLAMA_TOTAL_SECONDS = ollama_url, 120
    settings.OLLAMA_MODEL = the_model().tags()[0].name
    analyst = AGENTS["analyst"]
    assert isinstance(analyst, Agent)
    monkeypatch.setattr(type(analyst), "max_tokens", 60)
    heard: list[str] = []
    answer = run_agent(
        "analyst",
        {"trait": "Altruistic Healing"},
        user=NOBODY,
        language="en",
        on_event=lambda kind, data: heard.append(kind),
    )
    assert (answer.answered_by, answer.reason) in {("model", ""), ("engine", INVALID)}
    assert (answer.model, heard[:2]) == (settings.OLLAMA_MODEL, ["facts", "asked"])
    assert answer.tokens_in > 200 or answer.rejected
    assert_sound(answer.result, answer.answered_by)
    assert answer.result["subject"]["name"] == "Altruistic Healing"
