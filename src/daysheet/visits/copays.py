"""The copay of a visit, read by the service of its kind."""

from collections.abc import Collection
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.coverage import copays
from daysheet.coverage import queries as coverage
from daysheet.visits.models import Visit


def copay_of(visit: Visit) -> tuple[Decimal | None, str]:
    """Return the copay that the health plan of its day takes for a visit, and where the amount comes from.

    None where the patient pays it and uses no plan.
    """
    if visit.coverage_id is None and visit.appointment is not None and visit.appointment.pays_self:
        return None, _("the patient pays this visit; no plan is used")
    return coverage.copay_due(visit.patient_id, visit.service_on, service=_service(visit))


def services_of(visit_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return by which service plans name the copay of each of some visits; those of no known kind are not in it."""
    booked, chosen = "appointment__type__copay_service", "type__copay_service"
    rows = Visit.objects.filter(pk__in=list(visit_ids)).values_list("pk", booked, chosen)
    return {pk: of_booked or of_chosen for pk, of_booked, of_chosen in rows if of_booked or of_chosen}


def _service(visit: Visit) -> str:
    kind = visit.appointment.type if visit.appointment else visit.type
    return kind.copay_service if kind else copays.usual()
