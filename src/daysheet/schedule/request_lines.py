"""Visits asked for from home, in the words of the desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.schedule.models import VisitRequest
from daysheet.schedule.requests import standing
from daysheet.ui.words import day as say_day

TONES = {
    "offered": "neutral",
    "asked": "attention",
    "proposed": "active",
    "booked": "done",
    "declined": "stop",
    "withdrawn": "neutral",
}
PARTS = {
    "morning": gettext_lazy("morning"),
    "afternoon": gettext_lazy("afternoon"),
    "evening": gettext_lazy("evening"),
}


@dataclass(frozen=True, slots=True)
class RequestLine:
    """A request as a row of the list shows it."""

    row: VisitRequest
    tone: str
    state: str
    wish: str
    why: str
    can_undo: bool


def request_line(row: VisitRequest) -> RequestLine:
    """Return a request in words."""
    return RequestLine(
        row,
        TONES[row.state],
        row.get_state_display(),
        wish_of(row),
        row.get_why_desk_display() if row.why_desk not in ("", "kind", "wish") else "",
        row.state in ("booked", "proposed", "declined") and not row.was_at_once,
    )


def wish_of(row: VisitRequest) -> str:
    """Return when and with whom a patient would come."""
    with_whom = _("with %(who)s") % {"who": row.provider} if row.provider else _("with anyone")
    if row.starts_at is not None and row.location is not None:
        return f"{said_moment(row.starts_at.astimezone(row.location.zone))} {with_whom}"
    days = ", ".join(str(WEEKDAYS_ABBR[one]) for one in row.weekdays) or _("any day")
    said = [days]
    if row.part in PARTS:
        said.append(str(PARTS[row.part]))
    if row.earliest_on:
        said.append(_("from %(day)s on") % {"day": say_day(row.earliest_on)})
    if row.location:
        said.append(str(row.location))
    return ", ".join([*said, with_whom])


def came_of(row: VisitRequest) -> tuple[str, object] | None:
    """Return when the visit is that came of a request, and its id; None where none did."""
    if row.appointment is None:
        return None
    booked = standing(row.appointment)
    return said_moment(booked.starts_at.astimezone(booked.location.zone)), booked.pk


def said_moment(local: datetime) -> str:
    """Return a moment of a door's wall clock as the desk reads it."""
    return f"{say_day(local.date())}, {local.hour % 12 or 12}:{local:%M} {'am' if local.hour < 12 else 'pm'}"


def request_lines(rows: Sequence[VisitRequest]) -> list[RequestLine]:
    """Return requests in words, in their order."""
    return [request_line(one) for one in rows]
