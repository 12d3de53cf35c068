"""Estimates as rows of a list: whose, for what, and how much time there is."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.charges.estimating import Wanted
from daysheet.charges.models import Estimate
from daysheet.patients.models import Patient
from daysheet.schedule.models import Appointment


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the list of estimates that are due, with its clock."""

    patient: Patient
    held: Estimate | None
    booked: Appointment | None
    due_on: date | None
    source: str
    tone: str
    clock: str


def wanted_row(one: Wanted, *, today: date) -> Row:
    """Return the row of a booked visit that wants an estimate."""
    tone, clock = _clock(one.deadline.on, today)
    booked = one.appointment
    return Row(booked.patient, None, booked, one.deadline.on, one.deadline.source, tone, clock)


def due_row(held: Estimate, *, today: date) -> Row:
    """Return the row of an estimate that was begun."""
    is_due = held.due_on is not None and held.state in ("asked", "made")
    tone, clock = _clock(held.due_on, today) if is_due and held.due_on else ("", "")
    return Row(held.patient, held, held.appointment, held.due_on, held.source_of_due, tone, clock)


def plain(number: Decimal) -> str:
    """Return a number without zeros at its end, as one types it."""
    return f"{number.normalize():f}"


def _clock(due_on: date, today: date) -> tuple[str, str]:
    days = (due_on - today).days
    if days < 0:
        return "stop", ngettext("%(n)s day over", "%(n)s days over", -days) % {"n": -days}
    if days == 0:
        return "attention", _("today")
    return "neutral", _("tomorrow") if days == 1 else _("in %(n)s days") % {"n": days}
