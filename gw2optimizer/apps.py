from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "gw2optimizer"
    verbose_name = "Site"
