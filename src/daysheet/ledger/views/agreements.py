"""Payment plans on screen: offered, signed, kept, changed, ended; and the list of what is due."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.kernel.money import ZERO
from daysheet.ledger import commands, plan_papers, queries
from daysheet.ledger.asking import asking
from daysheet.ledger.forms import ReasonForm
from daysheet.ledger.models import PaymentPlan
from daysheet.ledger.plan_forms import PlanCardForm, PlanForm, PlanSignForm
from daysheet.ledger.views.accounts import GET_AND_POST
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

OFFER, OFFER_FORM = "ledger/plan-offer.html", "_plan_offer_form.html"
PAGE, PIECE = "ledger/payment-plan.html", "_payment_plan.html"
TABS = ("today", "late", "all")


@screen(needs=Can.SEE_MONEY)
def payment_plans(request: Request) -> HttpResponse:
    """Show the plans that run: what is due today or late, what is kept."""
    every = queries.plan_standings(today=queries.posting_day(request.actor.now))
    late = [one for one in every if one.keeping.state == "late"]
    due = [one for one in every if one.keeping.state in {"late", "due"}]
    asked = request.GET.get("view", "today")
    view = asked if asked in TABS else "today"
    shown = {"today": due, "late": late, "all": every}[view]
    record(request.actor, "ledger.plans.viewed", patients=[one.plan.patient_id for one in shown])
    context = {
        "shown": shown[:200],
        "view": view,
        "counts": {"today": len(due), "late": len(late), "all": len(every)},
        "may_take": request.actor.can(Can.TAKE_PAYMENT),
    }
    return page(request, "ledger/payment-plans.html", context)


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def plan_offer(request: Request, patient_id: UUID) -> HttpResponse:
    """Work out a plan for what a patient owes."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "ledger.account.viewed", patient)
    today = queries.posting_day(request.actor.now)
    held = asking(patient_id)
    may_ask = max(held.may_ask - queries.balance(patient_id).credit, ZERO)
    running = queries.plan_standing(patient_id, today=today, most=may_ask)
    form = PlanForm(
        request.POST or None,
        today=today,
        cards=_cards(patient_id),
        initial={"amount": may_ask or None, "every": "month", "grace_days": 5},
    )
    context = {
        "patient": patient,
        "may_ask": may_ask,
        "kept_words": held.words,
        "running": running,
        **patients.around(request.actor, patient, today=request.office.today),
    }
    if request.method != "POST":
        return page(request, OFFER, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, OFFER, OFFER_FORM, form, context)
    said = form.cleaned_data
    facts = {"down": said["down"] or ZERO, "card_id": read_id(said["card_id"])}
    try:
        plan = commands.offer_plan(request.actor, patient_id=patient_id, **(said | facts))
    except Refusal as no:
        return refused(request, OFFER, OFFER_FORM, form, no, context)
    told = _("Read it with the patient, then let it be signed.")
    return done(request, reverse("ledger:payment-plan", args=[plan.pk]), toast=told)


