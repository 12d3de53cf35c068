"""Readings of visits: one with its steps, a patient's, a day's, the ones still open."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from daysheet.coverage import cases
from daysheet.coverage.models import Coverage
from daysheet.kernel.clock import local_day
from daysheet.kernel.ready import Ready, Told
from daysheet.schedule.models import Appointment
from daysheet.visits import followers
from daysheet.visits.models import CarePlace, FlowEvent, Visit, VisitQuerySet, VisitStep

UNBILLED = (Visit.Flow.UNDONE, Visit.Flow.LWOBS)
"""The states in which a visit ended without anything to bill."""


def visit(visit_id: UUID) -> Visit | None:
    """Return a visit with its people, if it is of this practice."""
    return VISIT.first(visit=visit_id)


VISIT: Ready[Visit] = Ready(lambda: Visit.objects.with_people().filter(id=Told("visit")))


def steps(visit_id: UUID, stage: str | None = None) -> QuerySet[VisitStep]:
    """Return the visit's to-do in its order, of one stage or of both."""
    rows = VisitStep.objects.filter(visit_id=visit_id)
    return (rows.filter(stage=stage) if stage else rows).order_by("rank")


def events(visit_id: UUID) -> QuerySet[FlowEvent]:
    """Return the stamps of a visit, earliest first."""
    return FlowEvent.objects.filter(visit_id=visit_id).select_related("room").order_by("at", "id")


def of_patient(patient_id: UUID) -> QuerySet[Visit]:
    """Return a patient's visits, the latest first."""
    return Visit.objects.of(patient_id).with_people().order_by("-service_on", "-arrived_at")


def plans_of_the_days(patient_id: UUID, visits: Iterable[Visit]) -> dict[UUID, Coverage]:
    """Return, by visit, the plan that held its day where none pays for it, or one that did not hold the day after all.

    One statement for any number. A visit under a case, and one that the patient pays for by choice, is not in it.
    """
    rows = Coverage.objects.filter(patient_id=patient_id, rank__gt=0).select_related("plan")
    every = {one.pk: one for one in rows}
    found: dict[UUID, Coverage] = {}
    for visit in visits:
        pays = every.get(visit.coverage_id) if visit.coverage_id else None
        is_chosen = visit.appointment is not None and visit.appointment.pays_self
        if visit.is_imported or is_chosen or (visit.coverage_id and (pays is None or _holds(pays, visit))):
            continue
        held = next((one for one in every.values() if one.rank == 1 and _holds(one, visit)), None)
        if held is not None:
            found[visit.pk] = held
    return found


def _holds(held: Coverage, visit: Visit) -> bool:
    ends_on, day = held.ends_on, visit.service_on
    return held.entered_in_error_at is None and held.starts_on <= day and (ends_on is None or day < ends_on)


def of_day(day: date, location_id: UUID | None = None) -> VisitQuerySet:
    """Return the visits of a day that came through the door, in the order of arrival."""
    rows: VisitQuerySet = Visit.objects.on(day).filter(is_imported=False).with_people()
    return (rows.filter(location_id=location_id) if location_id else rows).order_by("arrived_at", "number")


def whose_and_when(visit_id: UUID) -> tuple[UUID, date] | None:
    """Return whose a visit is and its day, or None."""
    return Visit.objects.filter(pk=visit_id).values_list("patient_id", "service_on").first()


def here_on(day: date) -> Iterable[UUID]:
    """Return the patients who came on a day and have not left, in one statement."""
    rows = Visit.objects.on(day).open().filter(is_imported=False)
    return rows.values_list("patient_id", flat=True)


def arrived_on(patient_id: UUID, day: date) -> UUID | None:
    """Return the visit for which a patient has come on a day: the first that is not over yet, else the first."""
    rows = Visit.objects.of(patient_id).filter(service_on=day, is_imported=False, is_round=False)
    here = list(rows.exclude(flow=Visit.Flow.UNDONE).order_by("arrived_at", "number"))
    return next((one.pk for one in here if one.ended_at is None), here[0].pk if here else None)


