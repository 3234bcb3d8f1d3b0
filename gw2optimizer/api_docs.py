"""The description of the API and a page to read and try it, all of it served by ourselves."""

from typing import Any

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class SchemaView(SpectacularAPIView):
    pass


class DocsView(SpectacularSwaggerSplitView):
    url_name = "schema"
    template_name = "api_docs.html"


def without_enum_ids(result: Any, **kwargs: Any) -> Any:
    """A hook of drf-spectacular: drops the marks that it leaves on choices for a hook we don't use."""
    if isinstance(result, dict):
        return {key: without_enum_ids(value) for key, value in result.items() if key != "x-spec-enum-id"}
    if isinstance(result, list):
        return [without_enum_ids(value) for value in result]
    return result
