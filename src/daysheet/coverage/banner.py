"""What the patient banner says of coverage."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from daysheet.coverage import queries
from daysheet.kernel import clock
from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_practice_id

SHOWN = {
    "covered": "eligible",
    "inactive": "inactive",
    "not_found": "not_found",
    "cannot_say": "unknown",
    "unasked": "not_asked",
    "none": "unknown",
}
"""The state in the one table of states."""


def parts(patient_ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return, per patient, state and words of the primary plan today on the practice's clock."""
    practice = Practice.objects.get(pk=str(acting_practice_id()))
    today = clock.local_day(practice.now(), practice.zone)
    told = queries.standing(patient_ids, today)
    return {patient_id: {"coverage": [(SHOWN[one.state], _words(one))]} for patient_id, one in told.items()}


def _words(one: queries.Standing) -> str:
    asked = f", asked {one.asked_at:%b %-d}" if one.asked_at else ""
    qmb = ", QMB: collect nothing" if one.is_qmb else ""
    return f"{one.words}{asked}{qmb}"
