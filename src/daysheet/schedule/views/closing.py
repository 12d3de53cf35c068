"""A clinician is out, a door stays shut: the span, and the one list on which the desk works it off."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.practice import queries as practice
from daysheet.schedule import closings, commands
from daysheet.schedule.closing_forms import ClosingForm, ProposeForm, read_rows
from daysheet.schedule.models import Closing, ClosingRow
from daysheet.schedule.working_off import ACTS, AT_ONCE, Outcome, take_all_back, work_off
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

PAGE, PIECE = "schedule/closing.html", "_closing.html"
LIST, FORM = "schedule/closings.html", "_closing_form.html"
POST = ("POST",)
ONE: dict[str, Callable[..., ClosingRow]] = {"call": commands.call_about_row, **ACTS}
SAID = {
    "call": gettext_lazy("You call. Nobody else does for 15 minutes."),
    "tell": gettext_lazy("Noted: told."),
    "move": gettext_lazy("Moved."),
    "cancel": gettext_lazy("Cancelled. It does not count against the patient."),
    "leave": gettext_lazy("Left as it is."),
}


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def every(request: Request) -> HttpResponse:
    """Show who was out and what was shut, and take a span off the book."""
    form = _form(request)
    if request.method != "POST":
        return page(request, LIST, _listed(request) | {"form": form})
    if not form.is_valid():
        return invalid(request, LIST, FORM, form, _listed(request))
    try:
        closing = commands.close_span(request.actor, **form.facts())
    except Refusal as no:
        return refused(request, LIST, FORM, form, no, _listed(request))
    return done(
        request,
        reverse("schedule:closing", args=[closing.pk]),
        toast=_("The time is off the book. These visits are in it."),
        undo=(reverse("schedule:closing-undo", args=[closing.pk]), _("Undo")),
    )


@screen(needs=Can.BOOK_APPOINTMENT)
def one(request: Request, closing_id: UUID) -> HttpResponse:
    """Show the visits of a closing: whom to call, what is proposed, what became of each."""
    return page(request, PAGE, _facts(request, _closing(closing_id)))


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def propose(request: Request, closing_id: UUID) -> HttpResponse:
    """Look for another time for every visit that is still to be decided."""
    closing = _closing(closing_id)
    form = ProposeForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, None, _facts(request, closing, propose_form=form))
    try:
        found = commands.propose_for_closing(request.actor, closing_id=closing.pk, **form.cleaned_data)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, closing))
    said = ngettext("%(n)d time is proposed.", "%(n)d times are proposed.", found) % {"n": found}
    return _again(request, closing, said)


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def listed(request: Request, closing_id: UUID) -> HttpResponse:
    """Put the visits that were booked meanwhile on the list."""
    closing = _closing(closing_id)
    try:
        count = commands.list_booked_since(request.actor, closing_id=closing.pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, closing))
    said = ngettext("%(n)d visit is on the list now.", "%(n)d visits are on the list now.", count)
    return _again(request, closing, said % {"n": count})


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def work(request: Request, closing_id: UUID) -> HttpResponse:
    """Do the same to all the visits that the page showed."""
    closing = _closing(closing_id)
    act = request.POST.get("act", "")
    rows = read_rows(request.POST.get("rows", ""))
    mine = set(ClosingRow.objects.filter(closing=closing).values_list("pk", flat=True))
    if act not in ACTS:
        no = Refusal(_("Choose one of the acts that are offered."))
        return refused(request, PAGE, PIECE, None, no, _facts(request, closing))
    came = work_off(request.actor, act, [one for one in rows if one[0] in mine])
    return _again(request, closing, _say(came))


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def write(request: Request, closing_id: UUID) -> HttpResponse:
    """Write to all who may be written to and do not know yet."""
    closing = _closing(closing_id)
    try:
        count = commands.write_closing(request.actor, closing_id=closing.pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, closing))
    said = ngettext(
        "%(n)d message leaves in 3 minutes, or when the quiet hours end.",
        "%(n)d messages leave in 3 minutes, or when the quiet hours end.",
        count,
    )
    return _again(request, closing, said % {"n": count})


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def undo(request: Request, closing_id: UUID) -> HttpResponse:
    """Open the span again, and let every visit stand as before."""
    closing = _closing(closing_id)
    try:
        came = take_all_back(request.actor, closing)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, closing))
    said = _("The time is open again.")
    return _again(
        request, _closing(closing_id), f"{said} {_say(came)}" if came.done or came.refused else said
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def row(request: Request, closing_row_id: UUID) -> HttpResponse:
    """Do one thing about one visit: call, tell, move, cancel, leave, undo."""
    found = closings.row(closing_row_id)
    if found is None:
        raise Http404
    act, _dot, version = request.POST.get("act", "").partition(".")
    try:
        said = _act(request, found, act, int(version) if version.isdecimal() and len(version) < 9 else None)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, found.closing))
    return _again(request, found.closing, said)


def _act(request: Request, found: ClosingRow, act: str, version: int | None) -> str:
    if act == "undo":
        commands.undo_row(request.actor, row_id=found.pk)
        return _("Taken back: the visit stands as before.")
    if act not in ONE:
        raise Refusal(_("Choose one of the acts that are offered."))
    ONE[act](request.actor, row_id=found.pk, version=version)
    return str(SAID[act])


def _say(came: Outcome) -> str:
    said = ngettext("%(n)d done.", "%(n)d done.", came.done) % {"n": came.done}
    if not came.refused:
        return said
    more = ngettext(
        "%(n)d could not be: see why on its row.",
        "%(n)d could not be: see why on their rows.",
        len(came.refused),
    )
    return f"{said} {more % {'n': len(came.refused)}}"


def _again(request: Request, closing: Closing, toast: str) -> HttpResponse:
    address = reverse("schedule:closing", args=[closing.pk])
    return done(request, address, f"schedule/{PIECE}", _facts(request, closing), toast=toast)


def _form(request: Request) -> ClosingForm:
    told: dict[str, Any] = {"data": request.POST} if request.method == "POST" else {}
    people = list(practice.providers(day=request.office.today).select_related("location"))
    return ClosingForm(
        **told,
        people=people,
        doors=list(practice.locations()),
        may_close=request.actor.can(Can.MANAGE_OFFICE),
        zone=request.office.zone,
        today=request.office.today,
        initial={"from_day": request.office.today},
    )


def _listed(request: Request) -> dict[str, Any]:
    return {"rows": closings.latest(request.actor.now), "zone": request.office.zone}


def _facts(request: Request, closing: Closing, propose_form: ProposeForm | None = None) -> dict[str, Any]:
    told = closings.lines(closing, now=request.actor.now, who=request.actor.name)
    free = [line for line in told if line.is_open and (not line.caller or line.is_here)]
    movable = [line for line in free if line.row.proposed_at][:AT_ONCE]
    others = [line for line in free if not line.row.proposed_at][:AT_ONCE]
    record(
        request.actor,
        "schedule.closing.viewed",
        closing,
        patients=[line.row.appointment.patient_id for line in told],
    )
    return {
        "closing": closing,
        "zone": closing.location.zone if closing.location else request.office.zone,
        "lines": told,
        "counts": closings.counts(told),
        "states": ClosingRow.State.choices,
        "waiting": sum(line.is_open for line in told),
        "unheard": sum(line.is_unheard for line in told),
        "since": 0 if closing.undone_at else closings.not_listed(closing).count(),
        "movable": movable,
        "move_key": _key(movable),
        "others": others,
        "writable": sum(line.way is not None for line in told),
        "cancel_key": _key(others),
        "propose_form": propose_form or ProposeForm(),
        "may_undo": closing.provider_id is not None or request.actor.can(Can.MANAGE_OFFICE),
    }


def _key(told: list[closings.ClosingLine]) -> str:
    """Return rows with their versions as one word for a form."""
    return " ".join(f"{line.row.pk}.{line.row.version}" for line in told)


def _closing(closing_id: UUID) -> Closing:
    found = closings.closing(closing_id)
    if found is None:
        raise Http404
    return found
