"""Whom nobody may ask for money: what a command says when more is asked than a rule allows."""

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _

from daysheet.coverage import copays, protecting
from daysheet.coverage import queries as coverage
from daysheet.kernel.errors import Refusal
from daysheet.kernel.money import ZERO, say
from daysheet.ledger.asking import asking, shields, visit_known
from daysheet.ledger.models import AskedAnyway, Payment
from daysheet.ledger.queries.payments import still_kept

MEDICAID_SENTENCE = (
    "Medicaid covers the patient on that day: a fee for a missed visit may not be asked. Who takes part in Medicaid "
    "accepts its payment as payment in full (42 CFR 447.15), and by CMS's standing policy a missed visit is part of "
    "the cost of doing business, not a service that can be billed to the patient."
)
"""As the states say it too: Mississippi Division of Medicaid, FAQ on missed appointments; Colorado HCPF, policy
statement on charging members for missed appointments."""
QMB_FEE_SENTENCE = (
    "The patient is a Qualified Medicare Beneficiary, and so a Medicaid beneficiary too: a fee for a missed visit may "
    "not be asked, by CMS's standing policy under 42 CFR 447.15."
)


class NothingMayBeAsked(Refusal):
    """The patient is protected from Medicare's cost sharing (QMB), by Medicaid, or workers' compensation pays."""


class NotTheirVisit(Refusal):
    """The visit for which money is to be taken is another patient's, or none of this office."""


def no_more_than_allowed(
    patient_id: UUID, purpose: str, amount: Decimal, *, day: date, visit_id: UUID | None = None
) -> None:
    """Refuse to take more of a patient than a rule allows, for what it is said to be for.

    A copay comes together with what is owed from before, so that both count. The day of the visit decides, else the
    `day` that is told. Raises NotTheirVisit, or NothingMayBeAsked.
    """
    day = day_of_their_visit(patient_id, visit_id) or day
    if purpose == "copay":
        nothing_if_shielded(visit_id)
    if purpose in {"balance", "plan"}:
        _no_balance_beyond(patient_id, amount, day, visit_id)
        return
    told = protecting.protection_on(patient_id, day, service=copays.of_visit(visit_id))
    if told is None or _is_lifted(patient_id, day):
        return
    most = ZERO
    if purpose == "copay":
        most = max(told.allowed - paid_for(visit_id), ZERO) + asking(patient_id).may_ask
    if amount <= most:
        return
    sentence = _it_holds(told.sentence, day)
    raise NothingMayBeAsked(sentence, amount=sentence)


def day_of_their_visit(patient_id: UUID, visit_id: UUID | None) -> date | None:
    """Return the day of a patient's visit, None where none is named.

    Raises NotTheirVisit.
    """
    if visit_id is None:
        return None
    known = visit_known(visit_id)
    if known is None or known[0] != patient_id:
        raise NotTheirVisit(
            _(
                "That visit is not this patient's. Go back to the patient's page, and take the payment from there."
            )
        )
    return known[1]


def nothing_for_missed(patient_id: UUID, day: date) -> str:
    """Return why no fee may be asked for a visit missed on a day; nothing where it may.

    Medicare lets it be asked where every patient is asked the same (Claims Processing Manual, chapter 1, 30.3.13).
    """
    held = coverage.coverages_on(patient_id, day)
    if any(one.is_medicaid for one in held):
        return MEDICAID_SENTENCE
    return QMB_FEE_SENTENCE if coverage.qmb_answer(patient_id, day) is not None else ""


def nothing_if_shielded(visit_id: UUID | None) -> None:
    """Refuse a copay for a visit of which the patient owes none.

    Raises NothingMayBeAsked.
    """
    for shield in shields if visit_id else ():
        if visit_id and (said := shield([visit_id]).get(visit_id)):
            raise NothingMayBeAsked(said)


def paid_for(visit_id: UUID | None) -> Decimal:
    """Return what was paid for a visit and neither taken back nor given back."""
    rows = (
        Payment.objects.filter(visit_id=visit_id, voided_at__isnull=True)
        if visit_id
        else Payment.objects.none()
    )
    return rows.aggregate(all=Sum(still_kept()))["all"] or ZERO


def _no_balance_beyond(patient_id: UUID, amount: Decimal, day: date, visit_id: UUID | None) -> None:
    """Refuse more than may be asked, where something is kept back or the patient is protected on the day."""
    held = asking(patient_id)
    if amount <= held.may_ask:
        return
    words = held.words
    if not words:
        told = protecting.protection_on(patient_id, day, service=copays.of_visit(visit_id))
        if told is None or _is_lifted(patient_id, day):
            return
        words = _it_holds(told.sentence, day)
    most = _("Take at most %(most)s.") % {"most": say(held.may_ask)} if held.may_ask else _("Take nothing.")
    sentence = f"{words} {most}"
    raise NothingMayBeAsked(sentence, amount=sentence)


def _it_holds(why: str, day: date) -> str:
    return _("%(why)s It holds for %(day)s.") % {"why": why, "day": f"{day:%b %-d, %Y}"}


def _is_lifted(patient_id: UUID, day: date) -> bool:
    return AskedAnyway.objects.filter(patient_id=patient_id, service_on=day, ended_at__isnull=True).exists()
