"""Estimates on screen: what is due, the two questions, the estimate with its versions, a patient's panel."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.charges import commands, estimating
from daysheet.charges.forms import (
    AskEstimateForm,
    CloseEstimateForm,
    EstimateFactsForm,
    EstimateLineForm,
    MakeEstimateForm,
)
from daysheet.charges.models import Estimate, EstimateVersion
from daysheet.charges.showing import due_row, plain, wanted_row
from daysheet.coverage import queries as coverage
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.practice import queries as practice
from daysheet.schedule import queries as schedule
from daysheet.schedule.models import Appointment
from daysheet.ui import forms as ui
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

GET_AND_POST = ("GET", "HEAD", "POST")
PAGE, PIECE = "charges/estimate.html", "_estimate.html"
ASK, ASK_FORM = "charges/estimate-ask.html", "_estimate_ask_form.html"


@screen(needs=Can.ENTER_CHARGES)
def estimates(request: Request) -> HttpResponse:
    """Show whose estimate is due by when, and which bills are far over theirs."""
    zone, today = request.office.zone, request.office.today
    wanted = [wanted_row(one, today=today) for one in estimating.wanted(today, zone)]
    due = [due_row(one, today=today) for one in estimating.to_do()]
    over = estimating.over_bills()
    changed = {one.pk for one in estimating.booking_changed()}
    shown = [one.patient.pk for one in (*wanted, *due)] + [one.patient_id for one in over]
    record(request.actor, "charges.estimates.viewed", patients=shown)
    context = {"wanted": wanted, "due": due, "over": over, "changed": changed}
    template = "charges/_estimates.html" if is_htmx(request) else "charges/estimates.html"
    return page(request, template, context)


@screen(needs=Can.ENTER_CHARGES, methods=GET_AND_POST)
def ask_for_visit(request: Request, appointment_id: UUID) -> HttpResponse:
    """Ask the two questions about a booked visit and begin its estimate."""
    booked = schedule.appointment(appointment_id)
    if booked is None:
        raise Http404
    standing = estimating.of_appointment(appointment_id)
    if standing is not None and request.method != "POST":
        return done(request, reverse("charges:estimate", args=[standing.pk]))
    return _ask(request, booked.patient, booked)


@screen(needs=Can.ENTER_CHARGES, methods=GET_AND_POST)
def ask_for_patient(request: Request, patient_id: UUID) -> HttpResponse:
    """Begin an estimate for somebody who asks what something costs."""
    return _ask(request, Patient.objects.get(pk=patient_id), None)


@screen(needs=Can.ENTER_CHARGES)
def estimate(request: Request, estimate_id: UUID) -> HttpResponse:
    """Show an estimate: what is expected, the patient's part, its versions, what comes next."""
    return page(request, PAGE, _facts(request, _held(estimate_id)))


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def estimate_line(request: Request, estimate_id: UUID) -> HttpResponse:
    """Expect one more service."""
    held, form = _held(estimate_id), EstimateLineForm(request.POST, bills=practice.claim_kinds())
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, None, _facts(request, held) | {"line_form": form})

    def act(version: int) -> str:
        line = commands.put_estimate_line(
            request.actor, estimate_id=estimate_id, version=version, **form.cleaned_data
        )
        return _("%(code)s is expected.") % {"code": line.code}

    return _do(request, held, act, form=form, name="line_form")


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def estimate_line_remove(request: Request, estimate_id: UUID) -> HttpResponse:
    """Expect a service no more."""
    code, revenue = (request.POST.get(key, "")[:10].replace("\0", "") for key in ("code", "revenue_code"))

    def act(version: int) -> str:
        commands.remove_estimate_line(
            request.actor, estimate_id=estimate_id, version=version, code=code, revenue_code=revenue
        )
        return _("%(code)s is off the estimate.") % {"code": code}

    return _do(request, _held(estimate_id), act)


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def estimate_change(request: Request, estimate_id: UUID) -> HttpResponse:
    """Say what the paper says beside its lines."""
    held = _held(estimate_id)
    form = EstimateFactsForm(request.POST, is_good_faith=held.kind == Estimate.Kind.GOOD_FAITH)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, None, _facts(request, held) | {"facts_form": form})

    def act(version: int) -> str:
        commands.change_estimate(request.actor, estimate_id=estimate_id, version=version, **form.facts())
        return _("Saved.")

    return _do(request, held, act, form=form, name="facts_form")


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def estimate_make(request: Request, estimate_id: UUID) -> HttpResponse:
    """Make the paper."""
    held, form = _held(estimate_id), MakeEstimateForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, None, _facts(request, held) | {"make_form": form})

    def act(version: int) -> str:
        made = commands.make_estimate(
            request.actor, estimate_id=estimate_id, version=version, reason=form.cleaned_data["reason"]
        )
        return _("Version %(n)s is made. Print it and hand it over.") % {"n": made.number}

    return _do(request, held, act, form=form, name="make_form")


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def estimate_give(request: Request, estimate_id: UUID) -> HttpResponse:
    """Say how the latest version reached the patient."""

    def act(version: int) -> str:
        how = request.POST.get("how", "")
        made = commands.hand_over_estimate(request.actor, estimate_id=estimate_id, version=version, how=how)
        return f"{made.get_given_how_display()}."

    return _do(request, _held(estimate_id), act)


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def estimate_follow(request: Request, estimate_id: UUID) -> HttpResponse:
    """Take over what became of the booked visit."""

    def act(_version: int) -> str:
        commands.follow_booking(request.actor, estimate_id=estimate_id)
        return _("Taken over.")

    return _do(request, _held(estimate_id), act)


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def estimate_close(request: Request, estimate_id: UUID) -> HttpResponse:
    """Close an estimate that is wanted no more."""
    held, form = _held(estimate_id), CloseEstimateForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, None, _facts(request, held) | {"close_form": form})

    def act(version: int) -> str:
        commands.close_estimate(
            request.actor, estimate_id=estimate_id, version=version, reason=form.cleaned_data["reason"]
        )
        return _("Closed.")

    return _do(request, held, act, form=form, name="close_form")


