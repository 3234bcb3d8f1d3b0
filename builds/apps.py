from django.apps import AppConfig


class BuildsConfig(AppConfig):
    name = "builds"
    verbose_name = "Builds"

    def ready(self) -> None:
        from accounts.registries import register_export
        from builds.services.export import export_builds

        # Their deletion needs no entry: builds go with their owner by the foreign key.
        register_export("builds", export_builds)
