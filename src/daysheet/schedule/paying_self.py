"""Whether a visit can be paid by the patient alone: only who has a plan can leave it unused."""

from datetime import date
from uuid import UUID

from daysheet.coverage import queries as coverage
from daysheet.kernel.access import Actor, Can


def may_pay_self(by: Actor, patient_id: UUID, day: date) -> bool:
    """Return whether a plan covers the patient on a day, to those who may see coverage."""
    return by.can(Can.SEE_COVERAGE) and coverage.coverage_on(patient_id, day) is not None
