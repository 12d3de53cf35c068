"""Offers of a freed time: the next who fit are asked, one wins, and no offer stands for ever."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.commands import command, refusing
from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.live import announce
from daysheet.schedule import offers_out, waitlist
from daysheet.schedule.commands.booking import _held, _take_turns, book_appointment, move_appointment
from daysheet.schedule.commands.offer_messages import _silence, _write_to
from daysheet.schedule.commands.offers_gone import _end_offers, _live_offers
from daysheet.schedule.commands.waiting import NotWaiting
from daysheet.schedule.matching import BATCH, LIVE, Match, next_batch, stands_until
from daysheet.schedule.models import Appointment, SlotOffer, WaitlistEntry
from daysheet.schedule.requests import also_needs

WAITS_ON = ("declined", "failed", "unable", "accepted_failed")
"""Answers after which the patient goes on waiting for another time."""
STOPS = {
    "declined_stop": gettext_lazy("Asks for no more calls"),
    "chose_another": gettext_lazy("Took another time"),
}
"""Answers that take the patient off the list, and why."""
BY_HAND = ("pending", "viewed", "accepted", *WAITS_ON, *STOPS)
NO_MORE = "declined_stop"
"""The answer that ends all that the patient waits for."""
Minds = Callable[[SlotOffer, WaitlistEntry, Appointment | None], None]
"""What looks at a yes before it is booked: the offer, the entry, the visit that would be moved."""


class SlotNotFree(Refusal):
    """The time is taken again, or has gone by."""


class BatchIsOut(Refusal):
    """As many as may be are asked about this time already; the next batch has to wait."""


class NobodyFits(Refusal):
    """Nobody who waits fits this time, or those who fit were asked before."""


class OfferIsOver(Refusal):
    """The offer was answered already, was taken by another, or its time has run out."""


@command(needs=Can.BOOK_APPOINTMENT)
def offer_slot(
    by: Actor, /, *, freed_by_id: UUID, entry_ids: Sequence[UUID] | None = None
) -> list[SlotOffer]:
    """Offer a freed time: to those who are named, or without names to the next batch in turn; return the offers.

    Where the office offers by message, who can be written to is. Raises SlotNotFree, BatchIsOut, or NobodyFits.
    """
    return _ask_next(by, freed_by_id, entry_ids)


@command(needs=Can.BOOK_APPOINTMENT)
def answer_offer(by: Actor, /, *, offer_id: UUID, answer: str, limit_reason: str = "") -> SlotOffer:
    """Note what the patient said. Who accepts is booked at once; an appointment that is to come earlier is moved.

    `limit_reason` is why one is booked who is not simply booked, or whom the kind of visit is not for.
    Raises OfferIsOver when another was quicker, StaleForm when the visit that is to come earlier was moved meanwhile,
    and what booking raises.
    """
    return _answer(by, offer_id, answer, limit_reason)


def _answer(
    by: Actor, offer_id: UUID, answer: str, limit_reason: str = "", *, mind: Minds | None = None
) -> SlotOffer:
    """Note an answer; `mind` looks at a yes while the turns are held, and may refuse it."""
    if answer not in BY_HAND:
        raise Refusal(_("That is not an answer a patient can give. Choose one of the list."))
    asked = SlotOffer.objects.select_related("entry").filter(id=offer_id).first()
    if asked is None:
        raise OfferIsOver(_("That offer is not on the books."))
    # The order of every booking: the old appointment, the turn of the clinician, the offers, the entry.
    moves = _held(asked.entry.moves_id, None) if asked.entry.moves_id else None
    _take_turns(asked.provider_id, asked.entry.patient_id, None)
    _hold_offers(asked, all_of_patient=answer == NO_MORE)
    offer = SlotOffer.objects.select_for_update(of=("self",)).get(id=offer_id)
    entry = WaitlistEntry.objects.select_for_update(of=("self",)).get(id=asked.entry_id)
    if entry.moves_id != asked.entry.moves_id:
        raise StaleForm(
            _("The visit of this patient was booked or moved meanwhile. Look again, then note the answer.")
        )
    if not offer.is_live or offer.expires_at <= by.now:
        raise OfferIsOver(_over(offer))
    if mind is not None and answer == "accepted":
        mind(offer, entry, moves)
    offer.answer, offer.answered_at, offer.answered_by = answer, by.now, by.name
    offer.save(update_fields=["answer", "answered_at", "answered_by"])
    if answer == "accepted":
        # Nobody waits from here on: else the booking would let the patient wait for an earlier time than this.
        WaitlistEntry.objects.filter(id=entry.id).update(state="booked")
        entry.booked_as = _book(by, offer, entry, moves, limit_reason)
        entry.state, entry.closed_because = "booked", ""
    elif answer in STOPS:
        entry.state, entry.closed_because = "withdrawn", str(STOPS[answer])
    elif answer in WAITS_ON:
        entry.state = "waiting"
    entry.version += 1
    entry.save(update_fields=["state", "closed_because", "booked_as", "version"])
    if answer not in LIVE:
        _silence(by, [offer.id])
    if answer == NO_MORE:
        _take_off_the_list(by, entry.patient_id)
    record(by, "schedule.offer.answered", offer, patients=[entry.patient_id], answer=answer)
    announce(by.practice_id, "waitlist")
    return offer


@command(needs=Can.BOOK_APPOINTMENT)
def expire_offers(by: Actor, /, *, today: date) -> tuple[int, int]:
    """Close what nobody has answered in time, and entries whose last day has gone by; say how many of each."""
    late = list(waitlist.expired_offers(by.now).select_for_update(of=("self",)).order_by("id"))
    _end_offers(by, late)
    outlived = list(waitlist.outlived_entries(today, by.now).select_for_update(of=("self",)).order_by("id"))
    WaitlistEntry.objects.filter(id__in=[one.id for one in outlived], state="waiting").update(
        state="expired", closed_because=_("The last day that suits, or the visit itself, has come")
    )
    patients = [one.patient_id for one in late] + [one.patient_id for one in outlived]
    record(by, "schedule.offers.expired", patients=patients, offers=len(late), entries=len(outlived))
    announce(by.practice_id, "waitlist")
    return len(late), len(outlived)


def _hold_offers(asked: SlotOffer, *, all_of_patient: bool) -> None:
    """Hold the offers of a time, and where they are meant all of its patient, in the one order that everybody keeps."""
    if not all_of_patient:
        _live_offers(asked.provider_id, asked.starts_at, asked.ends_at)
        return
    same = Q(provider_id=asked.provider_id, starts_at__lt=asked.ends_at, ends_at__gt=asked.starts_at)
    rows = SlotOffer.objects.filter(same | Q(patient_id=asked.patient_id), answer__in=LIVE)
    list(rows.select_for_update(of=("self",)).order_by("id"))


def _take_off_the_list(by: Actor, patient_id: UUID) -> None:
    """Let a patient who wants no more offers wait for nothing. Who does so holds the offers of the patient."""
    _end_offers(by, list(SlotOffer.objects.filter(patient_id=patient_id, answer__in=LIVE)))
    rows = WaitlistEntry.objects.select_for_update(of=("self",)).filter(
        patient_id=patient_id, state__in=waitlist.OPEN
    )
    left = list(rows.order_by("id"))
    WaitlistEntry.objects.filter(id__in=[one.id for one in left]).update(
        state="withdrawn", closed_because=str(STOPS[NO_MORE]), version=F("version") + 1
    )
    for one in left:
        record(by, "schedule.waitlist.withdrawn", one, answer=NO_MORE)


def _ask_next(by: Actor, freed_by_id: UUID, entry_ids: Sequence[UUID] | None) -> list[SlotOffer]:
    """Ask those who are named, or the next batch. Raises SlotNotFree, BatchIsOut, or NobodyFits."""
    given_up = Appointment.objects.select_related("location").filter(id=freed_by_id).first()
    if given_up is None:
        raise SlotNotFree(_("That time is not on the books."))
    _take_turns(given_up.provider_id, given_up.patient_id, None)
    if not waitlist.is_free_again(given_up, by.now):
        raise SlotNotFree(_("This time is taken again, or has gone by. Choose another one."))
    is_kept = bool(waitlist.within_hours([given_up]))
    if not is_kept and not waitlist.may_ask_outside(by):
        raise SlotNotFree(_("The clinician does not see patients there in this time any more."))
    kept = offers_out.sending()
    before = waitlist.asked_before(waitlist.offers_for(given_up))
    may_go = next_batch(before, now=by.now, interval=offers_out.interval(kept))
    if isinstance(may_go, datetime):
        at = may_go.astimezone(given_up.location.zone)
        when = f"{at.hour % 12 or 12}:{at:%M} {'am' if at.hour < 12 else 'pm'}"
        raise BatchIsOut(
            _("%(n)d people are asked already. Ask the next at %(when)s, or when all have answered.")
            % {"n": BATCH, "when": when}
        )
    batch, room = may_go
    found = waitlist.fitting([given_up], by.now)[given_up.id]
    if entry_ids is not None:
        found = [one for one in found if one.wish.id in set(entry_ids)]
        if len(found) > room:
            raise BatchIsOut(_("At most %(n)d people are asked together. Choose fewer.") % {"n": room})
    if not found:
        raise NobodyFits(_("Nobody is left to ask: who fits this time has been asked, or waits no more."))
    made = _ask(by, given_up, batch, _one_of_each(found)[:room])
    if (
        kept is not None and offers_out.is_on(kept) and is_kept
    ):  # by the link nobody is booked outside the hours
        _write_to(by, kept, made)
    record(
        by,
        "schedule.slot.offered",
        given_up,
        patients=[one.patient_id for one in made],
        batch=batch,
        offers=[str(one.id) for one in made],
    )
    announce(by.practice_id, "waitlist")
    return made


def _one_of_each(found: Sequence[Match]) -> list[Match]:
    """Return the first match of each patient: nobody is asked about one time for two kinds of visit."""
    return list({one.wish.patient_id: one for one in reversed(found)}.values())[::-1]


def _ask(by: Actor, given_up: Appointment, batch: int, found: Sequence[Match]) -> list[SlotOffer]:
    ids = [one.wish.id for one in found]
    locked = WaitlistEntry.objects.select_for_update(of=("self",)).filter(id__in=ids, state="waiting")
    entries = {one.id: one for one in locked.order_by("id")}
    offers = [
        SlotOffer(
            entry=entries[one.wish.id],
            patient_id=one.wish.patient_id,
            freed_by=given_up,
            provider_id=given_up.provider_id,
            location_id=given_up.location_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            batch=batch,
            offered_at=by.now,
            offered_by=by.name,
            expires_at=stands_until(one.starts_at, one.wish.notice, now=by.now),
        )
        for one in found
        if one.wish.id in entries
    ]
    if not offers:
        raise NotWaiting(_("This patient does not wait any more, or is being asked about another time."))
    twice = NobodyFits(_("This patient was asked about this time before. Nobody is asked twice."))
    with refusing(slot_is_offered_to_a_patient_once=twice, entry_is_offered_one_slot_at_a_time=twice):
        made = SlotOffer.objects.bulk_create(offers)
    WaitlistEntry.objects.filter(id__in=[one.entry_id for one in made]).update(state="offered")
    return made


def _book(
    by: Actor, offer: SlotOffer, entry: WaitlistEntry, moves: Appointment | None, limit_reason: str
) -> Appointment:
    """Promise the time; the other offers of it are gone with the booking itself.

    It takes the interpreter whom the patient needs; a visit that is moved takes along the one that it has.
    """
    outside = _("Offered to who waits")  # the page of the time says that the clinician sees nobody then
    if moves is not None and moves.booking == "scheduled":
        return move_appointment(
            by,
            appointment_id=moves.id,
            version=None,
            starts_at=offer.starts_at,
            provider_id=offer.provider_id,
            location_id=offer.location_id,
            type_id=entry.type_id,
            minutes=_minutes(offer),
            limit_reason=limit_reason,
            hours_reason=outside,
        )
    return book_appointment(
        by,
        patient_id=entry.patient_id,
        provider_id=offer.provider_id,
        location_id=offer.location_id,
        type_id=entry.type_id,
        starts_at=offer.starts_at,
        minutes=_minutes(offer),
        reason=entry.reason,
        also_needs=also_needs(entry.patient),
        limit_reason=limit_reason,
        hours_reason=outside,
    )


def _minutes(offer: SlotOffer) -> int:
    return int((offer.ends_at - offer.starts_at).total_seconds()) // 60


def _over(offer: SlotOffer) -> str:
    if offer.answer == "slot_gone":
        return _("Another patient has just taken this time. This one goes on waiting; offer the next time.")
    if offer.answer in LIVE:
        return _("This offer has run out. Offer the time again to somebody who has not been asked.")
    return _("This offer is already answered: %(answer)s.") % {"answer": offer.get_answer_display().lower()}
