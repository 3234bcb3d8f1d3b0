"""`{% effects_panel spec %}` and `{% effects_brief spec %}`: what a build gives and does, whole or in short."""

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


@register.inclusion_tag("components/effects_brief.html")
def effects_brief(spec: BuildSpec) -> dict[str, Any]:
    return effects_panel(spec)
