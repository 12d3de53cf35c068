"""A card company within the house, for training, demonstration and tests: its cards are names with a fate."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from daysheet.kernel.access import Actor
from daysheet.kernel.tenancy import acting_in
from daysheet.ledger import commands, queries
from daysheet.ledger.cardgate import CardAnswer, CardWish, NoAnswer
from daysheet.ledger.cardgate.practice_cards import CARDS, CODES, LOSES_ANSWERS, RED_BUTTON
from daysheet.ledger.cardgate.practice_page import practice_page

HOLD_LASTS = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Loopback:
    """The company: it remembers what it was asked by key, as the real ones do."""

    by: Actor

    def ask(self, wish: CardWish) -> CardAnswer:
        """Answer; one card's first answer is lost on its way, and found when asked again."""
        if wish.verb == "look":
            return self._look(wish)
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
            page_url=practice_page(self.by.practice_id, wish.key) if wish.page else "",
            brand=brand,
            last4=last4,
            expires=expires,
            approval=told.ref[-6:],
            token=f"saved_{wish.token.removeprefix('saved_')}"
            if wish.keeps_card or wish.verb == "save"
            else "",
            capture_before=self.by.now + HOLD_LASTS if wish.verb == "authorize" else None,
        )

    def _look(self, wish: CardWish) -> CardAnswer:
        """Return what the practice terminal has been shown."""
        with acting_in(self.by.practice_id), transaction.atomic():
            shown = queries.shown_at_terminal(wish.ref)
        if not shown:
            return CardAnswer(is_done=False, outcome="waiting")
        if shown == RED_BUTTON:
            return CardAnswer(
                is_done=False, ref=wish.ref, outcome="cancelled", sentence="Cancelled at the terminal."
            )
        brand, last4, expires, no = CARDS[shown]
        if no:
            code = CODES.get(shown, "")
            return CardAnswer(is_done=False, ref=wish.ref, sentence=no, code=code, brand=brand, last4=last4)
        told = commands.remember_card_wish(
            self.by, key=f"{wish.ref}:read", verb="look", amount=wish.amount, ref=wish.ref, sentence=""
        )
        if told.is_first and shown == LOSES_ANSWERS:
            raise NoAnswer("The line went dead.")
        return CardAnswer(
            is_done=True,
            ref=wish.ref,
            brand=brand,
            last4=last4,
            expires=expires,
            approval=wish.ref[-6:],
            capture_before=self.by.now + HOLD_LASTS,
            read_by="" if wish.page else "contactless_emv",
            application="" if wish.page else f"Practice {brand}",
        )
