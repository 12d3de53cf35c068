"""Offers that go by themselves, batch after batch; what became of the messages; an offer taken back in time."""

from uuid import UUID

from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command
from daysheet.kernel.errors import Refusal
from daysheet.kernel.live import announce
from daysheet.mailroom import queries as mail
from daysheet.schedule import offers_out
from daysheet.schedule.commands.offer_messages import _ask_the_desk_to_call, _silence
from daysheet.schedule.commands.offering import BatchIsOut, NobodyFits, OfferIsOver, SlotNotFree, _ask_next
from daysheet.schedule.models import Appointment, OfferMessage, OfferSending, SlotOffer, WaitlistEntry


class HasLeft(Refusal):
    """The message about the offer has left: what the patient answers counts."""


@command(needs=Can.BOOK_APPOINTMENT)
def offer_by_itself(by: Actor, /, *, freed_by_id: UUID) -> list[SlotOffer]:
    """Offer a freed time to the next batch where the office lets it go by itself; return whom it asked.

    Nothing is done, however often it runs, while a batch has its time, once the time is taken, or when nobody fits.
    """
    given_up = Appointment.objects.select_related("location").filter(pk=freed_by_id).first()
    made: list[SlotOffer] = []
    if given_up is not None and offers_out.goes_now(offers_out.sending(), by.now, given_up.location):
        try:
            made = _ask_next(by, freed_by_id, None)
        except (SlotNotFree, BatchIsOut, NobodyFits):
            made = []
    written = set(OfferMessage.objects.filter(offer__in=made).values_list("offer_id", flat=True))
    for one in made:  # nobody pressed, so nobody would know
        if one.pk not in written:
            said = _("Call about a free time: this patient waits and cannot be written to.")
            _ask_the_desk_to_call(by, one, "OFFER-NO-WAY", said)
    if not made:
        record(by, "schedule.slot.left-alone", freed_by=str(freed_by_id))
    return made


@command(needs=Can.BOOK_APPOINTMENT)
def follow_offer_messages(by: Actor, /) -> tuple[int, int]:
    """Note which messages about offers have been handed over, and which came back; return how many of each.

    Whose message came back goes on waiting: the next who fit are asked.
    """
    rows = list(offers_out.to_follow().select_for_update(of=("self",)).order_by("id"))
    envelopes = dict(OfferMessage.objects.filter(offer__in=rows).values_list("offer_id", "envelope__state"))
    handed = [one for one in rows if envelopes[one.pk] in offers_out.REACHED]
    back = [one for one in rows if envelopes[one.pk] not in offers_out.REACHED]
    SlotOffer.objects.filter(id__in=[one.pk for one in handed]).update(answer="pending")
    _silence(by, [one.pk for one in back])
    SlotOffer.objects.filter(id__in=[one.pk for one in back]).update(
        answer="failed", answered_at=by.now, answered_by=by.name
    )
    WaitlistEntry.objects.filter(id__in=[one.entry_id for one in back], state="offered").update(
        state="waiting"
    )
    record(
        by,
        "schedule.offers.followed",
        patients=[one.patient_id for one in rows],
        handed=len(handed),
        back=len(back),
    )
    announce(by.practice_id, "waitlist")
    return len(handed), len(back)


@command(needs=Can.BOOK_APPOINTMENT)
def take_offer_back(by: Actor, /, *, offer_id: UUID) -> WaitlistEntry:
    """Take an offer back whose message has not left, as if nobody had been asked; return who waits on.

    Raises HasLeft, or OfferIsOver. Where offers go by themselves the same patient would be asked again at once.
    """
    offer = SlotOffer.objects.select_for_update(of=("self",)).filter(pk=offer_id).first()
    message = OfferMessage.objects.filter(offer_id=offer_id).first()
    if offer is None or message is None or not offer.is_live:
        raise OfferIsOver(_("This offer is over."))
    kept = offers_out.sending()
    if kept is not None and kept.mode == OfferSending.Mode.ITSELF:
        raise Refusal(
            _("Offers go by themselves here, so it would go again. Book the time, or switch that off.")
        )
    if not mail.those_that_wait([message.envelope_id]):
        raise HasLeft(_("The message has left already. Note what the patient says."))
    _silence(by, [offer.pk])
    WaitlistEntry.objects.filter(pk=offer.entry_id, state="offered").update(state="waiting")
    entry = WaitlistEntry.objects.get(pk=offer.entry_id)
    record(by, "schedule.offer.taken-back", entry, offer=str(offer.pk))
    message.delete()
    offer.delete()
    announce(by.practice_id, "waitlist")
    return entry
