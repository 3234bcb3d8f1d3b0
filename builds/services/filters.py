"""Filters of the library that a player keeps."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.db import transaction

from accounts.models import User
from builds.models import SavedFilter
from builds.spec.shapes import is_readable
from gw2optimizer.errors import InvalidInput, NotFound

MOST = 20
MOST_CHARACTERS = 60
FIELDS = ("q", "profession", "elite", "mode", "role", "order")


@transaction.atomic
def save_filter(*, owner: User, name: str, asked: Mapping[str, str]) -> SavedFilter:
    """asked: checked values of FIELDS. A name that is there already gets the new filter.
    Raises InvalidInput beside `name`, or for a filter of nothing."""
    name = " ".join(name.split())
    if not name or len(name) > MOST_CHARACTERS or not is_readable(name):
        _refuse(f"Give it a name of up to {MOST_CHARACTERS} characters.")
    query = urlencode([(field, asked[field]) for field in FIELDS if asked.get(field)])
    if not query:
        _refuse("Choose at least one filter first.")
    # Two at once must not both find room for the last one.
    User.objects.select_for_update().get(pk=owner.pk)
    mine = SavedFilter.objects.filter(owner=owner)
    if not mine.filter(name=name).exists() and mine.count() >= MOST:
        _refuse(f"You have {MOST} filters. Delete one first.")
    return SavedFilter.objects.update_or_create(owner=owner, name=name, defaults={"query": query})[0]


@transaction.atomic
def delete_filter(*, owner: User, filter_id: int) -> str:
    """Its name. Raises NotFound, also for somebody else's."""
    saved = SavedFilter.objects.filter(owner=owner, pk=filter_id).first()
    if saved is None:
        raise NotFound("There is no such filter.")
    saved.delete()
    return saved.name


def _refuse(text: str) -> None:
    raise InvalidInput(text, fields={"name": [text]})
