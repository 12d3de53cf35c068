"""A patient pays alone on the own phone; nothing is taken twice, whoever else takes money meanwhile."""

from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.commands import command
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.ledger.commands.book import Book
from daysheet.portal import paying, rules
from daysheet.portal.commands.doing import NotNow, _doing, _keep
from daysheet.portal.commands.others import _hold_visits
from daysheet.portal.models import SelfCheckIn


@command(needs=Can.TAKE_PAYMENT)
def pay_alone(
    by: Actor, /, *, row_id: UUID, amount: Decimal, card_id: UUID | None = None, back_url: str = ""
) -> SelfCheckIn:
    """Ask the card company for what a patient pays alone: with a kept card, else on the company's own page.

    Raises NotNow while money is on its way, and where the sum is another by now.
    """
    _hold_visits(row_id)
    row = _doing(row_id)
    if rules.MONEY not in row.steps:
        raise NotNow(_("Ask at the desk."))
    Book.lock(by)  # behind it the sum stands: of phone and desk the second sees what the first has taken
    if books.card_at_work(row.patient_id) is not None:
        raise NotNow(_("A payment is under way already. Wait a moment, or ask at the desk."))
    due = paying.payable(row, row.location.today(by.now))
    if due is None or amount not in due.sums:
        raise NotNow(_("The sum has changed. Look at it again, please."))
    if card_id is not None and card_id not in {one.pk for one in due.cards}:
        raise NotNow(_("That card is not here any more. Choose another way."))
    ledger.begin_own_payment(
        by,
        patient_id=row.patient_id,
        self_check_in_id=row.pk,
        amount=amount,
        purpose=due.purpose,
        location_id=row.location_id,
        visit_id=due.visit_id,
        card_id=card_id,
        back_url=back_url,
    )
    return _keep(by, row, "pays")


@command(needs=Can.TAKE_PAYMENT)
def pay_at_desk(by: Actor, /, *, row_id: UUID) -> SelfCheckIn:
    """Go on to pay at the desk; a page of the company that still waits takes no card any more. Raises NotNow."""
    row = _doing(row_id)
    charge = books.own_payment(row.patient_id)
    if charge is not None and charge.self_check_in_id == row.pk:
        ledger.stop_own_payment(by, charge_id=charge.pk)
    if rules.MONEY not in row.steps:
        raise NotNow(_("Ask at the desk."))
    row.done = list(dict.fromkeys([*row.done, rules.MONEY]))
    return _keep(by, row, "screen-done", step=rules.MONEY)
