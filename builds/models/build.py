"""A player's build and what it was before."""

import secrets
import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Hideable
from builds.gamedata.model import MODES, WVW_STYLES
from builds.querysets import BuildQuerySet
from builds.spec.model import ROLES, BuildSpec
from builds.spec.stored import stored_spec

# Stands in for the date of a published build whose source gives none, so that it ranks behind every dated one.
UNDATED = datetime(2012, 8, 28, tzinfo=UTC)


def new_share_key() -> str:
    return secrets.token_urlsafe(16)


class Build(Hideable):
    """A row is written only by `builds.services`, from a valid BuildSpec. The columns beside `spec` repeat what lists
    filter and sort by."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", "Private: only you"
        UNLISTED = "unlisted", "Unlisted: whoever has the link"
        PUBLIC = "public", "Public: in the library"

    class Origin(models.TextChoices):
        TYPED = "typed", "typed here"
        PASTED = "pasted", "pasted"
        IMPORTED = "imported", "imported"
        RECOMMENDED = "recommended", "recommended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="builds")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    share_key = models.CharField(max_length=32, unique=True, default=new_share_key, editable=False)
    origin = models.CharField(max_length=12, choices=Origin, default=Origin.TYPED)
    source_url = models.URLField(max_length=500, blank=True)
    source_label = models.CharField(max_length=300, blank=True)
    library_key = models.CharField(max_length=32, null=True, blank=True, unique=True, editable=False)

    name = models.CharField(max_length=120)
    profession = models.CharField(max_length=20)
    elite_specialization = models.CharField(max_length=40, blank=True)
    game_mode = models.CharField(max_length=10, choices=[(mode, mode) for mode in MODES])
    wvw_style = models.CharField(max_length=12, blank=True, choices=[(style, style) for style in WVW_STYLES])
    role = models.CharField(max_length=20, blank=True, choices=[(role, role) for role in ROLES])
    template_code = models.CharField(max_length=4100, blank=True)
    spec = models.JSONField()
    description = models.TextField(max_length=10_000, blank=True)
    difficulty = models.PositiveSmallIntegerField(
        null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    tags = models.JSONField(default=list, blank=True)

    version = models.PositiveIntegerField(default=1)
    is_fresh = models.BooleanField(default=True)
    """False for a published build that the game has moved on from: it ranks last."""
    as_of = models.DateTimeField(default=timezone.now)
    """When the content was true: the day a build was published, or last changed here."""
    name_key = models.CharField(max_length=120, editable=False)
    search_text = models.CharField(max_length=600, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BuildQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=["private", "unlisted", "public"]),
                name="build_visibility_known",
            ),
            models.CheckConstraint(condition=models.Q(game_mode__in=MODES), name="build_game_mode_known"),
            models.CheckConstraint(
                condition=models.Q(wvw_style="") | models.Q(game_mode="wvw"), name="build_style_wvw"
            ),
            models.CheckConstraint(
                condition=models.Q(difficulty=None) | models.Q(difficulty__range=(1, 5)),
                name="build_difficulty_1_to_5",
            ),
            models.CheckConstraint(
                condition=models.Q(hidden_at=None, hidden_reason="")
                | models.Q(hidden_at__isnull=False) & ~models.Q(hidden_reason=""),
                name="build_hidden_with_reason",
            ),
        ]
        # Each list of the library starts with one filter and goes on by keyset: the index ends with the keyset, so
        # that page 4,700 is found like page 1. A second filter is checked on the rows as they come.
        indexes = [
            models.Index(fields=["visibility", "is_fresh", "as_of", "id"], name="build_by_age"),
            models.Index(fields=["visibility", "profession", "is_fresh", "as_of", "id"], name="build_by_profession"),
            models.Index(
                fields=["visibility", "elite_specialization", "is_fresh", "as_of", "id"],
                name="build_by_elite",
            ),
            models.Index(fields=["visibility", "game_mode", "is_fresh", "as_of", "id"], name="build_by_mode"),
            models.Index(fields=["visibility", "role", "is_fresh", "as_of", "id"], name="build_by_role"),
            models.Index(fields=["visibility", "name_key", "id"], name="build_by_name"),
            models.Index(fields=["visibility", "profession", "name_key", "id"], name="build_by_profession_name"),
            models.Index(fields=["visibility", "elite_specialization", "name_key", "id"], name="build_by_elite_name"),
            models.Index(fields=["visibility", "game_mode", "name_key", "id"], name="build_by_mode_name"),
            models.Index(fields=["visibility", "role", "name_key", "id"], name="build_by_role_name"),
            models.Index(fields=["owner", "updated_at", "id"], name="build_by_owner"),
            # The few builds that recommendations start from, among any number of players' own.
            models.Index(
                fields=["is_fresh", "as_of", "id"],
                condition=models.Q(library_key__isnull=False),
                name="build_of_the_library",
            ),
            # What moderators look through: the few that are hidden, and what was published last.
            models.Index(
                fields=["visibility", "hidden_at", "id"],
                condition=models.Q(hidden_at__isnull=False),
                name="build_by_hiding",
            ),
            models.Index(fields=["visibility", "updated_at", "id"], name="build_by_change"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("builds:detail", args=[self.pk])

    def get_share_url(self) -> str:
        return reverse("builds:shared", args=[self.share_key])

    @property
    def is_stale(self) -> bool:
        return not self.is_fresh

    @property
    def is_dated(self) -> bool:
        return self.as_of != UNDATED

    @property
    def specialization(self) -> str:
        """The elite specialization, or the profession of a core build."""
        return self.elite_specialization or self.profession

    @property
    def value(self) -> BuildSpec:
        return stored_spec(self.spec)


class BuildRevision(models.Model):
    """One saved state; the newest equals the build. Written once, never changed."""

    build = models.ForeignKey(Build, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    spec = models.JSONField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["build", "number"], name="revision_number_unique_in_build"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, revision {self.number}"

    @property
    def value(self) -> BuildSpec:
        return stored_spec(self.spec)

    def as_state(self) -> dict[str, Any]:
        return {"name": self.name, "description": self.description, "spec": self.spec}
