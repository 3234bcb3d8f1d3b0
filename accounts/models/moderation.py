"""What players publish and moderators may hide, and what both say about it."""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models.user import User

MOST_CHARACTERS = 500


class Hideable(models.Model):
    """A thing with `owner`, `name`, `visibility` ("private", "unlisted", "public"), `updated_at` and a page of its own.
    While it is hidden it exists for its owner, and for moderators as long as its owner leaves it public. Written by
    `accounts.services.moderation` alone."""

    if TYPE_CHECKING:
        owner: Any
        owner_id: Any
        name: Any
        visibility: Any
        updated_at: Any

        def get_absolute_url(self) -> str: ...

    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_reason = models.CharField(max_length=MOST_CHARACTERS, blank=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def changed_since_hidden(self) -> bool:
        return self.hidden_at is not None and bool(self.updated_at > self.hidden_at)


class HideableQuerySet[M: Hideable](models.QuerySet[M]):
    def public(self) -> Self:
        return self.filter(visibility="public", hidden_at=None)

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        """What a user may open by its id: public ones and the own ones. Unlisted ones open by their secret link."""
        if not user.is_authenticated:
            return self.public()
        public = models.Q(visibility="public")
        return self.filter((public if user.may_moderate else public & models.Q(hidden_at=None)) | models.Q(owner=user))

    def behind_links(self) -> Self:
        """What a secret link may open for anybody."""
        return self.filter(visibility__in=["unlisted", "public"], hidden_at=None)

    def hidden(self) -> Self:
        """What moderators have hidden, unless its owner has closed it since."""
        return self.filter(visibility="public", hidden_at__isnull=False)


class Report(models.Model):
    """What a player says about a public thing of somebody else, or its owner about its being hidden. Open until a
    moderator has decided."""

    class Cause(models.TextChoices):
        REPORT = "report", "reported"
        APPEAL = "appeal", "owner asks for another look"

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", "hidden"
        SHOWN = "shown", "shown again"
        DISMISSED = "dismissed", "left as it is"

    cause = models.CharField(max_length=8, choices=Cause)
    # An open report is still worth a look when who made it has left.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="reports"
    )
    # As in the activity log: the table belongs to the lowest app.
    target_kind = models.CharField(max_length=20)
    target_id = models.UUIDField()
    text = models.CharField(max_length=MOST_CHARACTERS)
    at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "target_kind", "target_id"],
                condition=models.Q(closed_at=None),
                name="report_one_open_each",
            ),
            models.CheckConstraint(
                condition=models.Q(closed_at=None, outcome="")
                | models.Q(closed_at__isnull=False) & ~models.Q(outcome=""),
                name="report_closed_with_outcome",
            ),
        ]
        indexes = [
            # The queue: the few that are open among all that ever were.
            models.Index(fields=["id"], condition=models.Q(closed_at=None), name="report_open"),
            models.Index(fields=["target_kind", "target_id", "-id"], name="report_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.cause} of {self.target_kind}"
