"""A kept card is named for a booked visit."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.frontdesk.checkin import NotThere
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.ledger import commands as ledger
from daysheet.ledger.models import CardForVisit
from daysheet.schedule.models import Appointment


@command(needs=Can.TAKE_PAYMENT)
def name_card_ahead(
    by: Actor, /, *, appointment_id: UUID, card_id: UUID, amount: Decimal, purpose: str, consented_by: str
) -> CardForVisit:
    """Name a kept card of the patient for a visit that is booked, with who agreed.

    Raises NotThere where the visit is not planned any more, and what the ledger refuses.
    """
    booked = Appointment.objects.select_for_update(of=("self",)).filter(pk=appointment_id).first()
    if booked is None or booked.booking != "scheduled":
        raise NotThere(_("This visit is not planned any more."))
    row = ledger.name_card_for_visit(
        by,
        patient_id=booked.patient_id,
        appointment_id=booked.pk,
        for_day=booked.on_day,
        card_id=card_id,
        amount=amount,
        purpose=purpose,
        consented_by=consented_by,
        location_id=booked.location_id,
    )
    record(by, "frontdesk.card-ahead.named", booked, amount=amount)
    return row
