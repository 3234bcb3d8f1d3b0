from django.apps import AppConfig


class BuildsConfig(AppConfig):
    name = "builds"
    verbose_name = "Builds"

    def ready(self) -> None:
        from accounts.registries import register_export, register_hideable
        from builds.models import Build
        from builds.services.export import export_builds, export_gear_runs

        # Their deletion needs no entry: both go with their owner by the foreign key.
        register_export("builds", export_builds)
        register_export("gear_runs", export_gear_runs)
        register_hideable("build", Build)
