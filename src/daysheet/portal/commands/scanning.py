"""The signed link as a code that is held before a kiosk's scanner: it opens what it opens on the own phone."""

from datetime import date, datetime
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import links
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import PortalLink
from daysheet.portal import rules
from daysheet.portal.commands.doing import _is_born, begin
from daysheet.portal.commands.offering import _row
from daysheet.portal.commands.others import _hold_visits
from daysheet.portal.models import Kiosk, SelfCheckIn
from daysheet.schedule import reminders
from daysheet.schedule.models import Appointment, ReminderVisit
from daysheet.schedule.remote import is_remote
from daysheet.visits.turns import hold_for_arrival


@command(needs=Can.MOVE_PATIENT)
def try_scanned(by: Actor, /, *, kiosk_id: UUID, token: str, born_on: date) -> SelfCheckIn | None:
    """Begin at a kiosk with a scanned link and a birth date. Whatever does not fit is told alike: nothing.

    The link of a check-in opens it; that of a reminder the first visit of today at this door. Three wrong birth dates
    end the link of a check-in.
    """
    kiosk = Kiosk.objects.select_related("location").get(pk=kiosk_id, closed_at=None)
    link = mail.link_by(links.hash_of(token))
    row = _opened(by, link, kiosk, born_on) if link is not None and link.is_live(by.now) else None
    if row is None or not _is_born(row, born_on):
        if row is not None and link is not None:
            _missed(by, row, link)
        record(by, "portal.kiosk.scan-missed", kiosk, patients=[row.patient_id] if row else [])
        return None
    row.kiosk, row.code, row.code_until = kiosk, "", None
    row.save(update_fields=["kiosk", "code", "code_until"])
    record(by, "portal.kiosk.scanned", kiosk, patients=[row.patient_id])
    return begin(by, row_id=row.pk)


def _opened(by: Actor, link: PortalLink, kiosk: Kiosk, born_on: date) -> SelfCheckIn | None:
    """Return the own check-in that a link opens at a kiosk today, held until the commit; None where it opens none."""
    if link.purpose == "check_in":
        fits = SelfCheckIn.objects.filter(link_id=link.pk, location_id=kiosk.location_id)
        found = fits.first()
        if found is None:
            return None
        _hold_visits(found.pk)
        rows = fits.select_for_update(of=("self",)).select_related("patient", "appointment__type", "visit")
        row = rows.first()
        if (
            row is not None and row.appointment is None and row.visit is not None
        ):  # who came without an appointment
            is_today = row.visit.service_on == local_day(by.now, kiosk.location.zone)
            return row if is_today and not row.visit.is_over else None
        return row if row is not None and _is_of_today(row.appointment, kiosk, by.now) else None
    told = reminders.reminder_by_link(link.pk) if link.purpose == "visits" else None
    visits = list(reminders.visits_of(told.pk)) if told is not None else []
    booked = _first_of(visits, kiosk, born_on, by.now)
    if booked is None:
        return None
    own = SelfCheckIn.objects.filter(appointment_id=booked.pk).first()
    if own is not None:
        _hold_visits(own.pk)
    else:
        hold_for_arrival(booked.patient_id, [booked.pk])
    return _row(
        by, {"appointment_id": booked.pk}, patient_id=booked.patient_id, location_id=booked.location_id
    )


def _first_of(visits: list[ReminderVisit], kiosk: Kiosk, born_on: date, now: datetime) -> Appointment | None:
    """Return the first visit of a message that is still to come today at a door, of whoever has that birth date."""
    for one in visits:
        booked = one.appointment
        is_theirs = booked.patient.born_on == born_on and booked.location_id == kiosk.location_id
        if is_theirs and _is_of_today(booked, kiosk, now):
            return booked
    return None


def _is_of_today(booked: Appointment | None, kiosk: Kiosk, now: datetime) -> bool:
    if booked is None or is_remote(booked.type.mode):  # who joins from elsewhere comes to no door
        return False
    return booked.booking == "scheduled" and booked.on_day == local_day(now, kiosk.location.zone)


def _missed(by: Actor, row: SelfCheckIn, link: PortalLink) -> None:
    row.misses += 1
    row.save(update_fields=["misses"])
    if row.misses >= rules.MOST_MISSES and link.purpose == "check_in":
        mailroom.revoke_link(by, link_id=link.pk)
