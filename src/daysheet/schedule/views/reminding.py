"""Reminders at the desk: who is to be called, what was sent about a visit, and the acts on a message."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.schedule import commands, queries, reminders, waitlist
from daysheet.schedule.models import ReminderVisit
from daysheet.schedule.reminder_forms import ReminderWishForm
from daysheet.schedule.reminder_lines import call_lines, confirmations_of, lines_about
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

ROWS = 50
POST = ("POST",)
VISIT = "schedule/reminded.html"
WISH, WISH_FORM = "schedule/reminder-wish.html", "_reminder_wish_form.html"


@screen(needs=Can.SEE_SCHEDULE)
def to_call(request: Request) -> HttpResponse:
    """Show whose visit is to come and who was not reached, asks for a call, or wrote something."""
    return page(request, "schedule/to-call.html", _to_call(request))


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def settle(request: Request, reminder_id: UUID) -> HttpResponse:
    """Take a message off the list: somebody has dealt with it."""
    undo = reverse("schedule:reminder-open", args=[reminder_id])
    return _on_the_list(
        request,
        lambda: commands.settle_reminder(request.actor, reminder_id=reminder_id),
        _("Off the list."),
        (undo, _("Undo")),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def open_again(request: Request, reminder_id: UUID) -> HttpResponse:
    """Put a message back on the list."""
    return _on_the_list(
        request,
        lambda: commands.open_reminder_again(request.actor, reminder_id=reminder_id),
        _("On the list again."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def send_now(request: Request, appointment_id: UUID) -> HttpResponse:
    """Write about a visit now; it leaves in three minutes."""
    return _on_the_visit(
        request,
        appointment_id,
        lambda: commands.send_reminder_now(request.actor, appointment_id=appointment_id),
        _("The message leaves in three minutes. Until then it can be stopped."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def stop(request: Request, reminder_visit_id: UUID) -> HttpResponse:
    """Keep a message from leaving."""
    one = _one(reminder_visit_id)
    return _on_the_visit(
        request,
        one.appointment_id,
        lambda: commands.stop_reminder(
            request.actor, reminder_id=one.reminder_id, version=form_version(request)
        ),
        _("Stopped. Nothing was sent."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def revoke(request: Request, reminder_visit_id: UUID) -> HttpResponse:
    """Let the link of a message open nothing any more."""
    one = _one(reminder_visit_id)
    return _on_the_visit(
        request,
        one.appointment_id,
        lambda: commands.revoke_reminder_link(request.actor, reminder_id=one.reminder_id),
        _("The link opens nothing any more."),
    )


@screen(needs=Can.BOOK_APPOINTMENT, methods=POST)
def take_back(request: Request, reminder_visit_id: UUID) -> HttpResponse:
    """Take a patient's answer back."""
    one = _one(reminder_visit_id)
    return _on_the_visit(
        request,
        one.appointment_id,
        lambda: commands.take_back_answer(request.actor, reminder_visit_id=one.pk),
        _("The answer is taken back."),
    )


@screen(needs=Can.EDIT_PATIENTS, methods=("GET", "HEAD", "POST"))
def wish(request: Request, patient_id: UUID) -> HttpResponse:
    """Show how a patient wants to be reminded, and say it anew."""
    who = Patient.objects.get(pk=patient_id)
    kept = reminders.wish_of(patient_id)
    begins = {name: getattr(kept, name) for name in ReminderWishForm.base_fields} if kept else {}
    facts = {"kept": kept, **patients.around(request.actor, who, today=request.office.today)}
    if request.method != "POST":
        record(request.actor, "schedule.reminder-wish.viewed", who)
        return page(request, WISH, facts | {"form": ReminderWishForm(initial=begins)})
    form = ReminderWishForm(request.POST)
    if not form.is_valid():
        return invalid(request, WISH, WISH_FORM, form, facts)
    try:
        commands.note_reminder_wish(
            request.actor, patient_id=patient_id, version=form_version(request), **form.cleaned_data
        )
    except Refusal as no:
        return refused(request, WISH, WISH_FORM, form, no, facts)
    return done(request, reverse("patients:patient-page", args=[patient_id]), toast=_("Noted."))


def _to_call(request: Request) -> dict[str, Any]:
    found = reminders.to_be_called(request.actor.now)
    shown = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = list(shown.object_list)
    people = [one.patient_id for one in rows]
    record(request.actor, "schedule.to-call.viewed", patients=people)
    return {
        "shown": shown,
        "lines": call_lines(rows, waitlist.phones_of(people)),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
    }


def _on_the_list(
    request: Request, act: Callable[[], object], toast: str, undo: tuple[str, str] | None = None
) -> HttpResponse:
    try:
        act()
    except Refusal as no:
        return refused(request, "schedule/to-call.html", "_to_call.html", None, no, _to_call(request))
    return done(request, reverse("schedule:to-call"), toast=toast, undo=undo)


def _on_the_visit(
    request: Request, appointment_id: UUID, act: Callable[[], object], toast: str
) -> HttpResponse:
    try:
        act()
    except Refusal as no:
        return refused(request, VISIT, "_reminded.html", None, no, _about(request, appointment_id))
    return done(request, reverse("schedule:appointment", args=[appointment_id]), toast=toast)


def _about(request: Request, appointment_id: UUID) -> dict[str, Any]:
    found = queries.appointment(appointment_id)
    if found is None:
        raise Http404
    now, zone = request.actor.now, found.location.zone
    record(request.actor, "schedule.appointment.viewed", found)
    return {
        "appointment": found,
        "zone": zone,
        "reminded": lines_about(found.pk, now=now, zone=zone),
        "confirmations": confirmations_of(found.pk, zone),
        "may_book": request.actor.can(Can.BOOK_APPOINTMENT),
        "is_to_come": found.starts_at > now and found.booking == "scheduled",
        **patients.around(request.actor, found.patient, today=request.office.today),
    }


def _one(reminder_visit_id: UUID) -> ReminderVisit:
    """Return a visit of a message; another practice's is like a missing one."""
    return ReminderVisit.objects.get(pk=reminder_visit_id)
