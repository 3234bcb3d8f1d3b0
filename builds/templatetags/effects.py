"""`{% effects_panel spec %}`: what a build gives and does."""

from typing import Any

from django import template

from builds.catalogue import current_catalogue
from builds.engine.effects import effects_with_panel
from builds.presentation.effects import effects_view
from builds.spec import BuildSpec

register = template.Library()


@register.inclusion_tag("components/effects_panel.html")
def effects_panel(spec: BuildSpec) -> dict[str, Any]:
    return {"effects": effects_view(effects_with_panel(spec, current_catalogue()))}
