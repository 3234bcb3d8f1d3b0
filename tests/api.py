"""A client of the API that holds every answer against the API's own description."""

import functools
import json
import re
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpResponse
from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from accounts.models import User

# What any route may answer, which the description does not repeat.
UNDESCRIBED = {400, 404, 405, 406, 413, 415}


@functools.cache
def description() -> dict[str, Any]:
    return SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-any-return,no-untyped-call]


@functools.cache
def _validator(reference: str) -> Draft202012Validator:
    return Draft202012Validator({"$ref": reference, "components": description()["components"]})


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Of the route with the fewest parameters: builds/mine/ is also one of the form builds/{id}/."""
    fitting = [
        (template.count("{"), operations.get(method))
        for template, operations in description()["paths"].items()
        if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path.split("?")[0])
    ]
    return min(fitting, key=lambda entry: entry[0], default=(0, None))[1]


def misfits(schema: dict[str, Any], body: object) -> list[str]:
    if "$ref" in schema:
        validator = _validator(schema["$ref"])
    else:
        validator = Draft202012Validator({**schema, "components": description()["components"]})
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any
    headers: Any

    @property
    def error(self) -> dict[str, Any]:
        return self.body["error"]  # type: ignore[no-any-return]

    @property
    def fields(self) -> set[str]:
        return set(self.error.get("fields", {}))


class Api:
    """csrf: as a browser page would be checked. Bodies are given as values, or as bytes that are sent as they are."""

    def __init__(self, user: User | None = None, *, csrf: bool = False) -> None:
        self.client = Client(enforce_csrf_checks=csrf)
        if user is not None:
            self.client.force_login(user)

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent: dict[str, Any] = {}
        if body is not None:
            sent = {"data": body if isinstance(body, bytes) else json.dumps(body), "content_type": "application/json"}
        if "content_type" in headers:
            sent["content_type"] = headers.pop("content_type")
        path = path if path.startswith(("/", "http")) else f"/api/v1/{path}"
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.client.generic(method.upper(), path, headers=named, **sent)
        check(method.lower(), path.removeprefix("http://testserver"), response)
        return Answer(response.status_code, orjson.loads(response.content or b"null"), response.headers)

    def get(self, path: str, **headers: str) -> Answer:
        return self.call("get", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        return self.call("post", path, {} if body is None else body, **headers)

    def patch(self, path: str, body: Any, **headers: str) -> Answer:
        return self.call("patch", path, body, **headers)

    def delete(self, path: str) -> Answer:
        return self.call("delete", path)


def check(method: str, path: str, response: HttpResponse) -> None:
    status, operation = response.status_code, operation_of(method, path)
    described = (operation or {}).get("responses", {}).get(str(status))
    if status == 204:
        assert described is not None
        assert response.content == b""
        return
    assert response["Content-Type"] == "application/json", response.content[:200]
    body = orjson.loads(response.content)
    if status >= 400:
        assert described is not None or status in UNDESCRIBED, f"{method} {path} does not say that it answers {status}"
        assert misfits({"$ref": "#/components/schemas/ErrorBody"}, body) == []
        assert body["error"]["request_id"] == response["X-Request-ID"]
        return
    assert described is not None, f"{method} {path} does not say that it answers {status}"
    assert misfits(described["content"]["application/json"]["schema"], body) == []
