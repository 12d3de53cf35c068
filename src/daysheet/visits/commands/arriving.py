"""The patient is here: with an appointment, without one, or long ago in another system."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from daysheet.coverage import authorizing, cases
from daysheet.coverage import queries as coverage
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.numbers import next_number
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.schedule import commands as schedule
from daysheet.schedule import giving
from daysheet.schedule.models import Appointment, AppointmentType
from daysheet.schedule.remote import OFFICE, is_remote
from daysheet.visits import before, followers
from daysheet.visits.ahead import covered_by
from daysheet.visits.commands.flow import _stamp
from daysheet.visits.commands.line import _draw, _stand_last
from daysheet.visits.commands.steps import undo_step
from daysheet.visits.copays import copay_of
from daysheet.visits.due import steps_due
from daysheet.visits.models import Visit, VisitStep
from daysheet.visits.rules import AT_THE_END
from daysheet.visits.turns import take_turn


class NotToday(Refusal):
    """The appointment is for another day."""


class AlreadyHere(Refusal):
    """The patient has arrived for this appointment already."""


class NotToBeSeen(Refusal):
    """The appointment no longer stands, or names what is not on the books."""


class AlreadyImported(Refusal):
    """The visit came from that source before."""


@command(needs=Can.MOVE_PATIENT)
def arrive(by: Actor, /, *, appointment_id: UUID) -> Visit:
    """Note that a patient has come for an appointment; the visit and its to-do begin.

    Raises NotToday, AlreadyHere or NotToBeSeen.
    """
    take_turn(Appointment.objects.filter(id=appointment_id).values_list("patient_id", flat=True).first())
    appointment = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("location", "type")
        .filter(id=appointment_id)
        .first()
    )
    if appointment is None or appointment.booking != "scheduled":
        state = appointment.get_booking_display().lower() if appointment else "not on the books"
        raise NotToBeSeen(f"This appointment is {state}. Undo that first, or take the patient as a walk-in.")
    if appointment.on_day != local_day(by.now, appointment.location.zone):
        raise NotToday(
            f"This appointment is for {appointment.on_day:%a %b} {appointment.on_day.day}. Move it to today first."
        )
    visit = Visit.objects.filter(appointment=appointment).first()
    if visit is not None and visit.flow != Visit.Flow.UNDONE:
        raise AlreadyHere("The patient has arrived already. Go on from the day board.")
    if _here(appointment.patient_id, appointment.on_day).filter(appointment=None).exists():
        raise AlreadyHere(
            "This patient is here already as a walk-in. Let that visit end, or undo it, before this one begins."
        )
    if visit is None:
        visit = _begin(
            by,
            Visit(
                patient_id=appointment.patient_id,
                appointment=appointment,
                provider_id=appointment.provider_id,
                location=appointment.location,
                reason=appointment.reason,
                service_on=appointment.on_day,
                mode=appointment.type.mode,
                authorization_id=appointment.authorization_id,
                referral_id=appointment.referral_id,
                by_hand=appointment.by_hand,
            ),
            kind=appointment.type,
        )
    else:  # the arrival was undone, and now the patient is here
        visit.ended_at = None
        visit.arrived_at = by.now
        visit.authorization_id, visit.referral_id = appointment.authorization_id, appointment.referral_id
        visit.by_hand, visit.by_hand_before = appointment.by_hand, None
        named = ["authorization_id", "referral_id", "by_hand", "by_hand_before"]
        visit.save(update_fields=["ended_at", "arrived_at", *named])
        _billed_as_said(visit, appointment)
        _stand_last(by, visit)
        if visit.steps.filter(stage="check_in", kind="identity").exclude(state="open").exists():
            undo_step(by, visit_id=visit.pk, stage="check_in", kind="identity")
    _stamp(by, visit, Visit.Flow.ARRIVED)
    record(by, "visits.visit.arrived", visit, appointment=str(appointment_id))
    for follow in followers.begun:
        follow(by, visit.pk)
    return visit


@command(needs=Can.MOVE_PATIENT)
def walk_in(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    provider_id: UUID,
    location_id: UUID,
    type_id: UUID | None = None,
    reason: str = "",
    limit_reason: str = "",
) -> Visit:
    """Take a patient who came without an appointment; no clinician's time is promised.

    `limit_reason` is why a clinician sees them who does not give that kind of visit. Raises NotToBeSeen, AlreadyHere,
    or NotGivenBy where the person may not say so, or did not.
    """
    place = Location.objects.filter(id=location_id).first()
    kind = AppointmentType.objects.filter(id=type_id).first() if type_id else None
    known = (
        Patient.objects.filter(id=patient_id).exists() and Provider.objects.filter(id=provider_id).exists()
    )
    if place is None or not known or (type_id and kind is None):
        raise NotToBeSeen("That patient, clinician, location or visit type is not on the books.")
    given = _mind_giver(by, kind, provider_id, limit_reason.strip())
    today = local_day(by.now, place.zone)
    take_turn(patient_id)
    if _here(patient_id, today).exists():
        raise AlreadyHere("This patient is here already. Go on from the day board.")
    under = authorizing.under(patient_id, today, [kind.name] if kind else [], today=today)
    visit = _begin(
        by,
        Visit(
            **under._asdict(),
            patient_id=patient_id,
            provider_id=provider_id,
            location=place,
            reason=reason.strip(),
            service_on=today,
            type=kind,
            mode=kind.mode if kind else OFFICE,
        ),
        kind=kind,
    )
    _stamp(by, visit, Visit.Flow.ARRIVED)
    told: dict[str, Any] = {"given_all_the_same": given} if given else {}
    record(by, "visits.visit.walked-in", visit, **told)
    return visit


def _mind_giver(by: Actor, kind: AppointmentType | None, provider_id: UUID, reason: str) -> str:
    """Return why a clinician sees a walk-in who does not give that kind of visit; nothing where the clinician does."""
    if kind is None or giving.given_by(giving.who_gives([kind.pk]), kind.pk, provider_id):
        return ""
    why = giving.say_givers(kind.pk, kind.name)
    if not by.can(Can.OVERBOOK):
        raise schedule.NotGivenBy(_("%(why)s Choose another clinician or type.") % {"why": why})
    if not reason:
        raise schedule.NotGivenBy(
            _("%(why)s Choose another clinician or type, or say why it is so all the same.") % {"why": why},
            limit_reason=_("Say why it is so all the same."),
        )
    return reason


@command(needs=Can.IMPORT_DATA)
def import_visit(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    provider_id: UUID,
    location_id: UUID,
    service_on: date,
    reason: str,
    source: str,
    started_at: datetime,
    ended_at: datetime,
) -> Visit:
    """Keep a visit that took place under another system: over, and without a to-do.

    Raises AlreadyImported when that source's visit is here.
    """
    with refusing(visit_comes_once=AlreadyImported("That visit is here already.")):
        visit = Visit.objects.create(
            number=next_number("visit"),
            patient_id=patient_id,
            provider_id=provider_id,
            location_id=location_id,
            coverage_id=_coverage_on(patient_id, service_on),
            service_on=service_on,
            flow=Visit.Flow.CHECKED_OUT,
            flow_since=ended_at,
            arrived_at=started_at,
            ended_at=ended_at,
            reason=reason,
            is_imported=True,
            source=source,
        )
    record(by, "visits.visit.imported", visit, source=source)
    return visit


def _billed_as_said(visit: Visit, appointment: Appointment) -> None:
    """Let who pays for a visit follow what was said since its arrival was undone; a case goes on paying."""
    covered = covered_by(visit)
    stays = cases.payer_of_visit(visit.coverage_id) is not None and not appointment.pays_self
    if not stays and visit.coverage_id != (covered.pk if covered else None):
        visit.coverage = covered
        visit.copay_due = copay_of(visit)[0] if appointment.type.takes_copay else None
        visit.save(update_fields=["coverage", "copay_due"])


def _here(patient_id: UUID, day: date) -> QuerySet[Visit]:
    """Return the visits of a patient who is in the house on a day."""
    return Visit.objects.open().filter(patient_id=patient_id, service_on=day, is_imported=False)


def _begin(by: Actor, visit: Visit, *, kind: AppointmentType | None) -> Visit:
    """Write a visit down, with its coverage on the day and its to-do."""
    takes_copay = kind.takes_copay if kind else True
    visit.number = next_number("visit")
    visit.flow_since = visit.arrived_at = by.now
    case = cases.case_of_appointment(visit.appointment_id) if visit.appointment_id else None
    is_case = case is not None and case.holds(visit.service_on)
    covered = case.coverage if case is not None and is_case else covered_by(visit)
    takes_copay = takes_copay and not is_case
    visit.coverage = covered
    visit.copay_due = copay_of(visit)[0] if takes_copay else None
    visit.save()
    if not is_remote(visit.mode):  # who is elsewhere stands in no line
        _draw(by, visit, kind)
    guest, last = before.guest(visit, kind, by.now, is_case=is_case), before.last_done(visit, covered)
    plans = [*steps_due(before.asks(), guest, last), *AT_THE_END]
    titles = before.titles(plan.kind for plan in plans)
    VisitStep.objects.bulk_create(
        VisitStep(
            visit=visit,
            stage=plan.stage,
            kind=plan.kind,
            title=titles.get(plan.kind, ""),
            rank=rank,
            is_required=plan.is_required,
            state=VisitStep.State.DONE if plan.on_file else VisitStep.State.OPEN,
            reason="on file" if plan.on_file else "",
            often=plan.often,
            last_on=plan.last_on,
        )
        for rank, plan in enumerate(plans, start=1)
    )
    return visit


def _coverage_on(patient_id: UUID, day: date) -> UUID | None:
    found = coverage.coverage_on(patient_id, day)
    return found.id if found else None
