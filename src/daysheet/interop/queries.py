"""What of a record the house holds already: asked before anything is written, so that twice is nothing."""

from dataclasses import replace
from uuid import UUID

from django.db import transaction

from daysheet.interop.rules.record import Record
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger.models import LedgerEntry
from daysheet.patients.models import ChartItem, PatientIdentifier
from daysheet.visits.models import Visit


def patient_of(record: Record) -> PatientIdentifier | None:
    """Return the number by which this house knows the record's patient, or None."""
    known = PatientIdentifier.objects.filter(system=record.person.system, value=record.person.key)
    return known.select_related("patient").first()


def news_in(record: Record) -> Record | None:
    """Return the record with only what the house does not hold yet; None when there is nothing.

    Of a known patient, coverages are never taken again: what is derived gives way to what the office knows.
    """
    number = patient_of(record)
    if number is None:
        return record
    owner = number.patient_id
    visits = set(Visit.objects.filter(patient_id=owner, is_imported=True).values_list("source", flat=True))
    lines = set(ChartItem.objects.filter(patient_id=owner).values_list("source", flat=True))
    keys = [bill.key for bill in record.bills]
    bills = set(LedgerEntry.objects.filter(source_key__in=keys).values_list("source_key", flat=True))
    left = replace(
        record,
        encounters=[one for one in record.encounters if one.key not in visits],
        chart=[one for one in record.chart if one.source not in lines],
        bills=[one for one in record.bills if one.key not in bills],
        covers=[],
    )
    return left if left.encounters or left.chart or left.bills else None


def taken_numbers(record: Record) -> set[tuple[str, str]]:
    """Return those of the record's numbers that another patient of this house bears."""
    values = [value for _, value in record.person.identifiers]
    rows = PatientIdentifier.objects.filter(value__in=values).values_list("system", "value")
    return set(rows) & set(record.person.identifiers)


def visits_by_source(sources: set[str]) -> dict[str, tuple[UUID, UUID]]:
    """Return visit and clinician of imported visits, by their source."""
    rows = Visit.objects.filter(source__in=sources).values_list("source", "id", "provider_id")
    return {source: (visit_id, provider_id) for source, visit_id, provider_id in rows}


def within(practice_id: UUID, record: Record) -> Record | None:
    """Return what a practice does not hold yet of a record, asked in a transaction of its own."""
    with acting_in(practice_id), transaction.atomic():
        return news_in(record)