def booked_and_not_here(patient_id: UUID, day: date) -> QuerySet[Appointment]:
    """Return the appointments of a patient on a day for which nobody has arrived, earliest first."""
    rows = Appointment.objects.with_people().filter(patient_id=patient_id, on_day=day, booking="scheduled")
    return rows.filter(Q(visit=None) | Q(visit__flow=Visit.Flow.UNDONE)).order_by("starts_at")


def not_checked_in(patient_id: UUID, day: date) -> QuerySet[Visit]:
    """Return the visits of a day for which a patient has arrived and is not checked in, earliest first."""
    rows = Visit.objects.of(patient_id).filter(service_on=day, flow=Visit.Flow.ARRIVED)
    return rows.filter(is_imported=False, is_round=False).order_by("arrived_at", "number")


def open_visits(day: date) -> VisitQuerySet:
    """Return the visits of a day whose patient has not been checked out: what keeps the day from closing."""
    return of_day(day).open()


def in_rooms(day: date) -> QuerySet[Visit]:
    """Return the visits of a day whose patient is in a room, alone or with the clinician, with the patient."""
    inside = (Visit.Flow.ROOMED, Visit.Flow.WITH_PROVIDER)
    rows: QuerySet[Visit] = Visit.objects.on(day).filter(flow__in=inside, room__isnull=False)
    return rows.select_related("patient").order_by("flow_since")


def care_places(also: UUID | None = None) -> QuerySet[CarePlace]:
    """Return the hospitals and homes where patients are seen, by name; `also` one that was dropped since."""
    return CarePlace.objects.filter(Q(dropped_at=None) | Q(pk=also)).order_by("name", "place_of_service")


def under_plans(coverage_ids: Collection[UUID], now: datetime) -> str:
    """Return why some plans cannot be taken out: visits are under them, and would not follow; else empty text.

    Who is in the house today follows the plans by itself, as far as nothing of the visit stands against it.
    """
    rows = Visit.objects.filter(coverage_id__in=list(coverage_ids)).exclude(flow=Visit.Flow.UNDONE)
    for visit in rows.select_related("location", "coverage__plan").order_by("service_on", "number"):
        is_today = visit.service_on == local_day(now, visit.location.zone)
        if visit.is_over or visit.is_imported or not is_today:
            told = {"day": f"{visit.service_on:%b %-d, %Y}", "plan": visit.coverage.plan.name}  # type: ignore[union-attr]
            return _("The visit of %(day)s goes by %(plan)s.") % told
        if said := [why for ask in followers.keeping if (why := ask(visit.pk, None))]:
            return " ".join(said)
    return ""


def set_against(patient_id: UUID) -> dict[UUID, Decimal]:
    """Return, by visit, how much of a patient's credit was set against its copay when that was ticked."""
    ticked = VisitStep.objects.filter(visit__patient_id=patient_id, kind="copay", set_against__gt=0)
    return dict(ticked.exclude(visit__flow__in=UNBILLED).values_list("visit_id", "set_against"))


def come_to_nothing(patient_id: UUID) -> set[UUID]:
    """Return the patient's visits of which there is nothing to bill: undone arrivals, and who left unseen."""
    return set(Visit.objects.filter(patient_id=patient_id, flow__in=UNBILLED).values_list("pk", flat=True))


def copay_waits(patient_id: UUID, day: date) -> UUID | None:
    """Return the visit of a day whose copay is still to be taken of who has come: the first not over."""
    rows = VisitStep.objects.filter(
        visit__patient_id=patient_id, visit__service_on=day, visit__ended_at=None, kind="copay", state="open"
    )
    here = rows.exclude(visit__flow=Visit.Flow.UNDONE).order_by("visit__arrived_at", "visit__number")
    return here.values_list("visit_id", flat=True).first()


def nothing_due_because(visit_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the visits of which the patient owes nothing since workers' compensation pays, each with the sentence."""
    rows = Visit.objects.filter(pk__in=list(visit_ids), coverage__rank=0, coverage__case__kind="work")
    return {
        one.pk: cases.copay_under(one.coverage.case)[1]
        for one in rows.select_related("coverage__case")
        if one.coverage and one.coverage.case
    }
