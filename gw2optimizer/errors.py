"""The tree of domain errors. Services raise them; the edge turns each into one HTTP answer (or, in a
command, one line on stderr and exit status 2). Plain Python, so that the engine may raise them too."""

from collections.abc import Mapping, Sequence


class DomainError(Exception):
    """message: a sentence for the person who made the request, saying what to do.
    fields: path of an input field, such as `gear.helm.prefix`, to what is wrong with it."""

    code = "error"
    status = 400

    def __init__(self, message: str, *, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}


class MalformedInput(DomainError):
    """The input can't be read at all: not JSON, not text, not a chat link."""

    code = "malformed"
    status = 400


class InvalidInput(DomainError):
    """The input can be read, and what it says can't be."""

    code = "invalid"
    status = 422


class NotAllowed(DomainError):
    code = "not_allowed"
    status = 403


class NotFound(DomainError):
    """Also the answer for what exists but is not the asker's to see."""

    code = "not_found"
    status = 404


class Conflict(DomainError):
    """The object changed since the asker read it."""

    code = "conflict"
    status = 409


class TooManyRequests(DomainError):
    """retry_after: whole seconds until another try makes sense."""

    code = "too_many_requests"
    status = 429

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """A part that the answer needs can't be reached; nothing was changed."""

    code = "unavailable"
    status = 503
