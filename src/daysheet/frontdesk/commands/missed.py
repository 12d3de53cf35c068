"""The fee of a missed visit, decided at the desk: charged by the office's rule, or waived; never by itself."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.frontdesk.missed_visits import MissedVisit, missed_visit
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.models import MissedFee


class FeeStands(Refusal):
    """What would take back a fee is done by somebody who may not."""


class NotMissed(Refusal):
    """The visit was not missed, or the office asks no fee for such a one."""


@command(needs=Can.ENTER_CHARGES)
def charge_missed(by: Actor, /, *, appointment_id: UUID, amount: Decimal, reason: str) -> MissedFee:
    """Charge the patient for a missed visit, at most what the office's rule says.

    Raises NotMissed, or what the book refuses: Medicaid, a decision made meanwhile.
    """
    found = _missed(appointment_id)
    if found.fee is None:
        raise NotMissed(_("The office has set no fee for such a visit."))
    if amount > found.fee.amount:
        sentence = _("The office's rule says at most %(amount)s.") % {"amount": say(found.fee.amount)}
        raise NotMissed(sentence, amount=sentence)
    one = found.appointment
    made = ledger.charge_missed_visit(
        by,
        patient_id=one.patient_id,
        appointment_id=one.pk,
        missed_on=one.on_day,
        amount=amount,
        reason=reason,
        provider_id=one.provider_id,
        location_id=one.location_id,
    )
    record(by, "frontdesk.missed-visit.charged", one, amount=amount, number=found.fee.number)
    return made


@command(needs=Can.ENTER_CHARGES)
def waive_missed(by: Actor, /, *, appointment_id: UUID, reason: str) -> MissedFee:
    """Ask for no fee for a missed visit, with the reason.

    Raises NotMissed, or FeeIsDecided.
    """
    found = _missed(appointment_id)
    one = found.appointment
    made = ledger.waive_missed_visit(
        by,
        patient_id=one.patient_id,
        appointment_id=one.pk,
        missed_on=one.on_day,
        amount=found.fee.amount if found.fee else ZERO,
        reason=reason,
    )
    record(by, "frontdesk.missed-visit.waived", one)
    return made


@command(needs=Can.MOVE_PATIENT)
def forget_missed(by: Actor, /, *, appointment_id: UUID) -> None:
    """Take the fee of a visit back that was not missed after all; where there is none, nothing happens.

    Raises FeeStands when a fee is on the book and whoever acts may not touch the book.
    """
    decided = books.missed_fees([appointment_id]).get(appointment_id)
    if decided is not None:
        if not by.can(Can.ENTER_CHARGES):
            raise FeeStands(
                _("A fee was decided for this missed visit. Ask the front desk to take the fee back first.")
            )
        ledger.take_back_missed_fee(by, fee_id=decided.pk, reason=_("The visit stands again"))
    record(by, "frontdesk.missed-visit.forgotten", decided)


def _missed(appointment_id: UUID) -> MissedVisit:
    found = missed_visit(appointment_id)
    if found is None or not found.is_missed:
        raise NotMissed(_("This visit was not missed, or stands again."))
    return found
