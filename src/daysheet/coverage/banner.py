"""What the patient banner says of coverage."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from daysheet.coverage import queries

SHOWN = {
    "covered": "eligible",
    "inactive": "inactive",
    "not_found": "not_found",
    "cannot_say": "unknown",
    "unasked": "not_asked",
    "none": "unknown",
}
"""The state in the one table of states."""


def parts(patient_ids: Sequence[UUID], today: date) -> dict[UUID, dict[str, Any]]:
    """Return, per patient, state and words of the primary plan on a day, and of another payer that it names."""
    told = queries.standing(patient_ids, today)
    return {patient_id: {"coverage": _marks(one)} for patient_id, one in told.items()}


def _marks(one: queries.Standing) -> list[tuple[str, str]]:
    marks = [(SHOWN[one.state], _words(one))]
    if one.unknown_payer and one.state == "covered":
        marks.append(("other_payer", f"Another payer named: {one.unknown_payer['name']}"))
    return marks


def _words(one: queries.Standing) -> str:
    asked = f", asked {one.asked_at:%b %-d}" if one.asked_at else ""
    qmb = ", QMB: collect nothing" if one.is_qmb else ""
    return f"{one.words}{asked}{qmb}"
