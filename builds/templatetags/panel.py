"""`{% attribute_panel spec %}`: the panel of a build, as the address of the page asks for it."""

from typing import Any

from django import template

from builds.catalogue import current_catalogue
from builds.presentation.attributes import panel_view
from builds.presentation.worth import asked_for
from builds.spec import BuildSpec
from gw2optimizer.errors import InvalidInput

register = template.Library()

# Names of the query that belong to the panel; all others of the page are kept as they are.
_OWN = ("boon", "with", "set")


@register.inclusion_tag("components/attribute_panel.html", takes_context=True)
def attribute_panel(context: dict[str, Any], spec: BuildSpec) -> dict[str, Any]:
    """What an address asks for and the build does not have is left out: the page is there to be played with."""
    query = context["request"].GET
    here = {
        "path": context["request"].path,
        "kept": [(name, value) for name in query if name not in _OWN for value in query.getlist(name)],
    }
    asked = asked_for(query.getlist("boon"), query.getlist("with"), query.get("set", ""))
    try:
        panel = asked.panel(spec, current_catalogue())
    except InvalidInput as error:
        return {**here, "refused": error.message}
    return {**here, "panel": panel_view(panel, weapon_sets=len(spec.weapon_sets))}
