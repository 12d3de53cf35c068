"""Whom nobody may ask for money: what a command says when more is asked than a rule allows."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from daysheet.coverage import protecting
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say
from daysheet.ledger.asking import asking, shields
from daysheet.ledger.models import AskedAnyway, Payment


class NothingMayBeAsked(Refusal):
    """The patient is protected from Medicare's cost sharing (QMB), by Medicaid, or workers' compensation pays."""


def no_more_than_allowed(
    patient_id: UUID, purpose: str, amount: Decimal, *, day: date, visit_id: UUID | None = None
) -> None:
    """Refuse to take more of a patient than a rule allows, for what it is said to be for.

    A copay comes together with what is owed from before, so that both count. Raises NothingMayBeAsked.
    """
    if purpose in {"balance", "plan"}:
        _no_balance_beyond(patient_id, amount)
        return
    if purpose == "copay":
        nothing_if_shielded(visit_id)
    told = protecting.protection_on(patient_id, day)
    if told is None or _is_lifted(patient_id, day):
        return
    most = ZERO
    if purpose == "copay":
        most = max(told.allowed - _paid_for(visit_id), ZERO) + asking(patient_id).may_ask
    if amount <= most:
        return
    sentence = _("%(why)s It holds for %(day)s.") % {"why": told.sentence, "day": f"{day:%b %-d, %Y}"}
    raise NothingMayBeAsked(sentence, amount=sentence)


def nothing_if_shielded(visit_id: UUID | None) -> None:
    """Refuse a copay for a visit of which the patient owes none.

    Raises NothingMayBeAsked.
    """
    for shield in shields if visit_id else ():
        if visit_id and (said := shield([visit_id]).get(visit_id)):
            raise NothingMayBeAsked(said)


def _no_balance_beyond(patient_id: UUID, amount: Decimal) -> None:
    held = asking(patient_id)
    if not held.kept_back or amount <= held.may_ask:
        return
    most = _("Take at most %(most)s.") % {"most": say(held.may_ask)} if held.may_ask else _("Take nothing.")
    sentence = f"{held.words} {most}"
    raise NothingMayBeAsked(sentence, amount=sentence)


def _paid_for(visit_id: UUID | None) -> Decimal:
    rows = (
        Payment.objects.filter(visit_id=visit_id, voided_at__isnull=True)
        if visit_id
        else Payment.objects.none()
    )
    return rows.aggregate(all=Sum("amount"))["all"] or ZERO


def _is_lifted(patient_id: UUID, day: date) -> bool:
    return AskedAnyway.objects.filter(patient_id=patient_id, service_on=day, ended_at__isnull=True).exists()
