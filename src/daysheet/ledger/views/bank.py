"""The way to the bank on screen: what is still here, the slip, what the bank says of it."""

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
from daysheet.ledger.forms import BankSaidForm, DepositForm, ReasonForm
from daysheet.ledger.models import BankDeposit
from daysheet.ledger.views.accounts import GET_AND_POST
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version
from daysheet.ui.words import day as in_words

LIST, LIST_FORM = "ledger/deposits.html", "_deposit_form.html"
ONE, ONE_ACTS = "ledger/deposit.html", "_deposit_acts.html"


@screen(needs=Can.CLOSE_DAY, methods=GET_AND_POST)
def deposits(request: Request) -> HttpResponse:
    """Show what waits for the bank and what went there, and make a slip."""
    facts, form = _waiting(request)
    if request.method != "POST":
        return page(request, LIST, facts | {"form": form})
    if not form.is_valid():
        return invalid(request, LIST, LIST_FORM, form, facts)
    try:
        deposit = commands.make_deposit(
            request.actor,
            drawer_ids=[UUID(one) for one in form.cleaned_data["drawer"]],
            check_ids=[UUID(one) for one in form.cleaned_data["check"]],
            bank_on=form.cleaned_data["bank_on"],
        )
    except Refusal as no:
        return refused(request, LIST, LIST_FORM, form, no, facts)
    told = _("Slip %(number)s: %(amount)s.") % {"number": deposit.number, "amount": say(deposit.total)}
    return done(request, _at(deposit.pk), toast=told)


@screen(needs=Can.CLOSE_DAY)
def deposit(request: Request, deposit_id: UUID) -> HttpResponse:
    """Show a slip: its drawers, its checks, what the bank said."""
    return page(request, ONE, _one(request, deposit_id) | {"form": BankSaidForm()})


@screen(needs=Can.CLOSE_DAY, methods=("POST",))
def deposit_print(request: Request, deposit_id: UUID) -> HttpResponse:
    """Print a slip as a paper."""
    facts = _one(request, deposit_id)
    try:
        paper = commands.print_slip(request.actor, deposit_id=deposit_id)
    except Refusal as no:
        return refused(request, ONE, ONE_ACTS, None, no, facts | {"form": BankSaidForm()})
    there = reverse("documents:document-view", args=[paper.pk])
    return done(request, there, toast=_("The slip is ready."))


@screen(needs=Can.CLOSE_DAY, methods=("POST",))
def deposit_settle(request: Request, deposit_id: UUID) -> HttpResponse:
    """Write down what the bank credited."""
    facts, form = _one(request, deposit_id), BankSaidForm(request.POST)
    if not form.is_valid():
        return invalid(request, ONE, ONE_ACTS, form, facts)
    version = form_version(request) or 0
    try:
        settled = commands.settle_deposit(
            request.actor, deposit_id=deposit_id, version=version, **form.cleaned_data
        )
    except Refusal as no:
        return refused(request, ONE, ONE_ACTS, form, no, facts)
    is_same = settled.state == BankDeposit.State.CONFIRMED
    told = _("The bank confirms the deposit.") if is_same else _("Kept: the bank differs.")
    return done(request, _at(deposit_id), toast=told)


@screen(needs=Can.CLOSE_DAY, methods=GET_AND_POST)
def deposit_void(request: Request, deposit_id: UUID) -> HttpResponse:
    """Take a slip apart that has not gone to the bank."""
    row = _one(request, deposit_id)["deposit"]
    form = ReasonForm(request.POST or None)
    context = {
        "title": _("Take slip %(number)s apart") % {"number": row.number},
        "label": _("Take it apart"),
        "hint": _("Its drawers and checks wait for another slip. The number is not used again."),
        "back": _at(deposit_id),
        "version": row.version,
        "patient": None,
        "who": None,
        "initials": "",
    }
    if request.method != "POST":
        return page(request, "ledger/act.html", context | {"form": form})
    if not form.is_valid():
        return invalid(request, "ledger/act.html", "_act_form.html", form, context)
    try:
        commands.void_deposit(
            request.actor, deposit_id=deposit_id, version=form_version(request) or 0, **form.cleaned_data
        )
    except Refusal as no:
        return refused(request, "ledger/act.html", "_act_form.html", form, no, context)
    return done(request, reverse("ledger:deposits"), toast=_("The slip is taken apart."))


def _at(deposit_id: UUID) -> str:
    return reverse("ledger:deposit", args=[deposit_id])


def _waiting(request: Request) -> tuple[dict[str, Any], DepositForm]:
    drawers, checks = queries.drawers_to_bank(), queries.checks_to_bank()
    named = {one.patient_id for one in checks if one.patient_id}
    record(request.actor, "ledger.deposits.viewed", patients=named)
    sentence = _("%(drawer)s, %(day)s: %(amount)s")
    form = DepositForm(
        request.POST or None,
        drawers=[
            (
                str(one.row.pk),
                sentence % {"drawer": one.row.name, "day": in_words(one.row.day), "amount": say(one.to_bank)},
            )
            for one in drawers
        ],
        checks=[
            (
                str(one.pk),
                _("%(who)s, check %(number)s: %(amount)s")
                % {"who": one.patient, "number": one.check_number, "amount": say(one.amount)},
            )
            for one in checks
        ],
        initial={
            "drawer": [str(one.row.pk) for one in drawers],
            "check": [str(one.pk) for one in checks],
            "bank_on": request.office.today,
        },
        today=request.office.today,
    )
    made = Paginator(queries.bank_deposits(), 50).get_page(request.GET.get("page"))
    facts = {
        "cash": sum((one.to_bank for one in drawers), start=0),
        "checks": sum((one.amount for one in checks), start=0),
        "is_empty": not drawers and not checks,
        "made": made,
        "left_open": queries.drawers_left_open(queries.posting_day(request.actor.now)),
    }
    return facts, form


def _one(request: Request, deposit_id: UUID) -> dict[str, Any]:
    row = BankDeposit.objects.filter(pk=deposit_id).first()
    if row is None:
        raise Http404
    slip = queries.deposit_slip(row)
    named = {one.patient_id for one in slip.checks if one.patient_id}
    record(request.actor, "ledger.deposit.viewed", row, patients=named)
    return {"deposit": row, "slip": slip}
