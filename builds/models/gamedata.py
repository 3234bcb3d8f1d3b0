"""A snapshot of the game's facts as a row. The catalogue of every process is made from the active one."""

from django.db import models
from django.utils import timezone


class GameDataSnapshot(models.Model):
    """payload: the document as `builds.gamedata.snapshot.pack` writes it, some 0.5 MB: lists defer it."""

    class Source(models.TextChoices):
        PACKAGED = "packaged", "packaged with the site"
        API = "api", "official API"

    game_build = models.PositiveIntegerField(null=True, blank=True)
    taken_on = models.DateField()
    source = models.CharField(max_length=16, choices=Source)
    language = models.CharField(max_length=8, default="en")
    checksum = models.CharField(max_length=64, unique=True)
    payload = models.BinaryField()
    counts = models.JSONField(default=dict)
    """Kind to how many of it the document holds."""
    diff = models.JSONField(default=dict, blank=True)
    """As `builds.gamedata.diff.compare` gives it, against `previous`."""
    status = models.CharField(max_length=300, blank=True)
    """One sentence: what this snapshot brought."""
    previous = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    is_active = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    activated_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-id"]
        verbose_name = "game data snapshot"
        constraints = [
            # Also the index of the question that every process asks each second.
            models.UniqueConstraint(
                fields=["is_active"], condition=models.Q(is_active=True), name="snapshot_one_active"
            ),
            models.CheckConstraint(condition=models.Q(source__in=["packaged", "api"]), name="snapshot_source_known"),
        ]

    def __str__(self) -> str:
        build = f"build {self.game_build}" if self.game_build else "no build number"
        return f"{self.get_source_display()}, {self.taken_on}, {build}"
