from typing import Any

from django.contrib.auth.management.commands import createsuperuser
from django.core.management.base import CommandError

from gw2optimizer.commands import OneLineErrors


class Command(OneLineErrors, createsuperuser.Command):
    """Django's own, which without a terminal makes nobody and calls that a success."""

    def handle(self, *args: Any, **options: Any) -> str | None:
        if options["interactive"] and not self.stdin.isatty():
            raise CommandError(
                "No admin was made: the questions need a terminal. Without one, set DJANGO_SUPERUSER_USERNAME, "
                "DJANGO_SUPERUSER_EMAIL and DJANGO_SUPERUSER_PASSWORD and run: "
                ".venv/bin/python manage.py createsuperuser --noinput"
            )
        try:
            return super().handle(*args, **options)
        except EOFError as error:
            raise CommandError("No admin was made: the answers ended.") from error
