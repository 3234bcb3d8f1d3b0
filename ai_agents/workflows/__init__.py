"""Several agents and the engine, one after the other: WORKFLOWS by name, each of which `run_agent` runs as well. Apps
above add theirs by `register_workflow` in `AppConfig.ready()`."""

from ai_agents.workflows.build_optimization import BuildOptimization
from ai_agents.workflows.registry import WORKFLOWS, register_workflow
from ai_agents.workflows.steps import Asking, Kept, Step, Workflow
from ai_agents.workflows.team_analysis import TeamAnalysis

for _workflow in (BuildOptimization(), TeamAnalysis()):
    register_workflow(_workflow)

__all__ = ["WORKFLOWS", "Asking", "BuildOptimization", "Kept", "Step", "TeamAnalysis", "Workflow", "register_workflow"]
