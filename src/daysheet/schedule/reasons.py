"""Reasons for cancelling and moving: those that an office keeps, and the usual ones while it keeps none."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from daysheet.schedule.models import Appointment, CancelReason
from daysheet.schedule.rules import is_late_notice


class Reason(NamedTuple):
    """A reason as a form offers it: its key, its words, whose doing, whether it counts as late, whether words follow."""

    key: str
    words: str
    doing: str = "patient"
    counts_late: bool = True
    asks_words: bool = False

    @property
    def kind_id(self) -> UUID | None:
        """Return the row of the list, where the office keeps one."""
        return None if self.key == self.words else UUID(self.key)

    def is_late(self, starts_at: datetime, now: datetime) -> bool:
        """Return whether cancelling for it now counts as cancelled late."""
        return self.counts_late and is_late_notice(starts_at, now)


USUAL = (
    Reason("Patient is ill", "Patient is ill"),
    Reason("Patient cannot come then", "Patient cannot come then"),
    Reason("Patient is better", "Patient is better"),
    Reason("Coverage or cost", "Coverage or cost"),
    Reason("Clinician is away", "Clinician is away", "practice", False),
    Reason("Booked by mistake", "Booked by mistake", "practice", False),
    Reason("Other", "Other", asks_words=True),
)
"""The reasons that an office begins with."""
WORDS = {
    "Patient is ill": _("Patient is ill"),
    "Patient cannot come then": _("Patient cannot come then"),
    "Patient is better": _("Patient is better"),
    "Coverage or cost": _("Coverage or cost"),
    "Clinician is away": _("Clinician is away"),
    "Booked by mistake": _("Booked by mistake"),
    "Other": _("Other, in words"),
}


def offered() -> list[Reason]:
    """Return the reasons that a form offers, in their order; the usual ones while the office keeps none."""
    rows = list(kept())
    if not rows:
        return list(USUAL)
    return [
        Reason(str(one.pk), one.words, one.doing, one.counts_late, one.asks_words)
        for one in rows
        if one.is_active
    ]


def said(one: Reason) -> str:
    """Return a reason as it is shown."""
    return str(WORDS.get(one.words, one.words))


def kept() -> QuerySet[CancelReason]:
    """Return the office's own reasons, in use and not."""
    return CancelReason.objects.order_by("rank", "words")


def reason(reason_id: UUID) -> CancelReason | None:
    """Return one, or None."""
    return CancelReason.objects.filter(pk=reason_id).first()


def of_the_office() -> UUID | None:
    """Return the first reason in use that is the office's own doing, where the office keeps one."""
    rows = kept().filter(is_active=True, doing=CancelReason.Doing.PRACTICE)
    return rows.values_list("pk", flat=True).first()


def how_often(since: datetime) -> dict[UUID | None, tuple[int, int]]:
    """Return how often visits were cancelled or moved for each reason since a moment, and how often late."""
    gone = Appointment.objects.filter(
        booking__in=("cancelled", "late_cancelled", "rescheduled"),
        starts_at__gte=since,
        cancel_kind__isnull=False,
    )
    rows = (
        gone.order_by()
        .values("cancel_kind")
        .annotate(n=Count("id"), late=Count("id", filter=Q(booking="late_cancelled")))
    )
    return {row["cancel_kind"]: (row["n"], row["late"]) for row in rows}
