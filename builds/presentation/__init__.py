"""A build as the pages show it. Plain Python: no Django, no query."""

from builds.presentation.build import IconResolver, build_view
from builds.presentation.model import BuildView

__all__ = ["BuildView", "IconResolver", "build_view"]
