"""What a booking means for the offers of its time: they are gone, and who was asked waits again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from daysheet.kernel.access import Actor
from daysheet.kernel.audit import record
from daysheet.kernel.live import announce
from daysheet.kernel.ready import Ready, Told
from daysheet.mailroom import commands as mailroom
from daysheet.schedule import offers_out
from daysheet.schedule.commands.offer_messages import _ask_the_desk_to_call, _silence
from daysheet.schedule.matching import LIVE
from daysheet.schedule.models import Absence, Appointment, Closing, OfferMessage, SlotOffer, WaitlistEntry
from daysheet.schedule.requesting import MOST_MISSES
from daysheet.schedule.rules import HOLDING


def _let_offers_go(by: Actor, appointment: Appointment) -> None:
    """Close the offers of the time that has just been promised. One statement while there are none.

    Who was asked about this very visit and is now booked for it has said yes. Who books holds the turn of the
    clinician, so the offers are locked in one order only.
    """
    live = _live_offers(appointment.provider_id, appointment.starts_at, appointment.ends_at)
    for one in live:
        if _is_its_yes(one, appointment):
            _note_yes(by, one, appointment)
    lost = [one for one in live if not _is_its_yes(one, appointment)]
    if not lost:
        return
    SlotOffer.objects.filter(id__in=[one.id for one in lost]).update(
        answer="slot_gone", answered_at=by.now, answered_by=by.name
    )
    WaitlistEntry.objects.filter(id__in=[one.entry_id for one in lost], state="offered").update(
        state="waiting"
    )
    _silence(by, [one.id for one in lost])
    record(by, "schedule.offers.gone", appointment, patients=[one.patient_id for one in lost])
    announce(by.practice_id, "waitlist")


def _end_offers(by: Actor, live: Sequence[SlotOffer]) -> None:
    """End offers to which nobody has said anything: who was asked waits on, and is not said to have declined.

    Who ends them holds them.
    """
    if not live:
        return
    ids = [one.id for one in live]
    SlotOffer.objects.filter(id__in=ids).update(answer="expired", answered_at=by.now, answered_by=by.name)
    _silence(by, ids)
    asked = WaitlistEntry.objects.filter(id__in=[one.entry_id for one in live], state="offered")
    asked.update(state="waiting")


def _end_offers_in(by: Actor, away: Absence) -> None:
    """End the offers of a time that was taken off the book. One statement while there are none."""
    ended = list(_offers_in(away).filter(answer__in=LIVE).select_for_update(of=("self",)).order_by("id"))
    if ended:
        _end_offers(by, ended)
        record(by, "schedule.offers.ended", away, patients=[one.patient_id for one in ended])
        announce(by.practice_id, "waitlist")


def _offers_in(away: Absence | Closing) -> QuerySet[SlotOffer]:
    """Return the offers of a time that is taken off the book, or was."""
    rows = SlotOffer.objects.filter(starts_at__lt=away.ends_at, ends_at__gt=away.starts_at)
    if away.provider_id:
        rows = rows.filter(provider_id=away.provider_id)
    if away.location_id:
        rows = rows.filter(location_id=away.location_id)
    return rows


def _end_offers_not_before(by: Actor, booked: Appointment) -> None:
    """End what is offered to those who wait for an earlier time than a visit, where it would be none.

    What somebody else holds at this moment is being answered or ended there.
    """
    rows = SlotOffer.objects.filter(
        answer__in=LIVE, entry__moves=booked, starts_at__gte=booked.starts_at
    ).order_by("id")
    ended = list(rows.select_for_update(of=("self",), skip_locked=True))
    _end_offers(by, ended)
    if ended:
        record(by, "schedule.offers.ended", booked, patients=[one.patient_id for one in ended])


def _is_its_yes(offer: SlotOffer, booked: Appointment) -> bool:
    """Return whether a booking is what an offer was about: the patient, the kind of visit, the time, the door."""
    asked = (offer.patient_id, offer.entry.type_id, offer.starts_at, offer.location_id)
    return asked == (booked.patient_id, booked.type_id, booked.starts_at, booked.location_id)


def _note_yes(by: Actor, offer: SlotOffer, booked: Appointment) -> None:
    """Note that who was asked is booked for that very time, by another way than by saying yes."""
    SlotOffer.objects.filter(id=offer.id).update(answer="accepted", answered_at=by.now, answered_by=by.name)
    WaitlistEntry.objects.filter(id=offer.entry_id).update(
        state="booked", booked_as=booked, closed_because="", version=F("version") + 1
    )
    _silence(by, [offer.id])
    record(by, "schedule.offer.answered", offer, patients=[offer.patient_id], answer="accepted")
    announce(by.practice_id, "waitlist")


def _wait_for_earlier(by: Actor, booked: Appointment, was: Appointment | None) -> None:
    """Let a patient who is booked for the kind of visit waited for wait on for an earlier time alone.

    `was` is the one that was moved: within its kind nobody begins to wait with it. What waits with a visit that still
    stands goes on waiting with that one.
    """
    if was is not None and was.type_id == booked.type_id:
        return
    found = WAITING_ALONE(patient=booked.patient_id, type=booked.type_id)
    if found:
        WaitlistEntry.objects.filter(pk__in=[one.pk for one in found]).update(moves=booked)
        _end_offers_not_before(by, booked)
        announce(by.practice_id, "waitlist")


WAITING_ALONE: Ready[WaitlistEntry] = Ready(
    lambda: (
        WaitlistEntry.objects.select_for_update(of=("self",))
        .filter(patient_id=Told("patient"), type_id=Told("type"), state__in=("waiting", "offered"))
        .exclude(moves__booking__in=HOLDING)
        .order_by("id")
    )
)
"""The wishes of a patient for a kind of visit that no standing visit waits beside, locked."""


def _live_offers(provider_id: UUID, starts_at: datetime, ends_at: datetime) -> list[SlotOffer]:
    """Return the offers of a time that may still be taken, locked in the one order that all keep."""
    return LIVE_OFFERS(provider=provider_id, since=starts_at, until=ends_at)


LIVE_OFFERS: Ready[SlotOffer] = Ready(
    lambda: (
        SlotOffer.objects.select_for_update(of=("self",))
        .select_related("entry")
        .filter(
            provider_id=Told("provider"),
            answer__in=LIVE,
            starts_at__lt=Told("until"),
            ends_at__gt=Told("since"),
        )
        .order_by("id")
    )
)


def _ask_again(by: Actor, appointment: Appointment) -> None:
    """A booking that came of an offer was taken back: its offer is open again, and the patient is being asked.

    Who was put on the list anew meanwhile waits there.
    """
    rows = WaitlistEntry.objects.select_for_update(of=("self",)).select_related("moves")
    entry = rows.filter(booked_as=appointment).first()
    if entry is None:
        return
    same = {"patient_id": entry.patient_id, "type_id": entry.type_id}
    waits_anew = WaitlistEntry.objects.filter(**same, state__in=("waiting", "offered")).exists()
    offer = SlotOffer.objects.filter(entry=entry, answer="accepted").order_by("-answered_at").first()
    is_open = offer is not None and offer.expires_at > by.now and not waits_anew and _is_earlier(offer, entry)
    if offer is not None:
        lost = _open_lost_offers(by, offer)
        offer.answer, offer.answered_by = ("ready" if is_open else "accepted_failed"), by.name
        offer.answered_at = None if is_open else by.now
        offer.save(update_fields=["answer", "answered_at", "answered_by"])
        _reach_again(by, [offer, *lost], won=offer)
    entry.state, entry.booked_as = ("offered" if is_open else "waiting"), None
    if waits_anew:
        entry.state, entry.closed_because = "withdrawn", _("Waits for this kind of visit anew")
    entry.version += 1
    entry.save(update_fields=["state", "closed_because", "booked_as", "version"])
    record(by, "schedule.waitlist.waits-again", entry, anew=waits_anew)
    announce(by.practice_id, "waitlist")


def _open_lost_offers(by: Actor, won: SlotOffer) -> list[SlotOffer]:
    """Ask again those who lost the time to the yes that is taken back, where they wait still; return their offers."""
    lost = SlotOffer.objects.filter(
        freed_by_id=won.freed_by_id, answer="slot_gone", answered_at=won.answered_at, expires_at__gt=by.now
    )
    rows = WaitlistEntry.objects.select_for_update(of=("self",)).select_related("moves")
    waiting = {
        one.id: one for one in rows.filter(id__in=lost.values("entry_id"), state="waiting").order_by("id")
    }
    open_again = [one for one in lost if one.entry_id in waiting and _is_earlier(one, waiting[one.entry_id])]
    again = [one.id for one in open_again]
    SlotOffer.objects.filter(id__in=again).update(answer="ready", answered_at=None, answered_by="")
    WaitlistEntry.objects.filter(id__in=[one.entry_id for one in open_again]).update(state="offered")
    return list(SlotOffer.objects.filter(id__in=again).order_by("id"))


def _is_earlier(offer: SlotOffer, entry: WaitlistEntry) -> bool:
    """Return whether an offer is still of use: before the visit that a yes would give up, where there is one."""
    gives_up = entry.moves
    return gives_up is None or gives_up.booking != "scheduled" or offer.starts_at < gives_up.starts_at


def _reach_again(
    by: Actor, every: Sequence[SlotOffer], *, won: SlotOffer | None = None, said: str = ""
) -> None:
    """Let the links of offers that stand again open their page where the message has left; the desk calls the others.

    Who said yes believes to be booked, and is called in any case. Where nobody is written to, the desk knows. `said` is
    why the desk calls.
    """
    said = said or _("A free time that was gone is free again. Call who was asked about it.")
    rows = OfferMessage.objects.filter(offer__in=every).select_related("link", "envelope")
    written = {one.offer_id: one for one in rows.defer("envelope__content")}
    is_on = offers_out.is_on(offers_out.sending())
    for one in every:
        message = written.get(one.pk)
        holds = message is not None and _holds_again(by, message)
        if holds:
            SlotOffer.objects.filter(pk=one.pk, answer="ready").update(answer="pending")
        is_won = won is not None and one.pk == won.pk
        why = _("Said yes to a free time, and the booking was taken back. Call and say what holds now.")
        if (message is not None or is_on) and (is_won or not holds):
            _ask_the_desk_to_call(by, one, "OFFER-UNDONE", why if is_won else said)


def _holds_again(by: Actor, message: OfferMessage) -> bool:
    """Return whether the link of a message opens its page again: it has left, and nobody guessed at it."""
    link = message.link
    if link is None or link.used_at is not None or link.expires_at <= by.now:
        return False
    if message.envelope.state not in offers_out.REACHED or message.misses >= MOST_MISSES:
        return False
    if not link.is_live(by.now):
        mailroom.let_link_hold_again(by, link_id=link.pk)
    return True


def _wait_with(by: Actor, old: Appointment, new: Appointment) -> None:
    """Let who waits for an earlier time than an appointment go on waiting with the one it was moved to."""
    if _waiting_with(old).update(moves=new):
        _end_offers_not_before(by, new)


def _wait_as_before(gone: Appointment, old: Appointment | None) -> None:
    """Let who waits with a booking that is taken back wait with what was moved to it; without one, for any time.

    Who waited for the kind of visit that the move made of it began to wait with it then, and waits alone again.
    """
    rows = _waiting_with(gone)
    if old is not None and old.type_id != gone.type_id:
        rows.filter(type_id=gone.type_id).update(moves=None)
    rows.update(moves=old)


def _waiting_with(booked: Appointment) -> QuerySet[WaitlistEntry]:
    return WaitlistEntry.objects.filter(moves=booked, state__in=("waiting", "offered"))
