"""Label and encounter form at the desk: printed at this station without a question, else shown by the browser."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents.models import Document
from daysheet.documents.station_here import printed_here
from daysheet.frontdesk import commands
from daysheet.frontdesk.at_desk import desk_of, paper_address
from daysheet.kernel.access import Can
from daysheet.ui.answers import done
from daysheet.ui.screens import Request, screen


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def label(request: Request, visit_id: UUID) -> HttpResponse:
    """Print the label of a visit's patient."""
    desk_of(visit_id, "check_in")
    return _handed(request, visit_id, commands.print_label(request.actor, visit_id=visit_id))


@screen(needs=Can.MOVE_PATIENT, methods=("POST",))
def encounter_form(request: Request, visit_id: UUID) -> HttpResponse:
    """Print the encounter form of a visit."""
    desk_of(visit_id, "check_in")
    return _handed(request, visit_id, commands.print_encounter_form(request.actor, visit_id=visit_id))


def _handed(request: Request, visit_id: UUID, paper: Document) -> HttpResponse:
    told = printed_here(request, paper)
    here = reverse("frontdesk:check-in", args=[visit_id])
    if told:
        return done(request, here, toast=told)
    return done(
        request, paper_address(paper.pk, here), toast=_("It is ready: open it and print it from the browser.")
    )
