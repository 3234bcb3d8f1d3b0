"""What the routes of the language model answer, as the API's description tells it."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import Field

from builds.api.schema import Document

_STATUS = "^(queued|running|done|failed|cancelled)$"


class RunLink(Document):
    """Where the language model's addition will stand. status: `done` already where the same was asked within the last
    hour (from_cache)."""

    id: uuid.UUID
    url: str
    events_url: str
    status: str = Field(pattern=_STATUS)
    from_cache: bool


class AgentRunSummary(Document):
    """status: queued and running end by themselves in done, failed or cancelled. done: share of the work that is
    settled. cancelling: a worker was told to stop and has not yet. answered_by: model or engine, null before.
    from_cache: the same was asked within the last hour, and this is what was answered then."""

    id: uuid.UUID
    url: str
    events_url: str
    agent: str
    status: str = Field(pattern=_STATUS)
    cancelling: bool
    done: float = Field(ge=0, le=1)
    answered_by: str | None = Field(pattern="^(model|engine)$")
    from_cache: bool
    created_at: datetime
    finished_at: datetime | None


class AgentRunError(Document):
    code: str
    message: str


class AgentRunDocument(AgentRunSummary):
    """ahead: runs that wait or run before this one, null once it has begun. steps: in the order in which they began.
    last_event: number of the newest event. reason: why the engine answered, else empty. rejected: sentences and choices
    of the model that were cut. expires_at: from then on the run may be gone."""

    language: str
    inputs: dict[str, Any]
    ahead: int | None
    steps: list[dict[str, Any]]
    last_event: int
    result: dict[str, Any] | None
    reason: str
    model: str
    prompt_version: str
    tokens_in: int
    tokens_out: int
    repaired: bool
    rejected: int
    error: AgentRunError | None
    started_at: datetime | None
    expires_at: datetime


class AgentRunPage(Document):
    """next: the next page; null on the last one."""

    items: list[AgentRunSummary]
    next: str | None


class RunEventDocument(Document):
    number: int
    kind: str
    data: dict[str, Any]
    at: datetime


class RunEventsDocument(Document):
    """next: what to ask next, null once the run is over and all its events are here."""

    items: list[RunEventDocument]
    status: str = Field(pattern=_STATUS)
    next: str | None


class AgentDocument(Document):
    """version: of its prompt."""

    name: str
    version: str
    about: str


class AgentsDocument(Document):
    items: list[AgentDocument]


class ModelDocument(Document):
    """set: whether this site has one. there: whether it answered when a worker last looked, null where none has lately.
    reason, message: why it is not there. small: too small to be clever."""

    set: bool
    there: bool | None
    name: str
    reason: str
    message: str
    small: bool
    seen_at: datetime | None


class QueueDocument(Document):
    """worker: whether one has told in the last 40 seconds that it lives."""

    queued: int
    running: int
    worker: bool


class LastAnswer(Document):
    """seconds: from asking to the answer."""

    agent: str
    answered_by: str
    finished_at: datetime
    seconds: float


class QuotaDocument(Document):
    """Of your runs of today, UTC; what comes from the cache costs none."""

    most: int
    used: int
    left: int


class AgentFigures(Document):
    """Of the last seven days. success, by_engine, repaired: shares, null without runs. Seconds: of a worker."""

    agent: str
    runs: int
    success: float | None
    by_engine: float | None
    repaired: float | None
    p50_seconds: float | None
    p95_seconds: float | None
    tokens_in: int
    tokens_out: int


class AiStatus(Document):
    """figures: for staff only, else null."""

    model: ModelDocument
    queue: QueueDocument
    last_answers: list[LastAnswer]
    quota: QuotaDocument
    figures: list[AgentFigures] | None
