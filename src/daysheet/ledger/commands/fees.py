"""The fee of a missed visit: a person decides, it is the patient's own, and it is taken back by its mirror image."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import new_id
from daysheet.ledger import rules
from daysheet.ledger.checks import amount_above_zero, said_why
from daysheet.ledger.commands.book import Book
from daysheet.ledger.models import LedgerEntry, MissedFee
from daysheet.ledger.protected import NothingMayBeAsked, nothing_for_missed

MISSED_FEE = "missed_visit"


class FeeIsDecided(Refusal):
    """Somebody has decided about this missed visit already, or it was taken back meanwhile."""


@command(needs=Can.ENTER_CHARGES)
def charge_missed_visit(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    appointment_id: UUID,
    missed_on: date,
    amount: Decimal,
    reason: str,
    provider_id: UUID | None = None,
    location_id: UUID | None = None,
) -> MissedFee:
    """Charge the patient for a missed visit. It is the patient's own: no plan can ever be asked for it.

    Raises NothingMayBeAsked where Medicaid covers the patient on that day, and FeeIsDecided.
    """
    money, why = amount_above_zero(amount, what="The fee"), said_why(reason)
    if refused := nothing_for_missed(patient_id, missed_on):
        raise NothingMayBeAsked(refused)
    book, fee_id = Book.open(by, [patient_id]), new_id()
    who = {
        "patient_id": patient_id,
        "provider_id": provider_id,
        "location_id": location_id,
        "charge_id": fee_id,
        "service_on": missed_on,
        "is_own": True,
    }
    entry = book.post(
        kind=LedgerEntry.Kind.CHARGE,
        sides=[rules.debit("patient", money, **who), rules.credit("charges", money, **who)],
        service_on=missed_on,
        memo=_("fee of a missed visit"),
        source_kind=MISSED_FEE,
        source_id=fee_id,
        source_key=f"{MISSED_FEE}/{fee_id}",
    )
    facts = {"id": fee_id, "patient_id": patient_id, "appointment_id": appointment_id, "missed_on": missed_on}
    fee = _decide(by, MissedFee(**facts, state="charged", amount=money, reason=why, entry=entry))
    record(by, "ledger.missed-fee.charged", fee, amount=money, reason=why)
    return fee


@command(needs=Can.ENTER_CHARGES)
def waive_missed_visit(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    appointment_id: UUID,
    missed_on: date,
    amount: Decimal,
    reason: str,
) -> MissedFee:
    """Ask for no fee for a missed visit, with the reason.

    Raises FeeIsDecided.
    """
    why = said_why(reason)
    facts = {"patient_id": patient_id, "appointment_id": appointment_id, "missed_on": missed_on}
    fee = _decide(by, MissedFee(**facts, state="waived", amount=amount, reason=why))
    record(by, "ledger.missed-fee.waived", fee, amount=amount, reason=why)
    return fee


@command(needs=Can.ENTER_CHARGES)
def take_back_missed_fee(by: Actor, /, *, fee_id: UUID, reason: str) -> MissedFee:
    """Take a decision back: what was charged by its mirror image; what was paid for it becomes credit.

    Raises FeeIsDecided when it was taken back before.
    """
    fee = MissedFee.objects.select_for_update(of=("self",)).filter(pk=fee_id).first()
    if fee is None or fee.taken_back_at is not None:
        raise FeeIsDecided(_("That was taken back already."))
    if fee.entry is not None:
        Book.open(by, [fee.patient_id]).reverse(fee.entry, reason=reason)
    fee.taken_back_at, fee.taken_back_by = by.now, by.name
    fee.save(update_fields=["taken_back_at", "taken_back_by"])
    record(by, "ledger.missed-fee.taken-back", fee, reason=said_why(reason))
    return fee


def _decide(by: Actor, fee: MissedFee) -> MissedFee:
    fee.decided_at, fee.decided_by = by.now, by.name
    twice = FeeIsDecided(_("Somebody has just decided about this missed visit. Look at it again."))
    with refusing(missed_visit_is_decided_once=twice):
        fee.save(force_insert=True)
    return fee
