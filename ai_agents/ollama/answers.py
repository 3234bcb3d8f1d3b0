"""What the client gives back: plain values with tokens and times."""

from dataclasses import dataclass
from typing import Literal

# Below this a model writes sentences and understands little; pages say so.
SMALL = 1_000_000_000


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatAnswer:
    """Seconds: `waited` for a free place, `first` from the request to the first text, `total` with tries and pauses;
    `loading`, `reading` (of the prompt) and `writing` as the server measured them, 0 where it says nothing.
    prompt_tokens is 0 for a prompt that the server still knew. tries: requests that were made."""

    text: str
    model: str
    prompt_tokens: int
    answer_tokens: int
    waited: float
    first: float
    total: float
    loading: float
    reading: float
    writing: float
    tries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTag:
    """size: bytes. parameters: how many, None where the server doesn't say."""

    name: str
    size: int
    digest: str
    family: str
    parameters: int | None
    quantization: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """context_length: tokens that the model was trained for."""

    name: str
    family: str
    parameters: int | None
    quantization: str
    context_length: int | None
    capabilities: tuple[str, ...]

    @property
    def is_small(self) -> bool:
        """Too small to be clever, which a page has to say."""
        return self.parameters is not None and self.parameters < SMALL


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStatus:
    """reason: of the error, empty where the model is there."""

    model: str
    reason: str
    message: str
    version: str = ""
    info: ModelInfo | None = None

    @property
    def is_there(self) -> bool:
        return not self.reason
