"""The language model behind Ollama's wire format: `the_model()` is the client of the settings."""

from ai_agents.ollama.answers import ChatAnswer, ChatMessage, ModelInfo, ModelStatus, ModelTag
from ai_agents.ollama.client import OllamaClient, OllamaConfig
from ai_agents.ollama.errors import (
    AnswerCut,
    CallCancelled,
    ModelAway,
    ModelBroken,
    ModelBusy,
    ModelError,
    ModelMissing,
    ModelPaused,
    ModelSlow,
    NoModel,
    PromptTooLong,
)
from ai_agents.ollama.site import is_set, the_model

__all__ = [
    "AnswerCut",
    "CallCancelled",
    "ChatAnswer",
    "ChatMessage",
    "ModelAway",
    "ModelBroken",
    "ModelBusy",
    "ModelError",
    "ModelInfo",
    "ModelMissing",
    "ModelPaused",
    "ModelSlow",
    "ModelStatus",
    "ModelTag",
    "NoModel",
    "OllamaClient",
    "OllamaConfig",
    "PromptTooLong",
    "is_set",
    "the_model",
]
