"""Tables that only grow: no row is changed or removed through them."""

from typing import Any

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change or to remove what only grows."""


class AppendOnlyQuerySet[M: models.Model](models.QuerySet[M]):
    def update(self, **kwargs: Any) -> int:
        raise AppendOnlyError("this log is not changed")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("this log is not shortened")

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnlyError("this log is not changed")


class AppendOnly(models.Model):
    """The base manager of a log stays Django's plain one: through it the deletion of an account severs."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("this log is not changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnlyError("this log is not shortened")
