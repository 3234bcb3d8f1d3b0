"""Log in by username or e-mail address, whichever the player remembers."""

from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from accounts.models import User
from accounts.services.credentials import password_fits


class EmailOrUsernameBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """None for every reason alike. One hash is made whether the user exists or not, so that the time
        of the answer doesn't tell."""
        if not username or password is None:
            return None
        try:
            user = User.objects.by_login(username)
        except User.DoesNotExist:
            password_fits(None, password)
            return None
        return user if password_fits(user, password) and self.user_can_authenticate(user) else None

    async def aauthenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        return await sync_to_async(self.authenticate)(request, username, password, **kwargs)
