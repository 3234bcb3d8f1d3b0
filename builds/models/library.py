"""What the library finds and counts builds by: each row repeats a part of a Build, kept by builds.services.index."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from builds.models.build import Build


class LibraryEntry(models.Model):
    """One of each published build. text: what the search box looks through, between spaces, with the filters as marks
    behind it. Indexed by trigrams in the database itself (migration 0007): by pg_trgm, or by an FTS5 table that
    triggers follow. SQLite drops those triggers when a migration remakes this table: make them again there."""

    build = models.OneToOneField(Build, on_delete=models.CASCADE, related_name="entry")
    text = models.TextField()
    traits = models.JSONField(default=list)
    skills = models.JSONField(default=list)
    """What two builds are compared by: ids of chosen traits, and of the skills on the bar."""

    def __str__(self) -> str:
        return self.text.strip()


class LibraryWord(models.Model):
    """A word of published builds, between spaces: what a mistyped one may have meant."""

    padded = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.padded.strip()


class LibraryCount(models.Model):
    """How many public builds that nobody has hidden have these four."""

    profession = models.CharField(max_length=20)
    elite_specialization = models.CharField(max_length=40, blank=True)
    game_mode = models.CharField(max_length=10)
    role = models.CharField(max_length=20, blank=True)
    # May be below zero between a drift and its mending: a wrong count must not keep a build from being saved.
    builds = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["profession", "elite_specialization", "game_mode", "role"], name="library_count_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.elite_specialization or self.profession}, {self.game_mode}, {self.role}: {self.builds}"


class SavedFilter(models.Model):
    """query: the address of the library behind its question mark, checked and in one order."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=600)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_name_unique_of_owner")]

    def __str__(self) -> str:
        return self.name
