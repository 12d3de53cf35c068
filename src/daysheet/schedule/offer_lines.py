"""Offers of freed times in words for the desk: what went out by which way, how it went, what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from daysheet.mailroom.models import Envelope
from daysheet.schedule.matching import LIVE
from daysheet.schedule.models import OfferMessage, SlotOffer
from daysheet.schedule.reminder_lines import WAYS, Mark, carried
from daysheet.schedule.showing import TONES, Against, say_held


@dataclass(frozen=True, slots=True)
class OfferLine:
    """An offer as it is shown: what was said, and whether an answer may still be noted."""

    offer: SlotOffer
    tone: str
    word: str
    is_live: bool
    phone: str
    held: Sequence[str] = ()
    """What stands against simply booking the patient, in words."""
    sent: str = ""
    """By which way it was written, and how that went; empty where nobody wrote."""
    envelope_id: UUID | None = None
    """Its message in the mailroom, with the proof."""
    may_stop: bool = False
    """The message has not left."""
    wrote: str = ""
    """What the patient wrote back."""


def offer_lines(
    offers: Sequence[SlotOffer],
    phones: Mapping[UUID, str],
    held: Against,
    now: datetime,
    *,
    zone: ZoneInfo,
    by_themselves: bool = False,
) -> list[OfferLine]:
    """Return offers as they are shown; one whose time has run out is said to be so before a job notes it."""
    lines = []
    for one in offers:
        ran_out = one.is_live and one.expires_at <= now
        answer = "expired" if ran_out else one.answer
        message = _message(one)
        tone, word = _said(answer, message)
        waits = message is not None and message.envelope.can_be_stopped
        lines.append(
            OfferLine(
                one,
                tone,
                word,
                answer in LIVE,
                phones.get(one.patient_id, ""),
                say_held(held, one.patient_id),
                sent_words(one, zone),
                message.envelope_id if message else None,
                answer in LIVE and waits and not by_themselves,
                message.wrote if message else "",
            )
        )
    return lines


def sent_words(offer: SlotOffer, zone: ZoneInfo) -> str:
    """Return by which way an offer was written and how that went: Text message: Sent Mar 9, 10:03 am."""
    message = _message(offer)
    if message is None:
        return ""
    return f"{WAYS.get(message.channel, message.channel)}: {carried(message.envelope, zone)[1]}"


def _message(offer: SlotOffer) -> OfferMessage | None:
    return getattr(offer, "message", None)


def _said(answer: str, message: OfferMessage | None) -> Mark:
    """Return a tone and what was said; where a message went, in words that fit one."""
    if message is not None and answer in LIVE:
        if message.asks_call_at is not None:
            return ("attention", _("Asks for a call"))
        if answer == "ready" and message.envelope.state == Envelope.State.QUEUED:
            return ("active", _("Message on its way"))
    if message is not None and answer in ("pending", "viewed", "failed"):
        words = {
            "pending": _("Message sent"),
            "viewed": _("Opened the message"),
            "failed": _("Message did not arrive"),
        }
        return (TONES[answer], words[answer])
    return (TONES[answer], str(SlotOffer.Answer(answer).label))
