"""What a person at a desk has in hand: a time that is held while it is booked, and visits laid into the tray."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from daysheet.kernel.models import PracticeRow


class HeldTime(PracticeRow):
    """A time that stands chosen on an open page of booking or moving. Advice to other desks; it promises nothing."""

    user_id = models.UUIDField()
    held_by = models.TextField()
    page = models.TextField()
    """The open page, by a key that its script made: a page holds one time, a person may have several open."""
    provider = models.ForeignKey("practice.Provider", models.PROTECT, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    until = models.DateTimeField()
    """By the database's clock: the clock of a practice that plays may stand still."""

    class Meta:
        db_table = "held_time"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "user_id", "page"], name="page_holds_one_time"),
            models.CheckConstraint(name="held_time_lasts", condition=Q(ends_at__gt=F("starts_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M}"


class TrayVisit(PracticeRow):
    """A booked visit in somebody's hold tray. It keeps its time; it counts as long as the visit is booked and to come."""

    user_id = models.UUIDField()
    appointment = models.ForeignKey("schedule.Appointment", models.PROTECT, related_name="+")
    put_at = models.DateTimeField()

    class Meta:
        db_table = "tray_visit"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "user_id", "appointment"], name="visit_lies_in_a_tray_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.put_at:%Y-%m-%d %H:%M}"
