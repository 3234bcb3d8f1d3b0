"""What of a model's prose may be shown: sentences of plain words, in which every name and every figure is a token that
the engine put on offer."""

from ai_agents.grounding.offer import Offer, Token
from ai_agents.grounding.prose import Prose, Sentence, ground, told

__all__ = ["Offer", "Prose", "Sentence", "Token", "ground", "told"]
