"""Another payer in the place of the one on file, as the answer of a plan names it."""

from datetime import date, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, queries, ways_back
from daysheet.coverage.forms import SwitchForm
from daysheet.coverage.models import EligibilityInquiry
from daysheet.coverage.rules import spans
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "coverage/switch.html", "_switch_form.html"


@screen(needs=Can.EDIT_COVERAGE, methods=("GET", "HEAD", "POST"))
def payer_switch(request: Request, inquiry_id: UUID, line: int) -> HttpResponse:
    """Show what switching to the payer of a line would do, and do it."""
    asked = queries.inquiry(inquiry_id)
    answer = getattr(asked, "response", None)
    other = next((one for one in answer.other_payers if one["line"] == line), None) if answer else None
    if asked is None or other is None:
        raise Http404
    held = asked.coverage
    form = SwitchForm(
        request.POST or None, other=other, from_on=_first_day(asked), today=request.office.today
    )
    context = {
        **patients.around(request.actor, asked.patient, today=request.office.today),
        "asked": asked,
        "held": held,
        "other": other,
        "rank": spans.RANKS[held.rank],
    }
    record(request.actor, "coverage.switch.viewed", held)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        switched = commands.switch_payer(
            request.actor, coverage_id=held.pk, version=form_version(request) or 0, **form.facts()
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    name, undo = (
        switched.new.plan.name,
        ways_back.end_back(switched.old, was=held.ends_on, began=switched.new),
    )
    try:
        commands.ask_eligibility(
            request.actor,
            coverage_id=switched.new.pk,
            service_on=max(asked.service_on, switched.new.starts_on),
            appointment_id=asked.appointment_id,
        )
        toast = _("%(plan)s is the plan now, and was asked.") % {"plan": name}
    except Refusal as no:
        toast = _("%(plan)s is the plan now. It was not asked: %(why)s") % {"plan": name, "why": no}
    return done(request, reverse("patients:patient-page", args=[asked.patient_id]), toast=toast, undo=undo)


def _first_day(asked: EligibilityInquiry) -> date:
    """Return from when the other payer may be in charge: after the plan's last day, else the day asked for."""
    last = asked.response.plan_ends_on
    return last + timedelta(days=1) if last and last < asked.service_on else asked.service_on
