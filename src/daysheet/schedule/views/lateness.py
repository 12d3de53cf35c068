"""Clinicians who run late today, and whom the desk tells."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.schedule import commands, lateness
from daysheet.schedule.late_forms import LateForm
from daysheet.schedule.models import RunningLate
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

PAGE, PIECE, FORM = "schedule/late.html", "_late.html", "_late_form.html"
POST = ("POST",)


@screen(needs=Can.SEE_SCHEDULE, methods=("GET", "HEAD", "POST"))
def today(request: Request) -> HttpResponse:
    """Show who runs late today and whom it touches, and say that somebody does."""
    if request.method != "POST":
        return page(request, PAGE, _facts(request))
    form = _form(request)
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, _facts(request))
    try:
        late = commands.say_late(request.actor, day=request.office.today, **form.facts())
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, _facts(request))
    return done(
        request,
        reverse("schedule:late"),
        toast=_("Noted. These visits begin later."),
        undo=(f"{reverse('schedule:late-end', args=[late.pk])}?undo=1", _("Undo")),
    )


@screen(needs=Can.MOVE_PATIENT, methods=POST)
def end(request: Request, running_late_id: UUID) -> HttpResponse:
    """Say that a clinician is in time again; as an undo, let hold what was said before."""
    is_undo = "undo" in request.GET
    act = commands.take_lateness_back if is_undo else commands.end_lateness
    try:
        act(request.actor, late_id=_late(running_late_id).pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, _form(request), no, _facts(request))
    if is_undo:
        return _again(request, _("Taken back."))
    return _again(request, _("In time again. What has not left yet stays here."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def write(request: Request, running_late_id: UUID) -> HttpResponse:
    """Write to everybody who may be written to."""
    try:
        count = commands.write_lateness(request.actor, late_id=_late(running_late_id).pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, _form(request), no, _facts(request))
    said = ngettext(
        "%(n)d message leaves in 3 minutes, or when the quiet hours end.",
        "%(n)d messages leave in 3 minutes, or when the quiet hours end.",
        count,
    )
    return _again(request, said % {"n": count})


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def told(request: Request, running_late_id: UUID) -> HttpResponse:
    """Note that a patient knows."""
    late = _late(running_late_id)
    appointment_id = read_id(request.POST.get("appointment"))
    if appointment_id is None:
        raise Http404
    try:
        commands.note_told(request.actor, late_id=late.pk, appointment_id=appointment_id)
    except Refusal as no:
        return refused(request, PAGE, PIECE, _form(request), no, _facts(request))
    return _again(request, _("Noted: told."))


def _again(request: Request, toast: str) -> HttpResponse:
    return done(request, reverse("schedule:late"), f"schedule/{PIECE}", _facts(request), toast=toast)


def _form(request: Request) -> LateForm:
    data: dict[str, Any] = (
        {"data": request.POST} if request.method == "POST" and "who" in request.POST else {}
    )
    return LateForm(
        **data,
        people=lateness.clinicians_of(request.office.today),
        initial={"who": request.GET.get("who", "")},
    )


def _facts(request: Request) -> dict[str, Any]:
    late = list(lateness.running(request.office.today))
    told = [(one, lateness.lines(one, request.actor.now)) for one in late]
    touched = [line.visit.patient_id for _one, rows in told for line in rows]
    record(request.actor, "schedule.lateness.viewed", patients=touched)
    return {
        "late": [(one, rows, lateness.writable(rows)) for one, rows in told],
        "form": _form(request),
        "zone": request.office.zone,
        "may_say": request.actor.can(Can.MOVE_PATIENT),
        "may_tell": request.actor.can(Can.BOOK_APPOINTMENT),
    }


def _late(late_id: UUID) -> RunningLate:
    found = RunningLate.objects.filter(pk=late_id).first()
    if found is None:
        raise Http404
    return found
