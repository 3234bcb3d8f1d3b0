"""A roster: who there is to play, each with what he plays, how gladly, and when."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from builds.gamedata.model import MODES
from teams.roster import RosterSpec, stored_player
from teams.roster.model import Player
from teams.roster.parse import MAX_NAME, MAX_NOTE


def new_signup_key() -> str:
    return secrets.token_urlsafe(24)


class Roster(models.Model):
    """A row is written only by `teams.services.rosters`. It is its owner's alone; who has the sign-up link may add
    himself, and sees nobody else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rosters")
    name = models.CharField(max_length=120)
    game_mode = models.CharField(max_length=10, choices=[(mode, mode) for mode in MODES])
    time_zone = models.CharField(max_length=64, default="UTC")
    """By whose clock the players' times are meant."""
    signup_key = models.CharField(max_length=32, unique=True, null=True, blank=True, editable=False)
    signup_until = models.DateTimeField(null=True, blank=True)
    locked = models.BooleanField(default=False)
    """Nobody signs up or changes his entry by link; the links stay."""
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(game_mode__in=MODES), name="roster_game_mode_known"),
            models.CheckConstraint(
                condition=models.Q(signup_key=None, signup_until=None)
                | models.Q(signup_key__isnull=False, signup_until__isnull=False),
                name="roster_signup_ends",
            ),
        ]
        # The owner's list, by keyset.
        indexes = [models.Index(fields=["owner", "updated_at", "id"], name="roster_by_owner")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("rosters:detail", args=[self.pk])

    @property
    def has_link(self) -> bool:
        """Whether the sign-up link opens its page."""
        return self.signup_key is not None and self.signup_until is not None and timezone.now() < self.signup_until

    @property
    def takes_entries(self) -> bool:
        return self.has_link and not self.locked

    @property
    def value(self) -> RosterSpec:
        """Reads the entries: one query, none where they were fetched beforehand."""
        entries = sorted(self.entries.all(), key=lambda entry: entry.pk)
        return RosterSpec(self.name, tuple(entry.value for entry in entries), self.game_mode, self.time_zone)


class RosterEntry(models.Model):
    """One player. plays, available: as `roster/1` stores them, with bare ids."""

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="entries")
    name = models.CharField(max_length=MAX_NAME)
    name_key = models.CharField(max_length=3 * MAX_NAME, editable=False)
    """Case-folded, which may be longer: two players of one name could not be told apart."""
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    away = models.BooleanField(default=False)
    plays = models.JSONField(default=list)
    available = models.JSONField(default=list, blank=True)
    edit_digest = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    """SHA-256 of the key in the player's own link; null where the organiser made the entry."""
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["id"]
        verbose_name_plural = "roster entries"
        constraints = [
            models.UniqueConstraint(fields=["roster", "name_key"], name="roster_entry_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="roster_entry_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def value(self) -> Player:
        return stored_player(
            {"name": self.name, "note": self.note, "away": self.away, "plays": self.plays, "available": self.available}
        )
