"""The one client of the language model. Workers call it, web processes never do: a call takes seconds to minutes."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import structlog

from ai_agents.ollama import wire
from ai_agents.ollama.answers import ChatAnswer, ChatMessage, ModelInfo, ModelStatus, ModelTag
from ai_agents.ollama.errors import AnswerCut, CallCancelled, ModelAway, ModelBroken, ModelBusy, ModelError, ModelSlow
from gw2optimizer.http import Cut, Exchange, Limits, NotReached, TooLarge, TooLate, configured

log = structlog.get_logger(__name__)

TRIES = 3
# Before the second try; doubled before each further one, and each between half and once and a half of it.
PAUSE_SECONDS = 0.4
LOOK_SECONDS = 0.2
# A token comes as a line of some 200 bytes, so this is far beyond any answer that is wanted.
MAX_ANSWER_BYTES = 1024 * 1024
MAX_LIST_BYTES = 4 * 1024 * 1024
NANOSECONDS = 1e9

T = TypeVar("T")
Cancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class OllamaConfig:
    """Seconds as in `gw2optimizer.http.Limits`; first also bounds the wait for a free place. num_ctx belongs to the
    model: another one in a request would load the model anew. listing: seconds for what needs no model."""

    url: str
    model: str
    num_ctx: int
    keep_alive: str
    connect: float
    first: float
    total: float
    listing: float = 5.0


class Guard(Protocol):
    """What calls share beyond one client."""

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Raises ModelPaused instead of running the block after several failures in a row."""

    @contextmanager
    def place(self, model: str, *, wait: float, lease: float, while_waiting: Callable[[], None]) -> Iterator[None]:
        """Raises ModelBusy where no place for a call of the model gets free in time, ModelPaused as `watched`."""


