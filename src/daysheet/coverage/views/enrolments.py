"""Enrolment with payers: the table of all, and one."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, enrolled, queries
from daysheet.coverage.enrolment import PayerEnrolment
from daysheet.coverage.library_forms import EnrolmentForm, enrolment_facts
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "coverage/enrolment.html", "_enrolment_form.html"


@screen(needs=Can.SEND_CLAIMS)
def table(request: Request) -> HttpResponse:
    """Show every payer with how far claims, eligibility and remittance are enrolled."""
    record(request.actor, "coverage.enrolments.viewed")
    kinds = PayerEnrolment.What.choices
    rows = enrolled.table(request.office.today)
    return page(request, "coverage/enrolments.html", {"rows": rows, "kinds": kinds})


@screen(needs=Can.SEND_CLAIMS, methods=("GET", "HEAD", "POST"))
def enrolment(request: Request, payer_id: UUID, what: str) -> HttpResponse:
    """Write down how far an enrolment is."""
    payer = queries.payer(payer_id)
    if payer is None or what not in PayerEnrolment.What.values:
        raise Http404
    held = enrolled.enrolment(payer_id, what)
    today = request.office.today
    first = enrolment_facts(held) if held else {"state": "not_started", "since": today}
    form = EnrolmentForm(request.POST or None, today=today, initial=first)
    context = {
        "payer": payer,
        "what": PayerEnrolment.What(what).label,
        "version": held.version if held else 0,
        "told": enrolled.told(payer, what),  # type: ignore[arg-type]
    }
    record(request.actor, "coverage.enrolment.viewed", held or payer)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        commands.note_enrolment(
            request.actor,
            payer_id=payer_id,
            what=what,
            version=form_version(request) or 0,
            today=today,
            **form.cleaned_data,
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    return done(request, reverse("coverage:enrolments"), toast=_("Saved."))
