"""A patient asks for a visit from home: the birth date, the wish, the free times, what became of it."""

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal
from daysheet.portal import home, seat
from daysheet.portal.birth import ask_birth
from daysheet.portal.entering import Guest, count_miss, entering, guesses_too_often
from daysheet.portal.forms import SendForm, WishForm
from daysheet.portal.wishing import Asking, asking, told
from daysheet.schedule import commands, requests
from daysheet.schedule.messages import said_day, said_time
from daysheet.schedule.models import VisitRequest
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen

NOTHING, BIRTH = "portal/nothing.html", "portal/ask-birth.html"
WISH, TIMES, TOLD = "portal/ask.html", "portal/ask-times.html", "portal/ask-told.html"


@screen(public=True, methods=("GET", "HEAD", "POST"))
def ask_visit(request: Request, token: str) -> HttpResponse:
    """Ask for the birth date, then for the wish; a link that opens nothing is always the same page."""
    if guesses_too_often(request):
        return page(request, NOTHING, status=429)
    with entering(token) as guest:
        row = _row(guest)
        if guest is not None and row is not None and seat.KIOSK not in request.session:
            with translation.override(_language(request, row)):
                if not home.knows(request, guest.link.pk):
                    return _birth(request, guest, row, token)
                if request.method == "POST":
                    return _acted(request, guest, row, token)
                return _shown(request, guest, row, token)
    if guest is None:
        count_miss(request)
    return page(request, NOTHING, status=404)


def _row(guest: Guest | None) -> VisitRequest | None:
    """Return the request that a link is about, while the link opens something."""
    if guest is None or guest.link.purpose != "ask_visit" or guest.link.subject_id is None:
        return None
    if not guest.link.is_live(guest.by.now):
        return None
    return requests.request(guest.link.subject_id)


def _birth(request: Request, guest: Guest, row: VisitRequest, token: str) -> HttpResponse:
    """Show the question for the birth date, and take it; a wrong one is told kindly, the third ends the link."""
    return ask_birth(
        request,
        guest,
        BIRTH,
        _frame(guest, token),
        is_right=lambda born_on: commands.know_asker(guest.by, request_id=row.pk, born_on=born_on),
    )


def _acted(request: Request, guest: Guest, row: VisitRequest, token: str) -> HttpResponse:
    """Send the wish, answer to another time, take it back, or go."""
    act = request.POST.get("act", "")
    if act == "go":
        home.forget(request)
        return _to(token)
    if act == "send":
        return _sent(request, guest, row, token)
    acts = {
        "yes": commands.take_offered_time,
        "other": commands.want_another_time,
        "withdraw": commands.withdraw_request,
    }
    if act not in acts:
        return _to(token)
    try:
        acts[act](guest.by, request_id=row.pk)
    except Refusal as no:
        if not isinstance(no, commands.AskedAlready):  # that one is the same press again
            return _not_done(request, guest, row, token, act, no)
    return _to(token)


def _not_done(
    request: Request, guest: Guest, row: VisitRequest, token: str, act: str, no: Refusal
) -> HttpResponse:
    """Say that an answer did not work; a time that was taken meanwhile goes back to the desk."""
    sentence = _("This did not work. Call us, please.")
    if act == "yes":
        try:
            commands.want_another_time(guest.by, request_id=row.pk)
        except Refusal:  # somebody was quicker: the page tells what stands now
            return _to(token)
        sentence = _("This time was taken meanwhile. We are sorry. We look for another one.")
        if isinstance(no, commands.PatientIsElsewhere):
            sentence = _why_not(no)
    now_row = requests.request(row.pk) or row
    facts = _frame(guest, token) | {"told": told(now_row, guest.by.now), "refusal": sentence}
    return page(request, TOLD, facts | {"phone": _asks(guest, row).phone}, status=409)


