"""A booked visit is changed at its own time: its kind, its length, its reason; and the way back."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.schedule import commands, queries
from daysheet.schedule.altering_forms import ChangeVisitForm
from daysheet.schedule.models import Appointment
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "schedule/change.html", "_change_form.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def change(request: Request, appointment_id: UUID) -> HttpResponse:
    """Say of what kind a booked visit is, how long and why; its time stays."""
    found = _found(appointment_id)
    form = _form(found, request.POST if request.method == "POST" else None)
    facts = _facts(request, found)
    if request.method != "POST":
        record(request.actor, "schedule.appointment.viewed", found)
        return page(request, PAGE, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, facts)
    try:
        commands.change_appointment(
            request.actor, appointment_id=found.pk, version=form_version(request), **form.act()
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, facts)
    undo = reverse("schedule:appointment-change-undo", args=[found.pk])
    return done(request, _page_of(found), toast=_("The visit is changed."), undo=(undo, _("Undo")))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def change_undo(request: Request, appointment_id: UUID) -> HttpResponse:
    """Let a visit be as it was before it was changed."""
    found = _found(appointment_id)
    try:
        commands.undo_change_of_appointment(request.actor, appointment_id=found.pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, _form(found, None), no, _facts(request, found))
    return done(request, _page_of(found), toast=_("Taken back."))


def _form(found: Appointment, typed: Any) -> ChangeVisitForm:
    begins = {"type": str(found.type_id), "reason": found.reason}
    return ChangeVisitForm(typed, visit=found, types=list(queries.types()), initial=begins)


def _facts(request: Request, found: Appointment) -> dict[str, Any]:
    return {
        "appointment": found,
        "zone": found.location.zone,
        **patients.around(request.actor, found.patient, today=request.office.today),
    }


def _page_of(found: Appointment) -> str:
    return reverse("schedule:appointment", args=[found.pk])


def _found(appointment_id: UUID) -> Appointment:
    found = queries.appointment(appointment_id)
    if found is None:
        raise Http404
    return found
