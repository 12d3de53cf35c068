"""A patient's visits, shown on the patient's page."""

from uuid import UUID

from django.http import Http404, HttpResponse

from daysheet.coverage import cases
from daysheet.coverage.choosing import choose_case
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import page
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.visits import commands, queries
from daysheet.visits.views.found import visit_or_404

SHOWN = 12


@screen(needs=Can.SEE_SCHEDULE)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's visits, the latest first."""
    patient = Patient.objects.filter(id=patient_id).first()
    if patient is None:
        raise Http404
    record(request.actor, "visits.patient-panel.viewed", patient)
    may_move = request.actor.can(Can.MOVE_PATIENT)
    every = list(queries.of_patient(patient_id)[: SHOWN + 1])
    facts = {
        "patient": patient,
        "shown": every[:SHOWN],
        "plans": queries.plans_of_the_days(patient_id, every[:SHOWN]) if may_move else {},
        "has_more": len(every) > SHOWN,
        "zone": request.office.zone,
        "may_move": may_move,
    }
    return page(
        request, "visits/_patient_panel.html" if is_htmx(request) else "visits/patient_panel.html", facts
    )


@screen(needs=Can.MOVE_PATIENT, methods=("GET", "HEAD", "POST"))
def visit_case(request: Request, visit_id: UUID) -> HttpResponse:
    """Say whether a case of injury pays for a visit, or the health plan."""
    visit = visit_or_404(visit_id)
    now = cases.case_of_coverage(visit.coverage_id)

    def act(case_id: UUID | None, version: int) -> None:
        commands.put_visit_under(request.actor, visit_id=visit_id, version=version, case_id=case_id)

    back = patients.address("frontdesk:check-in", visit_id) or patients.address(
        "patients:patient-page", visit.patient_id
    )
    return choose_case(
        request,
        visit.patient,
        day=visit.service_on,
        now=now,
        subject=visit_id,
        version=visit.version,
        act=act,
        back=back,
    )
