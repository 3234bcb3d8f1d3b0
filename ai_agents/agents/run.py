"""`run_agent`: ask, check, one round of repair, then the engine's own answer."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import structlog
from pydantic import ValidationError
from pydantic_core import from_json

from ai_agents.agents.answer import BY_ENGINE, BY_MODEL, INVALID, AgentAnswer
from ai_agents.agents.base import EN, LANGUAGES, Agent, Asker, Brief, OnEvent, Rejected, Several, schema_of
from ai_agents.agents.prompt import messages_of, repair_of, version_of
from ai_agents.agents.registry import AGENTS
from ai_agents.grounding import Prose, ground
from ai_agents.ollama import AnswerCut, CallCancelled, ChatMessage, ModelError, NoModel, OllamaClient, is_set, the_model
from gw2optimizer.errors import NotFound

log = structlog.get_logger(__name__)

ROUNDS = 2
SEED = 7
MOST_TOLD = 5


@dataclass(slots=True)
class _Tally:
    model: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    rejected: int = 0
    rounds: int = 0


def run_agent(
    name: str,
    inputs: Mapping[str, Any],
    *,
    user: Asker,
    language: str,
    on_event: OnEvent | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> AgentAnswer:
    """on_event gets "facts", "asked" {round}, "sentence" {text, parts} as each is written and found good, "withdrawn"
    {} where those are no more, "repair" {}, and "engine" {reason}. cancelled: asked about five times a second.
    Raises NotFound for an agent that isn't there, InvalidInput and other DomainErrors for what can't be computed, and
    CallCancelled; whatever the model does is no error."""
    agent = AGENTS.get(name)
    if agent is None:
        raise NotFound(f"There is no agent “{name[:60]}”.")
    tell = on_event or (lambda kind, data: None)
    language = language if language in LANGUAGES else EN
    if isinstance(agent, Several):
        checked = agent.check_inputs(inputs)
        return agent.run(checked, user=user, language=language, on_event=tell, cancelled=cancelled or (lambda: False))
    assert isinstance(agent, Agent)
    tally = _Tally()
    if not is_set():
        # Facts for a prompt that nobody reads may take seconds.
        tell("engine", {"reason": NoModel.reason})
        result = agent.engine_answer(inputs, user, language)
        return _answer(agent, result, NoModel.reason, tally)
    brief = agent.brief(agent.check_inputs(inputs), user, language)
    tell("facts", {"tokens": len(brief.offer)})
    try:
        return _answer(agent, _Asked(agent, brief, language, tell, cancelled, tally).result(), "", tally)
    except ModelError as error:
        if isinstance(error, CallCancelled):
            raise
        reason = INVALID if isinstance(error, _Useless) else error.reason
    tell("engine", {"reason": reason})
    return _answer(agent, brief.fallback(), reason, tally)


def _answer(agent: Agent[Any], result: dict[str, Any], reason: str, tally: _Tally) -> AgentAnswer:
    by: Literal["model", "engine"] = BY_ENGINE if reason else BY_MODEL
    log.info("agent_answered", agent=agent.name, by=by, reason=reason, rounds=tally.rounds)
    return AgentAnswer(
        result=result,
        answered_by=by,
        model=tally.model,
        prompt_version=version_of(agent),
        tokens_in=tally.tokens_in,
        tokens_out=tally.tokens_out,
        repaired=not reason and tally.rounds > 1,
        rejected=tally.rejected,
        reason=reason,
    )


class _Useless(ModelError):
    """Two answers came, and neither can be used."""

    reason = INVALID


@dataclass(slots=True)
class _Asked:
    agent: Agent[Any]
    brief: Brief
    language: str
    tell: OnEvent
    cancelled: Callable[[], bool] | None
    tally: _Tally
    prompt: str = ""
    heard: list[str] = field(default_factory=list)
    told: int = 0

    def result(self) -> dict[str, Any]:
        """Raises ModelError where the model gave none."""
        model = the_model()
        self.tally.model = model.config.model
        messages = messages_of(self.agent, self.brief, self.language)
        self.prompt = "\n".join(message.content for message in messages)
        left = model.config.total
        for number in range(1, ROUNDS + 1):
            self.tally.rounds = number
            self.tell("asked", {"round": number})
            began = time.monotonic()
            text, error = self._answer(model, messages, left)
            if not error:
                try:
                    return self._checked(text)
                except Rejected as refused:
                    error = str(refused)
            if self.told:
                self.tell("withdrawn", {})
            # Both rounds together take no longer than one call may.
            left -= time.monotonic() - began
            if number == ROUNDS or left <= 0:
                break
            self.tell("repair", {})
            messages = [*messages, *repair_of(text, error)]
        raise _Useless

    def _answer(self, model: OllamaClient, messages: list[ChatMessage], left: float) -> tuple[str, str]:
        """Text, and what is wrong with it already."""
        self.heard, self.told = [], 0
        client = OllamaClient(replace(model.config, total=left), model.guard)
        try:
            answer = client.chat(
                messages,
                schema=schema_of(self.brief.shape),
                seed=SEED + self.tally.rounds,
                max_tokens=self.agent.max_tokens,
                on_text=self._hear,
                cancelled=self.cancelled,
            )
        except AnswerCut:
            self.tally.rejected += 1
            return "", "it was too long. Write fewer and shorter sentences."
        self.tally.tokens_in += answer.prompt_tokens
        self.tally.tokens_out += answer.answer_tokens
        return answer.text, ""

    def _checked(self, text: str) -> dict[str, Any]:
        try:
            choice = self.brief.shape.model_validate_json(text)
        except ValidationError as error:
            self.tally.rejected += 1
            raise Rejected(_in_words(error)) from None
        prose = self._grounded(choice.say)
        self.tally.rejected += prose.cut
        if not prose.sentences:
            raise Rejected(
                'no sentence of "say" keeps to the rules. Write no numbers, and no names but by the tokens of FACTS.'
            )
        try:
            return self.brief.carried_out(choice, prose)
        except Rejected:
            self.tally.rejected += 1
            raise

    def _grounded(self, texts: list[str]) -> Prose:
        return ground(texts, self.brief.offer, self.language, prompt=self.prompt)

    def _hear(self, piece: str) -> None:
        """Tells each text of "say" that is whole and good, so that a page can show it while the rest is written."""
        self.heard.append(piece)
        if '"' not in piece:
            return
        try:
            so_far = from_json("".join(self.heard), allow_partial=True)
        except ValueError:
            return
        said = so_far.get("say") if isinstance(so_far, dict) else None
        # The last one may still be growing; strings that are cut in the middle are left out by the reader.
        whole = [text for text in said if isinstance(text, str)] if isinstance(said, list) else []
        for text in whole[self.told :]:
            self.told += 1
            for sentence in self._grounded([text]).sentences:
                self.tell("sentence", sentence.as_json())


def _in_words(error: ValidationError) -> str:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return " ".join(
        f"{'.'.join(map(str, one['loc']))[:60] or 'answer'}: {one['msg'][:120]}." for one in found[:MOST_TOLD]
    )
