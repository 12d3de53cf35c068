"""The test telephone: a message is laid into it and can be answered; nothing leaves the house.

A company that sends real messages is another transport beside this one, with the same two ends:
an envelope of kind `sms` or `voice` goes out, an envelope of kind `sms-reply` or `voice-reply` comes in.
"""

from daysheet.kernel.models import Practice
from daysheet.mailroom import texts
from daysheet.mailroom.models import Envelope
from daysheet.mailroom.transports import NotDelivered, StaysHere

NO_SUCH_NUMBER = "0199"
"""A number that ends so is not in service: for tests of what happens then, and for lessons."""


def send(practice: Practice, envelope: Envelope) -> str:
    """Lay the message into the telephone; an office that is none of play has no such telephone."""
    if not (practice.is_demo or practice.is_training):
        raise StaysHere("Kept here: this office has no company that sends messages.")
    if texts.unpacked(bytes(envelope.content)).to.endswith(NO_SUCH_NUMBER):
        raise NotDelivered("The number is not in service.")
    return "Laid into the test telephone."
