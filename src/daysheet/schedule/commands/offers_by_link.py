"""A patient answers an offered time by the link in its message: the birth date, a yes or no, a call."""

from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.live import announce
from daysheet.mailroom import commands as mailroom
from daysheet.schedule.commands.offer_messages import _ask_the_desk_to_call, _silence
from daysheet.schedule.commands.offering import OfferIsOver
from daysheet.schedule.models import OfferMessage, SlotOffer, WaitlistEntry
from daysheet.schedule.requesting import MOST_MISSES


@command(needs=Can.BOOK_APPOINTMENT)
def know_offered(by: Actor, /, *, offer_id: UUID, born_on: date) -> bool:
    """Return whether a birth date is that of whoever was written to about a time; the third wrong one ends the link.

    Who is right has seen the offer. Raises OfferIsOver.
    """
    offer, message = _held(offer_id)
    if offer.patient.born_on == born_on:
        OfferMessage.objects.filter(pk=message.pk).update(misses=0)
        if offer.answer in ("ready", "pending"):
            SlotOffer.objects.filter(pk=offer.pk).update(answer="viewed")
        record(by, "schedule.offer.opened", offer)
        announce(by.practice_id, "waitlist")
        return True
    misses = message.misses + 1
    OfferMessage.objects.filter(pk=message.pk).update(misses=misses)
    if misses >= MOST_MISSES:
        if message.link is not None and message.link.is_live(by.now):
            mailroom.revoke_link(by, link_id=message.link.pk)
        if offer.is_live:  # it went to a wrong address, or somebody guesses: the desk calls
            SlotOffer.objects.filter(pk=offer.pk).update(answer="ready")
    record(by, "schedule.offer.missed", offer, misses=misses)
    announce(by.practice_id, "waitlist")
    return False


@command(needs=Can.BOOK_APPOINTMENT)
def ask_call_about_offer(by: Actor, /, *, offer_id: UUID) -> SlotOffer:
    """Put before the desk that who was asked about a time wants to be called; the offer stands on. Raises OfferIsOver."""
    offer, message = _held(offer_id)
    if not offer.is_live or offer.expires_at <= by.now:
        raise OfferIsOver(_("This offer is over."))
    _want_a_call(by, offer, message, _("Asks for a call about a free time that was offered."))
    return offer


@command(needs=Can.BOOK_APPOINTMENT)
def note_yes_without_booking(by: Actor, /, *, offer_id: UUID) -> SlotOffer:
    """Note a yes that could not be booked: the patient goes on waiting, and the desk calls. Raises OfferIsOver."""
    offer, _message = _held(offer_id)
    if not offer.is_live or offer.expires_at <= by.now:
        raise OfferIsOver(_("This offer is over."))
    _silence(by, [offer.pk])
    offer.answer, offer.answered_at, offer.answered_by = "accepted_failed", by.now, by.name
    offer.save(update_fields=["answer", "answered_at", "answered_by"])
    WaitlistEntry.objects.filter(pk=offer.entry_id, state="offered").update(state="waiting")
    said = _(
        "Said yes to a free time by the link, but it could not be booked. See what is against it, then call."
    )
    _ask_the_desk_to_call(by, offer, "OFFER-FAILED", said)
    record(by, "schedule.offer.answered", offer, patients=[offer.patient_id], answer="accepted_failed")
    announce(by.practice_id, "waitlist")
    return offer


def _want_a_call(
    by: Actor, offer: SlotOffer, message: OfferMessage, sentence: str, *, wrote: str = ""
) -> None:
    """Note on the offer, and on the work list, that its patient is to be called about it; `wrote` is what came back."""
    asks: dict[str, Any] = {"asks_call_at": message.asks_call_at or by.now}
    if wrote:
        asks["wrote"] = wrote
    OfferMessage.objects.filter(pk=message.pk).update(**asks)
    _ask_the_desk_to_call(by, offer, "OFFER-CALL", sentence)
    record(by, "schedule.offer.call-wanted", offer)
    announce(by.practice_id, "waitlist")


def _held(offer_id: UUID) -> tuple[SlotOffer, OfferMessage]:
    """Return an offer with its message, held until the commit.

    Raises OfferIsOver.
    """
    offer = (
        SlotOffer.objects.select_for_update(of=("self",))
        .select_related("patient")
        .filter(pk=offer_id)
        .first()
    )
    message = OfferMessage.objects.select_related("link").filter(offer_id=offer_id).first()
    if offer is None or message is None:
        raise OfferIsOver(_("That offer is not on the books."))
    return offer, message