@screen(needs=Can.ENTER_CHARGES)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show a patient's estimates."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "charges.estimates.viewed", patient)
    context = {"patient": patient, "rows": list(estimating.of_patient(patient_id)[:20])}
    if is_htmx(request):
        return render(request, "charges/_patient_estimates.html", context)
    around = patients.around(request.actor, patient, today=request.office.today)
    return page(request, "charges/patient-estimates.html", {**around, **context})


@screen(needs=Can.ENTER_CHARGES)
def appointment_panel(request: Request, appointment_id: UUID) -> HttpResponse:
    """Show how it stands with the estimate of a booked visit."""
    booked = schedule.appointment(appointment_id)
    if booked is None:
        raise Http404
    record(request.actor, "charges.estimate.viewed", booked)
    context = {"booked": booked, "held": estimating.of_appointment(appointment_id)}
    if is_htmx(request):
        return render(request, "charges/_appointment_estimate.html", context)
    around = patients.around(request.actor, booked.patient, today=request.office.today)
    return page(request, "charges/appointment-estimate.html", {**around, **context})


def _ask(request: Request, patient: Patient, booked: Appointment | None) -> HttpResponse:
    today = request.office.today
    day = booked.on_day if booked else today
    covered = coverage.coverage_on(patient.pk, day)
    form = AskEstimateForm(
        request.POST if request.method == "POST" else None,
        today=today,
        is_booked=booked is not None,
        providers=[(str(one.pk), str(one)) for one in practice.providers(day=today)],
        types=[(str(one.pk), one.name) for one in schedule.types()],
        initial={
            "has_coverage": "yes" if covered else "",
            "uses_coverage": "no" if booked is not None and booked.pays_self else "",
        },
    )
    record(request.actor, "charges.estimate.viewed", patient)
    context = {
        "patient": patient,
        "booked": booked,
        "covered": covered,
        **patients.around(request.actor, patient, today=today),
    }
    if request.method != "POST":
        return page(request, ASK, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, ASK, ASK_FORM, form, context)
    main = practice.main_location()
    try:
        made = commands.ask_estimate(
            request.actor,
            patient_id=patient.pk,
            appointment_id=booked.pk if booked else None,
            location_id=request.office.location_id or (main.pk if main else None),
            **form.facts(),
        )
    except Refusal as no:
        return refused(request, ASK, ASK_FORM, form, no, context)
    toast = _("%(kind)s %(number)s begun.") % {"kind": made.get_kind_display(), "number": made.number}
    return done(request, reverse("charges:estimate", args=[made.pk]), toast=toast)


def _do(
    request: Request,
    held: Estimate,
    act: Callable[[int], str],
    *,
    form: ui.Form | None = None,
    name: str = "",
) -> HttpResponse:
    """Do an act on an estimate and show it again."""
    try:
        toast = act(form_version(request) or 0)
    except Refusal as no:
        facts = _facts(request, _held(held.pk))
        if form is not None:
            for field, sentence in no.fields.items():
                if field in form.fields:
                    form.add_error(field, sentence)
            facts[name] = form
        return refused(request, PAGE, PIECE, None, no, facts)
    there = reverse("charges:estimate", args=[held.pk])
    if not is_htmx(request):
        return done(request, there, toast=toast)
    return done(request, there, f"charges/{PIECE}", _facts(request, _held(held.pk)), toast=toast)


def _held(estimate_id: UUID) -> Estimate:
    held = estimating.estimate(estimate_id)
    if held is None:
        raise Http404
    return held


def _facts(request: Request, held: Estimate) -> dict[str, Any]:
    """Return an estimate as its page shows it; reading it is written down."""
    record(request.actor, "charges.estimate.viewed", held)
    versions = list(estimating.versions(held.pk))
    is_good_faith = held.kind == Estimate.Kind.GOOD_FAITH
    initial = {
        "for_what": held.for_what,
        "diagnoses": " ".join(held.diagnoses),
        "discount_percent": plain(held.discount_percent),
        "others_note": held.others_note,
        "separately": "\n".join(held.separately),
    }
    return {
        "held": held,
        "row": due_row(held, today=request.office.today),
        "is_good_faith": is_good_faith,
        "expected": estimating.expected(held),
        "versions": versions,
        "latest": versions[0] if versions else None,
        "change": estimating.change_of(held),
        "bill": estimating.bill_of(held) if held.over_by is not None else None,
        "ways": EstimateVersion.Given.choices,
        "is_open": held.state != Estimate.State.CLOSED,
        "line_form": EstimateLineForm(
            initial={"units": "1"}, auto_id="line_%s", bills=practice.claim_kinds()
        ),
        "facts_form": EstimateFactsForm(initial=initial, is_good_faith=is_good_faith),
        "make_form": MakeEstimateForm(auto_id="make_%s"),
        "close_form": CloseEstimateForm(auto_id="close_%s"),
        **patients.around(request.actor, held.patient, today=request.office.today),
    }
