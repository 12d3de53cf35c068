"""One card payment carried on: the company is asked between two transactions, never inside one."""

from uuid import UUID

from daysheet.kernel.access import Actor
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import card_keys, commands
from daysheet.ledger.cardgate import CardGateway, NoAnswer
from daysheet.ledger.cardgate.loopback import Loopback
from daysheet.ledger.cardgate.stripe import Stripe
from daysheet.ledger.models import CardDoor

MOST_STEPS = 3


def carry_on(by: Actor, *, charge_id: UUID) -> bool:
    """Ask the company until the payment is settled; return whether it is. Safe at any stop, and may run twice."""
    for _turn in range(MOST_STEPS):
        asked = commands.next_card_wish(by, charge_id=charge_id)
        if asked is None:
            return True
        try:
            answer = gateway(asked.company, asked.by).ask(asked.wish)
        except NoAnswer:
            return False
        commands.note_card_answer(asked.by, charge_id=charge_id, verb=asked.wish.verb, answer=answer)
    return False


def gateway(company: str, by: Actor) -> CardGateway:
    """Return the company that a payment was begun with."""
    if company == CardDoor.Company.LOOPBACK:
        return Loopback(by)
    with acting_in(by.practice_id):
        door = CardDoor.objects.filter(company=company).first()
    secret = card_keys.unseal(door.secret) if door else ""
    if not secret:
        raise NoAnswer("The key to the card company is gone.")
    return Stripe(secret)
