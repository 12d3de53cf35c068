"""Who pays first: the questions, the order that follows from the answers, and setting it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import cases, commands, queries
from daysheet.coverage.forms import OrderForm, shown_order
from daysheet.coverage.rules.order import medicare_questions_are_due
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

PAGE, PIECE = "coverage/order.html", "_order.html"


@screen(needs=Can.EDIT_COVERAGE, methods=("GET", "HEAD", "POST"))
def paying_order(request: Request, patient_id: UUID) -> HttpResponse:
    """Ask what decides who pays first, and show the order that follows."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "coverage.paying-order.viewed", patient)
    form = _form(request, patient_id, request.POST or None)
    context = _facts(request, patient)
    if request.method != "POST":
        return page(request, PAGE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, context)
    today, version = request.office.today, form_version(request) or 0
    try:
        commands.say_who_holds(
            request.actor, patient_id=patient_id, day=today, version=version, **form.facts()
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, context)
    again = {"form": _form(request, patient_id, None), **_facts(request, patient)}
    address = reverse("coverage:paying-order", args=[patient_id])
    return done(request, address, f"coverage/{PIECE}", again, toast=_("Answers kept."))


@screen(needs=Can.EDIT_COVERAGE, methods=("POST",))
def order_set(request: Request, patient_id: UUID) -> HttpResponse:
    """Give the plans the ranks in which they pay."""
    patient = Patient.objects.get(pk=patient_id)
    order, day = shown_order(request.POST.getlist("plan")), request.office.today
    try:
        commands.put_in_order(request.actor, patient_id=patient_id, day=day, order=order)
    except Refusal as no:
        record(request.actor, "coverage.paying-order.viewed", patient)
        form = _form(request, patient_id, None)
        return refused(request, PAGE, PIECE, form, no, _facts(request, patient))
    return done(
        request,
        reverse("patients:patient-page", args=[patient_id]),
        toast=_("The plans are in this order now."),
    )


def _form(request: Request, patient_id: UUID, data: Any) -> OrderForm:
    held = queries.coverages_on(patient_id, request.office.today)
    return OrderForm(data, held=held, facts=queries.paying_facts(patient_id), today=request.office.today)


def _facts(request: Request, patient: Patient) -> dict[str, Any]:
    today = request.office.today
    held = queries.coverages_on(patient.pk, today)
    facts = queries.paying_facts(patient.pk)
    order = queries.paying_order(patient, held, facts, day=today)
    for_cases = [
        (cases.words_of(one), queries.paying_order(patient, held, facts, day=today, case=cases.as_plan(one)))
        for one in cases.open_on(patient.pk, today)
    ]
    has_medicare = any(one.plan.kind == "medicare" for one in held)
    asked_on = facts.asked_at.astimezone(request.office.zone).date() if facts else None
    settled = [place.plan.id for place in order.places]
    return {
        **patients.around(request.actor, patient, today=today),
        "patient": patient,
        "held": held,
        "order": order,
        "for_cases": for_cases,
        "is_as_it_stands": settled == [one.pk for one in held],
        "version": facts.version if facts else 0,
        "asked_on": asked_on,
        "asked_by": facts.asked_by if facts else "",
        "is_due": medicare_questions_are_due(asked_on, today=today, has_medicare=has_medicare),
    }
