"""Cards on screen: money taken, held or given back through the card company, and which company that is."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.documents.station_here import station_id_here
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.kernel.ids import read_id
from daysheet.kernel.money import ZERO
from daysheet.ledger import commands, queries
from daysheet.ledger.beyond import found_as_credit
from daysheet.ledger.cardgate.practice_cards import CARDS, RED_BUTTON
from daysheet.ledger.forms import CardDoorForm, CardForm, ReasonForm
from daysheet.ledger.models import CardCharge, CardDoor, Payment
from daysheet.ledger.plan_forms import ReturnForm
from daysheet.ledger.views.accounts import GET_AND_POST
from daysheet.ledger.views.payments import _asked_for, _asking, _due
from daysheet.patients import queries as patients
from daysheet.patients import reading
from daysheet.patients.models import Patient
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.htmx import is_htmx
from daysheet.ui.screens import Request, screen
from daysheet.ui.tokens import form_version

TAKE, TAKE_FORM = "ledger/card-take.html", "_card_form.html"
AT = "at-"
"""Before the id of a terminal, among the cards to choose from."""
PAGE, PIECE = "ledger/card.html", "_card.html"
DOOR, DOOR_FORM = "ledger/card-door.html", "_card_door_form.html"


@screen(needs=Can.TAKE_PAYMENT)
def cards(request: Request) -> HttpResponse:
    """Show what is held on cards until when, what the company has not answered, what was last settled."""
    waits, settled = queries.cards_to_do(), queries.cards_done()
    near = list(queries.cards_to_hold(queries.posting_day(request.actor.now))[:200])
    seen = [one.patient_id for one in near] + [one.patient_id for one in (*waits, *settled)]
    record(request.actor, "ledger.cards.viewed", patients=seen)
    context = {"waits": waits, "settled": settled, "door": queries.card_door(), "now": request.actor.now}
    context["to_hold"] = near
    return page(request, "ledger/_cards.html" if is_htmx(request) else "ledger/cards.html", context)


@screen(needs=Can.TAKE_PAYMENT, methods=GET_AND_POST)
def card_take(request: Request, patient_id: UUID) -> HttpResponse:
    """Take money by card, hold it until a visit, or keep the card; cash and check may go beside it."""
    patient = Patient.objects.get(pk=patient_id)
    visit_id, purpose = _asked_for(request, patient_id)
    due = _due(patient_id, purpose, request, visit_id)
    door = queries.card_door()
    is_loopback = door.company == CardDoor.Company.LOOPBACK
    kept = [(str(one.pk), f"{one} ({one.expires})") for one in queries.saved_cards(patient_id)]
    tests = [
        (name, f"{brand} {last4}{': ' + no if no else ''}") for name, (brand, last4, _e, no) in CARDS.items()
    ]
    held = queries.terminals_for(door.company, station_id_here(request))
    at = [(f"{AT}{one.pk}", _("%(terminal)s: the card is held to it") % {"terminal": one}) for one in held]
    form = CardForm(
        request.POST if request.method == "POST" else None,
        today=request.office.today,
        cards=at + kept + (tests if is_loopback else []),
        takes_token=not is_loopback,
        initial={"kind": "charge", "amount": due.amount or None, "card": at[0][0] if at else ""},
    )
    context = {
        "door": door,
        "saved": queries.saved_cards(patient_id),
        **_asking(request, patient, due, purpose, visit_id),
    }
    if request.method != "POST":
        return page(request, TAKE, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, TAKE, TAKE_FORM, form, context)
    said = form.cleaned_data
    card_id, terminal_id = read_id(said["card"]), read_id(said["card"].removeprefix(AT))
    terminal_id = terminal_id if said["card"].startswith(AT) else None
    try:
        reading.must_be_read(request, patient, "money")
        charge = commands.begin_card(
            request.actor,
            patient_id=patient_id,
            kind=said["kind"],
            **({"amount": said["amount"]} if said["amount"] else {}),
            card_id=card_id,
            terminal_id=terminal_id,
            token=said["card"] if said["card"] and card_id is None else said.get("token", ""),
            keeps_card=said["keeps_card"],
            purpose=purpose,
            visit_id=visit_id,
            location_id=request.office.location_id,
            for_day=said["for_day"],
            beside=[commands.Way(**way) for way in form.beside()],
        )
    except Refusal as no:
        return refused(request, TAKE, TAKE_FORM, form, no, context)
    return done(request, reverse("ledger:card", args=[charge.pk]), toast=_("The card company is asked."))


@screen(needs=Can.TAKE_PAYMENT, keeps_awake=False)
def card(request: Request, charge_id: UUID) -> HttpResponse:
    """Show one card payment: what the company says, and what may be done now."""
    facts = _facts(request, _charge(charge_id))
    return page(request, f"ledger/{PIECE}" if is_htmx(request) else PAGE, facts)


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_capture(request: Request, charge_id: UUID) -> HttpResponse:
    """Take what is held."""

    def act(version: int) -> object:
        reading.must_be_read(request, _charge(charge_id).patient, "money")
        return commands.begin_capture(request.actor, charge_id=charge_id, version=version)

    return _do(request, charge_id, act)


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_release(request: Request, charge_id: UUID) -> HttpResponse:
    """Let go what is held, saying why."""
    return _with_reason(request, charge_id, commands.begin_release)


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_return(request: Request, charge_id: UUID) -> HttpResponse:
    """Give back what was taken, saying why."""
    form = ReturnForm(request.POST)
    if not form.is_valid():
        facts = _facts(request, _charge(charge_id)) | {"return_form": form}
        return invalid(request, PAGE, PIECE, None, facts)
    said = form.cleaned_data
    return _do(
        request,
        charge_id,
        lambda version: commands.begin_return(request.actor, charge_id=charge_id, version=version, **said),
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_post(request: Request, charge_id: UUID) -> HttpResponse:
    """Put what went back and is still in the book into it."""
    return _do(
        request,
        charge_id,
        lambda version: commands.post_card_return(request.actor, charge_id=charge_id, version=version),
        _("It is in the book now."),
    )


@screen(needs=Can.TAKE_PAYMENT, methods=("POST",))
def card_remove(request: Request, saved_card_id: UUID) -> HttpResponse:
    """Forget a saved card."""
    removed = commands.remove_card(request.actor, card_id=saved_card_id)
    there = reverse("ledger:card-take", args=[removed.patient_id])
    return done(request, there, toast=_("%(card)s is forgotten.") % {"card": removed})


@screen(needs=Can.MANAGE_OFFICE, methods=GET_AND_POST)
def card_door(request: Request) -> HttpResponse:
    """Say by which company this office takes cards."""
    door = queries.card_door()
    companies = [(str(value), str(words)) for value, words in CardDoor.Company.choices]
    posted = request.POST if request.method == "POST" else None
    form = CardDoorForm(posted, companies=companies, initial={"company": door.company})
    context = {"door": door}
    if posted is None:
        return page(request, DOOR, {"form": form, **context})
    if not form.is_valid():
        return invalid(request, DOOR, DOOR_FORM, form, context)
    try:
        commands.set_card_door(request.actor, version=form_version(request) or 0, **form.cleaned_data)
    except Refusal as no:
        return refused(request, DOOR, DOOR_FORM, form, no, context)
    return done(request, reverse("ledger:card-door"), toast=_("Saved."))


def _with_reason(request: Request, charge_id: UUID, command: Callable[..., object]) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        facts = _facts(request, _charge(charge_id)) | {"reason_form": form}
        return invalid(request, PAGE, PIECE, None, facts)
    reason = form.cleaned_data["reason"]
    return _do(
        request,
        charge_id,
        lambda version: command(request.actor, charge_id=charge_id, version=version, reason=reason),
    )


def _do(
    request: Request, charge_id: UUID, act: Callable[[int], object], told: str | None = None
) -> HttpResponse:
    charge = _charge(charge_id)
    try:
        act(form_version(request) or 0)
    except Refusal as no:
        return refused(request, PAGE, PIECE, None, no, _facts(request, _charge(charge_id)))
    toast = told or _("The card company is asked.")
    return done(request, reverse("ledger:card", args=[charge.pk]), toast=toast)


def _charge(charge_id: UUID) -> CardCharge:
    charge = queries.card_charge(charge_id)
    if charge is None:
        raise Http404
    return charge


def _facts(request: Request, charge: CardCharge) -> dict[str, Any]:
    """Return what the page of a card payment shows; reading it is written down."""
    record(request.actor, "ledger.card.viewed", charge)
    payment = charge.payment
    today = queries.posting_day(request.actor.now)
    is_today = payment is not None and payment.entry is not None and payment.entry.posted_on == today
    return {
        "charge": charge,
        "practice_cards": _practice_cards() if charge.company == CardDoor.Company.LOOPBACK else [],
        "patient": charge.patient,
        "said": reading.read_out(request, charge.patient, "money"),
        "is_today": is_today and not charge.returned,
        "return_title": _return_title(charge, is_today=is_today),
        "change": _change(payment) if payment and is_today and charge.beside else ZERO,
        "stays_as_credit": _over(payment) if payment and is_today else ZERO,
        "may_return": charge.state == CardCharge.State.CAPTURED
        and ((is_today and not charge.returned) or request.actor.can(Can.REFUND)),
        "may_return_part": charge.state == CardCharge.State.CAPTURED and request.actor.can(Can.REFUND),
        "stays": queries.what_stays_beside(payment) if payment and is_today and charge.beside else "",
        "not_booked": queries.card_not_booked(charge),
        "parts_back": queries.card_returns(charge.pk) if charge.returned else [],
        "reason_form": ReasonForm(),
        "return_form": ReturnForm(),
        **patients.around(request.actor, charge.patient, today=request.office.today),
    }


def _return_title(charge: CardCharge, *, is_today: bool) -> str:
    if charge.returned:
        return _("Refund the rest: a part went back already")
    return _("Void it: it is of today") if is_today else _("Refund it: it is of an earlier day")


def _over(payment: Payment) -> Decimal:
    """Return what of a receipt was beyond what was due, and stays as credit."""
    return found_as_credit(queries.payments_on_receipt(payment.number))


def _change(payment: Payment) -> Decimal:
    """Return what of the cash beside the card goes back over the desk."""
    parts = queries.payments_on_receipt(payment.number)
    return sum((one.change_due for one in parts if one.voided_at is None), ZERO)


def _practice_cards() -> list[tuple[str, str]]:
    """Return what can be held to a practice terminal, and its red button."""
    cards = [
        (name, f"{brand} {last4}{': ' + no if no else ''}") for name, (brand, last4, _e, no) in CARDS.items()
    ]
    return [*cards, (RED_BUTTON, _("The patient presses cancel"))]
