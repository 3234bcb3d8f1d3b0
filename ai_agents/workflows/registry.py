"""The workflows by name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ai_agents.agents.registry import register
from ai_agents.workflows.steps import Workflow

_workflows: dict[str, Workflow[Any]] = {}
WORKFLOWS: Mapping[str, Workflow[Any]] = MappingProxyType(_workflows)


def register_workflow(workflow: Workflow[Any]) -> None:
    """Raises ValueError where its name is taken, or its steps wait for each other."""
    workflow.check_steps()
    register(workflow)
    _workflows[workflow.name] = workflow
