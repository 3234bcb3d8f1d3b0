"""The exact gear optimiser: `optimize(parse_problem(document))`."""

from builds.engine.gear.optimiser import optimize
from builds.engine.gear.problem import GearProblem, parse_problem
from builds.engine.gear.result import Choice, GearResult, Progress

__all__ = ["Choice", "GearProblem", "GearResult", "Progress", "optimize", "parse_problem"]