class OllamaClient:
    """Raises the errors of `ai_agents.ollama.errors`, and nothing else for whatever the server does."""

    def __init__(self, config: OllamaConfig, guard: Guard) -> None:
        self.config = config
        self.guard = guard
        # Its own session stays unused: an exchange has a connection of its own.
        self._http = configured(config.url)

    def chat(
        self,
        messages: Sequence[ChatMessage],
        *,
        schema: Mapping[str, Any] | None = None,
        seed: int = 0,
        temperature: float = 0.0,
        max_tokens: int = 512,
        stream: bool = True,
        on_text: Callable[[str], None] | None = None,
        cancelled: Cancelled | None = None,
        model: str = "",
    ) -> ChatAnswer:
        """schema: JSON schema that the answer keeps to. stream: without it only the total limit bounds the silence, and
        on_text gets all at once. on_text: called with each piece as it comes. cancelled: asked about five times a
        second, in this thread. model: another one than the settings say, such as one made by `create`."""
        name = model or self.config.model
        body = self._chat_body(name, messages, schema=schema, stream=stream)
        body["options"] |= {"seed": seed, "temperature": temperature, "num_predict": max_tokens}
        call = _Call(name, self.config.total, cancelled)
        place = self.guard.place(
            name, wait=min(self.config.first, call.left), lease=call.left, while_waiting=call.check
        )
        # The place first: a model that is tried again after failures gets no more calls at once than ever.
        with _logged(call), place, self.guard.watched():
            call.waited = call.elapsed
            return self._tried(call, lambda: self._chat_once(call, body, on_text or (lambda _: None)))

    def version(self) -> str:
        return wire.read(wire.Version, self._whole("GET", "/api/version")).version

    def tags(self) -> tuple[ModelTag, ...]:
        """The models that the server has."""
        return wire.tags_of(wire.read(wire.Tags, self._whole("GET", "/api/tags")))

    def show(self, model: str = "") -> ModelInfo:
        name = model or self.config.model
        return wire.info_of(name, wire.read(wire.Shown, self._whole("POST", "/api/show", {"model": name})))

    def create(self, model: str, *, base: str = "", system: str = "", cancelled: Cancelled | None = None) -> None:
        """A model of that name which is `base` with words of its own before every chat."""
        call = _Call(model, self.config.total, cancelled)
        body = {"model": model, "from": base or self.config.model, "system": system, "stream": True}
        with self._asked(call, "POST", "/api/create", body, self._limits(call, MAX_LIST_BYTES)) as exchange:
            last = wire.StatusLine()
            for line in _written(exchange):
                last = wire.read(wire.StatusLine, line)
                if last.error:
                    raise ModelBroken(last.error)
        if last.status != "success":
            raise ModelBroken("the model was not made")

    def status(self) -> ModelStatus:
        """Whether the model of the settings could be asked now; never raises."""
        version = ""
        try:
            version = self.version()
            return ModelStatus(model=self.config.model, reason="", message="", version=version, info=self.show())
        except ModelError as error:
            return ModelStatus(model=self.config.model, reason=error.reason, message=error.message, version=version)

    def _chat_body(
        self, model: str, messages: Sequence[ChatMessage], *, schema: Mapping[str, Any] | None, stream: bool
    ) -> dict[str, Any]:
        return {
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": stream,
            # Thoughts would use up the tokens of the answer, and nobody reads them.
            "think": False,
            # Else a prompt that doesn't fit loses a part in silence.
            "truncate": False,
            "shift": False,
            "keep_alive": self.config.keep_alive,
            "options": {"num_ctx": self.config.num_ctx},
            **({"format": dict(schema)} if schema is not None else {}),
        }

    def _chat_once(self, call: "_Call", body: Mapping[str, Any], on_text: Callable[[str], None]) -> ChatAnswer:
        begun, first, parts = time.monotonic(), 0.0, []
        limits = self._limits(call, MAX_ANSWER_BYTES, streams=body["stream"])
        with self._asked(call, "POST", "/api/chat", body, limits) as exchange:
            last = wire.ChatLine()
            for raw in _written(exchange) if body["stream"] else [exchange.read()]:
                last = wire.read(wire.ChatLine, raw)
                if last.error:
                    break
                if last.message.content:
                    first = first or time.monotonic() - begun
                    parts.append(last.message.content)
                    on_text(last.message.content)
                if last.done:
                    break
        wire.checked_end(last)
        return ChatAnswer(
            text="".join(parts),
            model=call.model,
            prompt_tokens=last.prompt_eval_count,
            answer_tokens=last.eval_count,
            waited=call.waited,
            first=first,
            total=call.elapsed,
            loading=last.load_duration / NANOSECONDS,
            reading=last.prompt_eval_duration / NANOSECONDS,
            writing=last.eval_duration / NANOSECONDS,
            tries=call.tries,
        )

    def _tried(self, call: "_Call", ask: Callable[[], T]) -> T:
        """Again only where no answer began: anything else would come out the same, or has cost its time."""
        while True:
            call.tries += 1
            try:
                return ask()
            except (ModelAway, ModelBusy):
                pause = PAUSE_SECONDS * 2 ** (call.tries - 1) * random.uniform(0.5, 1.5)
                if call.tries == TRIES or pause >= call.left:
                    raise
                call.sleep(pause)

    def _whole(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> bytes:
        call = _Call(self.config.model, self.config.listing, None)
        with self._asked(call, method, path, body, self._limits(call, MAX_LIST_BYTES, streams=False)) as exchange:
            return exchange.read()

    def _limits(self, call: "_Call", max_bytes: int, *, streams: bool = True) -> Limits:
        left = call.left
        return Limits(
            connect=min(self.config.connect, left),
            first=min(self.config.first, left) if streams else left,
            total=left,
            max_bytes=max_bytes,
        )

    @contextmanager
    def _asked(
        self, call: "_Call", method: str, path: str, body: Mapping[str, Any] | None, limits: Limits
    ) -> Iterator[Exchange]:
        """An answer with status 200, its faults as errors of the model."""
        try:
            with self._http.stream(method, path, limits=limits, json=body, while_waiting=call.check) as exchange:
                if exchange.status != 200:
                    raise wire.refusal(exchange.status, exchange.read())
                yield exchange
        except NotReached as error:
            raise ModelAway(error.message) from error
        except TooLate as error:
            raise ModelSlow(error.message) from error
        except TooLarge as error:
            raise AnswerCut(error.message) from error
        except Cut as error:
            raise ModelBroken(error.message) from error


class _Call:
    """One call with its clock, which tries and waits share."""

    def __init__(self, model: str, seconds: float, cancelled: Cancelled | None) -> None:
        self.model = model
        self.tries = 0
        self.waited = 0.0
        self._begun = time.monotonic()
        self._seconds = seconds
        self._cancelled = cancelled

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._begun

    @property
    def left(self) -> float:
        return max(0.0, self._seconds - self.elapsed)

    def check(self) -> None:
        if self._cancelled is not None and self._cancelled():
            raise CallCancelled

    def sleep(self, seconds: float) -> None:
        ends = time.monotonic() + seconds
        while (left := ends - time.monotonic()) > 0:
            self.check()
            time.sleep(min(left, LOOK_SECONDS))


def _written(exchange: Exchange) -> Iterator[bytes]:
    return (line for line in exchange.lines() if line.strip())


@contextmanager
def _logged(call: _Call) -> Iterator[None]:
    """One line a call, without a word of what was asked or said."""
    outcome = "stopped"
    try:
        yield
        outcome = "ok"
    except ModelError as error:
        outcome = error.reason
        raise
    finally:
        log.info("model_called", model=call.model, outcome=outcome, seconds=round(call.elapsed, 2), tries=call.tries)
