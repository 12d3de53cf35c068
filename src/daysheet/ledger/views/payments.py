"""Payments on screen: taken, receipted, voided, bounced."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.coverage import copays
from daysheet.coverage import queries as coverage
from daysheet.documents.station_here import printed_here
from daysheet.kernel.access import Actor, Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.kernel.money import ZERO, say
from daysheet.ledger import commands, papers, queries
from daysheet.ledger.ahead import visit_with_copay
from daysheet.ledger.asking import asking
from daysheet.ledger.beyond import stays_as_credit
from daysheet.ledger.forms import (
    MoneyForm,
    MovePaymentForm,
    PaymentForm,
    ReasonForm,
    RefundForm,
    ReturnedCheckForm,
    SplitForm,
)
from daysheet.ledger.models import Payment
from daysheet.ledger.protected import paid_for
from daysheet.ledger.views.accounts import GET_AND_POST
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

TAKE, TAKE_FORM = "ledger/payment-take.html", "_payment_form.html"
SPLIT, SPLIT_FORM = "ledger/payment-split.html", "_split_form.html"


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def payment_take(request: Request, patient_id: UUID) -> HttpResponse:
    """Take money from a patient and give the receipt."""
    patient = Patient.objects.get(pk=patient_id)
    visit_id, purpose = _asked_for(request, patient_id)
    due = _due(patient_id, purpose, request, visit_id)
    context = _asking(request, patient, due, purpose, visit_id)
    if request.method != "POST":
        initial = {"amount": due.amount or None, "method": "cash"}
        return page(request, TAKE, {"form": PaymentForm(initial=initial), **context})
    form = PaymentForm(request.POST)
    if not form.is_valid():
        return invalid(request, TAKE, TAKE_FORM, form, context)
    try:
        reading.must_be_read(request, patient, "money")
        payment = commands.take_payment(
            request.actor,
            patient_id=patient_id,
            location_id=request.office.location_id,
            purpose=purpose,
            visit_id=visit_id,
            **form.cleaned_data,
        )
    except Refusal as no:
        return refused(request, TAKE, TAKE_FORM, form, no, context)
    told = _("Took %(amount)s. Receipt %(number)s.") % {
        "amount": say(payment.amount),
        "number": payment.number,
    }
    return _taken(request, [payment], told, due)


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def payment_split(request: Request, patient_id: UUID) -> HttpResponse:
    """Take one payment in several ways and give one receipt."""
    patient = Patient.objects.get(pk=patient_id)
    visit_id, purpose = _asked_for(request, patient_id)
    due = _due(patient_id, purpose, request, visit_id)
    context = _asking(request, patient, due, purpose, visit_id)
    if request.method != "POST":
        return page(request, SPLIT, {"form": SplitForm(initial={"amount": due.amount or None}), **context})
    form = SplitForm(request.POST)
    if not form.is_valid():
        return invalid(request, SPLIT, SPLIT_FORM, form, context)
    try:
        reading.must_be_read(request, patient, "money")
        parts = commands.take_split(
            request.actor,
            patient_id=patient_id,
            ways=[commands.Way(**way) for way in form.ways()],
            location_id=request.office.location_id,
            purpose=purpose,
            visit_id=visit_id,
        )
    except Refusal as no:
        return refused(request, SPLIT, SPLIT_FORM, form, no, context)
    facts = {"amount": say(form.cleaned_data["amount"]), "number": parts[0].number}
    return _taken(request, parts, _("Took %(amount)s. Receipt %(number)s.") % facts, due)


@screen(needs=Can.SEE_MONEY)
def receipt(request: Request, payment_id: UUID) -> HttpResponse:
    """Show a receipt, and what may still be done about the payment."""
    payment = _payment(payment_id)
    return page(request, "ledger/receipt.html", _facts(request, payment))


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def receipt_print(request: Request, payment_id: UUID) -> HttpResponse:
    """Print the receipt as a paper of the patient."""
    payment = _payment(payment_id)
    try:
        document = commands.keep_receipt(request.actor, payment_id=payment.pk)
    except Refusal as no:
        return refused(request, "ledger/receipt.html", "_receipt.html", None, no, _facts(request, payment))
    told = printed_here(request, document)
    if told:
        return done(request, reverse("ledger:receipt", args=[payment.pk]), toast=told)
    return done(
        request, reverse("documents:document-view", args=[document.pk]), toast=_("The receipt is ready.")
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def payment_undo(request: Request, payment_id: UUID) -> HttpResponse:
    """Take a payment back at once, by its mirror image."""
    payment = _payment(payment_id)
    back = _what_goes_back(payment.number)
    try:
        commands.void_payment(request.actor, payment_id=payment_id, reason=_("undone at the desk"))
    except Refusal as no:
        return refused(request, "ledger/receipt.html", "_receipt.html", None, no, _facts(request, payment))
    told = _("Took receipt %(number)s back. Give back: %(ways)s.") % {"number": payment.number, "ways": back}
    return done(request, reverse("ledger:receipt", args=[payment_id]), toast=told)


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def payment_void(request: Request, payment_id: UUID) -> HttpResponse:
    """Void a payment of today, with its reason."""
    form = ReasonForm(request.POST or None)

    def void(by: Actor, *, payment_id: UUID, reason: str) -> str:
        number = _payment(payment_id).number
        back = _what_goes_back(number)
        commands.void_payment(by, payment_id=payment_id, reason=reason)
        return _("Done: what it had paid is owed again. Give back: %(ways)s.") % {"ways": back}

    return _taken_back(request, payment_id, form, void, _("Void the payment"), is_whole=True)


@screen(needs=Can.ADJUST, methods=GET_AND_POST)
def payment_move(request: Request, payment_id: UUID) -> HttpResponse:
    """Put a payment to the account of another patient."""
    form = MovePaymentForm(request.POST or None)

    def move(by: Actor, *, payment_id: UUID, chart: Patient, reason: str) -> str:
        commands.move_payment(by, payment_id=payment_id, to_id=chart.pk, reason=reason)
        return _("Moved to the account of %(who)s.") % {"who": chart}

    return _taken_back(request, payment_id, form, move, _("Move to another patient"), is_whole=True)


@screen(needs=Can.REFUND, methods=GET_AND_POST)
def payment_give_back(request: Request, payment_id: UUID) -> HttpResponse:
    """Give a payment of an earlier day back over the desk, or a part of it."""
    initial = {"amount": _payment(payment_id).kept - queries.given_back_of(payment_id)}
    form = RefundForm(request.POST or None, initial=initial)

    def give_back(by: Actor, **said: Any) -> tuple[str, str]:
        entry = commands.refund_payment(by, location_id=request.office.location_id, **said)
        return reverse("ledger:refunded", args=[entry.pk]), _("Done: what it had paid is owed again.")

    return _taken_back(request, payment_id, form, give_back, _("Give it back"))


@screen(needs=Can.ADJUST, methods=GET_AND_POST)
def check_returned(request: Request, payment_id: UUID) -> HttpResponse:
    """Record that the bank gave a check back."""
    form = ReturnedCheckForm(request.POST or None, fee=queries.desk_rules().check_fee)
    return _taken_back(request, payment_id, form, commands.return_check, _("The check came back"))


def _taken(request: Request, parts: Sequence[Payment], told: str, due: "Due") -> HttpResponse:
    """Answer that money was taken: what of it nobody owed, and what goes back as change."""
    payment = parts[0]
    if over := stays_as_credit(parts, due=due.credit_from or ZERO, credit=due.credit):
        told += " " + _("%(amount)s stays as credit.") % {"amount": say(over)}
    if payment.change_due:
        told += " " + _("Give %(amount)s change.") % {"amount": say(payment.change_due)}
    undo = (reverse("ledger:payment-undo", args=[payment.pk]), _("Undo"))
    return done(request, reverse("ledger:receipt", args=[payment.pk]), toast=told, undo=undo)


def _what_goes_back(number: int) -> str:
    """Return the standing parts of a receipt as they go back over the desk: $8.00 in cash, check 12 of $4.00."""
    parts = [one for one in queries.payments_on_receipt(number) if one.voided_at is None]
    return ", ".join(f"{say(one.amount)} ({papers.how_paid(one)})" for one in parts)


def _taken_back(
    request: Request, payment_id: UUID, form: MoneyForm, command: Any, title: str, *, is_whole: bool = False
) -> HttpResponse:
    payment = _payment(payment_id)
    parts = queries.payments_on_receipt(payment.number) if is_whole else [payment]
    amount = sum((one.kept for one in parts if not one.voided_at), ZERO)
    context = {
        "title": title,
        "hint": _("Receipt %(number)s, %(amount)s. What it had paid is owed again.")
        % {"number": payment.number, "amount": say(amount)},
        "back": reverse("ledger:receipt", args=[payment_id]),
        **_facts(request, payment),
    }
    if request.method != "POST":
        return page(request, "ledger/act.html", context | {"form": form})
    if not form.is_valid():
        return invalid(request, "ledger/act.html", "_act_form.html", form, context)
    try:
        told = command(request.actor, payment_id=payment_id, **form.cleaned_data)
    except Refusal as no:
        return refused(request, "ledger/act.html", "_act_form.html", form, no, context)
    if isinstance(told, tuple):
        there, toast = told
        return done(request, there, toast=toast)
    toast = told if isinstance(told, str) else _("Done: what it had paid is owed again.")
    return done(request, context["back"], toast=toast)


def _payment(payment_id: UUID) -> Payment:
    rows = Payment.objects.select_related("patient", "payer", "location", "entry__posting_day")
    payment = rows.filter(pk=payment_id, patient__isnull=False).first()
    if payment is None:
        raise Http404
    return payment


def _facts(request: Request, payment: Payment) -> dict[str, Any]:
    """Return what the page of a receipt shows, every way in which it was paid; reading it is written down."""
    record(request.actor, "ledger.receipt.viewed", payment)
    patient = payment.patient
    if patient is None:
        raise Http404
    parts = queries.payments_on_receipt(payment.number)
    standing = [one for one in parts if one.voided_at is None]
    today = queries.posting_day(request.actor.now)
    is_today = payment.entry is not None and payment.entry.posted_on == today
    move = queries.move_of(payment.pk)
    moved = [line.patient for line in move.lines.filter(amount__lt=0)] if move else []
    checks = [one.pk for one in standing if one.method == Payment.Method.CHECK]
    return {
        "payment": payment,
        "patient": patient,
        "parts": parts,
        "stands": bool(standing),
        "total": sum((one.amount for one in standing or parts), ZERO),
        "change": sum((one.change_due for one in standing), ZERO) if is_today else ZERO,
        "how": [papers.how_paid(one) for one in parts],
        "may_take": request.actor.can(Can.TAKE_PAYMENT),
        "may_void": bool(standing) and is_today and request.actor.can(Can.TAKE_PAYMENT),
        "moved": moved,
        "may_move": bool(standing) and not moved and request.actor.can(Can.ADJUST),
        "may_give_back": payment in standing
        and not moved
        and not (is_today and payment.deposit_id is None)
        and request.actor.can(Can.REFUND),
        "may_return": checks[0] if checks and request.actor.can(Can.ADJUST) else None,
        **patients.around(request.actor, patient, today=request.office.today),
    }


def _asking(
    request: Request, patient: Patient, due: "Due", purpose: str, visit_id: UUID | None
) -> dict[str, Any]:
    """Return what the page shows on which money is taken; reading the account is written down."""
    record(request.actor, "ledger.account.viewed", patient)
    return {
        "patient": patient,
        "reason": due.words,
        "credit_from": due.credit_from,
        "purpose": purpose,
        "visit_id": visit_id or "",
        "said": reading.read_out(request, patient, "money"),
        "no_checks": queries.balance(patient.pk).no_checks,
        **patients.around(request.actor, patient, today=request.office.today),
    }


def _asked_for(request: Request, patient_id: UUID) -> tuple[UUID | None, str]:
    """Return the visit and what the money is for; where nobody says, the copay of today's visit comes first."""
    asked = request.POST if request.method == "POST" else request.GET
    purpose, visit_id = asked.get("purpose", ""), read_id(asked.get("visit"))
    if not purpose and (waits := visit_with_copay(patient_id, request.office.today)):
        return waits, "copay"
    return visit_id, purpose if purpose in commands.PURPOSES else "balance"


