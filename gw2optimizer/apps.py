from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "gw2optimizer"
    verbose_name = "Site"

    def ready(self) -> None:
        # Makes it the current app, to which the `shared_task`s of the other apps belong.
        import gw2optimizer.celery  # noqa: F401
