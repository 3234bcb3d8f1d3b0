"""Steps that wait for each other only where one needs what another gives. A step that fails is replaced by its
fallback, so that a run ends with whatever could be had."""

import queue
import threading
import time
from abc import abstractmethod
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, ClassVar

import structlog
from django.db import connections

from ai_agents.agents.answer import BY_ENGINE, BY_MODEL, AgentAnswer
from ai_agents.agents.base import Asker, Inputs, OnEvent, Several
from ai_agents.agents.run import run_agent
from ai_agents.ollama import CallCancelled
from gw2optimizer.errors import DomainError

log = structlog.get_logger(__name__)

FALLBACK = "fallback"
"""Source of an output that stands in for a step that failed."""
AT_ONCE = 3
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of a step. source: model, engine or fallback. error: why the fallback stands, "" else."""

    name: str
    input: dict[str, Any]
    output: dict[str, Any]
    source: str
    seconds: float
    error: str = ""
    answer: AgentAnswer | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "input": self.input,
            "output": self.output,
            "source": self.source,
            "seconds": round(self.seconds, 3),
            "error": self.error,
        }


@dataclass(slots=True)
class Asking:
    """What a step sees. inputs: of the workflow, checked. outputs: of the steps that it needs, and of all before."""

    inputs: Any
    user: Asker
    language: str
    outputs: Mapping[str, dict[str, Any]]
    tell: OnEvent
    cancelled: Callable[[], bool]
    engine_only: bool = False
    answers: list[AgentAnswer] = field(default_factory=list)

    def ask(self, agent: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
        """The agent's result. Raises as `run_agent`."""
        if self.engine_only:
            from ai_agents.agents.registry import AGENTS

            return AGENTS[agent].engine_answer(inputs, self.user, self.language)
        answer = run_agent(
            agent, inputs, user=self.user, language=self.language, on_event=self.tell, cancelled=self.cancelled
        )
        self.answers.append(answer)
        return answer.result


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """asked: what the step is given, for the record, from the outputs before. done: its output, JSON. instead: stands
    in where `done` fails; where there is none, the run fails as the step did."""

    name: str
    needs: Sequence[str] = ()
    asked: Callable[[Asking], dict[str, Any]]
    done: Callable[[Asking, dict[str, Any]], dict[str, Any]]
    instead: Callable[[Asking], dict[str, Any]] | None = None


class Workflow[I: Inputs](Several[I]):
    steps: ClassVar[Sequence[Step]]

    @abstractmethod
    def result(self, outputs: Mapping[str, dict[str, Any]], language: str) -> dict[str, Any]:
        """What the run gives beside its steps."""

    def check_steps(self) -> None:
        """Raises ValueError where a step needs one that does not stand before it."""
        before: set[str] = set()
        for step in self.steps:
            if missing := set(step.needs) - before:
                raise ValueError(f"{self.name}: {step.name} needs {', '.join(sorted(missing))}, which comes later")
            before.add(step.name)

    def engine_answer(self, inputs: Mapping[str, Any], user: Asker, language: str) -> dict[str, Any]:
        checked = self.check_inputs(inputs)
        kept = _Run(self, checked, user, language, lambda kind, data: None, lambda: False, engine_only=True).all()
        return self._told(kept, language, BY_ENGINE)

    def run(
        self, inputs: I, *, user: Asker, language: str, on_event: OnEvent, cancelled: Callable[[], bool]
    ) -> AgentAnswer:
        kept = _Run(self, inputs, user, language, on_event, cancelled).all()
        answers = [one.answer for one in kept if one.answer is not None]
        by_model = [answer for answer in answers if answer.answered_by == BY_MODEL]
        return AgentAnswer(
            result=self._told(kept, language, BY_MODEL if by_model else BY_ENGINE),
            answered_by=BY_MODEL if by_model else BY_ENGINE,
            model=next((answer.model for answer in answers if answer.model), ""),
            prompt_version=f"{self.name}/{self.version}",
            tokens_in=sum(answer.tokens_in for answer in answers),
            tokens_out=sum(answer.tokens_out for answer in answers),
            repaired=any(answer.repaired for answer in answers),
            rejected=sum(answer.rejected for answer in answers),
            reason="" if by_model else next((answer.reason for answer in answers), FALLBACK),
        )

    def _told(self, kept: Sequence[Kept], language: str, by: str) -> dict[str, Any]:
        outputs = {one.name: one.output for one in kept}
        return {**self.result(outputs, language), "steps": [one.as_json() for one in kept], "answered_by": by}


