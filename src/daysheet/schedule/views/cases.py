"""Which case of injury an appointment is for."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import cases
from daysheet.coverage import commands as coverage
from daysheet.coverage.choosing import choose_case
from daysheet.kernel.access import Can
from daysheet.schedule import queries
from daysheet.schedule.commands import NotOnTheBooks
from daysheet.ui.screens import Request, screen


@screen(needs=Can.BOOK_APPOINTMENT, methods=("GET", "HEAD", "POST"))
def choose(request: Request, appointment_id: UUID) -> HttpResponse:
    """Say whether a case of injury pays for a coming visit, or the health plan."""
    found = queries.appointment(appointment_id)
    if found is None:
        raise Http404

    def act(case_id: UUID | None, _version: int) -> None:
        if found.booking != "scheduled":
            raise NotOnTheBooks(_("This appointment does not stand any more."))
        coverage.put_appointment_under(
            request.actor,
            appointment_id=appointment_id,
            patient_id=found.patient_id,
            day=found.on_day,
            case_id=case_id,
        )

    return choose_case(
        request,
        found.patient,
        day=found.on_day,
        now=cases.case_of_appointment(appointment_id),
        subject=appointment_id,
        version=found.version,
        act=act,
        back=reverse("schedule:appointment", args=[appointment_id]),
    )