@screen(needs=Can.SEE_MONEY)
def payment_plan(request: Request, payment_plan_id: UUID) -> HttpResponse:
    """Show a plan: its instalments, what was paid, and what may be done now."""
    return page(request, PAGE, _facts(request, _plan(payment_plan_id)))


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def plan_sign(request: Request, payment_plan_id: UUID) -> HttpResponse:
    """Keep the signature: from now on the plan runs."""
    plan = _plan(payment_plan_id)
    form = PlanSignForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, _facts(request, plan) | {"sign_form": form})
    return _do(
        request,
        plan,
        lambda version: commands.sign_plan(
            request.actor, plan_id=plan.pk, version=version, **form.cleaned_data
        ),
        told=_("Signed and kept among the papers: the plan runs."),
        form=form,
        name="sign_form",
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def plan_drop(request: Request, payment_plan_id: UUID) -> HttpResponse:
    """Drop a plan that was not signed."""
    plan = _plan(payment_plan_id)
    return _do(
        request,
        plan,
        lambda version: commands.drop_plan(request.actor, plan_id=plan.pk, version=version),
        told=_("Dropped: nothing has changed."),
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def plan_end(request: Request, payment_plan_id: UUID) -> HttpResponse:
    """End a plan before it is paid, saying why."""
    plan = _plan(payment_plan_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, _facts(request, plan) | {"reason_form": form})
    reason = form.cleaned_data["reason"]
    return _do(
        request,
        plan,
        lambda version: commands.end_plan(request.actor, plan_id=plan.pk, version=version, reason=reason),
        told=_("The plan is ended: what is left may be asked as a balance."),
        form=form,
        name="reason_form",
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def plan_card(request: Request, payment_plan_id: UUID) -> HttpResponse:
    """Say from which kept card the instalments are taken."""
    plan = _plan(payment_plan_id)
    form = PlanCardForm(request.POST, cards=_cards(plan.patient_id))
    if not form.is_valid():
        return invalid(request, PAGE, PIECE, form, _facts(request, plan) | {"card_form": form})
    card_id = read_id(form.cleaned_data["card_id"])
    return _do(
        request,
        plan,
        lambda version: commands.set_plan_card(
            request.actor, plan_id=plan.pk, version=version, card_id=card_id
        ),
        told=_("Kept."),
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def plan_charge(request: Request, payment_plan_id: UUID) -> HttpResponse:
    """Take what is due now from the kept card."""
    plan = _plan(payment_plan_id)
    try:
        charge = commands.charge_plan(
            request.actor,
            plan_id=plan.pk,
            version=form_version(request) or 0,
            location_id=request.office.location_id,
        )
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, _plan(payment_plan_id)))
    return done(request, reverse("ledger:card", args=[charge.pk]), toast=_("The card company is asked."))


def _do(
    request: Request,
    plan: PaymentPlan,
    act: Callable[[int], object],
    *,
    told: str,
    form: Any = None,
    name: str = "form",
) -> HttpResponse:
    try:
        act(form_version(request) or 0)
    except Refusal as no:
        return refused(request, PAGE, PIECE, form, no, _facts(request, _plan(plan.pk)) | {name: form})
    return done(request, reverse("ledger:payment-plan", args=[plan.pk]), toast=told)


def _plan(plan_id: UUID) -> PaymentPlan:
    plan = queries.payment_plan(plan_id)
    if plan is None:
        raise Http404
    return plan


def _cards(patient_id: UUID) -> list[tuple[str, str]]:
    return [(str(one.pk), f"{one} ({one.expires})") for one in queries.saved_cards(patient_id)]


def _facts(request: Request, plan: PaymentPlan) -> dict[str, Any]:
    """Return what the page of a plan shows; reading it is written down."""
    record(request.actor, "ledger.plan.viewed", plan)
    patient = plan.patient
    most: Decimal | None = None
    if plan.state == PaymentPlan.State.RUNNING:
        most = max(asking(patient.pk).may_ask - queries.balance(patient.pk).credit, ZERO)
    standing = queries.stands(plan, today=queries.posting_day(request.actor.now), most=most)
    cards = _cards(patient.pk)
    return {
        "plan": plan,
        "patient": patient,
        "standing": standing,
        "rows": queries.shown_dues(standing),
        "fills": queries.filled_by(plan.pk),
        "terms": plan_papers.terms_in_words(plan),
        "needs_disclosure": plan_papers.needs_disclosure(plan),
        "may_take": request.actor.can(Can.TAKE_PAYMENT),
        "cards": cards,
        "sign_form": PlanSignForm(initial={"signed_by": f"{patient.given} {patient.family}"}),
        "reason_form": ReasonForm(),
        "card_form": PlanCardForm(cards=cards, initial={"card_id": str(plan.card_id or "")}),
        **patients.around(request.actor, patient, today=request.office.today),
    }
