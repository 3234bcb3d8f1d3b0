from ai_agents.models.agent_run import AgentRun as AgentRun
from ai_agents.models.agent_run import RunEvent as RunEvent
