"""The desk lets a patient do the check-in alone: by a short code at the kiosk, or by a link on the own phone."""

import secrets
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.kernel.models import Practice
from daysheet.mailroom import commands as mailroom
from daysheet.mailroom import links
from daysheet.mailroom import queries as mail
from daysheet.mailroom.models import Envelope, PortalLink
from daysheet.patients.models import Patient
from daysheet.portal import link_words
from daysheet.portal.models import SelfCheckIn
from daysheet.portal.queries import self_check_in, way_to
from daysheet.portal.rules import CODE_HOLDS
from daysheet.practice.models import Office
from daysheet.schedule import messages
from daysheet.schedule.models import Appointment
from daysheet.visits.models import Visit

TRIES = 40


class NobodyToSendTo(Refusal):
    """No text and no e-mail may go to the patient, or patients could not reach what it would carry."""


class NotToBeOffered(Refusal):
    """The visit is over, is not today's, or no code is free."""


@command(needs=Can.MOVE_PATIENT)
def offer_for_visit(by: Actor, /, *, visit_id: UUID) -> SelfCheckIn:
    """Hand out a code for a visit whose patient has arrived. Raises NotToBeOffered."""
    visit = Visit.objects.select_related("location").get(pk=visit_id)
    if visit.flow != Visit.Flow.ARRIVED:
        raise NotToBeOffered(_("This patient is checked in already, or has left."))
    found = {"appointment_id": visit.appointment_id} if visit.appointment_id else {"visit_id": visit_id}
    row = _row(by, found, patient_id=visit.patient_id, location_id=visit.location_id)
    row.visit_id = visit_id
    return _coded(by, row)


@command(needs=Can.MOVE_PATIENT)
def offer_for_appointment(by: Actor, /, *, appointment_id: UUID) -> SelfCheckIn:
    """Hand out a code for an appointment of today. Raises NotToBeOffered."""
    booked = Appointment.objects.select_related("location").get(pk=appointment_id)
    here = Visit.objects.filter(appointment_id=appointment_id).exclude(flow=Visit.Flow.UNDONE).first()
    if here is not None:
        record(by, "portal.self-check-in.asked-for", booked)
        return offer_for_visit(by, visit_id=here.pk)
    today = by.now.astimezone(booked.location.zone).date()
    if booked.booking != "scheduled" or booked.on_day != today:
        raise NotToBeOffered(_("A code is for a visit of today that still stands."))
    found = {"appointment_id": appointment_id}
    return _coded(by, _row(by, found, patient_id=booked.patient_id, location_id=booked.location_id))


@command(needs=Can.MOVE_PATIENT)
def offer_link(by: Actor, /, *, appointment_id: UUID) -> tuple[SelfCheckIn, str]:
    """Let the patient do the check-in on the own phone until the day of the visit ends; an older link ends.

    Raises NotToBeOffered.
    """
    booked = Appointment.objects.select_related("location", "patient").get(pk=appointment_id)
    zone = booked.location.zone
    until = datetime.combine(booked.on_day, time(23, 59), tzinfo=zone)
    if booked.booking != "scheduled" or until <= by.now:
        raise NotToBeOffered(_("This visit does not stand any more."))
    found = {"appointment_id": appointment_id}
    row = _row(by, found, patient_id=booked.patient_id, location_id=booked.location_id)
    return _linked(by, row, booked, until)


@command(needs=Can.MOVE_PATIENT)
def offer_link_for_visit(by: Actor, /, *, visit_id: UUID) -> tuple[SelfCheckIn, str]:
    """Let a patient who has arrived do the check-in on the own phone, booked or not; an older link ends.

    Raises NotToBeOffered.
    """
    visit = Visit.objects.select_related("location").get(pk=visit_id)
    if visit.flow != Visit.Flow.ARRIVED:
        raise NotToBeOffered(_("This patient is checked in already, or has left."))
    if visit.appointment_id:
        record(by, "portal.self-check-in.link-asked-for", visit)
        return offer_link(by, appointment_id=visit.appointment_id)
    until = datetime.combine(visit.service_on, time(23, 59), tzinfo=visit.location.zone)
    if until <= by.now:
        raise NotToBeOffered(_("This visit does not stand any more."))
    row = _row(by, {"visit_id": visit_id}, patient_id=visit.patient_id, location_id=visit.location_id)
    return _linked(by, row, visit, until)


@command(needs=Can.MOVE_PATIENT)
def send_link(by: Actor, /, *, appointment_id: UUID) -> Envelope:
    """Send the patient of an appointment the link to the own check-in, now: by text or e-mail, as the patient prefers.

    Raises NobodyToSendTo, and NotToBeOffered where the visit does not stand any more.
    """
    booked = Appointment.objects.select_related("patient", "practice").get(pk=appointment_id)
    way = _way(booked.patient_id, booked.practice)
    row, token = offer_link(by, appointment_id=appointment_id)
    return _sent(by, row, token, way, booked.patient)


@command(needs=Can.MOVE_PATIENT)
def send_link_for_visit(by: Actor, /, *, visit_id: UUID) -> Envelope:
    """Send a patient who has arrived, booked or not, the link to the own check-in, now.

    Raises NobodyToSendTo, and NotToBeOffered where the patient is checked in already or has left.
    """
    visit = Visit.objects.select_related("patient", "practice").get(pk=visit_id)
    way = _way(visit.patient_id, visit.practice)
    row, token = offer_link_for_visit(by, visit_id=visit_id)
    return _sent(by, row, token, way, visit.patient)


