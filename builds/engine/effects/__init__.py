"""What skills, traits and builds give and do. Plain Python, no Django."""

from builds.engine.effects.combos import Combo, Corruption, combo, corruption
from builds.engine.effects.model import EntityEffects
from builds.engine.effects.reading import facts_of

__all__ = ["Combo", "Corruption", "EntityEffects", "combo", "corruption", "facts_of"]
