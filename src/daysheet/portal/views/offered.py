"""A patient answers a time that came free: the birth date, the time, yes or no, or a call."""

from contextlib import suppress
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal, StaleForm
from daysheet.kernel.ids import read_id
from daysheet.portal import home, seat
from daysheet.portal.birth import ask_birth
from daysheet.portal.entering import Guest, count_miss, entering, guesses_too_often
from daysheet.portal.offered import over_for_a_stranger, page_of
from daysheet.schedule import commands, offers_out
from daysheet.schedule.models import OfferMessage
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen

NOTHING, BIRTH = "portal/nothing.html", "portal/offered-birth.html"
OFFERED, OVER = "portal/offered.html", "portal/offered-over.html"
ANSWERS = {"yes": "accepted", "no": "declined", "stop": "declined_stop"}


@screen(public=True, methods=("GET", "HEAD", "POST"))
def offered_time(request: Request, token: str) -> HttpResponse:
    """Ask for the birth date, then show the time and take the answer; what is over is told without a name."""
    if guesses_too_often(request):
        return page(request, NOTHING, status=429)
    with entering(token) as guest:
        message = _message(guest)
        if guest is not None and message is not None and seat.KIOSK not in request.session:
            with translation.override(_language(request, message)):
                if home.knows(request, guest.link.pk):
                    if request.method == "POST":
                        return _acted(request, guest, message, token)
                    return _shown(request, guest, message, token)
                if guest.link.is_live(guest.by.now):
                    return _birth(request, guest, message, token)
                facts = _frame(guest, token) | {"words": over_for_a_stranger(message.offer, guest.by.now)}
                return page(request, OVER, facts, status=410)
    if guest is None:
        count_miss(request)
    return page(request, NOTHING, status=404)


def _message(guest: Guest | None) -> OfferMessage | None:
    """Return the message about an offer that carried a link."""
    if guest is None or guest.link.purpose != "slot_offer" or guest.link.subject_id is None:
        return None
    return offers_out.message_of(guest.link.subject_id)


def _birth(request: Request, guest: Guest, message: OfferMessage, token: str) -> HttpResponse:
    """Show the question for the birth date, and take it; a wrong one is told kindly, the third ends the link."""
    return ask_birth(
        request,
        guest,
        BIRTH,
        _frame(guest, token),
        is_right=lambda born_on: commands.know_offered(guest.by, offer_id=message.offer_id, born_on=born_on),
    )


def _acted(request: Request, guest: Guest, message: OfferMessage, token: str) -> HttpResponse:
    """Take an answer; the same press again, and one that comes too late, is shown what became of the time."""
    act = request.POST.get("act", "")
    if act == "go":
        home.forget(request)
        return _to(token)
    try:
        if act == "call":
            commands.ask_call_about_offer(guest.by, offer_id=message.offer_id)
        elif act in ANSWERS:
            commands.answer_by_link(
                guest.by,
                offer_id=message.offer_id,
                answer=ANSWERS[act],
                takes_place_of=read_id(request.POST.get("takes_place_of")),
            )
    except Refusal as no:
        return _not_done(request, guest, message, token, no)
    return _to(token)


def _not_done(request: Request, guest: Guest, message: OfferMessage, token: str, no: Refusal) -> HttpResponse:
    """Bring a yes that could not be booked before the desk; one that comes too late is shown what came of the time."""
    if isinstance(no, StaleForm):
        again = {"refusal": _("Your visit was changed meanwhile. Look again, then answer.")}
        return _shown(request, guest, message, token, again, status=409)
    if not isinstance(no, commands.OfferIsOver):
        with suppress(commands.OfferIsOver):  # somebody may have been quicker even here
            commands.note_yes_without_booking(guest.by, offer_id=message.offer_id)
    return _to(token)


def _shown(
    request: Request,
    guest: Guest,
    message: OfferMessage,
    token: str,
    more: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    facts = _frame(guest, token) | {"shown": page_of(message, guest.by.now)} | (more or {})
    return page(request, OFFERED, facts, status=status)


def _language(request: Request, message: OfferMessage) -> str:
    """Return the language that was chosen at this browser, else the patient's own."""
    chosen = request.GET.get("language")
    if chosen in ("en", "es"):
        request.session[seat.LANGUAGE] = chosen
    own = "es" if message.offer.patient.language == "es" else "en"
    return str(request.session.get(seat.LANGUAGE) or own)


def _frame(guest: Guest, token: str) -> dict[str, Any]:
    return {"office": guest.practice.name, "token": token, "here": reverse("portal:offered", args=[token])}


def _to(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:offered", args=[token]), status=303)
