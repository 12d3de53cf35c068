"""The open door to a clinician's busy times."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from daysheet.kernel.models import PracticeRow


class CalendarFeed(PracticeRow):
    """The open door to a clinician's busy times: an address with a token, kept as its hash."""

    provider = models.ForeignKey("practice.Provider", models.CASCADE, related_name="feeds")
    token_hash = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.TextField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "calendar_feed"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "provider"],
                condition=Q(closed_at__isnull=True),
                name="calendar_feed_is_open_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["practice", "token_hash"], name="calendar_feed_by_token")]

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"
