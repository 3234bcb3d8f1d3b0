"""The one table of the site itself: how often was tried what must not be repeated while the cache is away, and what has
a share of a day that no restart gives anew."""

import hashlib
import time

from django.db import connection, models


class TryCount(models.Model):
    """key: hash of group, caller and window, so that no address stands here. Written by `count_try` alone."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    ends = models.BigIntegerField(db_index=True)
    """Unix time after which the row means nothing; the index finds those to delete."""

    def __str__(self) -> str:
        return f"{self.count} until {self.ends}"


# One statement on both databases, so that of two at once neither is lost.
_COUNT = (
    "INSERT INTO gw2optimizer_trycount (key, count, ends) VALUES (%s, 1, %s) "
    "ON CONFLICT (key) DO UPDATE SET count = gw2optimizer_trycount.count + 1 RETURNING count"
)


def count_try(group: str, caller: str, seconds: int) -> tuple[int, int]:
    """How many tries the running window of so many seconds has seen, with this one, and how many seconds are left
    of it. Raises DatabaseError."""
    now = int(time.time())
    ends = (now // seconds + 1) * seconds
    key = _key(group, caller, seconds, now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, ends])
        count: int = cursor.fetchone()[0]
    if count == 1:
        TryCount.objects.filter(ends__lt=now).delete()
    return count, ends - now


def tries_counted(group: str, caller: str, seconds: int) -> int:
    """How many `count_try` has counted in the running window, without adding one. Raises DatabaseError."""
    row = TryCount.objects.filter(key=_key(group, caller, seconds, int(time.time()))).first()
    return row.count if row else 0


def _key(group: str, caller: str, seconds: int, now: int) -> str:
    return hashlib.sha256(f"{group}:{seconds}:{now // seconds}:{caller}".encode()).hexdigest()
