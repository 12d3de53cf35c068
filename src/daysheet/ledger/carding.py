"""One card payment carried on: the company is asked between two transactions, never inside one."""

from uuid import UUID

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import card_keys, commands, queries
from daysheet.ledger.card_wish import Asked, asked_of
from daysheet.ledger.cardgate import CardGateway, NoAnswer
from daysheet.ledger.cardgate.loopback import Loopback
from daysheet.ledger.cardgate.stripe import Stripe
from daysheet.ledger.models import CardDoor

MOST_STEPS = 3


def carry_on(by: Actor, *, charge_id: UUID) -> bool:
    """Ask the company until the payment is settled; return whether it is. Safe at any stop, and may run twice.

    While a terminal waits for the card it is only looked at: nothing is written before it has come to something.
    """
    for _turn in range(MOST_STEPS):
        asked = _at_terminal(by, charge_id) or commands.next_card_wish(by, charge_id=charge_id)
        if asked is None:
            return True
        try:
            answer = gateway(asked.company, asked.by).ask(asked.wish)
        except NoAnswer:
            return False
        if answer.outcome == "waiting":
            return False
        commands.note_card_answer(asked.by, charge_id=charge_id, verb=asked.wish.verb, answer=answer)
    return False


def _at_terminal(by: Actor, charge_id: UUID) -> Asked | None:
    """Return how to look at the terminal that waits for the card of a payment, while its time lasts."""
    with acting_in(by.practice_id), transaction.atomic():
        charge = queries.at_terminal(charge_id, now=by.now)
    return asked_of(by, charge) if charge else None


def gateway(company: str, by: Actor) -> CardGateway:
    """Return the company that a payment was begun with."""
    if company == CardDoor.Company.LOOPBACK:
        return Loopback(by)
    with acting_in(by.practice_id), transaction.atomic():
        door = CardDoor.objects.filter(company=company).first()
    secret = card_keys.unseal(door.secret) if door else ""
    if not secret:
        raise NoAnswer("The key to the card company is gone.")
    return Stripe(secret)
