"""A patient's account on screen: in plain words, as entries, and the acts on it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import say
from daysheet.ledger import commands, queries
from daysheet.ledger.asking import asking, protected_today
from daysheet.ledger.forms import MoneyForm, ReasonForm, RefundForm, WriteOffForm
from daysheet.ledger.models import LedgerEntry
from daysheet.ledger.queries.days import ACCOUNT_WORDS
from daysheet.ledger.showing import acts_allowed
from daysheet.patients import queries as patients
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen

GET_AND_POST = ("GET", "HEAD", "POST")
ACT, ACT_FORM = "ledger/act.html", "_act_form.html"
BY_HAND = ("adjustment", "transfer", "brought_forward")
LAST_PAYMENTS = 5


@screen(needs=Can.SEE_MONEY)
def patient_panel(request: Request, patient_id: UUID) -> HttpResponse:
    """Show what a patient owes, and the last payments."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "ledger.account.viewed", patient)
    context = {
        "patient": patient,
        "standing": queries.balance(patient_id),
        "payments": list(queries.payments_of(patient_id)[:LAST_PAYMENTS]),
        **acts_allowed(request.actor),
    }
    if is_htmx(request):
        return page(request, "ledger/_patient_panel.html", context)
    return page(
        request,
        "ledger/patient-panel.html",
        context | patients.around(request.actor, patient, today=request.office.today),
    )


@screen(needs=Can.SEE_MONEY)
def account(request: Request, patient_id: UUID) -> HttpResponse:
    """Show the account: the bill explained, the entries behind it, the payments, the statements sent."""
    patient = Patient.objects.get(pk=patient_id)
    record(request.actor, "ledger.account.viewed", patient)
    view = request.GET.get("view", "words")
    context: dict[str, Any] = {
        "patient": patient,
        "standing": queries.balance(patient_id),
        "kept": asking(patient_id),
        "shield": protected_today(patient_id, request.office.today)
        if request.actor.can(Can.ADJUST)
        else None,
        "view": view if view in {"words", "entries", "payments", "statements"} else "words",
        "words": ACCOUNT_WORDS,
        "by_hand": BY_HAND,
        **acts_allowed(request.actor),
    }
    if context["view"] == "words":
        context["lines"] = queries.explain(patient_id)
    elif context["view"] == "entries":
        context["entries"] = Paginator(queries.account_lines(patient_id), 50).get_page(
            request.GET.get("page")
        )
    elif context["view"] == "statements":
        sent = queries.statements_of(patient_id)
        context["statements"] = Paginator(sent, 50).get_page(request.GET.get("page"))
    else:
        context["payments"] = Paginator(queries.payments_of(patient_id), 50).get_page(request.GET.get("page"))
    return page(
        request,
        "ledger/account.html",
        context | patients.around(request.actor, patient, today=request.office.today),
    )


@screen(needs=Can.REFUND, methods=GET_AND_POST)
def refund(request: Request, patient_id: UUID) -> HttpResponse:
    """Give unapplied credit back."""
    credit = queries.balance(patient_id).credit
    form = RefundForm(request.POST or None, initial={"amount": credit})

    def act(form: MoneyForm) -> tuple[str, str]:
        entry = commands.refund(
            request.actor, patient_id=patient_id, location_id=request.office.location_id, **form.cleaned_data
        )
        told = _("Gave back %(amount)s. Entry %(number)s.") % {
            "amount": say(form.cleaned_data["amount"]),
            "number": entry.number,
        }
        return reverse("ledger:refunded", args=[entry.pk]), told

    hint = _("The account holds %(amount)s of credit.") % {"amount": say(credit)}
    return _act(request, patient_id, form, act, _("Refund"), hint)


@screen(needs=Can.ADJUST, methods=GET_AND_POST)
def write_off(request: Request, patient_id: UUID) -> HttpResponse:
    """Give up what is due."""
    standing = queries.balance(patient_id)
    form = WriteOffForm(request.POST or None, initial={"amount": standing.owes, "from_account": "patient"})

    def act(form: MoneyForm) -> str:
        commands.write_off(request.actor, patient_id=patient_id, **form.cleaned_data)
        return _("Took %(amount)s off.") % {"amount": say(form.cleaned_data["amount"])}

    hint = _("The patient owes %(owes)s, the plan %(plan)s.") % {
        "owes": say(standing.owes),
        "plan": say(standing.insurance),
    }
    return _act(request, patient_id, form, act, _("Write off"), hint)


@screen(needs=Can.ADJUST, methods=GET_AND_POST)
def checks_set(request: Request, patient_id: UUID) -> HttpResponse:
    """Take no check on the account from now on, or take them again."""
    are_taken = bool(queries.balance(patient_id).no_checks)
    form = ReasonForm(request.POST or None)

    def act(form: MoneyForm) -> str:
        commands.set_checks(
            request.actor, patient_id=patient_id, are_taken=are_taken, reason=form.cleaned_data["reason"]
        )
        return _("Checks are taken again.") if are_taken else _("No check is taken on this account now.")

    title = _("Take checks again") if are_taken else _("Take no checks")
    return _act(request, patient_id, form, act, title, _("The desk reads the reason when it takes money."))


@screen(needs=Can.ADJUST, methods=GET_AND_POST)
def entry_reverse(request: Request, entry_id: UUID) -> HttpResponse:
    """Take an entry back by its mirror image."""
    entry = LedgerEntry.objects.filter(pk=entry_id).first()
    patient_id = (
        next((line.patient_id for line in entry.lines.all() if line.patient_id), None) if entry else None
    )
    if entry is None or patient_id is None:
        raise Http404
    form = ReasonForm(request.POST or None)

    def act(form: MoneyForm) -> str:
        mirrored = commands.reverse_entry(
            request.actor, entry_id=entry_id, reason=form.cleaned_data["reason"]
        )
        return _("Entry %(number)s takes it back.") % {"number": mirrored.number}

    hint = _("Entry %(number)s stays in the book; its mirror image is added today.") % {
        "number": entry.number
    }
    return _act(
        request, patient_id, form, act, _("Reverse entry %(number)s") % {"number": entry.number}, hint
    )


def _act(
    request: Request,
    patient_id: UUID,
    form: MoneyForm,
    act: Callable[[MoneyForm], str | tuple[str, str]],
    title: str,
    hint: str,
) -> HttpResponse:
    """Show the form of an act on an account, or do it; it says what was done, and where to go if not back."""
    patient = Patient.objects.get(pk=patient_id)
    back = reverse("ledger:account", args=[patient_id])
    context = {"patient": patient, "title": title, "hint": hint, "back": back} | patients.around(
        request.actor, patient, today=request.office.today
    )
    record(request.actor, "ledger.account.viewed", patient)
    if request.method != "POST":
        return page(request, ACT, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, ACT, ACT_FORM, form, context)
    try:
        told = act(form)
    except Refusal as no:
        return refused(request, ACT, ACT_FORM, form, no, context)
    there, toast = told if isinstance(told, tuple) else (back, told)
    return done(request, there, toast=toast)
