"""A patient answers an offered time by the link in its message: the birth date, a yes or no, a call."""

from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.clock import local_day
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.mailroom import commands as mailroom
from daysheet.patients import alerts
from daysheet.schedule import queries
from daysheet.schedule.commands.offer_messages import _ask_the_desk_to_call, _silence
from daysheet.schedule.commands.offering import OfferIsOver, _answer
from daysheet.schedule.models import Appointment, OfferMessage, SlotOffer, WaitlistEntry
from daysheet.schedule.requesting import MOST_MISSES

BOOKED_BY_LINK = ("active", "prospective")
"""Charts of whom a yes is booked without the desk."""


class NotByLink(Refusal):
    """The desk has to look before this yes is booked."""


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
            said = _("The link to a free time was tried with wrong birth dates. Check the number, then call.")
            _ask_the_desk_to_call(by, offer, "OFFER-MISSED", said)
    record(by, "schedule.offer.missed", offer, misses=misses)
    announce(by.practice_id, "waitlist")
    return False


@command(needs=Can.BOOK_APPOINTMENT)
def answer_by_link(
    by: Actor, /, *, offer_id: UUID, answer: str, takes_place_of: UUID | None = None
) -> SlotOffer:
    """Note what a patient says to an offer by the link; return the offer. A yes is booked as far as nobody has to look.

    `takes_place_of` is the visit that the page said would be given up. Raises StaleForm when it is another one by now;
    NotByLink outside the hours or in an absence, for a chart that is not active, and where an alert must be read
    first; and what answer_offer raises.
    """
    return _answer(by, offer_id, answer, mind=partial(_mind_the_link, by, takes_place_of))


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


def _mind_the_link(
    by: Actor,
    takes_place_of: UUID | None,
    offer: SlotOffer,
    entry: WaitlistEntry,
    moves: Appointment | None,
) -> None:
    """Refuse a yes that a person would not simply book: behind a link acts one who may do all."""
    gives_up = moves.pk if moves is not None and moves.booking == "scheduled" else None
    if gives_up != takes_place_of:
        raise StaleForm(
            _("The visit of this patient was booked or moved meanwhile. Look again, then answer.")
        )
    day = local_day(offer.starts_at, offer.location.zone)
    where: dict[str, Any] = {"provider_id": offer.provider_id, "location_id": offer.location_id}
    where |= {"starts_at": offer.starts_at, "ends_at": offer.ends_at}
    said = alerts.read_out(by, entry.patient, "book", today=local_day(by.now, offer.location.zone))
    if (
        queries.is_away(**where)
        or not queries.is_within_hours(day=day, **where)
        or entry.patient.status not in BOOKED_BY_LINK
        or any(one.alert.must_confirm for one in said.lines)
    ):
        raise NotByLink(_("The desk has to look at this before it is booked."))


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
