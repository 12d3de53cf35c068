"""What was decided about missed visits."""

from collections.abc import Iterable
from uuid import UUID

from daysheet.ledger.models import MissedFee


def missed_fees(appointment_ids: Iterable[UUID]) -> dict[UUID, MissedFee]:
    """Return the decision that stands about each of some missed visits; one statement."""
    rows = MissedFee.objects.filter(appointment_id__in=list(appointment_ids), taken_back_at__isnull=True)
    return {one.appointment_id: one for one in rows}


def missed_fee(fee_id: UUID) -> MissedFee | None:
    """Return one decision, or None."""
    return MissedFee.objects.filter(pk=fee_id).first()
