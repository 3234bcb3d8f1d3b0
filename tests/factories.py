"""Rows for tests, as the services would have made them."""

import functools
from typing import Any

import factory
from django.contrib.auth.hashers import make_password

from accounts.models import User
from builds.catalogue import current_catalogue
from builds.models import Build
from builds.services.builds import create_build
from builds.spec import parse_build
from builds.spec.shapes import BuildShape

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
    is_verified = True
    password = PASSWORD

    @classmethod
    def _adjust_kwargs(cls, **kwargs: str) -> dict[str, str]:
        return kwargs | {"password": _hash_of(kwargs["password"])}


class AdminFactory(UserFactory):
    is_staff = True
    is_superuser = True


class BuildFactory(factory.Factory[Build]):
    """A public core Guardian. What `build/1` knows goes into its value, the rest to the service."""

    class Meta:
        model = Build

    owner = factory.SubFactory(UserFactory)
    visibility = Build.Visibility.PUBLIC
    name = factory.Sequence(lambda number: f"Build {number}")
    profession = "Guardian"
    game_mode = "wvw"
    role = "stability_support"

    @classmethod
    def _create(cls, model_class: type[Build], *args: Any, **kwargs: Any) -> Build:
        named = {field.alias or name for name, field in BuildShape.model_fields.items()}
        value = {name: kwargs.pop(name) for name in named & kwargs.keys()}
        return create_build(spec=parse_build(value, current_catalogue()).spec, **kwargs)


class LibraryBuildFactory(BuildFactory):
    """One of the builds that the engine recommends from."""

    library_key = factory.Sequence(lambda number: f"test-{number}")
