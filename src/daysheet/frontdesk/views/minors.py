"""Check-in of a minor: who brings the patient, and whether that person may."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from daysheet.frontdesk.at_desk import again, desk_of, done_here
from daysheet.kernel.access import Can
from daysheet.kernel.errors import Refusal
from daysheet.patients import commands as patients
from daysheet.patients import people
from daysheet.patients.people_forms import BringingForm
from daysheet.ui.screens import Request, screen


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def bringing(request: Request, visit_id: UUID) -> HttpResponse:
    """Note who came with a minor; a person who may not is told so, and care in an emergency never stops."""
    desk, today = desk_of(visit_id, "check_in"), request.office.today
    form = BringingForm(request.POST, around=people.around(desk.patient, today=today))
    if not form.is_valid():
        return again(request, visit_id, "check_in", {"bringing_form": form})
    try:
        patients.note_bringing(
            request.actor, patient_id=desk.patient.pk, visit_id=visit_id, today=today, **form.facts()
        )
    except Refusal as no:
        return again(request, visit_id, "check_in", {"bringing_form": form}, no)
    return done_here(request, visit_id, "check_in", _("Noted who brings the patient."))