def _shown(request: Request, guest: Guest, row: VisitRequest, token: str) -> HttpResponse:
    asks = _asks(guest, row)
    facts = _frame(guest, token) | {"asks": asks, "phone": asks.phone}
    if row.state != VisitRequest.State.OFFERED:
        return page(request, TOLD, facts | {"told": told(row, guest.by.now)})
    today = guest.by.now.astimezone(guest.practice.zone).date()
    is_search = "kind" in request.GET
    form = WishForm(request.GET if is_search else None, asks=asks, today=today, initial=_first(asks))
    if not is_search:
        return page(request, WISH, facts | {"form": form})
    if not form.is_valid():
        return page(request, WISH, facts | {"form": form}, status=422)
    return _times(request, facts, asks, row, form, guest)


def _sent(request: Request, guest: Guest, row: VisitRequest, token: str) -> HttpResponse:
    """Send what was chosen; a time that was taken meanwhile shows the next free ones, and nothing typed is lost."""
    asks = _asks(guest, row)
    today = guest.by.now.astimezone(guest.practice.zone).date()
    form = SendForm(request.POST, asks=asks, today=today)
    facts = _frame(guest, token) | {"asks": asks, "phone": asks.phone}
    if row.state != VisitRequest.State.OFFERED:  # the same press again
        return _to(token)
    if not form.is_valid():
        return page(request, WISH, facts | {"form": form}, status=422)
    try:
        commands.ask_for_visit(
            guest.by,
            request_id=row.pk,
            type_id=asks.rules[form.cleaned_data["kind"]].type_id,
            wish=form.wish(),
            time=form.time(),
            reason=form.cleaned_data["reason"],
        )
    except Refusal as no:
        return _times(request, facts, asks, row, form, guest, refusal=_why_not(no))
    return _to(token)


def _times(
    request: Request,
    facts: dict[str, Any],
    asks: Asking,
    row: VisitRequest,
    form: WishForm,
    guest: Guest,
    *,
    refusal: str = "",
) -> HttpResponse:
    """Show the free times, with the wish carried on."""
    found = asks.times(row, form.cleaned_data["kind"], form.wish(), guest.by.now)
    names = ("kind", "who", "where", "part", "earliest")
    carried = [(name, form.data.get(name, "")) for name in names]
    carried += [("weekdays", one) for one in form.cleaned_data["weekdays"]]
    shown = {
        "found": found,
        "carried": carried,
        "kind": dict(asks.kinds)[form.cleaned_data["kind"]],
        "send": form if isinstance(form, SendForm) else SendForm(asks=asks),
        "refusal": refusal,
        "said_day": said_day,
        "said_time": said_time,
    }
    return page(request, TIMES, facts | shown, status=409 if refusal else 200)


def _why_not(no: Refusal) -> str:
    if isinstance(no, commands.PatientIsElsewhere):
        return _("You have another visit at that time. Choose another time.")
    if isinstance(no, commands.AskedAlready):
        return _("You have asked for this kind of visit already. We will answer soon.")
    if isinstance(no, commands.NotToBeAsked):
        return _("You cannot ask for this visit here. Please call us.")
    return _("That time has just been taken. Choose another one.")


def _asks(guest: Guest, row: VisitRequest) -> Asking:
    return asking(row, guest.practice, translation.get_language() or "en", guest.by.now)


def _first(asks: Asking) -> dict[str, Any]:
    return {"kind": asks.kinds[0][0] if len(asks.kinds) == 1 else None, "part": "any"}


def _language(request: Request, row: VisitRequest) -> str:
    """Return the language that was chosen at this browser, else the patient's own."""
    chosen = request.GET.get("language")
    if chosen in ("en", "es"):
        request.session[seat.LANGUAGE] = chosen
    return str(request.session.get(seat.LANGUAGE) or ("es" if row.patient.language == "es" else "en"))


def _frame(guest: Guest, token: str) -> dict[str, Any]:
    return {"office": guest.practice.name, "token": token, "here": reverse("portal:ask-visit", args=[token])}


def _to(token: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("portal:ask-visit", args=[token]), status=303)
