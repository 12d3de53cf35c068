"""The patient's own screens, one question each, at a kiosk or on the own phone."""

import re
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands as ledger
from daysheet.portal import commands, queries, rules, seat
from daysheet.portal.asking import Asked, asked_at
from daysheet.portal.forms import StartForm
from daysheet.portal.models import SelfCheckIn
from daysheet.portal.seat import Seat, sitting
from daysheet.schedule.messages import said_time
from daysheet.ui.answers import page
from daysheet.ui.screens import Request, screen

State = SelfCheckIn.State
TOKEN = re.compile(r"[A-Z]-[0-9]{2,6}")
START, SCREEN, HELPED, WAIT, END = (
    f"portal/{one}.html" for one in ("start", "screen", "helped", "wait", "end")
)


@screen(public=True, methods=("GET", "HEAD", "POST"))
def start(request: Request) -> HttpResponse:
    """Show the neutral first screen of a kiosk, and begin with the code and the birth date."""
    with sitting(request) as at, translation.override(seat.language(request)):
        if at is None:
            return page(request, "portal/closed.html", {"patient_door": True})
        if at.row is not None and at.row.state == State.DOING:
            return _go(request, at, at.row)
        if at.kiosk is None and at.row is not None and at.row.state == State.FINISHED:
            return _to(reverse("portal:here-wait"))
        if at.kiosk is None:
            return page(request, "portal/closed.html", {"patient_door": True})
        key = f"kiosk:{at.kiosk.pk}"
        today = at.by.now.astimezone(at.kiosk.location.zone).date()
        form = StartForm(request.POST or None, today=today)
        asks_desk = seat.must_ask_desk(key)
        if request.method != "POST" or asks_desk:
            return _start(request, at, StartForm(today=today), asks_desk=asks_desk)
        if not form.is_valid():
            return _start(request, at, form, status=422)
        row = _tried(at, form)
        if row is None:
            seat.count_miss(key)
            return _start(
                request,
                at,
                StartForm(today=today),
                missed=True,
                asks_desk=seat.must_ask_desk(key),
                status=422,
            )
        seat.forget_misses(key)
        seat.sit_down(request, at.practice.pk, row.pk)
        return _go(request, at, row)


@screen(public=True, methods=("GET", "HEAD", "POST"))
def step(request: Request, number: int) -> HttpResponse:
    """Show one question, and keep its answer."""
    with sitting(request) as at, translation.override(seat.language(request)):
        if (away := _elsewhere(request, at)) is not None:
            return away
        assert at is not None  # everybody else was sent away
        assert at.row is not None
        seat.stay(request)
        if not 1 <= number <= len(at.row.steps):
            return _go(request, at, at.row)
        asked = asked_at(at.row, number, language=seat.language(request), now=at.by.now, posted=request)
        if request.method != "POST":
            pays = asked.shown.get("pays")
            if pays is not None and "back" in request.GET:
                ledger.look_at_own_payment(at.by, charge_id=pays.pk)
            return _asked(request, at, asked)
        if asked.is_other:
            said = _("The page has changed. Look at it again, please.")
            return _asked(request, at, asked, refusal=said, status=409)
        if asked.form is not None and not asked.form.is_valid():
            return _asked(request, at, asked, status=422)
        try:
            row = asked.keep(at.by)
        except Refusal as no:
            _show_in(asked, no)
            sentence = (
                no.sentence if asked.says_refusals else _("This did not work. Ask at the desk, please.")
            )
            return _asked(request, at, asked, refusal=sentence, status=409)
        if asked.thanks:
            return _to(reverse("portal:here-step", args=[number]))
        return _go(request, at, row, after=number, is_answered=True)


@screen(public=True, methods=("POST",))
def language(request: Request) -> HttpResponse:
    """Go on in English or in Spanish."""
    with sitting(request) as at:
        if at is not None:
            request.session[seat.LANGUAGE] = "es" if request.POST.get("language") == "es" else "en"
            seat.stay(request)
        number = request.POST.get("number", "")
        if at is not None and at.row is not None and at.row.state == State.DOING and number.isdecimal():
            return HttpResponseRedirect(reverse("portal:here-step", args=[int(number[:3])]), status=303)
        return _to(reverse("portal:here"))


@screen(public=True, methods=("POST",))
def ask(request: Request) -> HttpResponse:
    """Ask for the desk; what was on the screen is gone from it."""
    with sitting(request) as at:
        if at is not None and at.row is not None and at.row.state == State.DOING:
            commands.ask_desk(at.by, row_id=at.row.pk)
        return _to(reverse("portal:here-wait"))


@screen(public=True, methods=("POST",))
def again(request: Request) -> HttpResponse:
    """Begin anew: whoever was here is forgotten at this screen."""
    seat.wipe(request)
    return _to(reverse("portal:here"))


@screen(public=True, methods=("POST",), keeps_awake=False)
def keep(request: Request) -> HttpResponse:
    """Note a touch of the screen."""
    with sitting(request) as at:
        if at is None or at.row is None:
            return HttpResponse(status=204)
        seat.stay(request)
    return HttpResponse(status=204)


