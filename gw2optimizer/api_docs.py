"""The description of the API and a page to read and try it, all of it served by ourselves."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class SchemaView(SpectacularAPIView):
    pass


class DocsView(SpectacularSwaggerSplitView):
    url_name = "schema"
    template_name = "api_docs.html"


# What any route may answer before its view is asked.
_ANY = {
    "400": "It can't be read.",
    "401": "The token that was sent doesn't count, or none was where one is needed.",
    "403": "Not yours to do, the token hasn't the scope, or the token of forms is missing.",
    "406": "No form of answer that is accepted.",
    "429": "Too often.",
}
_WITH_BODY = {"413": "The body is larger than 2.5 MB.", "415": "The body is no JSON in UTF-8."}


def with_common_answers(result: Any, **kwargs: Any) -> Any:
    """A hook of drf-spectacular: adds to each operation what no view says of itself."""
    body = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}}
    for operations in result["paths"].values():
        for operation in operations.values():
            common = _ANY | (_WITH_BODY if "requestBody" in operation else {})
            for status, description in common.items():
                operation["responses"].setdefault(status, {**body, "description": description})
            operation["responses"] = dict(sorted(operation["responses"].items()))
    return result


def without_enum_ids(result: Any, **kwargs: Any) -> Any:
    """A hook of drf-spectacular: drops the marks that it leaves on choices for a hook we don't use."""
    if isinstance(result, dict):
        return {key: without_enum_ids(value) for key, value in result.items() if key != "x-spec-enum-id"}
    if isinstance(result, list):
        return [without_enum_ids(value) for value in result]
    return result
