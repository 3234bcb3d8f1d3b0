"""What an agent is made of: inputs, what the engine computed of them, what the model may choose and say, and what the
engine answers without it."""

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ai_agents.agents.answer import AgentAnswer
from ai_agents.grounding import Offer, Prose
from gw2optimizer.errors import InvalidInput

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

type Asker = "User | AnonymousUser"
type OnEvent = Callable[[str, Mapping[str, Any]], None]
EN, FR = "en", "fr"
LANGUAGES = (EN, FR)


class Inputs(BaseModel):
    """Of every agent: what is not named is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, str_max_length=2000)


class Choice(BaseModel):
    """Of every answer of the model. say: the sentences for the player."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    say: list[str]


class Rejected(ValueError):
    """The model's answer keeps to its schema and is still of no use. The text is for the model."""


@dataclass(frozen=True, kw_only=True)
class Brief:
    """One question, ready to be asked. facts: what the engine computed, as JSON. typed: what a player typed, by field.
    shape: of the answer; its enums are what is on offer. carried_out: a result, JSON, from a checked answer and what
    was left of its sentences; raises Rejected. fallback: the engine's own result."""

    facts: Mapping[str, Any]
    offer: Offer
    shape: type[Choice]
    carried_out: Callable[[Any, Prose], dict[str, Any]]
    fallback: Callable[[], dict[str, Any]]
    typed: Mapping[str, str] = field(default_factory=dict)


class Runnable[I: Inputs](ABC):
    """What `run_agent` runs. version: of the prompt, raised whenever its words change. about: one line for people."""

    name: ClassVar[str]
    version: ClassVar[str]
    about: ClassVar[str]
    inputs: type[I]

    def check_inputs(self, inputs: Mapping[str, Any]) -> I:
        """Raises InvalidInput that names each wrong field."""
        try:
            return self.inputs.model_validate(dict(inputs))
        except ValidationError as error:
            raise _invalid(error) from None

    @abstractmethod
    def engine_answer(self, inputs: Mapping[str, Any], user: Asker, language: str) -> dict[str, Any]:
        """The result without a model."""


class Agent[I: Inputs](Runnable[I]):
    task: ClassVar[str]
    """The part of the prompt that is this agent's own."""
    max_tokens: ClassVar[int] = 500

    @abstractmethod
    def brief(self, inputs: I, user: Asker, language: str) -> Brief:
        """Runs the engine. Raises DomainError where what is asked can't be."""

    def engine_answer(self, inputs: Mapping[str, Any], user: Asker, language: str) -> dict[str, Any]:
        return self.brief(self.check_inputs(inputs), user, language).fallback()


class Several[I: Inputs](Runnable[I]):
    """Asks several agents, or none, in an order of its own."""

    @abstractmethod
    def run(
        self, inputs: I, *, user: Asker, language: str, on_event: OnEvent, cancelled: Callable[[], bool]
    ) -> AgentAnswer:
        """Raises as `run_agent`."""


def _invalid(error: ValidationError) -> InvalidInput:
    fields: dict[str, list[str]] = {}
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        path = ".".join(map(str, one["loc"])) or "inputs"
        fields.setdefault(path[:120], []).append(one["msg"].removeprefix("Value error, "))
    path, texts = next(iter(fields.items()))
    return InvalidInput(f"{path}: {texts[0]}", fields=fields)


def schema_of(shape: type[Choice]) -> dict[str, Any]:
    """The JSON schema that the model's server holds it to. Its order is the order in which the model writes: first the
    choice, so that the words are about it."""
    schema = shape.model_json_schema()
    fields = schema["properties"]
    return schema | {"properties": {name: fields[name] for name in sorted(fields, key=lambda name: name == "say")}}


def as_facts(facts: Mapping[str, Any]) -> str:
    return json.dumps(facts, ensure_ascii=False)
