"""The attribute panel: what a build's hero panel shows and which part gives how much. Plain Python, no Django."""

from builds.engine.attributes.boons import checked_boons, parse_boons
from builds.engine.attributes.model import Attribute, AttributePanel, Part, Switch, Unknown
from builds.engine.attributes.panel import attributes
from builds.engine.attributes.readings import Reading, readings_of

__all__ = [
    "Attribute",
    "AttributePanel",
    "Part",
    "Reading",
    "Switch",
    "Unknown",
    "attributes",
    "checked_boons",
    "parse_boons",
    "readings_of",
]
