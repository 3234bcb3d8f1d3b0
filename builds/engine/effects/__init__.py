"""What skills, traits and builds give and do. Plain Python, no Django."""

from builds.engine.effects.build import BuildEffects, effects, effects_with_panel
from builds.engine.effects.combos import Combo, Corruption, combo, corruption
from builds.engine.effects.model import EntityEffects
from builds.engine.effects.reading import facts_of

__all__ = [
    "BuildEffects",
    "Combo",
    "Corruption",
    "EntityEffects",
    "combo",
    "corruption",
    "effects",
    "effects_with_panel",
    "facts_of",
]
