"""Who may wait for a password to be hashed. Each hash costs a fifth of a second of the machine, so a few tries a second
would fill it: they are made one after the other (accounts/hashers.py), and only so many may wait. Of those places most
are closed to whoever was wrong before, and one is for known devices, so that a flood of wrong passwords stands in its
own way and not in that of others."""

import enum
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from gw2optimizer.errors import TooManyRequests

log = structlog.get_logger(__name__)

CROWDED_SECONDS = 1


class Rank(enum.IntEnum):
    """The value: how many may be in this process before one of this rank is sent away. The web process has two
    thread more than the largest (THREADS of the supervisor), which pages keep for themselves."""

    WRONG_BEFORE = 1
    FRESH = 3
    KNOWN = 4


class _Places:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.taken = 0
        self.flood_until = 0.0

    def has(self, rank: Rank) -> bool:
        if rank == Rank.WRONG_BEFORE and time.monotonic() < self.flood_until:
            return False
        return self.taken < rank

    def take(self, rank: Rank) -> bool:
        with self.lock:
            if not self.has(rank):
                return False
            self.taken += 1
            return True

    def give_back(self) -> None:
        with self.lock:
            self.taken -= 1


places = _Places()


@contextmanager
def place(rank: Rank) -> Iterator[None]:
    """Around all that leads to a hash. Raises TooManyRequests where no place is left."""
    if not places.take(rank):
        raise crowded()
    try:
        yield
    finally:
        places.give_back()


def crowded() -> TooManyRequests:
    """For whoever is sent away. While that goes on, whoever was wrong before isn't served at all: in a flood that is
    nearly all, and each hash would slow everything else."""
    places.flood_until = time.monotonic() + CROWDED_SECONDS
    log.info("hashing_crowded")
    return TooManyRequests(
        "Very many people are logging in at this moment. Please try again in a second.", retry_after=CROWDED_SECONDS
    )
