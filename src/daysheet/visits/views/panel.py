"""A patient's visits, shown on the patient's page."""

from uuid import UUID

from django.http import Http404, HttpResponse

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.patients.models import Patient
from daysheet.ui.answers import page
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.visits import queries

SHOWN = 12


@screen(needs=Can.SEE_SCHEDULE)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's visits, the latest first."""
    patient = Patient.objects.filter(id=patient_id).first()
    if patient is None:
        raise Http404
    record(request.actor, "visits.patient-panel.viewed", patient)
    every = list(queries.of_patient(patient_id)[: SHOWN + 1])
    facts = {
        "patient": patient,
        "shown": every[:SHOWN],
        "has_more": len(every) > SHOWN,
        "zone": request.office.zone,
        "may_move": request.actor.can(Can.MOVE_PATIENT),
    }
    return page(
        request, "visits/_patient_panel.html" if is_htmx(request) else "visits/patient_panel.html", facts
    )
