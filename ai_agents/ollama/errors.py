"""Why a call of the language model gave nothing. Each has a `reason`, for rows and figures, and a sentence for a page;
none of them holds a word of a prompt or of an answer."""

from typing import ClassVar

from gw2optimizer.errors import Unavailable


class ModelError(Unavailable):
    """detail: what the server said, shortened. For those who run the site and for no log, since a server may repeat
    there what a player typed."""

    reason: ClassVar[str] = "failed"
    sentence: ClassVar[str] = "The language model gave no answer."

    def __init__(self, detail: str = "") -> None:
        super().__init__(self.sentence)
        self.detail = detail[:200]


class NoModel(ModelError):
    """The site has none."""

    reason = "not_set"
    sentence = "This site has no language model."


class ModelAway(ModelError):
    """No connection, or one that ended before an answer began."""

    reason = "away"
    sentence = "The language model can't be reached."


class ModelPaused(ModelAway):
    """It failed several times in a row and isn't asked for a while."""

    reason = "paused"
    sentence = "The language model failed several times and is left alone for a moment."


class ModelBusy(ModelError):
    """Its queue, or our share of it, is full."""

    reason = "busy"
    sentence = "The language model has too much to do right now."


class ModelMissing(ModelError):
    """The server answers, and doesn't have the model of the settings."""

    reason = "missing"
    sentence = "The server has no language model of that name."


class ModelSlow(ModelError):
    """A limit of time passed. An overloaded server looks like this, too."""

    reason = "slow"
    sentence = "The language model took too long."


class ModelBroken(ModelError):
    """What came is an error of the server or none of the shapes that it has."""

    reason = "broken"
    sentence = "The language model failed in the middle."


class AnswerCut(ModelError):
    """The answer is longer than the model may say, so its end is missing, whatever schema it keeps to."""

    reason = "cut"
    sentence = "The language model's answer was too long."


class PromptTooLong(ModelError):
    """More than the model can take in. The server would drop a part in silence and answer about the rest."""

    reason = "prompt_too_long"
    sentence = "This is more than the language model can take in."


class CallCancelled(ModelError):
    """Whoever asked for it no longer wants it."""

    reason = "cancelled"
    sentence = "The call of the language model was cancelled."