@command(needs=Can.MOVE_PATIENT)
def show_link(by: Actor, /, *, visit_id: UUID) -> tuple[SelfCheckIn, str]:
    """Return the address of a new link for a patient who stands at the desk, to be scanned from the screen.

    Raises NobodyToSendTo where a phone could not reach it, and NotToBeOffered.
    """
    practice = Visit.objects.select_related("practice").get(pk=visit_id).practice
    is_at_home = practice.is_demo or practice.is_training
    if not links.address_of("-", is_at_home=is_at_home):
        raise NobodyToSendTo(_("A phone cannot reach this office yet. Hand out a code for the kiosk."))
    row, token = offer_link_for_visit(by, visit_id=visit_id)
    record(by, "portal.self-check-in.link-shown", row, patients=[row.patient_id])
    return row, links.address_of(token, is_at_home=is_at_home)


@command(needs=Can.MOVE_PATIENT)
def take_link_back(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Take a link back that was sent: it opens nothing any more, and a message that has not left stays here."""
    for envelope_id in mail.those_that_wait(mail.waiting_about(row_id)):
        mailroom.stop_envelope(by, envelope_id=envelope_id)
    row = take_offer_back(by, row_id=row_id)
    record(by, "portal.self-check-in.link-taken-back", row, patients=[row.patient_id])
    return row


@command(needs=Can.MOVE_PATIENT)
def take_offer_back(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Take code and link back; what the patient did stands."""
    row = SelfCheckIn.objects.select_for_update(of=("self",)).get(pk=row_id)
    row.code, row.code_until = "", None
    if row.link_id and PortalLink.objects.get(pk=row.link_id).is_live(by.now):
        mailroom.revoke_link(by, link_id=row.link_id)
    if row.state in (SelfCheckIn.State.OFFERED, SelfCheckIn.State.DOING):
        row.state, row.ended_at = SelfCheckIn.State.ENDED, by.now
    row.save()
    record(by, "portal.self-check-in.taken-back", row)
    announce(by.practice_id, "visits", str(row.visit_id or row.appointment_id))
    return row


def _row(by: Actor, found: dict[str, UUID], *, patient_id: UUID, location_id: UUID) -> SelfCheckIn:
    more = {
        "patient_id": patient_id,
        "location_id": location_id,
        "made_at": by.now,
        "made_by": by.name,
    }
    row, _made = SelfCheckIn.objects.select_for_update(of=("self",)).get_or_create(**found, defaults=more)
    return row


def _linked(
    by: Actor, row: SelfCheckIn, about: Appointment | Visit, until: datetime
) -> tuple[SelfCheckIn, str]:
    """Give a row a link of its own; an older one ends."""
    if row.link_id and PortalLink.objects.get(pk=row.link_id).is_live(by.now):
        mailroom.revoke_link(by, link_id=row.link_id)
    link, token = mailroom.make_link(
        by, purpose="check_in", patient_id=row.patient_id, expires_at=until, subject=about
    )
    row.link_id, row.misses = link.pk, 0
    if row.state == SelfCheckIn.State.ENDED:
        row.state = SelfCheckIn.State.OFFERED
    row.save()
    record(by, "portal.self-check-in.linked", row)
    return row, token


def _way(patient_id: UUID, practice: Practice) -> tuple[str, str]:
    """Return by which channel and to which address a patient is sent a link now. Raises NobodyToSendTo."""
    way = way_to(patient_id, practice)
    if way is None or not links.address_of("-", is_at_home=practice.is_demo or practice.is_training):
        raise NobodyToSendTo(
            _("No text and no e-mail may go to this patient. Hand out a code for the kiosk.")
        )
    return way


def _sent(by: Actor, row: SelfCheckIn, token: str, way: tuple[str, str], patient: Patient) -> Envelope:
    """Post the message that carries a link; it does not leave once the link has run out."""
    practice, office = Practice.objects.get(pk=by.practice_id), Office.objects.first()
    said = link_words.check_in(
        office.legal_name if office else practice.name,
        links.address_of(token, is_at_home=practice.is_demo or practice.is_training),
        messages.spoken(patient.language),
    )
    until = PortalLink.objects.get(token_hash=links.hash_of(token)).expires_at
    told: dict[str, Any] = {"subject": row, "patient_ids": [patient.pk], "not_after": until}
    channel, address = way
    if channel == "email":
        sent = mailroom.post_email(by, to=address, subject_line=said.subject_line, text=said.letter, **told)
    else:
        sent = mailroom.post_text(by, channel=channel, to=address, text=said.text, **told)
    record(by, "portal.self-check-in.link-sent", row, patients=[patient.pk], channel=channel)
    return sent


def _coded(by: Actor, row: SelfCheckIn) -> SelfCheckIn:
    """Give a row a code that nobody else has now; what was done before stays done."""
    SelfCheckIn.objects.filter(code_until__lte=by.now).exclude(code="").update(code="", code_until=None)
    row.code_until, row.misses, row.state = by.now + CODE_HOLDS, 0, SelfCheckIn.State.OFFERED
    row.made_at, row.made_by, row.ended_at = by.now, by.name, None
    for _try in range(TRIES):
        row.code = f"{secrets.randbelow(10_000):04d}"
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError:
            continue
        record(by, "portal.self-check-in.offered", row)
        announce(by.practice_id, "visits", str(row.visit_id or row.appointment_id))
        return self_check_in(row.pk) or row
    raise NotToBeOffered(_("All codes are in use. Take one back, or wait a minute."))
