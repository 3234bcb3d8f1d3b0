"""`{% attribute_panel spec %}`: the panel of a build, as the address of the page asks for it."""

from typing import Any

from django import template

from builds.catalogue import current_catalogue
from builds.engine.attributes import AttributePanel, attributes
from builds.engine.attributes.names import BOONS, STACKING
from builds.presentation.attributes import panel_view
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
    boons = {name: STACKING.get(name, 1) for name in query.getlist("boon") if name in BOONS}
    number = 2 if query.get("set") == "2" and len(spec.weapon_sets) > 1 else 1
    try:
        panel = _panel(spec, boons, query.getlist("with"), number)
    except InvalidInput as error:
        return {**here, "refused": error.message}
    return {**here, "panel": panel_view(panel, weapon_sets=len(spec.weapon_sets))}


def _panel(spec: BuildSpec, boons: dict[str, int], wanted: list[str], number: int) -> AttributePanel:
    catalogue = current_catalogue()
    plain = attributes(spec, catalogue, boons=boons, weapon_set=number)
    switches = frozenset(switch.trait for switch in plain.switches if str(switch.trait) in wanted)
    if not switches:
        return plain
    return attributes(spec, catalogue, boons=boons, switches=switches, weapon_set=number)
