"""What a process loads when it starts, so that no request or task waits for it."""

from django.conf import settings
from django.utils.module_loading import import_string


def warm_up() -> None:
    """Calls each of settings.WARM_UP."""
    for name in settings.WARM_UP:
        import_string(name)()