class _Run:
    """One run. Steps that may go at the same time go in threads; events are told, and `cancelled` is asked, in the
    caller's thread alone, since both may ask the database."""

    def __init__(
        self,
        workflow: Workflow[Any],
        inputs: Any,
        user: Asker,
        language: str,
        tell: OnEvent,
        cancelled: Callable[[], bool],
        *,
        engine_only: bool = False,
    ) -> None:
        self.workflow, self.inputs, self.user, self.language = workflow, inputs, user, language
        self.tell, self.cancelled, self.engine_only = tell, cancelled, engine_only
        self.kept: dict[str, Kept] = {}
        self.stop = threading.Event()
        self.heard: queue.SimpleQueue[tuple[str, Mapping[str, Any]]] = queue.SimpleQueue()

    def all(self) -> list[Kept]:
        """In the order of the steps. Raises CallCancelled, and what a step without a fallback raised."""
        waiting = list(self.workflow.steps)
        while waiting:
            ready = [step for step in waiting if set(step.needs) <= self.kept.keys()]
            waiting = [step for step in waiting if step not in ready]
            if self.cancelled():
                raise CallCancelled
            for step in ready:
                self._begin(step)
            # Of several, what one gives is not seen by the others, whichever is quicker.
            for kept in [self._one(ready[0], self.tell, self.cancelled)] if len(ready) == 1 else self._together(ready):
                self.kept[kept.name] = kept
                self._end(kept)
        return [self.kept[step.name] for step in self.workflow.steps]

    def _together(self, steps: Sequence[Step]) -> list[Kept]:
        with ThreadPoolExecutor(max_workers=min(AT_ONCE, len(steps))) as pool:
            under_way: set[Future[Kept]] = set()
            futures = [pool.submit(self._apart, step) for step in steps]
            under_way.update(futures)
            try:
                while under_way:
                    under_way = wait(under_way, timeout=LOOK_SECONDS, return_when=FIRST_COMPLETED).not_done
                    self._pass_on()
                    if not self.stop.is_set() and self.cancelled():
                        self.stop.set()
            except BaseException:
                # Such as a limit of time: the threads must not outlast it by long.
                self.stop.set()
                raise
        self._pass_on()
        return [future.result() for future in futures]

    def _pass_on(self) -> None:
        while not self.heard.empty():
            self.tell(*self.heard.get())

    def _apart(self, step: Step) -> Kept:
        try:
            return self._one(step, lambda kind, data: self.heard.put((kind, data)), self.stop.is_set)
        finally:
            # Of this thread; nobody else would.
            connections.close_all()

    def _one(self, step: Step, tell: OnEvent, cancelled: Callable[[], bool]) -> Kept:
        outputs = {name: kept.output for name, kept in self.kept.items()}
        asking = Asking(self.inputs, self.user, self.language, outputs, tell, cancelled, self.engine_only)
        began, given, error = time.monotonic(), {}, ""
        try:
            given = step.asked(asking)
            output = step.done(asking, given)
        except CallCancelled:
            raise
        except Exception as failure:  # a step is a worker's edge
            if step.instead is None:
                raise
            error = failure.message if isinstance(failure, DomainError) else "Something broke on our side."
            if not isinstance(failure, DomainError):
                log.exception("workflow_step_failed", workflow=self.workflow.name, step=step.name)
            output = step.instead(asking)
        answer = asking.answers[-1] if asking.answers and not error else None
        source = FALLBACK if error else answer.answered_by if answer else BY_ENGINE
        return Kept(step.name, given, output, source, time.monotonic() - began, error, answer)

    def _begin(self, step: Step) -> None:
        self.tell("step", {"name": step.name, "state": "running", "of": len(self.workflow.steps)})

    def _end(self, kept: Kept) -> None:
        told = {"name": kept.name, "state": "failed" if kept.error else "done", "of": len(self.workflow.steps)}
        self.tell("step", told | {"source": kept.source, "seconds": round(kept.seconds, 3), "error": kept.error})
