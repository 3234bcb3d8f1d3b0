"""What an agent gives back."""

from dataclasses import dataclass
from typing import Any, Literal

BY_MODEL: Literal["model"] = "model"
BY_ENGINE: Literal["engine"] = "engine"
INVALID = "invalid"
"""Reason of an answer by the engine where the model did answer, twice, and neither could be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnswer:
    """result: JSON. model, prompt_version: of who was asked; model is "" where none is set. repaired: the answer is
    that of a second round. rejected: sentences and choices of the model that were cut, of all rounds. reason: why the
    engine answered: of a ModelError, or INVALID; "" where the model did."""

    result: dict[str, Any]
    answered_by: Literal["model", "engine"]
    model: str = ""
    prompt_version: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    repaired: bool = False
    rejected: int = 0
    reason: str = ""
