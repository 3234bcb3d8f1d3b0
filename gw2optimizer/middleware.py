"""What happens around every request, outermost first as `settings.MIDDLEWARE` lists it."""

import re
import time
import uuid
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import structlog
from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from prometheus_client import Counter, Histogram

from gw2optimizer.error_views import API_PREFIX, domain_error_response, error_response, method_not_allowed
from gw2optimizer.errors import DomainError
from gw2optimizer.handler import UTF_8

GetResponse = Callable[[HttpRequest], HttpResponseBase]

log = structlog.get_logger(__name__)

WELL_FORMED_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# Probes come every few seconds and would drown the rest.
QUIET_VIEWS = {"healthz", "readyz", "metrics"}

REQUESTS = Counter("gw2_requests_total", "Requests answered", ["view", "method", "status"])
LATENCY = Histogram(
    "gw2_request_seconds",
    "Time to an answer",
    ["view", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 5, 15, 60),
)
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def view_name(request: HttpRequest) -> str:
    match = request.resolver_match
    return (match.view_name or "unnamed") if match else "unmatched"


class RequestIDMiddleware:
    """The one owner of the request id. It is bound to the log context, which django-structlog hands
    on to the tasks that the request starts."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        request_id = given if WELL_FORMED_ID.fullmatch(given) else uuid.uuid4().hex
        setattr(request, "request_id", request_id)  # noqa: B010
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id
            self._log(request, response.status_code, time.perf_counter() - started)
        finally:
            structlog.contextvars.clear_contextvars()
        return response

    @staticmethod
    def _log(request: HttpRequest, status: int, seconds: float) -> None:
        view = view_name(request)
        if view in QUIET_VIEWS and status < 500:
            return
        # The view, not the address: an address may hold the secret of an unlisted build or of a mail link.
        method = log.error if status >= 500 else log.info
        method("request_finished", method=request.method, view=view, status=status, ms=round(seconds * 1e3, 1))


class MetricsMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        # Both labels come from closed sets: a caller must not be able to create time series.
        view = view_name(request)
        method = request.method if request.method in METHODS else "OTHER"
        REQUESTS.labels(view, method, response.status_code).inc()
        LATENCY.labels(view, method).observe(time.perf_counter() - started)
        return response


def storable(text: str) -> bool:
    """False for what no database row and no UTF-8 answer can hold: a NUL, half a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= character <= "\udfff" for character in text)


class CleanInputMiddleware:
    """400 for an address or form whose text could not be stored: PostgreSQL would fail on it in the middle
    of a view. JSON bodies are checked by their parser. A cookie of that kind is left out, since a browser
    would go on sending it."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self._address_is_clean(request):
            return error_response(
                request, status=400, code="malformed", message="The address holds characters that aren't text."
            )
        if (request.content_params or {}).get("charset", "utf-8").lower() not in UTF_8:
            return error_response(
                request, status=415, code="unsupported_media_type", message="Text is sent as UTF-8 here."
            )
        if "Transfer-Encoding" in request.headers and not request.headers.get("Content-Length"):
            # WSGI knows no end of such a body, so Django would read none of it and answer as if nothing had been sent.
            return error_response(
                request, status=411, code="length_required", message="Send the length of the body (Content-Length)."
            )
        for name in [name for name, value in request.COOKIES.items() if not storable(name + value)]:
            del request.COOKIES[name]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponseBase | None:
        if request.method != "POST" or request.path_info.startswith(API_PREFIX):
            return None
        for name, values in request.POST.lists():
            if not all(storable(text) for text in (name, *map(str, values))):
                return error_response(
                    request, status=400, code="malformed", message="The form holds characters that aren't text."
                )
        return None

    @staticmethod
    def _address_is_clean(request: HttpRequest) -> bool:
        if not storable(request.path_info):
            return False
        query = request.META.get("QUERY_STRING", "")
        if not query:
            return True
        # Django would turn broken UTF-8 into replacement characters, and search for those.
        try:
            return "\x00" not in unquote_to_bytes(query.replace("+", " ")).decode("utf-8")
        except UnicodeDecodeError:
            return False


class DomainErrorMiddleware:
    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        # The decorators of Django that bound the methods answer with nothing at all.
        if isinstance(response, HttpResponseNotAllowed) and not response.content:
            return method_not_allowed(request, response["Allow"])
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        if isinstance(exception, DomainError):
            return domain_error_response(request, exception)
        return None
