from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.services.second_factor import remove_factor
from accounts.services.staff_acts import BY_COMMAND
from gw2optimizer.commands import OneLineErrors


class Command(OneLineErrors, BaseCommand):
    help = "Take the second factor from somebody of the staff who has lost theirs; the administration offers a new one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="or e-mail address")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = User.objects.by_login(options["username"])
        except User.DoesNotExist as error:
            raise CommandError("There is no such account.") from error
        if not remove_factor(user=user, by=BY_COMMAND):
            raise CommandError("This account has no second factor.")
        self.stdout.write(f"The second factor of {user.username} is removed.")
