"""The edges of the JSON API: what a body may be, and the one shape of an error."""

from collections.abc import Mapping
from decimal import Decimal
from typing import IO, Any

import orjson
from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.functional import Promise
from rest_framework import exceptions
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.response import Response
from rest_framework.views import set_rollback

from gw2optimizer.error_views import error_body
from gw2optimizer.errors import DomainError, TooManyRequests
from gw2optimizer.middleware import storable
from gw2optimizer.strict_json import repeated_name

MAX_DEPTH = 100
# The largest body of ours, a whole build, holds a few hundred.
MAX_VALUES = 50_000


class TooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The body is larger than 2.5 MB."
    default_code = "too_large"


def _encode(value: object) -> object:
    if isinstance(value, Promise | Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


class JSONRenderer(BaseRenderer):
    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        if data is None:
            return b""
        return orjson.dumps(data, default=_encode, option=orjson.OPT_NON_STR_KEYS)


def check_json(value: object) -> None:
    """ParseError for text that can't be stored, for more than MAX_VALUES, and for nesting beyond MAX_DEPTH."""
    stack: list[tuple[object, int]] = [(value, 1)]
    seen = 0
    while stack:
        item, depth = stack.pop()
        seen += 1
        if seen > MAX_VALUES:
            raise exceptions.ParseError(f"The body holds more than {MAX_VALUES} values.")
        if isinstance(item, str):
            if not storable(item):
                raise exceptions.ParseError("A text of the body holds a NUL character.")
            continue
        if not isinstance(item, dict | list):
            continue
        if depth > MAX_DEPTH:
            raise exceptions.ParseError(f"The body is nested deeper than {MAX_DEPTH} levels.")
        if isinstance(item, dict):
            stack.extend((key, depth) for key in item)
            stack.extend((entry, depth + 1) for entry in item.values())
        else:
            stack.extend((entry, depth + 1) for entry in item)


class JSONParser(BaseParser):
    """A JSON object, as the standard has it: no NaN, no half surrogate pairs, nothing after it, and no name twice."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        try:
            body = stream.read(limit + 1)
        except OSError as error:
            raise exceptions.ParseError("The body broke off.") from error
        if len(body) > limit:
            raise TooLarge
        try:
            value = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise exceptions.ParseError(f"The body isn't JSON: {error}.") from error
        if not isinstance(value, dict):
            raise exceptions.ParseError("The body has to be a JSON object.")
        check_json(value)
        if name := repeated_name(body):
            raise exceptions.ParseError(f"The body has the name “{name[:60]}” twice in one object.")
        return value


def exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """None leaves the exception to Django, which logs it and answers through `server_error`."""
    answer = _answer_of(exc)
    if answer is None:
        return None
    status, code, message, fields, headers = answer
    set_rollback()
    body = error_body(context["request"], code=code, message=message, fields=fields)
    return Response(body, status=status, headers=headers)


Answer = tuple[int, str, str, dict[str, list[str]], dict[str, str]]

CODES = {
    400: "malformed",
    401: "not_authenticated",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
}


def _answer_of(exc: Exception) -> Answer | None:
    match exc:
        case DomainError():
            wait = {"Retry-After": str(exc.retry_after)} if isinstance(exc, TooManyRequests) else {}
            return exc.status, exc.code, exc.message, exc.fields, wait
        case exceptions.ValidationError():
            return _invalid(flatten(exc.detail))
        case DjangoValidationError():
            named = exc.message_dict if hasattr(exc, "error_dict") else {"": exc.messages}
            return _invalid({_field(name): list(texts) for name, texts in named.items()})
        case Http404():
            return 404, "not_found", "There is no such thing, or it isn't shared with you.", {}, {}
        case PermissionDenied():
            return 403, "not_allowed", "Your account isn't allowed to do this.", {}, {}
        case RequestDataTooBig():
            return 413, "too_large", str(TooLarge.default_detail), {}, {}
        case SuspiciousOperation():
            return 400, "malformed", "The request isn't well formed and was not carried out.", {}, {}
        case exceptions.APIException():
            return _framework_answer(exc)
        case _:
            return None


def _framework_answer(exc: exceptions.APIException) -> Answer:
    status = exc.status_code
    headers: dict[str, str] = {}
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        # The framework answers 403 when the first way to log in, the session, has no such header.
        status, headers = 401, {"WWW-Authenticate": 'Bearer realm="api"'}
    if isinstance(exc, exceptions.Throttled):
        headers["Retry-After"] = str(max(1, int(getattr(exc, "wait", None) or 1)))
    detail: Any = exc.detail
    if isinstance(detail, dict):
        detail = detail.get("detail", exc.default_detail)
    return status, CODES.get(status, "error"), str(detail), {}, headers


def _invalid(fields: dict[str, list[str]]) -> Answer:
    general = fields.pop("", [])
    message = " ".join(general) or "Some fields can't be used as they are."
    return 422, "invalid", message, fields, {}


def _field(name: object) -> str:
    return "" if name in {"non_field_errors", "__all__"} else str(name)


def flatten(detail: Any, path: str = "") -> dict[str, list[str]]:
    """{"gear": {"helm": ["x"]}} becomes {"gear.helm": ["x"]}; errors of no field stand under ""."""
    if isinstance(detail, dict):
        entries = [(_field(name), value) for name, value in detail.items()]
    elif isinstance(detail, list) and any(isinstance(entry, dict | list) for entry in detail):
        entries = [(str(index), value) for index, value in enumerate(detail)]
    else:
        return {path: [str(text) for text in (detail if isinstance(detail, list) else [detail])]}
    fields: dict[str, list[str]] = {}
    for name, value in entries:
        for where, texts in flatten(value, ".".join(filter(None, (path, name)))).items():
            fields.setdefault(where, []).extend(texts)
    return fields
