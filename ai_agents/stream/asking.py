"""Who asks a stream, and what may be asked: the API's own rules, in a thread of this process."""

import io
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.http import HttpResponse
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.settings import api_settings

from ai_agents.access import readable_agent_run
from ai_agents.api.asking import run_json
from ai_agents.api.runs import event_json, events_after
from ai_agents.models import AgentRun
from gw2optimizer.api import CODES
from gw2optimizer.errors import DomainError, TooManyRequests
from gw2optimizer.ratelimits import caller_key, limited


class Refused(Exception):
    """An answer without a stream."""

    def __init__(self, status: int, code: str, message: str, retry_after: int = 0) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


@dataclass(frozen=True, slots=True)
class Asked:
    """caller: by whom connections are counted. body: the run, as the API answers it."""

    caller: str
    run_id: uuid.UUID
    is_over: bool
    last_event: int
    body: dict[str, Any]


def database[**P, R](call: Callable[P, R]) -> Callable[P, R]:
    """For a thread that lives on: no connection of it grows old."""

    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        close_old_connections()
        try:
            return call(*args, **kwargs)
        finally:
            close_old_connections()

    return inner


@database
def look(scope: dict[str, Any], run_id: uuid.UUID, *, counted: bool) -> Asked:
    """counted: as a request to the API; not so for another look of one that goes on. Raises Refused."""
    request = ASGIRequest(scope, io.BytesIO())
    try:
        request.get_host()
        user = _user_of(request)
        if counted:
            limited(request, group="api")
        run = readable_agent_run(user, run_id)
        body = run_json(request, run)
    except DisallowedHost as error:
        raise Refused(400, "malformed", "The request isn't well formed and was not carried out.") from error
    except TooManyRequests as error:
        raise Refused(429, error.code, error.message, error.retry_after) from error
    except DomainError as error:
        raise Refused(error.status, error.code, error.message) from error
    except APIException as error:
        raise Refused(error.status_code, CODES.get(error.status_code, "error"), str(error.detail)) from error
    return Asked(caller_key(request), run.pk, run.is_over, run.last_event, body)


def _user_of(request: ASGIRequest) -> Any:
    """By session or token, as the API knows a caller."""

    def nothing(_: Any) -> HttpResponse:
        return HttpResponse()

    SessionMiddleware(nothing).process_request(request)
    AuthenticationMiddleware(nothing).process_request(request)
    authenticators: Any = api_settings.DEFAULT_AUTHENTICATION_CLASSES
    asked = Request(request, authenticators=[one() for one in authenticators])
    request.user = asked.user
    return asked.user


@database
def events(run_id: uuid.UUID, after: int) -> list[dict[str, Any]]:
    return [event_json(event) for event in events_after(run_id, after)]


@database
def states(run_ids: list[uuid.UUID]) -> dict[uuid.UUID, tuple[int, bool]]:
    """Number of the newest event, and whether the run is over; one query however many."""
    rows = AgentRun.objects.filter(pk__in=run_ids).only("status", "last_event")
    return {run.pk: (run.last_event, run.is_over) for run in rows}


def whole_number(text: str) -> int:
    if not text:
        return 0
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused(422, "invalid", f"{text[:40]!r} is not the number of an event.")
    return int(text)


def run_id_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Refused(404, "not_found", MISSING) from error


MISSING = "There is nothing at this address, or it isn't shared with you."
