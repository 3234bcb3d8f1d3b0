"""The best gear for a whole build: `optimize_build`. Plain Python, no Django."""

from builds.engine.optimise.choices import OBJECTIVES, GearChoices
from builds.engine.optimise.model import BuildOptimisation, Change, Outcome, Upgrades
from builds.engine.optimise.search import optimize_build

__all__ = [
    "OBJECTIVES",
    "BuildOptimisation",
    "Change",
    "GearChoices",
    "Outcome",
    "Upgrades",
    "optimize_build",
]
