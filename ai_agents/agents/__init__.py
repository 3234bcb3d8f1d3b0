"""What the language model is asked, and how far it is believed: `run_agent` is the sole way in."""

from ai_agents.agents.analyst import Analyst
from ai_agents.agents.answer import AgentAnswer
from ai_agents.agents.base import Agent, Brief, Runnable, Several
from ai_agents.agents.commander import Commander
from ai_agents.agents.optimizer import Optimizer
from ai_agents.agents.recommender import Recommender
from ai_agents.agents.registry import AGENTS, register
from ai_agents.agents.run import run_agent
from ai_agents.agents.synergy import Synergy

for _agent in (Recommender(), Synergy(), Optimizer(), Analyst(), Commander()):
    register(_agent)

__all__ = ["AGENTS", "Agent", "AgentAnswer", "Brief", "Runnable", "Several", "register", "run_agent"]
