"""Freed times on screen: which there are, who fits one, asking them, and what they said."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients import reading
from daysheet.schedule import commands, missed_fees, offers_out, queries, waitlist
from daysheet.schedule.commands.offering import BY_HAND
from daysheet.schedule.matching import BATCH, next_batch
from daysheet.schedule.models import Appointment, OfferSending, SlotOffer
from daysheet.schedule.offer_lines import offer_lines
from daysheet.schedule.showing import match_lines
from daysheet.schedule.wishes import YesForm
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen

PAGE, PIECE = "schedule/freed-time.html", "_freed_time.html"
MOST_MATCHES = 25


@screen(needs=Can.SEE_SCHEDULE)
def freed_times(request: Request) -> HttpResponse:
    """Show the times to come that were given up and are still free, with how many fit each."""
    rows = waitlist.freed(request.actor.now)
    record(request.actor, "schedule.freed-times.viewed", patients=[row.given_up.patient_id for row in rows])
    facts = {"rows": rows, "most": waitlist.MOST_FREED}
    return page(request, "schedule/freed-times.html", facts)


@screen(needs=Can.SEE_SCHEDULE)
def freed_time(request: Request, appointment_id: UUID) -> HttpResponse:
    """Show who fits a freed time, in the order of asking, and who was asked."""
    given_up = _given_up(appointment_id)
    facts = _facts(request, given_up)
    record(request.actor, "schedule.freed-time.viewed", given_up, patients=facts.pop("patients"))
    return page(request, PAGE, facts)


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def offer(request: Request, appointment_id: UUID) -> HttpResponse:
    """Ask one who fits, or the next in turn."""
    given_up = _given_up(appointment_id)
    one = read_id(request.POST.get("entry"))
    try:
        made = commands.offer_slot(request.actor, freed_by_id=given_up.id, entry_ids=[one] if one else None)
    except Refusal as no:
        return _refused(request, given_up, no)
    written = offers_out.count_written(made)
    said = _("To be called: %(n)d. Note what each says.") % {"n": len(made)}
    if written:
        facts = {"n": written, "rest": len(made) - written}
        said = _("Messages that leave in three minutes: %(n)d. To be called: %(rest)d.") % facts
    return _again(request, given_up, said)


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def take_back(request: Request, slot_offer_id: UUID) -> HttpResponse:
    """Take an offer back whose message has not left."""
    found = waitlist.offer(slot_offer_id)
    if found is None:
        raise Http404
    given_up = _given_up(found.freed_by_id)
    try:
        commands.take_offer_back(request.actor, offer_id=found.id)
    except Refusal as no:
        return _refused(request, given_up, no)
    return _again(request, given_up, _("Taken back. Nobody was written to."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def answer(request: Request, slot_offer_id: UUID) -> HttpResponse:
    """Note what somebody said to an offer; a yes books the time."""
    found = waitlist.offer(slot_offer_id)
    if found is None:
        raise Http404
    given_up = _given_up(found.freed_by_id)
    said, form = request.POST.get("answer", ""), YesForm(request.POST)
    reason = form.cleaned_data["limit_reason"] if form.is_valid() else ""
    try:
        if said == "accepted":
            reading.must_be_read(request, found.patient, "book")
        noted = commands.answer_offer(request.actor, offer_id=found.id, answer=said, limit_reason=reason)
    except Refusal as no:
        return _refused(request, given_up, no, found if said == "accepted" else None, form)
    if noted.answer == "accepted" and noted.entry.booked_as_id:
        undo = reverse("schedule:appointment-undo", args=[noted.entry.booked_as_id])
        words = _("Booked. For the others who were asked the time is marked as gone.")
        return _again(request, given_up, words, undo=(undo, _("Undo")))
    return _again(request, given_up, _("Noted."))


def _again(
    request: Request, given_up: Appointment, toast: str, undo: tuple[str, str] | None = None
) -> HttpResponse:
    facts = _facts(request, given_up)
    record(request.actor, "schedule.freed-time.viewed", given_up, patients=facts.pop("patients"))
    address = reverse("schedule:freed-time", args=[given_up.id])
    return done(request, address, f"schedule/{PIECE}", facts, toast=toast, undo=undo)


def _refused(
    request: Request,
    given_up: Appointment,
    no: Refusal,
    yes: SlotOffer | None = None,
    form: YesForm | None = None,
) -> HttpResponse:
    """Say why not; where a yes only wants a reason or a tick, both are asked for."""
    facts = _facts(request, given_up)
    if yes is not None:
        facts |= {"yes": yes, "said": reading.read_out(request, yes.patient, "book")}
    record(request.actor, "schedule.freed-time.viewed", given_up, patients=facts.pop("patients"))
    return refused(request, PAGE, PIECE, form, no, facts)


def _facts(request: Request, given_up: Appointment) -> dict[str, Any]:
    now, zone = request.actor.now, given_up.location.zone
    is_free = waitlist.is_free_again(given_up, now)
    is_outside = is_free and not waitlist.within_hours([given_up])
    may_book = request.actor.can(Can.BOOK_APPOINTMENT)
    rows, fits = waitlist.match_rows(given_up, now, most=MOST_MATCHES) if is_free else ([], 0)
    offers = waitlist.offers_for(given_up)
    kept = offers_out.sending()
    may_go = next_batch(waitlist.asked_before(offers), now=now, interval=offers_out.interval(kept))
    alone = kept is not None and kept.mode == OfferSending.Mode.ITSELF
    phones = waitlist.phones_of([one.patient_id for one in offers])
    shown = [row.entry.patient_id for row in rows] + [one.patient_id for one in offers]
    held = missed_fees.stands_against(shown, today=request.office.today, day=given_up.on_day)
    return {
        "given_up": given_up,
        "zone": zone,
        "is_free": is_free,
        "is_outside": is_outside,
        "is_past": given_up.starts_at <= now,
        "matches": match_lines(rows, zone, held),
        "fits": fits,
        "offers": offer_lines(offers, phones, held, now, zone=zone, by_themselves=alone),
        "goes_by_itself": alone,
        "is_written": offers_out.is_on(kept) and not is_outside,
        "yes": None,
        "room": min(may_go[1], fits) if isinstance(may_go, tuple) else 0,
        "next_at": None if isinstance(may_go, tuple) else may_go,
        "batch": BATCH,
        "answers": [one for one in SlotOffer.Answer.choices if one[0] in BY_HAND and one[0] != "accepted"],
        "may_book": may_book,
        "may_ask": may_book and (not is_outside or waitlist.may_ask_outside(request.actor)),
        "patients": shown,
    }


def _given_up(appointment_id: UUID) -> Appointment:
    found = queries.appointment(appointment_id)
    if found is None:
        raise Http404
    return found
