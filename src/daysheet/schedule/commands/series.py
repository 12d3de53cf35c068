"""Visits that repeat: booked together, cancelled from one on, and each such act taken back as one."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.patients.models import Patient
from daysheet.schedule.commands.asked import _on_the_books
from daysheet.schedule.commands.booking import _take_turns, book_appointment, undo_booking
from daysheet.schedule.commands.outcome import _stand_again, cancel_appointment
from daysheet.schedule.models import Appointment, AppointmentSeries, SeriesVisit
from daysheet.schedule.reasons import Reason
from daysheet.schedule.repeating import MOST_VISITS
from daysheet.schedule.requests import also_needs
from daysheet.schedule.rules import is_late_notice

ASKED = ("limit_reason", "hours_reason")
"""The reasons for which the page has a field."""


class OneStandsAgainst(Refusal):
    """One visit of the series cannot be booked, so none is."""


class NothingLeft(Refusal):
    """No visit of the series is left to which the act could be done."""


@command(needs=Can.BOOK_APPOINTMENT)
def book_series(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    provider_id: UUID,
    location_id: UUID,
    type_id: UUID,
    first_on: date,
    clock: time,
    every: int,
    unit: str,
    weekdays: Sequence[int],
    starts: Sequence[datetime],
    reason: str = "",
    limit_reason: str = "",
    hours_reason: str = "",
    pays_self: bool = False,
) -> AppointmentSeries:
    """Book the visits of a series at the times that were settled, all of them or none.

    Each takes the interpreter whom the patient needs. Raises OneStandsAgainst, and says which and why.
    """
    if not 1 <= len(starts) <= MOST_VISITS:
        raise Refusal(_("A series has 1 to %(n)d visits. Check how often it repeats.") % {"n": MOST_VISITS})
    if not 1 <= every <= 90 or unit not in AppointmentSeries.Unit.values:
        raise Refusal(_("A series repeats every 1 to 90 days, weeks or months."))
    there = _on_the_books(patient_id, provider_id, location_id, type_id, None)
    also = also_needs(Patient.objects.get(pk=patient_id))
    # The turns of all of them at once: two series that each wait for the other would end each other.
    _take_turns(provider_id, patient_id, None, there.needs(also))
    series = AppointmentSeries.objects.create(
        patient_id=patient_id,
        type_id=type_id,
        provider_id=provider_id,
        location_id=location_id,
        minutes=there.minutes,
        first_on=first_on,
        clock=clock,
        every=every,
        unit=unit,
        weekdays=sorted(set(weekdays)),
        made_at=by.now,
        made_by=by.name,
    )
    told: dict[str, Any] = {"also_needs": also, "reason": reason}
    told |= {"limit_reason": limit_reason, "hours_reason": hours_reason, "pays_self": pays_self}
    visits = _book_each(by, series, sorted(set(starts)), there.zone, told)
    SeriesVisit.objects.bulk_create(visits)
    record(by, "schedule.series.booked", series, visits=len(visits), every=every, unit=unit)
    return series


@command(needs=Can.BOOK_APPOINTMENT)
def cancel_series(
    by: Actor,
    /,
    *,
    series_id: UUID,
    version: int | None,
    reason: str,
    from_number: int = 1,
    why: Reason | None = None,
) -> int:
    """Cancel the visits of a series that are still to come, from one on; return how many.

    One that was moved alone stays. Raises NothingLeft, StaleForm, or what a cancellation raises.
    """
    series = _held(series_id, version)
    rows = series.visits.filter(
        number__gte=from_number, appointment__booking="scheduled", appointment__starts_at__gt=by.now
    )
    ended = list(rows.select_related("appointment").order_by("appointment_id"))
    if not ended:
        raise NothingLeft(_("No visit of this series is left to cancel from there on."))
    for one in ended:
        starts_at = one.appointment.starts_at
        cancel_appointment(
            by,
            appointment_id=one.appointment_id,
            version=None,
            reason=reason,
            late=why.is_late(starts_at, by.now) if why else is_late_notice(starts_at, by.now),
            kind_id=why.kind_id if why else None,
        )
    SeriesVisit.objects.filter(pk__in=[one.pk for one in ended]).update(ended_at=by.now)
    _grown(series)
    record(by, "schedule.series.cancelled", series, visits=len(ended), from_number=from_number)
    return len(ended)


@command(needs=Can.BOOK_APPOINTMENT)
def let_series_stand_again(by: Actor, /, *, series_id: UUID) -> int:
    """Take the last cancelling of several back: those visits stand again, all or none; return how many.

    One that was cancelled alone stays out. Raises NothingLeft, or SlotTaken when a time is gone meanwhile.
    """
    series = _held(series_id, None)
    rows = series.visits.filter(
        ended_at__isnull=False, appointment__booking__in=("cancelled", "late_cancelled")
    )
    last = rows.order_by("-ended_at").first()
    if last is None:
        raise NothingLeft(_("No visit of this series was cancelled together with others."))
    ended = list(rows.filter(ended_at=last.ended_at).order_by("appointment_id"))
    held = Appointment.objects.select_for_update(of=("self",)).order_by("pk")
    for appointment in held.filter(pk__in=[one.appointment_id for one in ended]):
        _stand_again(by, appointment)
    _grown(series)
    record(by, "schedule.series.stands-again", series, visits=len(ended))
    return len(ended)


@command(needs=Can.BOOK_APPOINTMENT)
def undo_series(by: Actor, /, *, series_id: UUID) -> int:
    """Take the booking of a series back, all of what is still booked of it; return how many.

    Raises NothingLeft, or NotOnTheBooks when a patient has come for one.
    """
    series = _held(series_id, None)
    rows = series.visits.filter(appointment__booking="scheduled").order_by("appointment_id")
    ids = list(rows.values_list("appointment_id", flat=True))
    if rows.filter(appointment__moved_from__isnull=False).exists():
        raise NothingLeft(_("This series was changed meanwhile. Cancel its visits with a reason instead."))
    if series.undone_at or not ids:
        raise NothingLeft(_("No visit of this series is left to take back."))
    for pk in ids:
        undo_booking(by, appointment_id=pk)
    series.undone_at = by.now
    series.save(update_fields=["undone_at"])
    _grown(series)
    record(by, "schedule.series.undone", series, visits=len(ids))
    return len(ids)


def _book_each(
    by: Actor, series: AppointmentSeries, starts: Sequence[datetime], zone: ZoneInfo, told: dict[str, Any]
) -> list[SeriesVisit]:
    """Return the visits of a series, each booked; they are not written yet. Raises OneStandsAgainst."""
    facts = {name: getattr(series, name) for name in ("patient_id", "provider_id", "location_id", "type_id")}
    visits = []
    for number, starts_at in enumerate(starts, start=1):
        try:
            booked = book_appointment(by, **facts, starts_at=starts_at, **told)
        except Refusal as no:
            day = dateformat.format(local_day(starts_at, zone), "D, M j, Y")
            asks = {name: words for name, words in no.fields.items() if name in ASKED}
            raise OneStandsAgainst(f"{day}: {no.sentence}", **asks) from no
        visits.append(SeriesVisit(series=series, appointment=booked, number=number))
    return visits


def _held(series_id: UUID, version: int | None) -> AppointmentSeries:
    found = AppointmentSeries.objects.select_for_update(of=("self",)).filter(pk=series_id).first()
    if found is None:
        raise NothingLeft(_("That series is not on the books."))
    if version is not None and found.version != version:
        raise StaleForm(_("Somebody changed this series meanwhile. Look at it again, then decide."))
    return found


def _grown(series: AppointmentSeries) -> None:
    series.version += 1
    series.save(update_fields=["version"])
