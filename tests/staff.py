"""Staff as the administration lets them in."""

from django.test import Client
from django.utils import timezone

from accounts.admin_site import SECOND_FACTOR
from accounts.models import User


def log_in_staff(client: Client, user: User) -> None:
    """As after the log-in and the second factor."""
    client.force_login(user)
    session = client.session
    session[SECOND_FACTOR] = timezone.now().isoformat()
    session.save()
