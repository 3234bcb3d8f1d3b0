from django.apps import AppConfig


class AiAgentsConfig(AppConfig):
    name = "ai_agents"
    verbose_name = "AI agents"

    def ready(self) -> None:
        import ai_agents.workflows  # noqa: F401  # they register themselves
        from accounts.keeping import register_keeping
        from accounts.registries import register_export
        from ai_agents.keeping import kept_of_agents
        from ai_agents.services.export import export_agent_runs

        # Their deletion needs no entry: runs go with their owner by the foreign key, and events with their run.
        register_export("agent_runs", export_agent_runs)
        register_keeping("ai_agents", kept_of_agents)
