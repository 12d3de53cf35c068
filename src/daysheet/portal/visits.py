"""What stands on the page behind a link about visits: when and where, the answers, and whose they are."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from daysheet.practice.models import Office
from daysheet.schedule import messages, reminders
from daysheet.schedule.models import Reminder, ReminderVisit


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A visit as its patient sees it; never why."""

    id: str
    who: str
    """The first name, only where one message is about several people."""
    when: str
    answer: str
    is_open: bool
    said: str
    """What stands as its answer, as a form names it."""
    later: tuple[str, ...]
    """What may still be answered after it."""


@dataclass(frozen=True, slots=True)
class VisitsPage:
    """The page behind a link."""

    reminder: Reminder
    office: str
    phone: str
    day: str
    place: str
    lines: list[VisitLine]

    @property
    def open_lines(self) -> list[VisitLine]:
        """Return the visits that can still be answered for."""
        return [one for one in self.lines if one.is_open]

    @property
    def is_over(self) -> bool:
        """Return whether nothing can be answered any more."""
        return not any(one.is_open or one.later for one in self.lines)


def visits_page(reminder: Reminder, now: datetime) -> VisitsPage:
    """Return the page about the visits of a message, in the present language."""
    rows = list(reminders.visits_of(reminder.pk))
    place, zone = reminder.location, reminder.location.zone
    office = Office.objects.first()
    several = len({row.patient_id for row in rows}) > 1
    first = rows[0].appointment.starts_at.astimezone(zone)
    return VisitsPage(
        reminder=reminder,
        office=office.legal_name if office else place.name,
        phone=place.phone or (office.phone if office else ""),
        day=messages.said_day(first),
        place=messages.said_place(
            ", ".join(part for part in (place.name, place.street, place.city) if part),
            messages.mode_of(row.appointment.type.mode for row in rows),
        ),
        lines=[
            VisitLine(
                id=str(row.pk),
                who=row.appointment.patient.preferred or row.appointment.patient.given if several else "",
                when=messages.said_time(row.appointment.starts_at.astimezone(zone)),
                answer=_said(row),
                is_open=reminders.is_open(row, now),
                said=row.answer,
                later=reminders.later_answers(row, now),
            )
            for row in rows
        ],
    )


def _said(row: ReminderVisit) -> str:
    if row.answer == "cannot_come":
        return _("You cannot come. We have taken this visit off the book.")
    if row.answer == "call_me":
        return _("You want a call. We will call you.")
    if row.answer == "confirmed":
        return _("You will come.")
    if row.appointment.booking in ("scheduled", "completed"):
        return ""
    return _("This visit is not planned any more.")
