"""What a payer said to a person, by phone or on its portal."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, queries
from daysheet.coverage.patient_form import patient_form
from daysheet.coverage.verifying_forms import ToldForm
from daysheet.kernel.access import Can
from daysheet.ui.days import day_in_address
from daysheet.ui.screens import Request, screen


@screen(needs=Can.ASK_ELIGIBILITY, methods=("GET", "HEAD", "POST"))
def eligibility_told(request: Request, coverage_id: UUID) -> HttpResponse:
    """Write down what a payer said of a plan by phone or on its portal."""
    held = queries.coverage(coverage_id)
    if held is None:
        raise Http404
    form = ToldForm(
        request.POST or None,
        today=request.office.today,
        initial={"service_on": _day(request), "way": "phone"},
    )

    def act(_version: int) -> str:
        commands.note_told(request.actor, coverage_id=coverage_id, **form.facts())
        return _("What %(plan)s said is written down.") % {"plan": held.plan.name}

    title = _("%(plan)s, verified by phone or portal") % {"plan": held.plan.name}
    template = "coverage/card.html", "_card_form.html"
    return patient_form(
        request, template, held.patient, form, act, title=title, label=_("Write it down"), held=held
    )


def _day(request: Request) -> date:
    with suppress(ValueError):
        return day_in_address(request.GET.get("on", ""))
    return request.office.today
