"""Money that went back over the desk: how, why, and the slip that the patient signs."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents.station_here import printed_here
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands, queries
from daysheet.ledger.models import Payment
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen

PAGE, PIECE = "ledger/refunded.html", "_refunded.html"


@screen(needs=Can.REFUND)
def refunded(request: Request, entry_id: UUID) -> HttpResponse:
    """Show money that went back, and its slip to print."""
    return page(request, PAGE, _facts(request, entry_id))


@screen(needs=Can.REFUND, methods=("POST",))
def refund_print(request: Request, entry_id: UUID) -> HttpResponse:
    """Print the slip of money that went back as a paper of the patient."""
    facts = _facts(request, entry_id)
    try:
        document = commands.keep_refund_slip(request.actor, entry_id=entry_id)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, facts)
    if told := printed_here(request, document):
        return done(request, reverse("ledger:refunded", args=[entry_id]), toast=told)
    there = reverse("documents:document-view", args=[document.pk])
    return done(request, there, toast=_("The slip is ready."))


def _facts(request: Request, entry_id: UUID) -> dict[str, Any]:
    found = queries.refund(entry_id)
    patient = found[1].patient if found else None
    if found is None or patient is None:
        raise Http404
    entry, line = found
    record(request.actor, "ledger.refund.viewed", entry, patients=[patient.pk])
    return {
        "entry": entry,
        "line": line,
        "how": Payment.Method(line.account).label,
        "patient": patient,
        "stands": getattr(entry, "reversed_by", None) is None,
        **patients.around(request.actor, patient, today=request.office.today),
    }
