"""A team: its places, each with a build copied in, and what it was before."""

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Hideable
from builds.gamedata.model import MODES, WVW_STYLES
from builds.models import Build
from builds.models.build import new_share_key
from builds.spec import BuildSpec
from builds.spec.model import ROLES
from builds.spec.stored import stored_spec
from teams.layout import Layout, Placed, Source
from teams.querysets import TeamQuerySet
from teams.spec import GROUP_SIZE, MAX_PLAYERS, SlotSpec, TeamSpec, stored_team
from teams.spec.model import MAX_GROUPS, PRIORITIES, USUAL_PRIORITY

GRADES = ("S", "A", "B", "C", "D")


class Team(Hideable):
    """A row is written only by `teams.services`, from a valid TeamSpec. The columns beside the places repeat what lists
    filter, sort by and show."""

    class Visibility(models.TextChoices):
        PRIVATE = "private", "Private: only you"
        UNLISTED = "unlisted", "Unlisted: whoever has the link"
        PUBLIC = "public", "Public: in the list of teams"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="teams")
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    share_key = models.CharField(max_length=32, unique=True, default=new_share_key, editable=False)
    source_label = models.CharField(max_length=300, blank=True)
    """Of a copy: what it was copied from. A text, so that copies of copies lead nowhere in a circle."""

    name = models.CharField(max_length=120)
    game_mode = models.CharField(max_length=10, choices=[(mode, mode) for mode in MODES])
    wvw_style = models.CharField(max_length=12, blank=True, choices=[(style, style) for style in WVW_STYLES])
    notes = models.TextField(max_length=10_000, blank=True)
    size = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(MAX_PLAYERS)])
    """Places, filled or not."""
    filled = models.PositiveSmallIntegerField(default=0)
    makeup = models.JSONField(default=list)
    """Of each subgroup the specializations in order, null for an empty place: what a list shows."""

    synergy_score = models.FloatField(default=0.0, validators=[MinValueValidator(0), MaxValueValidator(100)])
    grade = models.CharField(max_length=1, choices=[(grade, grade) for grade in GRADES], default="D")
    engine_version = models.CharField(max_length=100, blank=True)
    """What made the score, as `teams.services.scores.present_version` names it; another one is old."""

    version = models.PositiveIntegerField(default=1)
    name_key = models.CharField(max_length=120, editable=False)
    search_text = models.CharField(max_length=1200, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = TeamQuerySet.as_manager()

    class Meta:
        ordering = ["-updated_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(visibility__in=["private", "unlisted", "public"]), name="team_visibility_known"
            ),
            models.CheckConstraint(condition=models.Q(game_mode__in=MODES), name="team_game_mode_known"),
            models.CheckConstraint(condition=models.Q(wvw_style="") | models.Q(game_mode="wvw"), name="team_style_wvw"),
            models.CheckConstraint(condition=models.Q(size__range=(1, MAX_PLAYERS)), name="team_size_1_to_50"),
            models.CheckConstraint(condition=models.Q(filled__lte=models.F("size")), name="team_filled_within_size"),
            models.CheckConstraint(
                condition=models.Q(synergy_score__gte=0, synergy_score__lte=100), name="team_score_0_to_100"
            ),
            models.CheckConstraint(condition=models.Q(grade__in=GRADES), name="team_grade_known"),
            models.CheckConstraint(
                condition=models.Q(hidden_at=None, hidden_reason="")
                | models.Q(hidden_at__isnull=False) & ~models.Q(hidden_reason=""),
                name="team_hidden_with_reason",
            ),
        ]
        # As those of builds: a list starts with one filter and goes on by keyset.
        indexes = [
            models.Index(fields=["visibility", "updated_at", "id"], name="team_by_age"),
            models.Index(fields=["visibility", "game_mode", "updated_at", "id"], name="team_by_mode"),
            models.Index(fields=["visibility", "synergy_score", "id"], name="team_by_score"),
            models.Index(fields=["visibility", "game_mode", "synergy_score", "id"], name="team_by_mode_score"),
            models.Index(fields=["visibility", "name_key", "id"], name="team_by_name"),
            models.Index(fields=["visibility", "game_mode", "name_key", "id"], name="team_by_mode_name"),
            models.Index(fields=["owner", "updated_at", "id"], name="team_by_owner"),
            # What a new version of the engine has to judge again.
            models.Index(fields=["engine_version", "id"], name="team_by_engine"),
            # What moderators look through: the few that are hidden, and what was published last.
            models.Index(
                fields=["visibility", "hidden_at", "id"],
                condition=models.Q(hidden_at__isnull=False),
                name="team_hidden",
            ),
            models.Index(
                fields=["updated_at", "id"], condition=models.Q(visibility="public"), name="team_public_by_change"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("teams:detail", args=[self.pk])

    def get_share_url(self) -> str:
        return reverse("teams:shared", args=[self.share_key])

    @property
    def layout(self) -> Layout:
        """Reads the places: one query, none where they were fetched beforehand (`TeamQuerySet.with_slots`)."""
        rows = sorted(self.slots.all(), key=lambda row: (row.subgroup, row.place))
        numbers = sorted({row.subgroup for row in rows})
        groups = tuple(tuple(row.placed for row in rows if row.subgroup == number) for number in numbers)
        return Layout(self.name, self.game_mode, self.wvw_style or None, groups)

    @property
    def value(self) -> TeamSpec:
        return self.layout.spec


class TeamSlot(models.Model):
    """One place. Rows are replaced where something changes in them: refer to the team and the place, never to the id.
    subgroup, place: from 1."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="slots")
    subgroup = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    build = models.JSONField(null=True, blank=True)
    """As `plain_json` gives it: a copy, so that a later change of the source does not change the team."""
    source = models.ForeignKey(Build, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    source_version = models.PositiveIntegerField(null=True, blank=True)
    """Of the source when it was copied in. Where there is one and no source, the source is gone."""
    player = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, blank=True, choices=[(role, role) for role in ROLES])
    priority = models.PositiveSmallIntegerField(default=USUAL_PRIORITY)
    locked = models.BooleanField(default=False)

    class Meta:
        ordering = ["subgroup", "place"]
        constraints = [
            models.UniqueConstraint(fields=["team", "subgroup", "place"], name="team_slot_one_a_place"),
            models.CheckConstraint(condition=models.Q(subgroup__range=(1, MAX_GROUPS)), name="team_slot_subgroup"),
            models.CheckConstraint(condition=models.Q(place__range=(1, GROUP_SIZE)), name="team_slot_place_1_to_5"),
            models.CheckConstraint(
                condition=models.Q(priority__range=(PRIORITIES[0], PRIORITIES[-1])), name="team_slot_priority_1_to_5"
            ),
            models.CheckConstraint(
                condition=models.Q(source=None) | models.Q(source_version__isnull=False),
                name="team_slot_source_has_version",
            ),
            models.CheckConstraint(
                condition=models.Q(source_version=None) | models.Q(build__isnull=False),
                name="team_slot_source_has_build",
            ),
        ]

    def __str__(self) -> str:
        return f"subgroup {self.subgroup}, place {self.place}"

    @property
    def value(self) -> BuildSpec | None:
        return None if self.build is None else stored_spec(self.build)

    @property
    def placed(self) -> Placed:
        slot = SlotSpec(self.value, self.player or None, self.role or None, self.priority, self.locked)
        source = None if self.source_version is None else Source(self.source_id, self.source_version)
        return Placed(slot, source)


class TeamRevision(models.Model):
    """One saved state; the newest equals the team. Written once, never changed."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    notes = models.TextField(blank=True)
    spec = models.JSONField()
    """As `plain_team_json` gives it."""
    sources = models.JSONField(default=list)
    """Of each place in order its source as [id, version], or null."""
    synergy_score = models.FloatField()
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["team", "number"], name="team_revision_number_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, revision {self.number}"

    @property
    def value(self) -> TeamSpec:
        return stored_team(self.spec)

    def as_state(self) -> dict[str, Any]:
        return {"name": self.name, "notes": self.notes, "spec": self.spec}
