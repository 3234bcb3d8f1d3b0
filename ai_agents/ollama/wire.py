"""What Ollama sends, read without trust. Source: its API description, and what it was seen to do: errors are
`{"error": "text"}`, also as a line of a stream with status 200; figures that are zero are left out."""

import re
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ai_agents.ollama.answers import ModelInfo, ModelTag
from ai_agents.ollama.errors import (
    AnswerCut,
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelMissing,
    PromptTooLong,
)

Count = Annotated[int, Field(ge=0)]
_UNITS = {"K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_CONTEXT = re.compile(r"context (length|size|window)|exceeds? .*context", re.IGNORECASE)


class _Shape(BaseModel):
    # The input of a failed one would stand in a traceback.
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class Message(_Shape):
    content: str = ""


class ChatLine(_Shape):
    """Durations in nanoseconds."""

    message: Message = Message()
    done: bool = False
    done_reason: str = ""
    error: str = ""
    load_duration: Count = 0
    prompt_eval_count: Count = 0
    prompt_eval_duration: Count = 0
    eval_count: Count = 0
    eval_duration: Count = 0


class StatusLine(_Shape):
    status: str = ""
    error: str = ""


class Version(_Shape):
    version: str


class _Error(_Shape):
    error: str


class _Details(_Shape):
    family: str | None = None
    parameter_size: str | None = None
    quantization_level: str | None = None


class _Tag(_Shape):
    name: str
    size: Count = 0
    digest: str = ""
    details: _Details = _Details()


class Tags(_Shape):
    models: list[_Tag] | None = None


class Shown(_Shape):
    details: _Details = _Details()
    model_info: dict[str, Any] | None = None
    capabilities: list[str] | None = None


def read[S: _Shape](shape: type[S], body: bytes) -> S:
    """Raises ModelBroken for what is not JSON of that shape."""
    try:
        return shape.model_validate_json(body)
    except ValidationError:
        raise ModelBroken("not the shape of an answer") from None


def refusal(status: int, body: bytes) -> ModelError:
    """What an answer with another status than 200 means."""
    try:
        text = _Error.model_validate_json(body).error
    except ValidationError:
        # Of whatever stands before Ollama, or in its place.
        text = ""
    if status == 404 and "not found" in text:
        return ModelMissing(text)
    if status == 400 and _CONTEXT.search(text):
        return PromptTooLong(text)
    return ModelBusy(text) if status == 503 else ModelBroken(text or f"status {status}")


def checked_end(line: ChatLine) -> None:
    """Raises unless the line is the end of an answer that is whole."""
    if line.error:
        raise ModelBroken(line.error)
    if not line.done:
        raise ModelBroken("the answer has no end")
    if line.done_reason == "length":
        raise AnswerCut("length")
    if line.done_reason not in {"stop", ""}:
        raise ModelBroken(f"ended for {line.done_reason}")


def parameters_of(size: str | None) -> int | None:
    """Of such as `7.2B` or `134.52M`."""
    found = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([KMBT])", size or "")
    return round(float(found[1]) * _UNITS[found[2]]) if found else None


def tags_of(tags: Tags) -> tuple[ModelTag, ...]:
    return tuple(
        ModelTag(
            name=tag.name,
            size=tag.size,
            digest=tag.digest,
            family=tag.details.family or "",
            parameters=parameters_of(tag.details.parameter_size),
            quantization=tag.details.quantization_level or "",
        )
        for tag in tags.models or []
    )


def info_of(name: str, shown: Shown) -> ModelInfo:
    facts = shown.model_info or {}
    family = str(facts.get("general.architecture", shown.details.family or ""))
    exact, context = facts.get("general.parameter_count"), facts.get(f"{family}.context_length")
    return ModelInfo(
        name=name,
        family=family,
        parameters=exact if isinstance(exact, int) else parameters_of(shown.details.parameter_size),
        quantization=shown.details.quantization_level or "",
        context_length=context if isinstance(context, int) else None,
        capabilities=tuple(shown.capabilities or ()),
    )
