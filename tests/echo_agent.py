"""A small agent for tests of runs: the engine's answer is what was asked, the model adds a sentence. As a module that a
worker includes it is there, too: `celery worker --include tests.echo_agent`."""

import os
from typing import Any, ClassVar

from ai_agents.agents import Agent, Brief, registry
from ai_agents.agents.base import Choice, Inputs
from ai_agents.grounding import Offer, Prose
from builds.catalogue import current_catalogue

GOOD = "This is a good choice."


class EchoInputs(Inputs):
    word: str


class Echo(Agent[EchoInputs]):
    name: ClassVar[str] = "echo"
    version: ClassVar[str] = "3"
    about: ClassVar[str] = "Says it again."
    task: ClassVar[str] = "Say it again."
    inputs = EchoInputs

    def brief(self, inputs: EchoInputs, user: Any, language: str) -> Brief:
        def told(say: list[Any]) -> dict[str, Any]:
            return {"word": inputs.word, "say": say}

        def carried_out(_: Choice, prose: Prose) -> dict[str, Any]:
            return told(prose.as_json())

        return Brief(
            facts={"word": "typed"},
            offer=Offer(current_catalogue(), language),
            shape=Choice,
            carried_out=carried_out,
            fallback=lambda: told([]),
            typed={"word": inputs.word},
        )


if "GW2_ECHO" in os.environ:
    registry.register(Echo())
