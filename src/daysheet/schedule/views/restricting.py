"""How a patient may be booked, on screen: why not as any other, since when, until when."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.schedule import commands, missed_fees
from daysheet.schedule.models import BookingRestriction
from daysheet.schedule.office_forms import RestrictForm
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

PAGE, PIECE = "schedule/restrictions.html", "_restrictions.html"


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def of_patient(request: Request, patient_id: UUID) -> HttpResponse:
    """Show how a patient is booked, and say so anew."""
    patient = Patient.objects.get(pk=patient_id)
    today = request.office.today
    if request.method != "POST":
        record(request.actor, "schedule.restrictions.viewed", patient)
        form = RestrictForm(today=today, initial={"since": today})
        return page(request, PAGE, _facts(request, patient) | {"form": form})
    form = RestrictForm(request.POST, today=today)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, _facts(request, patient))
    try:
        commands.restrict_booking(request.actor, patient_id=patient.pk, **form.cleaned_data)
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, _facts(request, patient))
    return done(request, _address(patient.pk), toast=_("Kept. It is asked at every booking."))


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def end(request: Request, booking_restriction_id: UUID) -> HttpResponse:
    """Let a patient be booked as any other again."""
    found = _found(booking_restriction_id)
    try:
        commands.end_restriction(request.actor, restriction_id=found.pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, _form(request), no, _facts(request, found.patient))
    undo = (reverse("schedule:restriction-hold", args=[found.pk]), _("Undo"))
    return done(request, _address(found.patient_id), toast=_("Ended."), undo=undo)


@screen(needs=Can.BOOK_APPOINTMENT, methods=("POST",))
def hold(request: Request, booking_restriction_id: UUID) -> HttpResponse:
    """Let a restriction that was ended hold again."""
    found = _found(booking_restriction_id)
    try:
        commands.let_restriction_hold(request.actor, restriction_id=found.pk)
    except Refusal as no:
        return refused(request, PAGE, PIECE, _form(request), no, _facts(request, found.patient))
    return done(request, _address(found.patient_id), toast=_("It holds again."))


def _form(request: Request) -> RestrictForm:
    today = request.office.today
    return RestrictForm(today=today, initial={"since": today})


def _facts(request: Request, patient: Patient) -> dict[str, Any]:
    rows = list(missed_fees.restrictions_of(patient.pk))
    return {
        **patients.around(request.actor, patient, today=request.office.today),
        "held": [one for one in rows if one.ended_at is None],
        "ended": [one for one in rows if one.ended_at is not None],
        "zone": request.office.zone,
    }


def _address(patient_id: UUID) -> str:
    return reverse("schedule:restrictions", args=[patient_id])


def _found(restriction_id: UUID) -> BookingRestriction:
    found = missed_fees.restriction(restriction_id)
    if found is None:
        raise Http404
    return found
