"""What the book of time says in a patient's banner."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils import dateformat

from daysheet.kernel.models import Practice
from daysheet.kernel.tenancy import acting_practice_id
from daysheet.schedule import queries


def next_visit_parts(patient_ids: Sequence[UUID]) -> Mapping[UUID, Mapping[str, Any]]:
    """Return the next appointment of each patient in a few words."""
    acting = acting_practice_id()
    if acting is None:
        return {}
    now = Practice.objects.get(id=acting).now()
    words = {}
    for patient_id, row in queries.next_visits(patient_ids, now).items():
        local = row.starts_at.astimezone(row.location.zone)
        at = dateformat.format(local, "M j g:i a").replace(".", "")
        words[patient_id] = {"next_visit": f"{at} {row.provider}"}
    return words
