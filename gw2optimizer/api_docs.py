"""The description of the API and a page to read and try it, all of it served by ourselves."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class SchemaView(SpectacularAPIView):
    pass


class DocsView(SpectacularSwaggerSplitView):
    url_name = "schema"
    template_name = "api_docs.html"
