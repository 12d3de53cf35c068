"""The statements on screen."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands, queries
from daysheet.ui.answers import done, page, refused
from daysheet.ui.screens import Request, screen


@screen(needs=Can.SEE_MONEY)
def statements(request: Request) -> HttpResponse:
    """Show who owes, when the last statement went, and make the next."""
    owing = Paginator(queries.who_owes(), 50).get_page(request.GET.get("page"))
    record(request.actor, "ledger.statements.viewed", patients=[row.patient_id for row in owing])
    context = {"owing": owing, "may_bill": request.actor.can(Can.SEND_STATEMENTS)}
    return page(request, "ledger/statements.html", context)


@screen(needs=Can.SEND_STATEMENTS, methods=("POST",))
def statement_make(request: Request, patient_id: UUID) -> HttpResponse:
    """Make a patient's statement as a paper."""
    try:
        made = commands.make_statement(request.actor, patient_id=patient_id)
    except Refusal as no:
        owing = Paginator(queries.who_owes(), 50).get_page(1)
        record(request.actor, "ledger.statements.viewed", patients=[row.patient_id for row in owing])
        context = {"owing": owing, "may_bill": True}
        return refused(request, "ledger/statements.html", "_statements.html", None, no, context)
    told = _("Statement %(number)s is made.") % {"number": made.number}
    return done(request, reverse("documents:document-view", args=[made.document_id]), toast=told)
