"""The way to the company that moves money by card: what is asked of it, what it answers, and which company it is.

No card number is ever seen here: a card is a token that the company gave, with its brand, last four digits and expiry.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, Protocol

Verb = Literal["authorize", "capture", "cancel", "refund", "save", "present", "look", "stop"]
"""The last three are of a terminal or the company's page: it asks for the card, is looked at while it waits, stops."""
Outcome = Literal["", "waiting", "cancelled", "timed_out"]


class NoAnswer(Exception):
    """The company has not answered: what was asked may have been done or not. Ask again with the same key."""


@dataclass(frozen=True, slots=True)
class CardWish:
    """What is asked of the company. The same key is done once, however often it is asked."""

    verb: Verb
    key: str
    amount: Decimal
    token: str = ""
    """The card: a token for one time, or of a saved one."""
    ref: str = ""
    """The company's own id of what was authorized before."""
    keeps_card: bool = False
    reader: str = ""
    """The terminal, by the company's own id."""
    page: bool = False
    """Whether the card is typed on the company's own page: no number meets us."""
    back: str = ""
    """Where that page leads back to."""
    began: str = ""
    """The key of the asking that is stopped, where its answer was never heard."""


@dataclass(frozen=True, slots=True)
class CardAnswer:
    """What the company said: done or declined, its own id, and what may be kept of the card."""

    is_done: bool
    ref: str = ""
    sentence: str = ""
    code: str = ""
    """Why it was declined, in the company's short word; the desk reads what to do next."""
    brand: str = ""
    last4: str = ""
    expires: str = ""
    approval: str = ""
    token: str = ""
    """The saved card, where one was to be kept."""
    capture_before: datetime | None = None
    page_url: str = ""
    """The company's own page on which the card is typed."""
    outcome: Outcome = ""
    """What a terminal came to where the card was neither taken nor declined."""
    read_by: str = ""
    """How a terminal read the card, in the company's word."""
    application: str = ""
    """What the chip calls itself, and its id, as a receipt shows them."""


class CardGateway(Protocol):
    """A company that moves money by card."""

    def ask(self, wish: CardWish) -> CardAnswer:
        """Do what is wished, once for its key. Raises NoAnswer."""
        ...
