"""A day of the book on paper, by clinician."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.letters import pdf
from daysheet.letters import queries as letters
from daysheet.patients.models import Patient
from daysheet.schedule.models import Appointment
from daysheet.ui import words


def day_list(by: Actor, rows: Sequence[Appointment], *, day: date, place: str, zone: ZoneInfo) -> bytes:
    """Return a day as PDF: a table for each clinician; telephone numbers and reasons for who may see patients."""
    phones = by.can(Can.SEE_PATIENTS)
    doors = len({one.location_id for one in rows}) > 1
    facts = {
        "title": words.day(day),
        "foot": made(by.now, zone),
        "facts": [[_("Location"), place], [_("Visits"), str(len(rows))]],
        "notes": [] if rows else [_("Nobody is booked on this day.")],
        "parts": parts(rows, phones=phones, doors=doors),
    }
    return pdf.render("packet", letters.frame(by) | facts)


def parts(rows: Iterable[Appointment], *, phones: bool = True, doors: bool = False) -> list[dict[str, Any]]:
    """Return a table for each clinician of a day, in the office's order; with `doors` each visit says its own."""
    columns: list[dict[str, Any]] = [
        {"label": _("Time"), "width": "auto"},
        {"label": _("Length"), "width": "auto"},
        {"label": _("Patient")},
        {"label": _("Born"), "width": "auto"},
        {"label": _("Chart"), "width": "auto"},
        *([{"label": _("Phone"), "width": "auto"}] if phones else []),
        {"label": _("Visit")},
        {"label": _("Here"), "width": "auto"},
    ]
    days: dict[UUID, tuple[str, list[list[str]]]] = {}
    for one in sorted(rows, key=lambda row: (row.provider.rank, row.provider.family, row.starts_at)):
        patient = one.patient
        days.setdefault(one.provider_id, (_clinician(one), []))[1].append(
            [
                at(one.starts_at, one.location.zone),
                words.span(one.minutes),
                str(patient),
                words.born(patient.born_on),
                str(patient.chart_number),
                *([phone_of(patient)] if phones else []),
                _what(one, reason=phones, door=doors),
                "____",
            ]
        )
    return [{"title": who, "columns": columns, "rows": told} for who, told in days.values()]


def at(moment: datetime, zone: ZoneInfo) -> str:
    """Return the time of day at a door: 9:15 am."""
    there = moment.astimezone(zone)
    half = _("am") if there.hour < 12 else _("pm")
    return f"{there.hour % 12 or 12}:{there:%M} {half}"


def made(moment: datetime, zone: ZoneInfo) -> str:
    """Return when a paper was made, for its foot."""
    there = moment.astimezone(zone)
    return _("Made %(day)s, %(time)s") % {"day": words.day(there.date()), "time": at(moment, zone)}


def phone_of(patient: Patient) -> str:
    """Return the first telephone number of a patient whose numbers are at hand."""
    first = min(patient.phones.all(), key=lambda one: one.rank, default=None)
    return words.phone(first.number) if first else ""


def _what(one: Appointment, *, reason: bool, door: bool) -> str:
    """Return what a visit is: its kind, its door, and why the patient comes."""
    kind = f"{one.type.name}, {one.location.name}" if door else one.type.name
    return f"{kind}: {one.reason}" if reason and one.reason else kind


def _clinician(row: Appointment) -> str:
    who = row.provider
    return f"{who.given} {who.family}, {who.credential}" if who.credential else f"{who.given} {who.family}"
