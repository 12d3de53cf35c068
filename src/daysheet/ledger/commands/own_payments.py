"""A patient pays alone, in an own check-in: with a kept card, or on the card company's own page."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.ledger import queries
from daysheet.ledger.commands.book import Book
from daysheet.ledger.commands.cards import CardIsWrong, State, _carry_on, _step, begin_card
from daysheet.ledger.models import CardCharge


@command(needs=Can.TAKE_PAYMENT)
def begin_own_payment(
    by: Actor,
    /,
    *,
    patient_id: UUID,
    self_check_in_id: UUID,
    amount: Decimal,
    purpose: str,
    location_id: UUID | None,
    visit_id: UUID | None = None,
    card_id: UUID | None = None,
    back_url: str = "",
) -> CardCharge:
    """Write down what a patient wishes to pay alone; without a kept card the company's own page asks for one.

    Raises CardIsWrong while any card of the patient is being asked, and NothingMayBeAsked.
    """
    Book.lock(by)
    if queries.card_at_work(patient_id) is not None:
        raise CardIsWrong(_("A payment for this visit is under way already. Ask at the desk, please."))
    charge = begin_card(
        by,
        patient_id=patient_id,
        kind=CardCharge.Kind.CHARGE,
        amount=amount,
        card_id=card_id,
        on_page=card_id is None,
        purpose=purpose,
        visit_id=visit_id,
        location_id=location_id,
    )
    charge.self_check_in_id, charge.back_url = self_check_in_id, back_url
    charge.save(update_fields=["self_check_in_id", "back_url"])
    record(by, "ledger.card.own-payment", charge, patients=[patient_id], amount=amount)
    return charge


@command(needs=Can.TAKE_PAYMENT)
def stop_own_payment(by: Actor, /, *, charge_id: UUID) -> CardCharge:
    """Let a patient pay at the desk instead: the company's page takes no card any more. What is taken stays taken."""
    charge = CardCharge.objects.select_for_update(of=("self",)).get(pk=charge_id)
    if charge.state == State.PRESENTING:
        return _step(by, charge, State.STOPPING, "")
    if charge.state == State.ASKED and charge.on_page:  # the key of what was asked is needed to find it
        charge.state, charge.present_until, charge.version = State.STOPPING, by.now, charge.version + 1
        charge.save(update_fields=["state", "present_until", "version"])
        _carry_on(by, charge)
    record(by, "ledger.card.looked-at", charge, state=charge.state)
    return charge


@command(needs=Can.TAKE_PAYMENT)
def look_at_own_payment(by: Actor, /, *, charge_id: UUID) -> CardCharge:
    """Ask the company what a payment has come to, now that the patient is back from its page."""
    charge = CardCharge.objects.get(pk=charge_id)
    record(by, "ledger.card.looked-at", charge, state=charge.state)
    if charge.is_on_the_way:
        _carry_on(by, charge)
    return charge
