"""What the book of time says in a patient's banner."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import dateformat

from daysheet.schedule import queries


def next_visit_parts(
    patient_ids: Sequence[UUID], now: datetime, today: date
) -> Mapping[UUID, Mapping[str, Any]]:
    """Return the next appointment of each patient in a few words."""
    words = {}
    for patient_id, row in queries.next_visits(patient_ids, now).items():
        local = row.starts_at.astimezone(row.location.zone)
        at = dateformat.format(local, "M j g:i a").replace(".", "")
        words[patient_id] = {"next_visit": f"{at} {row.provider}"}
    return words
