"""The copay of a visit, read by the service of its kind."""

from decimal import Decimal
from uuid import UUID

from daysheet.coverage import copays
from daysheet.coverage import queries as coverage
from daysheet.visits.models import Visit


def copay_of(visit: Visit) -> tuple[Decimal | None, str]:
    """Return the copay that the health plan of its day takes for a visit, and where the amount comes from."""
    return coverage.copay_due(visit.patient_id, visit.service_on, service=_service(visit))


def service_of(visit_id: UUID) -> str:
    """Return by which service a plan names the copay of a visit; empty where its kind is not known."""
    booked, chosen = "appointment__type__copay_service", "type__copay_service"
    said = Visit.objects.filter(pk=visit_id).values_list(booked, chosen).first() or ("", "")
    return said[0] or said[1] or ""


def _service(visit: Visit) -> str:
    kind = visit.appointment.type if visit.appointment else visit.type
    return kind.copay_service if kind else copays.usual()
