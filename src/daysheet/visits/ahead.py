"""What check-in will ask of a patient who has not come yet; nothing is written."""

from datetime import datetime

from daysheet.coverage import cases
from daysheet.coverage import queries as coverage
from daysheet.coverage.models import Coverage
from daysheet.schedule.models import Appointment
from daysheet.visits import before
from daysheet.visits.copays import copay_of
from daysheet.visits.due import steps_due
from daysheet.visits.models import Visit
from daysheet.visits.rules import StepPlan


def visit_ahead(appointment: Appointment) -> tuple[Visit, bool]:
    """Return the visit of an appointment as it would be were the patient here now, and whether a case pays for it."""
    case = cases.case_of_appointment(appointment.pk)
    is_case = case is not None and case.holds(appointment.on_day)
    covered = (
        case.coverage
        if case is not None and is_case
        else covered_by(
            Visit(patient_id=appointment.patient_id, appointment=appointment, service_on=appointment.on_day)
        )
    )
    visit = Visit(
        patient_id=appointment.patient_id,
        location=appointment.location,
        service_on=appointment.on_day,
        appointment=appointment,
        mode=appointment.type.mode,
        coverage=covered,
        authorization_id=appointment.authorization_id,
        referral_id=appointment.referral_id,
        by_hand=appointment.by_hand,
    )
    visit.copay_due = copay_of(visit)[0] if appointment.type.takes_copay and not is_case else None
    return visit, is_case


def covered_by(visit: Visit) -> Coverage | None:
    """Return the plan that pays for a visit; none where the patient has none, or does not use it for this one."""
    if visit.appointment is not None and visit.appointment.pays_self:
        return None
    return coverage.coverage_on(visit.patient_id, visit.service_on)


def asked_ahead(appointment: Appointment, now: datetime) -> list[StepPlan]:
    """Return the steps that are due at the check-in of an appointment, as they would be were the patient here now."""
    visit, is_case = visit_ahead(appointment)
    guest = before.guest(visit, appointment.type, now, is_case=is_case)
    due = steps_due(before.asks(), guest, before.last_done(visit, visit.coverage))
    return [plan for plan in due if not plan.on_file]
