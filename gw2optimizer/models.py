"""The one table of the site itself: how often what must not be repeated was tried while the cache was away."""

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
    window = now // seconds
    ends = (window + 1) * seconds
    key = hashlib.sha256(f"{group}:{seconds}:{window}:{caller}".encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [key, ends])
        count: int = cursor.fetchone()[0]
    if count == 1:
        TryCount.objects.filter(ends__lt=now).delete()
    return count, ends - now
