"""The visits of a patient under another system, all at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daysheet.coverage.models import Coverage
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.numbers import next_numbers
from daysheet.patients.models import Patient
from daysheet.visits.commands.arriving import AlreadyImported
from daysheet.visits.models import Visit


@dataclass(frozen=True, slots=True)
class PastVisit:
    """A visit that took place under another system, by its number there."""

    source: str
    provider_id: UUID
    service_on: date
    started_at: datetime
    ended_at: datetime
    reason: str = ""


@command(needs=Can.IMPORT_DATA)
def import_visits(
    by: Actor, /, *, patient_id: UUID, location_id: UUID, visits: Sequence[PastVisit]
) -> list[Visit]:
    """Keep visits that took place under another system: over, without a to-do, each with its coverage on the day.

    Raises AlreadyImported when one of them is here.
    """
    patient = Patient.objects.get(pk=patient_id)
    covers = list(
        Coverage.objects.filter(patient=patient, rank=1, entered_in_error_at__isnull=True).values_list(
            "id", "starts_on", "ends_on"
        )
    )
    numbers = next_numbers("visit", len(visits)) if visits else range(0)
    with refusing(visit_comes_once=AlreadyImported("One of these visits is here already.")):
        made = Visit.objects.bulk_create(
            Visit(
                number=number,
                patient=patient,
                provider_id=one.provider_id,
                location_id=location_id,
                coverage_id=next(
                    (
                        own
                        for own, starts, ends in covers
                        if starts <= one.service_on and (ends is None or one.service_on < ends)
                    ),
                    None,
                ),
                service_on=one.service_on,
                flow=Visit.Flow.CHECKED_OUT,
                flow_since=one.ended_at,
                arrived_at=one.started_at,
                ended_at=one.ended_at,
                reason=one.reason,
                is_imported=True,
                source=one.source,
            )
            for number, one in zip(numbers, visits, strict=True)
        )
    record(by, "visits.visits.imported", patient, visits=len(made))
    return made
