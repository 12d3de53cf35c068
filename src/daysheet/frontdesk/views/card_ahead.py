"""A kept card named for a booked visit, beside the appointment."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk import commands
from daysheet.frontdesk.forms import CardAheadForm
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ledger import queries as books
from daysheet.patients import queries as patients
from daysheet.patients.rules import age
from daysheet.schedule import queries as schedule
from daysheet.schedule.models import Appointment
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen

OF_AGE = 18
PAGE, FORM, PANEL = "frontdesk/card-ahead.html", "_card_ahead_form.html", "frontdesk/_card_ahead.html"


@screen(needs=Can.TAKE_PAYMENT, methods=("GET", "HEAD", "POST"))
def card_ahead(request: Request, appointment_id: UUID) -> HttpResponse:
    """Name a kept card and a sum for a booked visit; beside the appointment say which is named."""
    booked = schedule.appointment(appointment_id)
    if booked is None:
        raise Http404
    if request.method != "POST":
        record(request.actor, "frontdesk.card-ahead.viewed", booked)
        form = _form(request, booked)
        return page(request, PANEL if is_htmx(request) else PAGE, {"form": form, **_facts(request, booked)})
    form = _form(request, booked)
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, _facts(request, booked))
    said = form.cleaned_data
    try:
        row = commands.name_card_ahead(
            request.actor,
            appointment_id=appointment_id,
            card_id=UUID(said["card"]),
            amount=said["amount"],
            purpose=said["purpose"],
            consented_by=said["consented_by"],
        )
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, _facts(request, booked))
    undo = (reverse("ledger:card-for-visit-drop", args=[row.pk]), _("Undo"))
    there = reverse("schedule:appointment", args=[appointment_id])
    toast = _("%(card)s is named for this visit. Nothing is held yet.") % {"card": row.card}
    return done(request, there, toast=toast, undo=undo)


def _form(request: Request, booked: Appointment) -> CardAheadForm:
    who = booked.patient
    is_child = age(who.born_on, on=request.office.today) < OF_AGE
    return CardAheadForm(
        request.POST if request.method == "POST" else None,
        cards=[(str(one.pk), f"{one} ({one.expires})") for one in books.saved_cards(booked.patient_id)],
        initial={"purpose": "copay", "consented_by": "" if is_child else f"{who.given} {who.family}"},
    )


def _facts(request: Request, booked: Appointment) -> dict[str, Any]:
    held = books.card_for_appointment(booked.pk)
    around = patients.around(request.actor, booked.patient, today=request.office.today)
    return around | {
        "booked": booked,
        "patient": booked.patient,
        "told": books.told_of(held, request.actor.now) if held else None,
        "has_company": books.card_door().company != "none",
        "kept": books.saved_cards(booked.patient_id).exists(),
    }
