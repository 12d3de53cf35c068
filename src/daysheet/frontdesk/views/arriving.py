"""From a patient's name straight to the check-in of today's visit, where there is exactly one to be checked in."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk.at_desk import told_token, undo_of
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.visits import commands as visits
from daysheet.visits import queries as visit_queries

PAGE = "frontdesk/patient-check-in.html"


@screen(needs=Can.SEE_SCHEDULE, methods=("GET", "HEAD", "POST"))
def patient_check_in(request: Request, patient_id: UUID) -> HttpResponse:
    """Go to the check-in of a patient's one visit of today; who is not here yet arrives by one press.

    Where there is none or more than one, or this person checks nobody in, the patient's appointments are shown.
    """
    patient = Patient.objects.get(pk=patient_id)
    today = request.office.today
    here = list(visit_queries.not_checked_in(patient_id, today))
    booked = list(visit_queries.booked_and_not_here(patient_id, today))
    record(request.actor, "frontdesk.patient-check-in.viewed", patient)
    facts: dict[str, Any] = {"booked": booked[0] if booked else None}
    facts |= patients.around(request.actor, patient, today=today)
    if request.method == "POST":
        return _arrive(request, facts)
    if not request.actor.can(Can.MOVE_PATIENT) or len(here) + len(booked) != 1:
        nobody_waits = request.actor.can(Can.MOVE_PATIENT) and not here + booked
        said = _("No visit of today waits to be checked in.") if nobody_waits else ""
        return done(request, reverse("schedule:patient-panel", args=[patient_id]), toast=said)
    if here:
        return done(request, reverse("frontdesk:check-in", args=[here[0].pk]))
    return page(request, PAGE, facts)


def _arrive(request: Request, facts: dict[str, Any]) -> HttpResponse:
    asked = read_id(request.POST.get("appointment"))
    try:
        if asked is None or facts["booked"] is None or facts["booked"].pk != asked:
            raise Refusal(_("That visit is not waiting to be checked in any more. Look at the day board."))
        visit = visits.arrive(request.actor, appointment_id=asked)
    except Refusal as no:
        return refused(request, PAGE, PAGE, None, no, facts)
    there = reverse("frontdesk:check-in", args=[visit.pk])
    return done(request, there, toast=told_token(_("Arrived."), visit), undo=undo_of(visit))
