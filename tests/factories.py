"""Rows for tests, as the services would have made them."""

import functools

import factory
from django.contrib.auth.hashers import make_password

from accounts.models import User

PASSWORD = "seven quaggans foo"


@functools.cache
def _hash_of(password: str) -> str:
    return make_password(password)


class UserFactory(factory.django.DjangoModelFactory[User]):
    """`password` is given in the clear; PASSWORD where a test doesn't care."""

    class Meta:
        model = User

    username = factory.Sequence(lambda number: f"player_{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username.lower()}@example.com")
    password = PASSWORD

    @classmethod
    def _adjust_kwargs(cls, **kwargs: str) -> dict[str, str]:
        return kwargs | {"password": _hash_of(kwargs["password"])}


class AdminFactory(UserFactory):
    is_staff = True
    is_superuser = True
