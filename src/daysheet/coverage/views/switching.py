"""Another payer in the place of the one on file, or before it, as the answer of a plan names it."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import commands, queries, ways_back
from daysheet.coverage.models import Coverage, EligibilityInquiry
from daysheet.coverage.rules import spans
from daysheet.coverage.switch_forms import FirstForm, SwitchForm
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
    asked, other = _asked(inquiry_id, line)
    form = SwitchForm(
        request.POST or None, other=other, from_on=_first_day(asked), today=request.office.today
    )
    context = _facts(request, asked, other)
    record(request.actor, "coverage.switch.viewed", asked.coverage)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        switched = commands.switch_payer(
            request.actor,
            coverage_id=asked.coverage_id,
            version=form_version(request) or 0,
            is_of_medicaid=context["keeps_medicaid"],
            **form.facts(),
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    name = switched.new.plan.name
    undo = ways_back.end_back(switched.old, was=context["held"].ends_on, began=switched.new)
    why = _ask(request, asked, switched.new)
    toast = _("%(plan)s is the plan now, and was asked.") % {"plan": name}
    if why:
        toast = _("%(plan)s is the plan now. It was not asked: %(why)s") % {"plan": name, "why": why}
    return done(request, reverse("patients:patient-page", args=[asked.patient_id]), toast=toast, undo=undo)


@screen(needs=Can.EDIT_COVERAGE, methods=("GET", "HEAD", "POST"))
def payer_first(request: Request, inquiry_id: UUID, line: int) -> HttpResponse:
    """Show what putting the payer of a line before the plan on file would do, and do it."""
    asked, other = _asked(inquiry_id, line)
    form = FirstForm(request.POST or None, other=other, from_on=asked.service_on, today=request.office.today)
    context = _facts(request, asked, other) | {
        "is_kept": True,
        "next_rank": spans.RANKS.get(asked.coverage.rank + 1, ""),
    }
    record(request.actor, "coverage.switch.viewed", asked.coverage)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    try:
        switched = commands.put_first(
            request.actor, coverage_id=asked.coverage_id, version=form_version(request) or 0, **form.facts()
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    why = _ask(request, asked, switched.new)
    if switched.old.pk != asked.coverage_id:  # it goes on as a row of its own, and nobody has asked that
        _ask(request, asked, switched.old)
    said = {"plan": switched.new.plan.name, "old": switched.old.plan.name, "why": why}
    toast = _("%(plan)s pays first now, before %(old)s, and was asked.") % said
    if why:
        toast = _("%(plan)s pays first now, before %(old)s. It was not asked: %(why)s") % said
    undo = reverse("coverage:payer-first-undo", args=[switched.new.pk]), _("Undo")
    return done(request, reverse("patients:patient-page", args=[asked.patient_id]), toast=toast, undo=undo)


def _asked(inquiry_id: UUID, line: int) -> tuple[EligibilityInquiry, dict[str, Any]]:
    """Return a question about the card as it is, and whom a line of its answer names."""
    asked = queries.inquiry(inquiry_id)
    answer = getattr(asked, "response", None)
    other = next((one for one in answer.other_payers if one["line"] == line), None) if answer else None
    if asked is None or other is None or not asked.is_of_this_card:
        raise Http404
    return asked, other


def _facts(request: Request, asked: EligibilityInquiry, other: dict[str, Any]) -> dict[str, Any]:
    return {
        **patients.around(request.actor, asked.patient, today=request.office.today),
        "asked": asked,
        "held": asked.coverage,
        "other": other,
        "rank": spans.RANKS[asked.coverage.rank],
        "is_kept": False,
        "keeps_medicaid": bool(other.get("is_manager")) and asked.coverage.is_medicaid,
    }


def _ask(request: Request, asked: EligibilityInquiry, held: Coverage) -> str:
    """Ask a plan for the day of an earlier question; return why it was not asked, or empty text."""
    try:
        commands.ask_eligibility(
            request.actor,
            coverage_id=held.pk,
            service_on=max(asked.service_on, held.starts_on),
            appointment_id=asked.appointment_id,
        )
    except Refusal as no:
        return str(no)
    return ""


def _first_day(asked: EligibilityInquiry) -> date:
    """Return from when the other payer may be in charge: after the plan's last day, else the day asked for."""
    last = asked.response.plan_ends_on
    return last + timedelta(days=1) if last and last < asked.service_on else asked.service_on
