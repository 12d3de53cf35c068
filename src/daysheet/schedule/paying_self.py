"""Whether a visit can be paid by the patient alone: only who has a plan can leave it unused."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from daysheet.coverage import queries as coverage
from daysheet.kernel.access import Actor, Can


def may_pay_self(by: Actor, patient_id: UUID, day: date) -> bool:
    """Return whether a plan covers the patient on a day, to those who may see coverage."""
    return by.can(Can.SEE_COVERAGE) and coverage.coverage_on(patient_id, day) is not None


def who_may_pay_self(by: Actor, patient_ids: Sequence[UUID], day: date) -> set[UUID]:
    """Return whom of some patients a plan covers on a day, to those who may see coverage: one statement."""
    if not by.can(Can.SEE_COVERAGE):
        return set()
    held = coverage.coverages_of(patient_ids, day)
    return {pk for pk, plans in held.items() if any(one.rank == 1 for one in plans)}
