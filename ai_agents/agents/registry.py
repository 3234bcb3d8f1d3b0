"""The agents by name. Apps above may add theirs in `AppConfig.ready()`."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ai_agents.agents.base import Agent

_agents: dict[str, Agent[Any]] = {}
AGENTS: Mapping[str, Agent[Any]] = MappingProxyType(_agents)


def register(agent: Agent[Any]) -> None:
    if agent.name in _agents:
        raise ValueError(f"there are two agents “{agent.name}”")
    _agents[agent.name] = agent
