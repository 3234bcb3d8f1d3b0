from django.apps import AppConfig


class BuildsConfig(AppConfig):
    name = "builds"
    verbose_name = "Builds"

    def ready(self) -> None:
        from accounts.cards import register_card
        from accounts.keeping import register_keeping
        from accounts.registries import register_export, register_farewell, register_hideable
        from builds.cards import CARDS
        from builds.keeping import kept_of_builds
        from builds.models import Build
        from builds.services.export import export_builds, export_gear_runs, export_saved_filters
        from builds.services.index import count_hiding, forget_builds_of

        register_export("saved_filters", export_saved_filters)
        # The rows go with their owner, their place in the counts of the library does not.
        register_farewell("library", forget_builds_of)
        for card in CARDS:
            register_card(card)
        register_keeping("builds", kept_of_builds)
        # Their deletion needs no entry: both go with their owner by the foreign key.
        register_export("builds", export_builds)
        register_export("gear_runs", export_gear_runs)
        register_hideable("build", Build, count_hiding)