@screen(public=True, keeps_awake=False)
def state(request: Request) -> HttpResponse:
    """Return in one word whether the patient's screen is still the right one."""
    with sitting(request) as at:
        row = at.row if at else None
        return JsonResponse({"state": f"{row.state}{'-called' if row.called_at else ''}" if row else "none"})


@screen(public=True)
def wait(request: Request) -> HttpResponse:
    """Say that the desk helps, or that the patient waits, or may come in; nothing that was said stands here."""
    with sitting(request) as at, translation.override(seat.language(request)):
        row = at.row if at else None
        if at is None or row is None or row.state in (State.ENDED, State.OFFERED):
            return _to(reverse("portal:here"))
        if row.state == State.DOING:
            return _go(request, at, row)
        if row.state == State.HELPED:
            seat.stay(request)
            return page(request, HELPED, _frame(at) | {"row": row})
        return page(
            request,
            WAIT,
            _frame(at)
            | {
                "row": row,
                "way": queries.way_in(row),
                "said_time": said_time,
                "token": queries.token_of(row),
            },
        )


@screen(public=True)
def end(request: Request) -> HttpResponse:
    """Thank a patient at the kiosk; nothing is left of the patient here."""
    with sitting(request) as at, translation.override("es" if request.GET.get("language") == "es" else "en"):
        if at is None or at.kiosk is None:
            return _to(reverse("portal:here"))
        token = request.GET.get("number", "")
        return page(request, END, _frame(at) | {"token": token if TOKEN.fullmatch(token) else ""})


def _tried(at: Seat, form: StartForm) -> SelfCheckIn | None:
    """Return whose code, or scanned link, and birth date these are; one that cannot begin is told like a wrong one."""
    if at.kiosk is None:
        return None
    born_on = form.cleaned_data["born_on"]
    try:
        if form.token:
            return commands.try_scanned(at.by, kiosk_id=at.kiosk.pk, token=form.token, born_on=born_on)
        return commands.try_code(at.by, kiosk_id=at.kiosk.pk, code=form.digits, born_on=born_on)
    except Refusal:
        return None


def _elsewhere(request: Request, at: Seat | None) -> HttpResponse | None:
    """Return the way to where a browser belongs that has no question to answer."""
    if at is None or at.row is None or at.row.state in (State.ENDED, State.OFFERED):
        return _to(reverse("portal:here"))
    if at.row.state in (State.HELPED, State.FINISHED):
        return _to(reverse("portal:here-wait"))
    return None


def _go(
    request: Request, at: Seat, row: SelfCheckIn, *, after: int = 0, is_answered: bool = False
) -> HttpResponse:
    """Go on to the next question; after the last one a kiosk forgets its patient, and a phone waits."""
    left = [n for n, one in enumerate(row.steps, 1) if one not in row.done]
    if row.state == State.DOING and left:
        later = [n for n in left if n > after]
        return _to(reverse("portal:here-step", args=[(later or left)[0]]))
    if row.state == State.DOING and row.steps and not is_answered:
        return _to(reverse("portal:here-step", args=[len(row.steps)]))
    return _ended(request, at, row)


def _ended(request: Request, at: Seat, row: SelfCheckIn) -> HttpResponse:
    if row.state == State.DOING:
        row = commands.finish(at.by, row_id=row.pk)
    if row.is_phone:
        return _to(reverse("portal:here-wait"))
    said, token = seat.language(request), queries.token_of(row)
    seat.wipe(request)
    return _to(f"{reverse('portal:here-end')}?language={said}" + (f"&number={token}" if token else ""))


def _show_in(asked: Asked, no: Refusal) -> None:
    for name, sentence in no.fields.items():
        if asked.form is not None and name in asked.form.fields:
            asked.form.add_error(name, sentence)


def _start(
    request: Request,
    at: Seat,
    form: StartForm,
    *,
    missed: bool = False,
    asks_desk: bool = False,
    status: int = 200,
) -> HttpResponse:
    facts = _frame(at) | {"form": form, "missed": missed, "asks_desk": asks_desk}
    return page(request, START, facts, status=429 if asks_desk else status)


def _asked(
    request: Request, at: Seat, asked: Asked, *, refusal: str | None = None, status: int = 200
) -> HttpResponse:
    facts = _frame(at) | {
        "row": at.row,
        "asked": asked,
        "form": asked.form,
        "refusal": refusal,
        "idle": rules.PHONE_IDLE_SECONDS if at.kiosk is None else rules.IDLE_SECONDS,
        "warn": rules.WARN_SECONDS,
    }
    return page(request, SCREEN, facts, status=status)


def _frame(at: Seat) -> dict[str, Any]:
    return {"is_kiosk": at.kiosk is not None, "office": at.practice.name}


def _to(address: str) -> HttpResponse:
    return HttpResponseRedirect(address, status=303)
