"""Offers that were ended and hold again: their time is back on the book, or who was asked waits after all."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from daysheet.kernel.access import Actor
from daysheet.kernel.audit import record
from daysheet.kernel.live import announce
from daysheet.schedule import waitlist
from daysheet.schedule.commands.booking import _take_turns_of
from daysheet.schedule.commands.offers_gone import _offers_in, _reach_again
from daysheet.schedule.matching import BATCH
from daysheet.schedule.models import Absence, Appointment, Closing, SlotOffer, WaitlistEntry

Time = tuple[UUID, datetime, datetime]


def _offer_again_in(by: Actor, back: Absence | Closing) -> None:
    """Open the offers of a time that is back on the book; one statement while there are none."""
    _open_again(by, _hold_ended(by, _offers_in(back)))


def _hold_ended(by: Actor, rows: QuerySet[SlotOffer]) -> list[SlotOffer]:
    """Return those of some offers that were ended before they ran out, to which nobody has said anything.

    The turns of their clinicians are held, then they: so does every booking, and what is free stays so.
    """
    ended = rows.filter(answer="expired", expires_at__gt=by.now)
    whose = set(ended.values_list("provider_id", flat=True))
    if not whose:
        return []
    _take_turns_of(whose, ())
    held = ended.select_for_update(of=("self",)).select_related("freed_by__location")
    return list(held.order_by("id"))


def _open_again(by: Actor, ended: Sequence[SlotOffer], said: str = "") -> None:
    """Open offers that are held and of use still, one for whoever waits; what is left of their time stays as it was.

    Of use is one whose time is free and suits who waits, while fewer than a batch are asked about it. `said` is what
    the desk reads where it has to call.
    """
    whom = {one.entry_id for one in ended}
    rows = WaitlistEntry.objects.select_for_update(of=("self",)).filter(id__in=whom, state="waiting")
    waiting = set(rows.order_by("id").values_list("id", flat=True)) if ended else set()
    if not waiting:
        return
    slots = _free(by, [one.freed_by for one in ended])
    fits = waitlist.fitting(slots, by.now, again={one.pk for one in ended})
    suits = {(pk, one.wish.id, one.starts_at, one.ends_at) for pk, found in fits.items() for one in found}
    live = [one for one in waitlist.offers_meeting(slots) if one.is_live] if slots else []
    opened: list[SlotOffer] = []
    for one in sorted(ended, key=lambda one: (one.answered_at or by.now, one.pk), reverse=True):
        asked = sum(waitlist.is_same_time(other, one.freed_by) for other in (*live, *opened))
        is_wanted = (one.freed_by_id, one.entry_id, one.starts_at, one.ends_at) in suits
        if one.entry_id in waiting and is_wanted and asked < BATCH:
            waiting.discard(one.entry_id)
            opened.append(one)
    if not opened:
        return
    ids = [one.pk for one in opened]
    SlotOffer.objects.filter(id__in=ids).update(answer="ready", answered_at=None, answered_by="")
    WaitlistEntry.objects.filter(id__in=[one.entry_id for one in opened]).update(state="offered")
    _reach_again(by, list(SlotOffer.objects.filter(id__in=ids).order_by("id")), said=said)
    record(by, "schedule.offers.open-again", patients=[one.patient_id for one in opened], offers=len(opened))
    announce(by.practice_id, "waitlist")


def _free(by: Actor, given_up: Sequence[Appointment]) -> list[Appointment]:
    """Return those of some appointments whose time is free and may be offered, each once."""
    every = {one.pk: one for one in given_up}
    rows = waitlist.freed_appointments(by.now).filter(
        provider_id__in={one.provider_id for one in given_up},
        starts_at__in={one.starts_at for one in given_up},
    )
    free = {_time(one) for one in rows}
    slots = [one for one in every.values() if _time(one) in free]
    return slots if waitlist.may_ask_outside(by) else waitlist.within_hours(slots)


def _time(one: Appointment) -> Time:
    return one.provider_id, one.starts_at, one.ends_at
