"""How an error looks: a page for people, a fragment for HTMX, the one JSON body under /api/.
All of them show the request id, by which the log lines of the request are found."""

from collections.abc import Mapping, Sequence

import orjson
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.templatetags.static import static

from gw2optimizer.errors import DomainError, TooManyRequests

API_PREFIX = "/api/"

TITLES = {
    400: "That request can't be read",
    403: "That's not yours to do",
    404: "Nothing here",
    405: "Not in this way",
    409: "Somebody was faster",
    413: "That's too large",
    415: "Not in this form",
    422: "That can't be used as it is",
    429: "Too many tries",
    500: "Something broke on our side",
    503: "Out of reach for a moment",
}


def request_id_of(request: HttpRequest) -> str:
    return str(getattr(request, "request_id", ""))


def error_body(
    request: HttpRequest, *, code: str, message: str, fields: Mapping[str, Sequence[str]] | None = None
) -> dict[str, dict[str, object]]:
    error: dict[str, object] = {"code": code, "message": message}
    if fields:
        error["fields"] = fields
    error["request_id"] = request_id_of(request)
    return {"error": error}


def error_response(
    request: HttpRequest,
    *,
    status: int,
    code: str,
    message: str,
    fields: Mapping[str, Sequence[str]] | None = None,
    retry_after: int | None = None,
) -> HttpResponse:
    if request.path_info.startswith(API_PREFIX):
        body = orjson.dumps(error_body(request, code=code, message=message, fields=fields))
        response = HttpResponse(body, status=status, content_type="application/json")
    else:
        response = _page(request, status=status, message=message, fields=fields)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _page(
    request: HttpRequest, *, status: int, message: str, fields: Mapping[str, Sequence[str]] | None = None
) -> HttpResponse:
    # A page that broke may have broken in what every page shows: this one asks nothing of anybody.
    template = "errors/error.html" if status < 500 else "errors/bare.html"
    if getattr(request, "htmx", False):
        template = "errors/message.html"
    context = {
        "status": status,
        "title": TITLES.get(status, "That didn't work"),
        "message": message,
        "fields": fields or {},
        "request_id": request_id_of(request),
        "stylesheet": _stylesheet(),
    }
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "no-store"
    response["Vary"] = "HX-Request"
    return response


def _stylesheet() -> str:
    try:
        return static("css/site.css")
    except ValueError:  # the list of collected files is not there, or lacks it
        return ""


def domain_error_response(request: HttpRequest, error: DomainError) -> HttpResponse:
    return error_response(
        request,
        status=error.status,
        code=error.code,
        message=error.message,
        fields=error.fields,
        retry_after=error.retry_after if isinstance(error, TooManyRequests) else None,
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    if isinstance(exception, RequestDataTooBig):
        return error_response(request, status=413, code="too_large", message="The request is larger than 2.5 MB.")
    return error_response(
        request, status=400, code="malformed", message="The request isn't well formed and was not carried out."
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return error_response(request, status=403, code="not_allowed", message="Your account isn't allowed to do this.")


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponseBase:
    return error_response(
        request,
        status=404,
        code="not_found",
        message="There is nothing at this address, or it isn't shared with you.",
    )


def method_not_allowed(request: HttpRequest, allowed: str) -> HttpResponseBase:
    """allowed: what the answer's Allow header says."""
    response = error_response(
        request,
        status=405,
        code="method_not_allowed",
        message=f"This address doesn't take {request.method}; it takes {allowed}.",
    )
    response["Allow"] = allowed
    return response


def server_error(request: HttpRequest) -> HttpResponseBase:
    return error_response(
        request,
        status=500,
        code="server_error",
        message="It is noted in our log. If it happens again, tell us the id below.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    return error_response(
        request,
        status=403,
        code="csrf_failed",
        message="This form is older than your session, or cookies are off. Go back, reload the page, send again.",
    )
