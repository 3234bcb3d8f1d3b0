"""How users are found and made. Names and addresses are compared by the database, in lower case on both
sides, so that the unique indexes over `lower(...)` answer."""

from typing import TYPE_CHECKING, Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import BaseUserManager
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Lower

if TYPE_CHECKING:
    from accounts.models import User
else:
    User = Any

LONGEST_IDENTIFIER = 254


class UserManager(BaseUserManager[User]):
    def by_login(self, identifier: str) -> User:
        """identifier: a username or an e-mail address; a username never holds an @, so it is never both. An address
        that is only claimed finds nobody. Raises User.DoesNotExist, also for text that no row can hold. One query at
        most."""
        if len(identifier) > LONGEST_IDENTIFIER or not identifier.isprintable():
            raise self.model.DoesNotExist
        if "@" in identifier:
            return self.by_address(identifier)
        return self.alias(login=Lower("username")).get(login=Lower(Value(identifier)))

    def by_address(self, address: str) -> User:
        """Raises User.DoesNotExist."""
        return self.alias(login=Lower("email")).get(login=Lower(Value(self.normalize_email(address))))

    def get_by_natural_key(self, username: str | None) -> User:
        return self.by_login(username or "")

    async def aget_by_natural_key(self, username: str | None) -> User:
        return await sync_to_async(self.get_by_natural_key)(username)

    def create_user(self, username: str, email: str | None = None, password: str | None = None, **extra: Any) -> User:
        """A password of None can't be logged in with. Raises ValidationError with its fields."""
        user: User = self.model(username=username, email=self.normalize_email(email) or None, **extra)
        user.set_password(password)
        user.full_clean()
        user.save(using=self._db)
        return user

    def create_superuser(
        self, username: str, email: str | None = None, password: str | None = None, **extra: Any
    ) -> User:
        """As create_user, and the password has to pass the validators: the command that calls this
        checks them only when it asks at a terminal, and lets the person there pass them over. Whoever can run
        commands here needs no mail to vouch for the address."""
        if password is not None:
            validate_password(password, self.model(username=username, email=self.normalize_email(email)))
        powers = {"is_staff": True, "is_superuser": True, "is_verified": True}
        from accounts.models import StaffAct
        from accounts.services.staff_acts import BY_COMMAND, record_staff_act

        with transaction.atomic(using=self._db):
            user = self.create_user(username, email, password, **powers, **extra)
            record_staff_act(by=BY_COMMAND, verb=StaffAct.Verb.ADMIN_MADE, target=user, after={"is_superuser": True})
        return user