class Due(NamedTuple):
    """What to ask for, where it comes from, and beyond which amount a payment stays as credit, if it can."""

    amount: Decimal
    words: str
    credit: Decimal = ZERO
    """What the account holds before."""
    credit_from: Decimal | None = None


def _due(patient_id: UUID, purpose: str, request: Request, visit_id: UUID | None) -> Due:
    """Return what to ask for, and where the amount comes from: copay 30.00 + old 12.40."""
    if purpose == "prepayment":
        return Due(
            ZERO, _("Taken ahead. It stands as credit until the visit, and is set against its copay then.")
        )
    held = asking(patient_id)
    plan = queries.plan_standing(patient_id, today=queries.posting_day(request.actor.now), most=held.may_ask)
    if purpose == "plan" and plan:
        return Due(plan.keeping.due or plan.keeping.next_amount, plan.words)
    credit = queries.balance(patient_id).credit
    planned = plan.keeping.left if plan else ZERO
    owes, kept = held.may_ask, f" {held.words}" if held.kept_back else ""
    if plan and plan.keeping.left:
        owes -= plan.keeping.left
        kept += " " + _("%(left)s more is under a %(words)s.") % {
            "left": say(plan.keeping.left),
            "words": plan.words,
        }
    if purpose != "copay":
        words = _("what may be asked now: %(amount)s.") if kept else _("what the account owes: %(amount)s.")
        return Due(owes, words % {"amount": say(owes)} + kept, credit, owes + planned)
    copay, source = coverage.copay_due(patient_id, request.office.today, service=copays.of_visit(visit_id))
    unpaid = max((copay or ZERO) - paid_for(visit_id), ZERO)
    against = min(unpaid, queries.free_credit(patient_id, visit_id))
    if against:
        kept += " " + _("%(amount)s of the credit is set against it.") % {"amount": say(against)}
    left = unpaid - against
    parts = (
        [_("copay %(amount)s (%(source)s)") % {"amount": f"{left:,.2f}", "source": source}] if copay else []
    )
    parts += [_("old %(amount)s") % {"amount": f"{owes:,.2f}"}] if owes else []
    told = " + ".join(parts) if copay else " ".join([source, *parts])
    return Due(left + owes, (told or source) + kept, credit, left + owes + planned)
