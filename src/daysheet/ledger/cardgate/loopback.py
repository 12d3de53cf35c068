"""A card company within the house, for training, demonstration and tests: its cards are names with a fate."""

from dataclasses import dataclass
from datetime import timedelta

from daysheet.kernel.access import Actor
from daysheet.ledger import commands
from daysheet.ledger.cardgate import CardAnswer, CardWish, NoAnswer

HOLD_LASTS = timedelta(days=6)
CARDS = {
    "test_visa": ("Visa", "4242", "12/2030", ""),
    "test_mastercard": ("Mastercard", "4444", "11/2029", ""),
    "test_declined": ("Visa", "0002", "12/2030", "The card was declined."),
    "test_expired": ("Visa", "0069", "01/2020", "The card has expired."),
    "test_insufficient": ("Visa", "9995", "12/2030", "There is not enough money on the card."),
    "test_lost_answer": ("Visa", "3184", "12/2030", ""),
}
"""Token: brand, last four digits, expiry, and what the company says against it."""
CODES = {
    "test_declined": "generic_decline",
    "test_expired": "expired_card",
    "test_insufficient": "insufficient_funds",
}
"""The short word of each card that is declined."""
LOSES_ANSWERS = "test_lost_answer"


@dataclass(frozen=True, slots=True)
class Loopback:
    """The company: it remembers what it was asked by key, as the real ones do."""

    by: Actor

    def ask(self, wish: CardWish) -> CardAnswer:
        """Answer; one card's first answer is lost on its way, and found when asked again."""
        brand, last4, expires, no = CARDS.get(wish.token.removeprefix("saved_"), ("", "", "", ""))
        if wish.token and not brand:
            no = "No such card."
        told = commands.remember_card_wish(
            self.by, key=wish.key, verb=wish.verb, amount=wish.amount, ref=wish.ref, sentence=no
        )
        if told.is_first and wish.token.endswith(LOSES_ANSWERS):
            raise NoAnswer("The line went dead.")
        if told.sentence:
            code = CODES.get(wish.token.removeprefix("saved_"), "")
            return CardAnswer(is_done=False, sentence=told.sentence, code=code, brand=brand, last4=last4)
        return CardAnswer(
            is_done=True,
            ref=told.ref,
            brand=brand,
            last4=last4,
            expires=expires,
            approval=told.ref[-6:],
            token=f"saved_{wish.token.removeprefix('saved_')}"
            if wish.keeps_card or wish.verb == "save"
            else "",
            capture_before=self.by.now + HOLD_LASTS if wish.verb == "authorize" else None,
        )
