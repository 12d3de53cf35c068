"""One appointment: what it is, cancel with a reason, confirm, take back."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daysheet.coverage import by_hand, cases
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.schedule import commands, queries, tray, waitlist
from daysheet.schedule.altering_forms import StandAgainForm
from daysheet.schedule.changing import visit_of
from daysheet.schedule.forms import CancelForm
from daysheet.schedule.frame import day_of
from daysheet.schedule.history import happenings
from daysheet.schedule.meetings import meeting_of
from daysheet.schedule.models import Appointment, GroupVisit
from daysheet.schedule.outside import stands_outside
from daysheet.schedule.paying_self import may_pay_self
from daysheet.schedule.reminder_lines import confirmations_of, lines_about
from daysheet.schedule.rules import is_late_notice
from daysheet.schedule.taking import extras
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE = "schedule/appointment.html"


@screen(needs=Can.SEE_SCHEDULE)
def appointment(request: Request, appointment_id: UUID) -> HttpResponse:
    """Show an appointment and what may be done with it."""
    found = _found(appointment_id)
    record(request.actor, "schedule.appointment.viewed", found)
    return page(request, PAGE, _facts(request, found))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def cancel(request: Request, appointment_id: UUID) -> HttpResponse:
    """Cancel an appointment with a reason."""
    found = _found(appointment_id)
    facts = _facts(request, found) | {"is_late": is_late_notice(found.starts_at, request.actor.now)}
    if request.method != "POST":
        record(request.actor, "schedule.appointment.viewed", found)
        return page(request, "schedule/cancel.html", facts | {"form": CancelForm()})
    form = CancelForm(request.POST)
    if not form.is_valid():
        return invalid(request, "schedule/cancel.html", "_cancel_form.html", form, facts)
    try:
        commands.cancel_appointment(
            request.actor,
            appointment_id=appointment_id,
            version=form_version(request),
            reason=form.sentence(),
            late=form.chosen.is_late(found.starts_at, request.actor.now),
            kind_id=form.chosen.kind_id,
        )
    except Refusal as no:
        return refused(request, "schedule/cancel.html", "_cancel_form.html", form, no, facts)
    undo = reverse("schedule:appointment-reopen", args=[appointment_id])
    fits = waitlist.count_of_matches(_found(appointment_id), request.actor.now)
    said = _("Appointment cancelled.")
    if not fits:
        return _back(request, found, said, undo=(undo, _("Undo")))
    more = ngettext("%(n)d who waits fits its time.", "%(n)d who wait fit its time.", fits) % {"n": fits}
    address = reverse("schedule:freed-time", args=[appointment_id])
    return done(request, address, toast=f"{said} {more}", undo=(undo, _("Undo")))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def confirmation(request: Request, appointment_id: UUID) -> HttpResponse:
    """Note what the patient said about coming."""
    said = request.POST.get("confirmation", "")
    return _act(
        request,
        appointment_id,
        lambda: commands.set_confirmation(request.actor, appointment_id=appointment_id, confirmation=said),
        _("Noted."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def undo(request: Request, appointment_id: UUID) -> HttpResponse:
    """Take a booking or a move back."""
    return _act_with_reason(
        request,
        appointment_id,
        lambda why: commands.undo_booking(request.actor, appointment_id=appointment_id, block_reason=why),
        _("Taken back."),
    )


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def reopen(request: Request, appointment_id: UUID) -> HttpResponse:
    """Let a cancelled or missed appointment stand again."""
    return _act_with_reason(
        request,
        appointment_id,
        lambda why: commands.let_stand_again(request.actor, appointment_id=appointment_id, block_reason=why),
        _("The appointment stands again."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def billed(request: Request, appointment_id: UUID) -> HttpResponse:
    """Say who is billed for a coming visit: the plan, or the patient who does not use it."""
    found, to_plan = _found(appointment_id), request.POST.get("to") == "plan"
    bill = commands.bill_to_plan if to_plan else commands.bill_to_patient
    try:
        bill(request.actor, appointment_id=appointment_id, version=form_version(request))
    except Refusal as no:
        return refused(request, PAGE, "_appointment.html", None, no, _facts(request, found))
    said = (
        _("The plan is billed.") if to_plan else _("The patient pays this visit. The estimate's clock runs.")
    )
    undo = reverse("schedule:appointment-billed-undo", args=[appointment_id])
    was = "patient" if to_plan else "plan"
    back = reverse("schedule:appointment", args=[appointment_id])
    return done(request, back, toast=said, undo=(f"{undo}?was={was}", _("Undo")))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def billed_undo(request: Request, appointment_id: UUID) -> HttpResponse:
    """Let a coming visit be billed to whom it was before."""
    was_patient = request.GET.get("was") == "patient"

    def act() -> Appointment:
        if was_patient:
            return commands.undo_bill_to_plan(request.actor, appointment_id=appointment_id)
        return commands.bill_to_plan(request.actor, appointment_id=appointment_id, version=None)

    return _act(request, appointment_id, act, _("Taken back."))


def _act(request: Request, appointment_id: UUID, act: Callable[[], Appointment], toast: str) -> HttpResponse:
    found = _found(appointment_id)
    try:
        act()
    except Refusal as no:
        return refused(request, PAGE, "_appointment.html", None, no, _facts(request, found))
    return _back(request, found, toast)


def _act_with_reason(
    request: Request, appointment_id: UUID, act: Callable[[str], Appointment], toast: str
) -> HttpResponse:
    """Let a visit stand where it stood; where its session is full, its page asks why."""
    found, form = _found(appointment_id), StandAgainForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, "_appointment.html", form, _facts(request, found) | {"asks_why": True})
    try:
        act(form.cleaned_data["block_reason"])
    except Refusal as no:
        asks = {"asks_why": "block_reason" in no.fields}
        return refused(request, PAGE, "_appointment.html", form, no, _facts(request, found) | asks)
    return _back(request, found, toast)


def _back(
    request: Request, found: Appointment, toast: str, undo: tuple[str, str] | None = None
) -> HttpResponse:
    return done(request, day_of(request, found), toast=toast, undo=undo)


def _facts(request: Request, found: Appointment) -> dict[str, object]:
    moved_from, moved_to = queries.moved(found)
    case = cases.case_of_appointment(found.id) if request.actor.can(Can.SEE_COVERAGE) else None
    return {
        "case": cases.words_of(case) if case else "",
        "may_pay_self": not case and may_pay_self(request.actor, found.patient_id, found.on_day),
        "may_be_case": bool(cases.open_on(found.patient_id, found.on_day)),
        "under": _under(request, found),
        "appointment": found,
        "moved_from": moved_from,
        "moved_to": moved_to,
        **patients.around(request.actor, found.patient, today=request.office.today),
        "zone": found.location.zone,
        "extras": extras(found),
        "outside": stands_outside(found, request.actor.now),
        "meeting": meeting_of(found),
        "series": visit_of(found.pk),
        "grouped": GroupVisit.objects.filter(appointment=found).first(),
        "waits": list(waitlist.open_entries_of(found.patient_id)),
        "reminded": lines_about(found.pk, now=request.actor.now, zone=found.location.zone),
        "confirmations": confirmations_of(found.pk, found.location.zone),
        "happenings": happenings(found.pk, found.location.zone),
        "is_here": queries.is_here(found),
        "is_alone": False,
        "asks_why": False,
        "is_to_come": found.starts_at > request.actor.now,
        "is_laid": found.booking == "scheduled" and tray.is_laid(request.actor.user_id, found.pk),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "answers": [one for one in Appointment.Confirmation.choices if one[0] != "none"],
    }


def _under(request: Request, found: Appointment) -> list[str]:
    """Return what a visit counts under, in words, to those who may see coverage."""
    if not request.actor.can(Can.SEE_COVERAGE):
        return []
    named = [str(one) for one in by_hand.papers_of(found)]
    return named + by_hand.words_of(found)


def _found(appointment_id: UUID) -> Appointment:
    found = queries.appointment(appointment_id)
    if found is None:
        raise Http404
    return found
