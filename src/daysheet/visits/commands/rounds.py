"""Visits away from the office: on a round in a hospital or nursing home, or at the patient's home."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import authorizing
from daysheet.coverage import queries as coverage
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.kernel.numbers import next_number
from daysheet.patients.models import Patient
from daysheet.practice.models import Location, Provider
from daysheet.visits.commands.arriving import NotToBeSeen
from daysheet.visits.commands.flow import _held
from daysheet.visits.models import CarePlace, FlowEvent, Visit
from daysheet.visits.places import HOME
from daysheet.visits.standing import what_holds

EARLIEST = timedelta(days=365)
"""A visit of longer ago than this is no longer entered: no payer takes it."""


class OnTheListAlready(Refusal):
    """The clinician's visit to this patient at this time is on the list."""


class NotOfThatDay(Refusal):
    """The moment is still to come, or too long ago, or before the patient was admitted."""


class VisitIsHeld(Refusal):
    """Something rests on the visit that has to go first, such as its charges."""


@command(needs=Can.MOVE_PATIENT)
def enter_round_visit(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    provider_id: UUID,
    location_id: UUID,
    at: datetime,
    care_place_id: UUID | None = None,
    admitted_on: date | None = None,
    reason: str = "",
) -> Visit:
    """Write down that a clinician has seen a patient away from the office; without a place it was at home.

    The visit is over and has its charges to come; nobody waits and nothing is asked at a desk.
    Raises NotToBeSeen, NotOfThatDay, or OnTheListAlready.
    """
    door = Location.objects.filter(pk=location_id).first()
    place = CarePlace.objects.filter(pk=care_place_id, dropped_at=None).first() if care_place_id else None
    known = (
        Patient.objects.filter(pk=patient_id).exists() and Provider.objects.filter(pk=provider_id).exists()
    )
    if door is None or not known or (care_place_id and place is None):
        raise NotToBeSeen(_("That patient, clinician or place is not on the books."))
    day = local_day(at, door.zone)
    _must_be_of_a_day(by, at, day, admitted_on, local_day(by.now, door.zone))
    under = authorizing.under(patient_id, day, [], today=local_day(by.now, door.zone))
    twice = OnTheListAlready(
        _("This patient stands on the list at that time already."), at=_("On the list already.")
    )
    with refusing(visit_on_a_round_stands_once=twice):
        visit = Visit.objects.create(
            **under._asdict(),
            number=next_number("visit"),
            patient_id=patient_id,
            provider_id=provider_id,
            location=door,
            coverage=coverage.coverage_on(patient_id, day),
            service_on=day,
            flow=Visit.Flow.CHECKED_OUT,
            flow_since=at,
            arrived_at=at,
            ended_at=at,
            reason=reason.strip(),
            care_place=place,
            place_of_service="" if place else HOME,
            admitted_on=admitted_on,
            is_round=True,
        )
    FlowEvent.objects.create(visit=visit, at=by.now, by_name=by.name, to_state=Visit.Flow.CHECKED_OUT)
    record(by, "visits.visit.entered-from-round", visit, place=str(care_place_id or "home"))
    announce(by.practice_id, "visits", str(visit.pk))
    return visit


@command(needs=Can.MOVE_PATIENT)
def undo_round_visit(by: Actor, /, *, visit_id: UUID, version: int) -> Visit:
    """Take a visit off the list that was entered wrongly; the diary keeps it.

    Raises VisitIsHeld while something rests on it, or StaleForm.
    """
    visit = _held(visit_id, version)
    if not visit.is_round or visit.flow == Visit.Flow.UNDONE:
        raise StaleForm(_("This visit is not on the list any more. Look again."))
    if held := what_holds(visit_id):
        raise VisitIsHeld(held[0])
    FlowEvent.objects.create(
        visit=visit,
        at=by.now,
        by_name=by.name,
        from_state=visit.flow,
        to_state=Visit.Flow.UNDONE,
        is_undo=True,
    )
    visit.flow, visit.flow_since = Visit.Flow.UNDONE, by.now
    visit.version += 1
    visit.save(update_fields=["flow", "flow_since", "version"])
    record(by, "visits.visit.taken-off-round", visit)
    announce(by.practice_id, "visits", str(visit.pk))
    return visit


def _must_be_of_a_day(by: Actor, at: datetime, day: date, admitted_on: date | None, today: date) -> None:
    if at > by.now:
        raise NotOfThatDay(_("That time is still to come."), at=_("A time that has gone by."))
    if today - day > EARLIEST:
        raise NotOfThatDay(_("That is more than a year ago."), at=_("Check the day above."))
    if admitted_on is not None and admitted_on > day:
        raise NotOfThatDay(
            _("The patient was seen before that day."), admitted_on=_("Not after the day of the visit.")
        )
