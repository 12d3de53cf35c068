"""The fee of a missed visit on screen: what the rule says, charged or waived with the reason, and taken back."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from daysheet.frontdesk import commands
from daysheet.frontdesk.forms import MissedFeeForm
from daysheet.frontdesk.missed_visits import MissedVisit, missed_visit
from daysheet.kernel.access import Can
from daysheet.kernel.audit import record
from daysheet.kernel.errors import Refusal
from daysheet.ledger import commands as ledger
from daysheet.ledger import queries as books
from daysheet.patients import queries as patients
from daysheet.ui.answers import done, invalid, page, refused
from daysheet.ui.screens import Request, screen

PAGE, FORM = "frontdesk/missed-fee.html", "_missed_fee_form.html"


@screen(needs=Can.ENTER_CHARGES, methods=("GET", "HEAD", "POST"))
def fee(request: Request, appointment_id: UUID) -> HttpResponse:
    """Decide about the fee of a missed visit."""
    found = _found(appointment_id)
    facts = _facts(request, found)
    if request.method != "POST":
        record(request.actor, "frontdesk.missed-visit.viewed", found.appointment)
        return page(request, PAGE, facts | {"form": MissedFeeForm(initial=_begins(found))})
    form = MissedFeeForm(request.POST)
    if not form.is_valid():
        return invalid(request, PAGE, FORM, form, facts)
    asked: dict[str, Any] = {"appointment_id": appointment_id, "reason": form.cleaned_data["reason"]}
    try:
        if form.cleaned_data["decision"] == "charge":
            made = commands.charge_missed(request.actor, **asked, amount=form.cleaned_data["amount"])
        else:
            made = commands.waive_missed(request.actor, **asked)
    except Refusal as no:
        return refused(request, PAGE, FORM, form, no, facts)
    said = _("The fee is charged.") if made.state == "charged" else _("No fee is asked.")
    undo = (reverse("frontdesk:missed-fee-undo", args=[made.pk]), _("Undo"))
    return done(request, reverse("schedule:missed"), toast=said, undo=undo)


@screen(needs=Can.ENTER_CHARGES, methods=("POST",))
def fee_undo(request: Request, missed_fee_id: UUID) -> HttpResponse:
    """Take a decision back."""
    made = books.missed_fee(missed_fee_id)
    if made is None:
        raise Http404
    found = _found(made.appointment_id)
    try:
        ledger.take_back_missed_fee(request.actor, fee_id=made.pk, reason=_("Decided again"))
    except Refusal as no:
        form = MissedFeeForm(initial=_begins(found))
        return refused(request, PAGE, FORM, form, no, _facts(request, found))
    return done(request, reverse("frontdesk:missed-fee", args=[made.appointment_id]), toast=_("Taken back."))


def _begins(found: MissedVisit) -> dict[str, Any]:
    charge = found.may_charge and found.fee is not None and not found.fee.is_forgiven
    return {
        "decision": "charge" if charge else "waive",
        "amount": found.fee.amount if found.fee else None,
        "reason": _reason(found),
    }


def _reason(found: MissedVisit) -> str:
    """Return the reason that is proposed: what the law forbids comes before what the office forgives."""
    if found.protected:
        return _("No fee may be asked of this patient")
    return _("The first is forgiven") if found.fee and found.fee.is_forgiven else ""


def _facts(request: Request, found: MissedVisit) -> dict[str, Any]:
    around = patients.around(request.actor, found.appointment.patient, today=request.office.today)
    return {"found": found, "zone": found.appointment.location.zone, **around}


def _found(appointment_id: UUID) -> MissedVisit:
    found = missed_visit(appointment_id)
    if found is None:
        raise Http404
    return found
