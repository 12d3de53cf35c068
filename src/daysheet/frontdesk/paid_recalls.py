"""A recall that waits for the balance goes on in the same instant in which nothing is owed any more."""

from collections.abc import Collection
from uuid import UUID

from daysheet.kernel.access import Actor, Can
from daysheet.schedule import commands as schedule
from daysheet.schedule import recalls


def go_on(by: Actor, patient_ids: Collection[UUID]) -> None:
    """Let the recalls of patients who owe nothing go on; whoever posts the money need not book visits."""
    if recalls.paid_since().filter(patient_id__in=patient_ids).exists():
        acts = (
            by
            if by.can(Can.BOOK_APPOINTMENT)
            else Actor.system(practice_id=by.practice_id, now=by.now, name=by.name)
        )
        schedule.let_paid_recalls_go_on(acts, patient_ids=patient_ids)
