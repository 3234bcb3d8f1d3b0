"""The agents and workflows by name. Apps above may add theirs in `AppConfig.ready()`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ai_agents.agents.base import Runnable

_agents: dict[str, Runnable[Any]] = {}
AGENTS: Mapping[str, Runnable[Any]] = MappingProxyType(_agents)


def register(agent: Runnable[Any]) -> None:
    if agent.name in _agents:
        raise ValueError(f"there are two agents “{agent.name}”")
    _agents[agent.name] = agent
