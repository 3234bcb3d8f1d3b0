from django.apps import AppConfig


class TeamsConfig(AppConfig):
    name = "teams"
    verbose_name = "Teams"

    def ready(self) -> None:
        from accounts.cards import register_card
        from accounts.keeping import register_keeping
        from accounts.registries import register_export, register_hideable
        from teams.cards import TEAMS
        from teams.keeping import kept_of_teams
        from teams.models import Team
        from teams.services.export import export_teams
        from teams.services.roster_export import export_rosters

        register_card(TEAMS)
        register_keeping("teams", kept_of_teams)
        # Their deletion needs no entry: they go with their owner by the foreign key, and a build that goes with
        # another account leaves its copies behind.
        register_export("teams", export_teams)
        register_export("rosters", export_rosters)
        register_hideable("team", Team)
