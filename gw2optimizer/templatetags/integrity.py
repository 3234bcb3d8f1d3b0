"""The hash of a script of ours, which the browser checks before it runs it."""

import base64
import functools
import hashlib
from pathlib import Path

from django import template
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

register = template.Library()


@register.simple_tag
@functools.cache
def integrity(name: str) -> str:
    """name: as for `static`. Of the file as it is served, whose content differs from its source where the storage
    writes addresses into it."""
    return f"sha384-{base64.b64encode(hashlib.sha384(_served(name)).digest()).decode()}"


def _served(name: str) -> bytes:
    stored = getattr(staticfiles_storage, "stored_name", str)(name)
    if staticfiles_storage.exists(stored):
        with staticfiles_storage.open(stored) as file:
            return bytes(file.read())
    # Not collected: the server finds them where they stand.
    found = finders.find(name)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"there is no static file {name!r}")
    return Path(found).read_bytes()
